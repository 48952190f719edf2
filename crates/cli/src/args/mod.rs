//! The command line as it is typed.

mod study;

pub use study::{CompareArgs, FoldArgs, TuneArgs};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hedgerow_data::TextEncoding;
use hedgerow_learn::choose::{CalibrationMethod, ThresholdChoice};
use hedgerow_model::Kind;

use crate::experiment::AbArgs;
use crate::mlflow::{PullArgs, PushArgs};
use crate::monitor::MonitorArgs;
use crate::retrain::RetrainArgs;
use crate::track::{
    AuditArgs, BundleArgs, DatasetsArgs, ExperimentsArgs, ModelsArgs, PromoteArgs, RecordArgs,
    RegisterArgs, ReproduceArgs, RestoreArgs, RollbackArgs, RunsArgs, StoreArgs, VerifyArgs,
};
use crate::values::{parse_delimiter, parse_kind, parse_set, parse_threshold};

/// Train, evaluate and use tabular models.
#[derive(Parser)]
#[command(
    name = "hedgerow",
    version,
    after_help = "\
Exit codes: 0 done, 1 a file or the terminal failed, 2 wrong usage, 3 the data or an option cannot \
be used, or `monitor check` raised an alarm, 4 the model file cannot be used, 5 the workspace cannot be used or does not have what is \
asked for, 6 a run did not give the same model again, 7 a server failed or refused, \
130 interrupted."
)]
pub struct Cli {
    /// Print results, and errors, as one JSON document.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Train a model on a CSV file and save it.
    Train(TrainArgs),
    /// Compare learners by cross-validation on the same folds.
    Compare(CompareArgs),
    /// Search the parameters of a learner, and save a model with the best.
    Tune(TuneArgs),
    /// Say how good a model is on a CSV file that has the target.
    Evaluate(EvaluateArgs),
    /// Predict the rows of a CSV file; CSV to standard output.
    Predict(PredictArgs),
    /// Write what serves a model, as a folder of files.
    Export(ExportArgs),
    /// Make a model of an ONNX file that a converter of scikit-learn, LightGBM or XGBoost wrote.
    Import(ImportArgs),
    /// Show what a model file holds.
    Inspect(InspectArgs),
    /// List the runs that were recorded, or do something with them.
    Runs(RunsArgs),
    /// List the experiments that runs belong to.
    Experiments(ExperimentsArgs),
    /// Do a run again, and say whether it gives the same: the model, or the scores of a study.
    Reproduce(ReproduceArgs),
    /// List the versions of data sets, or what differs between two.
    Datasets(DatasetsArgs),
    /// Register the model of a run, or a model file, as the next version of a name.
    Register(RegisterArgs),
    /// List the registered models.
    Models(ModelsArgs),
    /// Point an alias, such as champion, at a version.
    Promote(PromoteArgs),
    /// Point an alias at the version it had before.
    Rollback(RollbackArgs),
    /// Write runs and models to a file, to hand them on.
    Bundle(BundleArgs),
    /// Take the runs and models of a bundle, or of another workspace, in.
    Restore(RestoreArgs),
    /// What changed, when, by whom and why.
    Audit(AuditArgs),
    /// Find any edit of the workspace that is not in its audit log.
    Verify(VerifyArgs),
    /// List the learners, or one learner's parameters.
    Learners(LearnersArgs),
    /// Hand runs and models on to an MLflow server. Doing it again sends what is new.
    Push(PushArgs),
    /// Take the runs of an experiment at an MLflow server in.
    Pull(PullArgs),
    /// Look at new rows beside those that a model was trained on.
    Monitor(MonitorArgs),
    /// Train a challenger by the champion's recipe on new rows, where that is due, and promote it where it is
    /// better.
    Retrain(RetrainArgs),
    /// Compare variants of an A/B test, or plan one.
    Ab(AbArgs),
}

/// How to read the CSV file.
#[derive(Args)]
pub struct ReadArgs {
    /// The delimiter, one character. Default: found from the first lines.
    #[arg(long, value_parser = parse_delimiter)]
    pub delimiter: Option<u8>,
    /// The text encoding; UTF-16 is recognised by its byte-order mark. Default: utf8.
    #[arg(long, value_enum)]
    pub encoding: Option<Encoding>,
    /// A spelling of a missing value; may be repeated. Replaces the default list: nothing, NA, NaN,
    /// null, ?.
    #[arg(long)]
    pub missing: Vec<String>,
    /// A column's type, as NAME=number, boolean, category, date or text; may be repeated. Default:
    /// inferred from all rows.
    #[arg(long = "type", value_parser = parse_kind, value_name = "COLUMN=TYPE")]
    pub kinds: Vec<(String, Kind)>,
    /// A column to leave out; may be repeated, or given several names.
    #[arg(long, num_args = 1.., value_name = "COLUMN")]
    pub drop: Vec<String>,
    /// Leave out rows with a missing value in any column.
    #[arg(long)]
    pub drop_missing: bool,
    /// Leave out rows with a missing value in this column, such as the target; may be repeated, or
    /// given several names.
    #[arg(long, num_args = 1.., value_name = "COLUMN")]
    pub drop_missing_in: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Encoding {
    Utf8,
    Latin1,
}

impl From<Encoding> for TextEncoding {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Latin1 => Self::Latin1,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TaskArg {
    Auto,
    Classification,
    Regression,
}

#[derive(Args)]
pub struct TrainArgs {
    /// The CSV file to learn from.
    pub data: PathBuf,
    /// The column to predict. The learner isolation-forest needs none: of one with two classes, the
    /// rarer of which is the anomaly, it does not learn, but is evaluated by it.
    #[arg(long)]
    pub target: Option<String>,
    /// Predict a class or a number. Default: by the target's type.
    #[arg(long, value_enum, default_value_t = TaskArg::Auto)]
    pub task: TaskArg,
    /// The learner; `hedgerow learners` lists them.
    #[arg(long, default_value = "random-forest")]
    pub learner: String,
    /// A parameter of the learner, as n_estimators=200; may be repeated.
    #[arg(long, value_parser = parse_set, value_name = "NAME=VALUE")]
    pub set: Vec<(String, serde_json::Value)>,
    /// A column to learn from; may be repeated. Default: all that can be learned from.
    #[arg(long, num_args = 1.., value_name = "COLUMN")]
    pub features: Vec<String>,
    /// A numeric column that says how much each row counts.
    #[arg(long, value_name = "COLUMN")]
    pub sample_weight: Option<String>,
    /// The share of rows kept out of training to evaluate on; 0 trains on all rows, as is done
    /// without a target.
    #[arg(long, default_value_t = 0.2)]
    pub test_size: f64,
    /// Keep each class's share the same in both parts of the split.
    #[arg(long, requires = "target")]
    pub stratify: bool,
    /// The same data, options and seed give the same model, byte for byte.
    #[arg(long, default_value_t = hedgerow_data::DEFAULT_SEED)]
    pub seed: u64,
    /// Threads to train with. Default: one a core. The model does not depend on it.
    #[arg(long)]
    pub jobs: Option<usize>,
    /// Correct the probabilities of classes by out-of-fold predictions: sigmoid for few rows, isotonic
    /// for a thousand or more.
    #[arg(long, value_enum, requires = "target")]
    pub calibrate: Option<CalibrateArg>,
    /// Choose the probability from which the second of two classes is predicted: for f1, accuracy,
    /// balanced_accuracy or mcc, for cost:FALSE_POSITIVE,FALSE_NEGATIVE, precision_at_recall:0.8 or
    /// recall_at_precision:0.9. Default: the more probable class is.
    #[arg(long, value_parser = parse_threshold, requires = "target")]
    pub threshold: Option<ThresholdChoice>,
    /// Keep no profile of the training rows in the model file. It is what `hedgerow monitor` and exported
    /// services compare new rows with: some 2 kB a column, and no rows.
    #[arg(long)]
    pub no_profile: bool,
    /// Where to save the model.
    #[arg(long, short)]
    pub out: PathBuf,
    /// Where to save the evaluation on the test rows, as JSON.
    #[arg(long, requires = "target")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub read: ReadArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CalibrateArg {
    Sigmoid,
    Isotonic,
}

impl From<CalibrateArg> for CalibrationMethod {
    fn from(method: CalibrateArg) -> Self {
        match method {
            CalibrateArg::Sigmoid => Self::Sigmoid,
            CalibrateArg::Isotonic => Self::Isotonic,
        }
    }
}

#[derive(Args)]
pub struct EvaluateArgs {
    /// The model file.
    pub model: PathBuf,
    /// The CSV file; it must have the target.
    pub data: PathBuf,
    /// Where to save the full report, as JSON.
    #[arg(long)]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub read: ReadArgs,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct PredictArgs {
    /// The model file.
    pub model: PathBuf,
    /// The CSV file with at least the columns the model reads.
    pub data: PathBuf,
    /// Add a column probability.CLASS for each class.
    #[arg(long)]
    pub proba: bool,
    /// Print the input columns before the prediction.
    #[arg(long)]
    pub append: bool,
    #[command(flatten)]
    pub read: ReadArgs,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct ExportArgs {
    /// The model file.
    pub model: PathBuf,
    /// What it is to run on: wasm (the bare module), cloudflare, deno, bun, node, vercel, container (Docker
    /// and Kubernetes), embed (host programs in Python and Rust), envoy (a filter) or onnx; or a router, which
    /// serves a part of the units with the model of --with.
    #[arg(long, value_name = "TARGET")]
    pub to: String,
    /// A router's other model, the challenger: the file, or a version of the registry.
    #[arg(long, value_name = "CHALLENGER", required_if_eq("to", "router"))]
    pub with: Option<PathBuf>,
    /// The share of units that a router gives to the challenger, 0 to 1.
    #[arg(long, value_name = "SHARE", requires = "with", default_value_t = 0.1)]
    pub weight: f64,
    /// The folder to write; files of the same names in it are replaced.
    #[arg(long, short)]
    pub out: PathBuf,
    /// What the model is called where it is served: lower-case letters, digits and hyphens. Default: as
    /// its target.
    #[arg(long)]
    pub name: Option<String>,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct ImportArgs {
    /// The ONNX file.
    pub model: PathBuf,
    /// What the model predicts. Default: target.
    #[arg(long)]
    pub target: Option<String>,
    /// The columns' names, in their order. Default: those of the file's inputs, numbered from 0 where
    /// an input has several columns.
    #[arg(long, num_args = 1.., value_name = "COLUMN")]
    pub features: Vec<String>,
    /// The classes' names, in their order. Default: those in the file.
    #[arg(long, num_args = 1.., value_name = "CLASS")]
    pub classes: Vec<String>,
    /// Where to save the model.
    #[arg(long, short)]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct InspectArgs {
    /// The model file.
    pub model: PathBuf,
    /// Print a tree instead, by its number from 0.
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "0")]
    pub tree: Option<usize>,
    /// Splits of the tree to print at most, one below the other.
    #[arg(long, default_value_t = 10, requires = "tree")]
    pub max_depth: u32,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct LearnersArgs {
    /// The learner whose parameters to list.
    pub learner: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
