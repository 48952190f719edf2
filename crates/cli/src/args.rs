//! The command line as it is typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hedgerow_model::Kind;

/// Train, evaluate and use tabular models.
#[derive(Parser)]
#[command(
    name = "hedgerow",
    version,
    after_help = "\
Exit codes: 0 done, 1 a file or the terminal failed, 2 wrong usage, 3 the data or an option cannot \
be used, 4 the model file cannot be used."
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
    /// Say how good a model is on a CSV file that has the target.
    Evaluate(EvaluateArgs),
    /// Predict the rows of a CSV file; CSV to standard output.
    Predict(PredictArgs),
    /// Show what a model file holds.
    Inspect(InspectArgs),
    /// List the learners, or one learner's parameters.
    Learners(LearnersArgs),
}

/// How to read the CSV file.
#[derive(Args)]
pub struct ReadArgs {
    /// The delimiter, one character. Default: found from the first lines.
    #[arg(long, value_parser = parse_delimiter)]
    pub delimiter: Option<u8>,
    /// The text encoding; UTF-16 is recognised by its byte-order mark.
    #[arg(long, value_enum, default_value_t = Encoding::Utf8)]
    pub encoding: Encoding,
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
    /// The column to predict.
    #[arg(long)]
    pub target: String,
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
    /// The share of rows kept out of training to evaluate on; 0 trains on all rows.
    #[arg(long, default_value_t = 0.2)]
    pub test_size: f64,
    /// Keep each class's share the same in both parts of the split.
    #[arg(long)]
    pub stratify: bool,
    /// The same data, options and seed give the same model, byte for byte.
    #[arg(long, default_value_t = hedgerow_data::DEFAULT_SEED)]
    pub seed: u64,
    /// Threads to train with. Default: one a core. The model does not depend on it.
    #[arg(long)]
    pub jobs: Option<usize>,
    /// Where to save the model.
    #[arg(long, short)]
    pub out: PathBuf,
    /// Where to save the evaluation on the test rows, as JSON.
    #[arg(long)]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub read: ReadArgs,
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
}

#[derive(Args)]
pub struct LearnersArgs {
    /// The learner whose parameters to list.
    pub learner: Option<String>,
}

fn parse_delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] => Ok(*byte),
        _ if text == "\\t" || text == "tab" => Ok(b'\t'),
        _ => Err("a delimiter is one ASCII character, or `tab`".to_owned()),
    }
}

fn parse_kind(text: &str) -> Result<(String, Kind), String> {
    const KINDS: [Kind; 5] = [Kind::Number, Kind::Boolean, Kind::Category, Kind::Date, Kind::Text];
    let (name, kind) = text.rsplit_once('=').ok_or("write COLUMN=TYPE")?;
    KINDS
        .into_iter()
        .find(|known| known.name() == kind)
        .map(|kind| (name.to_owned(), kind))
        .ok_or_else(|| "a type is number, boolean, category, date or text".to_owned())
}

/// `n_estimators=200`: the value is JSON where it parses as JSON, else a string.
fn parse_set(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn values_are_json_where_they_can_be() {
        assert_eq!(parse_set("n_estimators=200").unwrap().1, 200);
        assert_eq!(parse_set("max_features=sqrt").unwrap().1, "sqrt");
        assert!(parse_set("n_estimators").is_err());
    }

    #[test]
    fn a_column_name_may_hold_an_equals_sign() {
        assert_eq!(parse_kind("a=b=date").unwrap(), ("a=b".to_owned(), Kind::Date));
    }
}
