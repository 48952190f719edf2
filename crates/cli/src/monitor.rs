//! `hedgerow monitor`: new rows beside those a model was trained on.

mod segments;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hedgerow_model::Model;
use hedgerow_monitor::{
    Alarm, Baseline, ColumnDrift, DriftOptions, DriftReport, MetricFigure, MonitorError,
    Performance, Profile, Seen, Segment, check_names, check_windows, default_rules, drift,
    read_rules,
};
use serde::Serialize;

use crate::args::ReadArgs;
use crate::failure::Failure;
use crate::files;
use crate::show::{lines, pretty};
use crate::track::{StoreArgs, resolve};

const CHECK_HELP: &str = "\
Exit codes: 0 no rule is broken, 3 an alarm, 1 a file, the rows or the rules cannot be used, 4 the model file \
cannot be used, 5 the workspace cannot be used or does not have the model.

A rule is an object with
  name       what alarms call it
  figure     drifted_share (of all features); of each column: score (a p-value or a distance), drifted (1 or 0),
             missing_share, new_share (of rows with words not seen in training), mean; of answers: metric (of rows
             whose target is there), metric_loss (how much worse than for the rows kept out of training, as a
             share), estimated_metric (as expected of all rows by the probabilities answered)
  above, atLeast, below
             numbers; at least one of them is needed
  columns    names. Default: all
  role       feature, prediction, probability or target. Default: feature
  metric     accuracy, rocAuc, f1Macro, mae, rmse, … Default: accuracy, or mae
  change     reference or previous: the bounds are of the difference to training, or to the window before
  windows    how many windows in a row must be beyond the bound, with --windows. Default: 1
  minRows    new rows below which the rule is quiet. Default: 100

Example of a rules file:
  [{\"name\": \"gaps\", \"figure\": \"missing_share\", \"columns\": [\"age\"], \"above\": 0.1},
   {\"name\": \"drift\", \"figure\": \"drifted_share\", \"atLeast\": 0.3, \"minRows\": 500}]";

#[derive(Args)]
pub struct MonitorArgs {
    #[command(subcommand)]
    pub command: MonitorCommand,
}

#[derive(Subcommand)]
pub enum MonitorCommand {
    /// Compare new rows with the training rows, and exit with 3 where a rule is broken.
    Check(CheckArgs),
    /// Count rows into a profile: a small file without rows, which adds up with others.
    Profile(ProfileArgs),
}

#[derive(Args)]
#[command(after_help = CHECK_HELP)]
pub struct CheckArgs {
    #[command(flatten)]
    watched: Watched,
    /// New rows: CSV files, or profiles, which are added up.
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// Rules, as a JSON list (see below). Default: drift of half of the features or of the predictions, more
    /// than half of a feature's values missing, more than 5 % of its rows with words not seen in training, accuracy or
    /// mean absolute error worse by a tenth than for the rows kept out of training; from 100 rows on.
    #[arg(long, value_name = "JSON")]
    rules: Option<PathBuf>,
    /// Take every file for a window of time, the latest one last, instead of adding them up: rules are held against
    /// the latest, and may ask for several or for what changed.
    #[arg(long)]
    windows: bool,
}

#[derive(Args)]
pub struct ProfileArgs {
    #[command(flatten)]
    watched: Watched,
    /// CSV files.
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// Where to save the profile.
    #[arg(long, short)]
    out: PathBuf,
}

/// The model that rows are looked at for.
#[derive(Args)]
struct Watched {
    /// The model file, or a registered model as NAME/3 or NAME@champion.
    model: PathBuf,
    /// The rows that the model was trained on, for a model that was trained without --profile.
    #[arg(long, value_name = "CSV")]
    reference: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    read: ReadArgs,
}

/// All that a check found.
#[derive(Serialize)]
struct Checked {
    alarms: Vec<Alarm>,
    /// In the order of time; none where files were added up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    windows: Vec<Window>,
    #[serde(flatten)]
    report: DriftReport,
    /// Where the model is wrong most, among the rows of the last file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<Segment>,
}

/// A window of time, in short.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Window {
    data: PathBuf,
    rows: u64,
    drifted: usize,
    tested: usize,
    drifted_share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    performance: Option<Performance>,
}

/// `hedgerow monitor`.
pub fn run(args: &MonitorArgs, as_json: bool) -> Result<(), Failure> {
    match &args.command {
        MonitorCommand::Check(args) => check_rows(args, as_json).map_err(Failure::beside_alarms),
        MonitorCommand::Profile(args) => save_profile(args, as_json),
    }
}

fn check_rows(args: &CheckArgs, as_json: bool) -> Result<(), Failure> {
    let rules = match &args.rules {
        Some(path) => read_rules(&files::read(path)?)?,
        None => default_rules(),
    };
    let (baseline, windows) = args.watched.windows(&args.data, args.windows)?;
    let mut reports = Vec::new();
    for Seen { profile, findings } in windows {
        let mut report = drift(&baseline, &profile, &DriftOptions::default())?;
        report.findings.splice(0..0, findings);
        reports.push(report);
    }
    reports.iter().try_for_each(|report| check_names(report, &rules))?;
    let alarms = check_windows(&reports, &rules);
    let windows = reports.iter().zip(&args.data).filter(|_| args.windows).map(Window::of).collect();
    let report = reports.pop().ok_or(MonitorError::NoRows)?;
    let segments = match (&report.performance, args.data.last()) {
        (Some(_), Some(path)) => segments::look(&args.watched, path)?,
        _ => Vec::new(),
    };
    let checked = Checked { alarms, windows, report, segments };
    files::print(&if as_json { pretty(&checked) } else { checked.text() })?;
    match checked.alarms.len() {
        0 => Ok(()),
        n => Err(Failure::alarm(n)),
    }
}

fn save_profile(args: &ProfileArgs, as_json: bool) -> Result<(), Failure> {
    let (model, baseline) = args.watched.baseline()?;
    let Seen { profile, findings } = args.watched.sum(&args.data, &model, &baseline)?;
    files::write(&args.out, &profile.to_bytes())?;
    let rows = profile.rows();
    let out = args.out.display().to_string();
    files::print(&if as_json {
        pretty(&serde_json::json!({ "out": out, "rows": rows, "findings": findings }))
    } else {
        let mut told = vec![format!("{rows} rows, profile saved to {out}")];
        told.extend(findings.into_iter().map(|finding| finding.message));
        lines(&told)
    })
}

impl Watched {
    /// The training profile, and of every window what its file has; or else of all the sum.
    fn windows(&self, data: &[PathBuf], apart: bool) -> Result<(Baseline, Vec<Seen>), Failure> {
        let (model, baseline) = self.baseline()?;
        let files = data.chunks(if apart { 1 } else { data.len() });
        let windows = files.map(|data| self.sum(data, &model, &baseline));
        let windows = windows.collect::<Result<_, Failure>>()?;
        Ok((baseline, windows))
    }

    fn baseline(&self) -> Result<(Model, Baseline), Failure> {
        let model = resolve(&self.model, &self.store)?;
        let read = (&self.read).into();
        let baseline = match &self.reference {
            Some(path) => Baseline::of(&model, &files::read_table(path, &read)?, None)?,
            None => Baseline::of_model(&model)?,
        };
        Ok((model, baseline))
    }

    /// What some files have, added up, and what is odd about them.
    fn sum(&self, data: &[PathBuf], model: &Model, baseline: &Baseline) -> Result<Seen, Failure> {
        let mut sum = Seen { profile: Profile::new(&baseline.layout), findings: Vec::new() };
        for path in data {
            let seen = self.seen(path, model, baseline)?;
            sum.profile.merge(&seen.profile).map_err(|fault| Failure::profile(path, fault))?;
            for finding in seen.findings {
                if !sum.findings.contains(&finding) {
                    sum.findings.push(finding);
                }
            }
        }
        Ok(sum)
    }

    fn seen(&self, path: &Path, model: &Model, baseline: &Baseline) -> Result<Seen, Failure> {
        let bytes = files::read(path)?;
        if Profile::is_begun_by(&bytes) {
            let profile = Profile::from_bytes(&bytes, &baseline.layout);
            let profile = profile.map_err(|fault| Failure::profile(path, fault))?;
            return Ok(Seen { profile, findings: Vec::new() });
        }
        let table = files::parse_table(bytes.as_slice(), path, &(&self.read).into())?;
        Ok(baseline.profile(model, &table)?)
    }
}

impl Checked {
    fn text(&self) -> String {
        let Self { alarms, report, .. } = self;
        let DriftReport { rows, reference_rows, drifted, tested, .. } = report;
        let mut told = vec![format!(
            "{rows} new rows, {reference_rows} training rows: {drifted} of {tested} features drifted"
        )];
        told.extend(alarms.iter().map(|alarm| format!("ALARM {}", alarm.message)));
        if alarms.is_empty() {
            told.push("No alarm.".to_owned());
        }
        told.extend(self.windows.iter().map(Window::text));
        told.extend(report.columns.iter().map(column_text));
        let performances =
            [("", &report.performance), ("expected ", &report.estimated_performance)];
        for (what, performance) in performances {
            let Some(Performance { rows, metrics }) = performance else { continue };
            told.extend(metrics.iter().map(|metric| metric_text(what, metric, *rows)));
        }
        told.extend(self.segments.iter().map(segments::text));
        told.extend(report.findings.iter().map(|finding| format!("note: {}", finding.message)));
        lines(&told)
    }
}

impl Window {
    fn of((report, data): (&DriftReport, &PathBuf)) -> Self {
        let DriftReport { rows, drifted, tested, drifted_share, performance, .. } = report.clone();
        Self { data: data.clone(), rows, drifted, tested, drifted_share, performance }
    }

    fn text(&self) -> String {
        let Self { data, rows, drifted, tested, .. } = self;
        format!("  {}: {rows} rows, {drifted} of {tested} features drifted", data.display())
    }
}

fn metric_text(what: &str, metric: &MetricFigure, rows: u64) -> String {
    let MetricFigure { name, value, band, reference } = metric;
    let band = band.map(|[low, high]| format!(" ({low:.4} to {high:.4})")).unwrap_or_default();
    let then = reference.map(|then| format!(", of rows kept out {then:.4}")).unwrap_or_default();
    format!("  {what}{name} {value:.4}{band}, {rows} rows{then}")
}

fn column_text(column: &ColumnDrift) -> String {
    let ColumnDrift { name, role, test, .. } = column;
    let Some(test) = test else { return format!("  -      {role:<11} {name}: no values") };
    let mark = if test.drifted { "DRIFT" } else { "ok" };
    let what = serde_json::to_string(&test.test).unwrap_or_default().replace('"', "");
    let (score, from) = match test.test.is_p_value() {
        true => ("p-value", "drift below"),
        false => ("distance", "drift from"),
    };
    let threshold = test.threshold;
    format!("  {mark:<6} {role:<11} {name}: {score} {:.4}, {from} {threshold} ({what})", test.score)
}
