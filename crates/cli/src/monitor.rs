//! `hedgerow monitor`: new rows beside those a model was trained on.

mod changes;
mod checked;
mod domain;
mod drift;
mod estimate;
mod segments;
mod watch;
mod webhook;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hedgerow_monitor::Seen;

use self::changes::ChangesArgs;
use self::checked::Checked;
use self::drift::DriftArgs;
use self::watch::Watched;
use crate::failure::Failure;
use crate::files;
use crate::show::{lines, pretty};

const CHECK_HELP: &str = "\
Exit codes: 0 no rule is broken, 3 an alarm, 1 a file, the rows or the rules cannot be used, 4 the model file \
cannot be used, 5 the workspace cannot be used or does not have the model, 7 there is an alarm, but the webhook did not
take it.

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
    /// Find where the mean of a column changes, row by row: by ADWIN, or the test of Page and Hinkley.
    Changes(ChangesArgs),
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
    /// Also train a classifier that tells the new rows of each CSV file from the training rows, which finds what no
    /// column shows alone: an alarm where its ROC AUC is above 0.65. Of 10,000 rows a side, evenly drawn of more.
    #[arg(long, requires = "reference")]
    domain: bool,
    /// Rows with the target that the model was not trained on, for a model of numbers: what its errors on the new
    /// rows of each CSV file are is estimated, and told; it is no alarm.
    #[arg(long, value_name = "CSV")]
    labelled: Option<PathBuf>,
    #[command(flatten)]
    drift: DriftArgs,
    /// Take every file for a window of time, the latest one last, instead of adding them up: rules are held against
    /// the latest, and may ask for several or for what changed. Windows without rows are passed over.
    #[arg(long)]
    windows: bool,
    /// Where to POST each alarm as JSON, with the pictures of its columns, as exported workers do. Needs a server
    /// that answers with a status of 200 to 299; tried three times.
    #[arg(long, value_name = "URL", env = "HEDGEROW_WEBHOOK", hide_env_values = true)]
    webhook: Option<String>,
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

/// `hedgerow monitor`.
pub fn run(args: &MonitorArgs, as_json: bool) -> Result<(), Failure> {
    match &args.command {
        MonitorCommand::Check(args) => check_rows(args, as_json).map_err(Failure::beside_alarms),
        MonitorCommand::Profile(args) => save_profile(args, as_json),
        MonitorCommand::Changes(args) => changes::print(args, as_json),
    }
}

fn check_rows(args: &CheckArgs, as_json: bool) -> Result<(), Failure> {
    let checked = Checked::of(args)?;
    files::print(&if as_json { pretty(&checked) } else { checked.text() })?;
    if let (Some(url), true) = (&args.webhook, checked.n_alarms() > 0) {
        webhook::tell(url, &args.watched.model, &checked)?;
    }
    match checked.n_alarms() {
        0 => Ok(()),
        n => Err(Failure::alarm(n)),
    }
}

fn save_profile(args: &ProfileArgs, as_json: bool) -> Result<(), Failure> {
    let watch = args.watched.open()?;
    let seen = args.data.iter().map(|path| {
        let given = watch.given(path)?;
        given.refused().map_or_else(|| watch.seen(&given), Err)
    });
    let Seen { profile, findings } = watch.sum(&seen.collect::<Result<Vec<_>, Failure>>()?)?;
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
