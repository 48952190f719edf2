//! What is typed of cross-validation, comparison and search.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hedgerow_learn::Search;
use hedgerow_learn::choose::{FoldSplit, TuneOptions, TuneStrategy};

use super::{ReadArgs, TaskArg};
use crate::track::RecordArgs;
use crate::values::{parse_learner, parse_seconds, parse_set, parse_space};

/// What is cross-validated, and how.
#[derive(Args)]
pub struct FoldArgs {
    /// The column to predict.
    #[arg(long)]
    pub target: String,
    /// Predict a class or a number. Default: by the target's type.
    #[arg(long, value_enum, default_value_t = TaskArg::Auto)]
    pub task: TaskArg,
    /// What decides, such as roc_auc, log_loss or rmse. Default: accuracy, or r2 for numbers.
    #[arg(long)]
    pub metric: Option<String>,
    /// The number of folds.
    #[arg(long, default_value_t = 5)]
    pub folds: usize,
    /// How rows are dealt into folds. Default: stratified for classes, random for numbers.
    #[arg(long, value_enum, default_value_t = SplitArg::Auto)]
    pub split: SplitArg,
    /// Train on what is earlier than what is tested, by this column of numbers or dates.
    #[arg(long, value_name = "COLUMN")]
    pub time_column: Option<String>,
    /// A column to learn from; may be repeated. Default: all that can be learned from.
    #[arg(long, num_args = 1.., value_name = "COLUMN")]
    pub features: Vec<String>,
    /// A numeric column that says how much each row counts.
    #[arg(long, value_name = "COLUMN")]
    pub sample_weight: Option<String>,
    /// The same data, options and seed give the same scores.
    #[arg(long, default_value_t = hedgerow_data::DEFAULT_SEED)]
    pub seed: u64,
    /// Trainings at a time. Default: one a core. No score depends on it.
    #[arg(long)]
    pub jobs: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SplitArg {
    Auto,
    /// At random, every class in equal shares.
    Stratified,
    Random,
    /// Runs of rows.
    Sequential,
    /// Training on all rows before those tested.
    Time,
}

impl From<SplitArg> for FoldSplit {
    fn from(split: SplitArg) -> Self {
        match split {
            SplitArg::Auto => Self::Auto,
            SplitArg::Stratified => Self::Stratified,
            SplitArg::Random => Self::Random,
            SplitArg::Sequential => Self::Sequential,
            SplitArg::Time => Self::Time,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StrategyArg {
    /// Every trial on all rows.
    Random,
    /// Many trials on few rows, the best of them on more.
    Halving,
}

impl From<StrategyArg> for TuneStrategy {
    fn from(strategy: StrategyArg) -> Self {
        match strategy {
            StrategyArg::Random => Self::Random,
            StrategyArg::Halving => Self::Halving,
        }
    }
}

#[derive(Args)]
pub struct CompareArgs {
    /// The CSV file to learn from.
    pub data: PathBuf,
    /// A learner, with parameters or without, as random-forest:n_estimators=200,max_depth=8; may be
    /// repeated.
    #[arg(long, required = true, value_parser = parse_learner, value_name = "LEARNER[:NAME=VALUE,…]")]
    pub learner: Vec<(String, Vec<(String, serde_json::Value)>)>,
    #[command(flatten)]
    pub folds: FoldArgs,
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub read: ReadArgs,
}

#[derive(Args)]
pub struct TuneArgs {
    /// The CSV file to learn from.
    pub data: PathBuf,
    /// The learner; `hedgerow learners` lists them.
    #[arg(long, default_value = "random-forest")]
    pub learner: String,
    /// A parameter that is not searched, as n_estimators=200; may be repeated.
    #[arg(long, value_parser = parse_set, value_name = "NAME=VALUE")]
    pub set: Vec<(String, serde_json::Value)>,
    /// What to draw a parameter from, as max_depth=2..12, learning_rate=0.01..1:log or
    /// max_features=sqrt,0.5,all; may be repeated. Default: what the learner declares.
    #[arg(long, value_parser = parse_space, value_name = "NAME=RANGE")]
    pub space: Vec<(String, Search)>,
    /// Sets of parameters to try, the learner's own first. Default 30.
    #[arg(long)]
    pub trials: Option<usize>,
    /// Begin no trial after so many seconds.
    #[arg(long, value_parser = parse_seconds)]
    pub seconds: Option<f64>,
    #[arg(long, value_enum, default_value_t = StrategyArg::Random)]
    pub strategy: StrategyArg,
    /// What halving begins with less of: rows, or a parameter such as n_estimators.
    #[arg(long, default_value = TuneOptions::ROWS)]
    pub resource: String,
    /// Where to save the model, trained on all rows with the best parameters.
    #[arg(long, short)]
    pub out: PathBuf,
    /// Keep no profile of the training rows in the model file: see `hedgerow train --help`.
    #[arg(long)]
    pub no_profile: bool,
    #[command(flatten)]
    pub folds: FoldArgs,
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub read: ReadArgs,
}
