//! What a check found, and how it is told.

use std::path::{Path, PathBuf};

use hedgerow_monitor::{
    Alarm, ColumnDrift, DriftReport, MetricFigure, MonitorError, Performance, Profile, Seen,
    Segment, default_rules, read_rules, worst_segments,
};
use hedgerow_renew::{LossEstimator, LossOptions};
use serde::Serialize;

use super::watch::{Given, Watch};
use super::{CheckArgs, domain, estimate, segments};
use crate::failure::Failure;
use crate::files;
use crate::show::lines;

/// All that a check found.
#[derive(Serialize)]
pub struct Checked {
    pub alarms: Vec<Alarm>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domain: Vec<domain::Told>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    estimates: Vec<estimate::Estimated>,
    /// In the order of time; none where files were added up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    windows: Vec<Window>,
    #[serde(flatten)]
    pub report: DriftReport,
    /// Where the model is wrong most, among the rows of the last file with the target.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<Segment>,
}

/// A window of time, in short.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    data: PathBuf,
    rows: u64,
    drifted: usize,
    tested: usize,
    drifted_share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    performance: Option<Performance>,
}

/// What the files have, each looked at once.
#[derive(Default)]
struct Rows {
    /// One a file.
    seen: Vec<Seen>,
    domain: Vec<domain::Told>,
    estimates: Vec<estimate::Estimated>,
    /// Of the last file that has rows with the target.
    segments: Vec<Segment>,
}

impl Rows {
    fn of(args: &CheckArgs, watch: &Watch) -> Result<Self, Failure> {
        let learn = |path: &PathBuf| -> Result<LossEstimator, Failure> {
            let labelled = watch.rows(path)?;
            Ok(LossEstimator::learn(&watch.model, &labelled, &LossOptions::default())?)
        };
        let estimator = args.labelled.as_ref().map(learn).transpose()?;
        let mut found = Self::default();
        let (mut labelled, mut refused) = (None, None);
        for path in &args.data {
            let given = watch.given(path)?;
            let seen = watch.seen(&given)?;
            refused = refused.or_else(|| given.refused());
            if let Given::Rows(rows) = given {
                let file = path.display().to_string();
                if let (Some(reference), true) = (&watch.reference, args.domain) {
                    found.domain.push(domain::look(watch, reference, file.clone(), &rows)?);
                }
                if let Some(estimator) = &estimator {
                    found.estimates.push(estimate::look(estimator, watch, file, &rows));
                }
                if seen.profile.outcomes().is_some_and(|known| known.rows() > 0) {
                    labelled = Some(rows);
                }
            }
            found.seen.push(seen);
        }
        // Beside others it is told, and passed over.
        if let (Some(failure), true) = (refused, found.seen.iter().all(Seen::is_empty)) {
            return Err(failure);
        }
        if let Some(rows) = labelled {
            found.segments = worst_segments(&watch.model, &rows)?;
        }
        Ok(found)
    }
}

impl Checked {
    /// Looks at all that was asked for.
    pub fn of(args: &CheckArgs) -> Result<Self, Failure> {
        let rules = match &args.rules {
            Some(path) => read_rules(&files::read(path)?)?,
            None => default_rules(),
        };
        let watch = args.watched.open()?;
        let rows = Rows::of(args, &watch)?;
        let Rows { seen, domain, estimates, segments } = rows;
        let windows = if args.windows { seen } else { vec![watch.sum(&seen)?] };
        let profiles: Vec<Profile> = windows.iter().map(|seen| seen.profile.clone()).collect();
        let options = args.drift.options();
        let (mut reports, alarms) =
            hedgerow_monitor::watch(&watch.baseline, &profiles, &options, &rules)?;
        let told = told(&args.data, &windows, &reports).filter(|_| args.windows).collect();
        let mut report = reports.pop().ok_or(MonitorError::NoRows)?;
        let (empty, mut known): (Vec<Seen>, Vec<Seen>) =
            windows.into_iter().partition(Seen::is_empty);
        let odd = empty.into_iter().chain(known.pop()).flat_map(|seen| seen.findings);
        report.findings.splice(0..0, odd);
        let windows = told;
        Ok(Self { alarms, domain, estimates, windows, report, segments })
    }

    /// Alarms, those of the domain classifier, too.
    pub fn n_alarms(&self) -> usize {
        self.alarms.len() + self.domain.iter().filter(|told| told.is_alarm()).count()
    }

    pub fn text(&self) -> String {
        let Self { alarms, domain, estimates, report, .. } = self;
        let DriftReport { rows, reference_rows, drifted, tested, .. } = report;
        let mut told = vec![format!(
            "{rows} new rows, {reference_rows} training rows: {drifted} of {tested} features drifted"
        )];
        told.extend(alarms.iter().map(|alarm| format!("ALARM {}", alarm.message)));
        told.extend(domain.iter().map(domain::Told::text));
        if alarms.is_empty() && !domain.iter().any(domain::Told::is_alarm) {
            told.push("No alarm.".to_owned());
        }
        told.extend(estimates.iter().map(estimate::Estimated::text));
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

/// All windows, also those without rows, of which there is no report.
fn told<'c>(
    data: &'c [PathBuf],
    windows: &'c [Seen],
    reports: &'c [DriftReport],
) -> impl Iterator<Item = Window> + 'c {
    let mut reports = reports.iter();
    data.iter().zip(windows).map(move |(data, seen)| {
        let report = if seen.is_empty() { None } else { reports.next() };
        let none = || Window { data: data.clone(), ..Window::default() };
        report.map_or_else(none, |report| Window::of(data, report))
    })
}

impl Window {
    fn of(data: &Path, report: &DriftReport) -> Self {
        let DriftReport { rows, drifted, tested, drifted_share, performance, .. } = report.clone();
        Self { data: data.to_owned(), rows, drifted, tested, drifted_share, performance }
    }

    fn text(&self) -> String {
        let Self { data, rows, drifted, tested, .. } = self;
        format!("  {}: {rows} rows, {drifted} of {tested} features drifted", data.display())
    }
}

fn metric_text(what: &str, metric: &MetricFigure, rows: u64) -> String {
    let MetricFigure { name, value, band, reference, .. } = metric;
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
