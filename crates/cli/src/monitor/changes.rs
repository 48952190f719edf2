//! `hedgerow monitor changes`: where the mean of a column changes, row by row.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hedgerow_data::{Table, Values};
use hedgerow_monitor::short;
use hedgerow_monitor::stream::{DetectorOptions, MeanChange, find_changes};
use serde_json::{Map, Value, json};

use crate::args::ReadArgs;
use crate::failure::Failure;
use crate::files::{self, ReadOptions};
use crate::show::{lines, pretty};
use crate::values::parse_set;

const HELP: &str = "\
Settings of adwin, with their defaults: delta=0.002 (how likely a false alarm is), clock=32 (it looks with every so many \
values), maxBuckets=5, minWindowLength=5, gracePeriod=10. Of page-hinkley: threshold=50 and delta=0.005 (in the column's \
unit), alpha=0.9999, minInstances=30, mode=both (or up, down). Both are river's.";

#[derive(Args)]
#[command(after_help = HELP)]
pub struct ChangesArgs {
    /// The CSV file, in the order of time.
    data: PathBuf,
    /// A column of numbers or booleans, such as the errors of a model. Rows without a value are passed over, but count:
    /// rows are numbered from 1, without those that --drop-missing leaves out.
    #[arg(long)]
    column: String,
    #[arg(long, value_enum, default_value_t = DetectorArg::Adwin)]
    detector: DetectorArg,
    /// A setting of the detector (see below); may be repeated.
    #[arg(long, value_parser = parse_set, value_name = "NAME=VALUE")]
    set: Vec<(String, Value)>,
    #[command(flatten)]
    read: ReadArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DetectorArg {
    /// Adaptive windowing: needs no idea of how large a change is.
    Adwin,
    /// The test of Page and Hinkley: is told how large a change matters.
    PageHinkley,
}

/// Prints every change, with rows counted from 1.
pub fn print(args: &ChangesArgs, as_json: bool) -> Result<(), Failure> {
    let table = files::read_table(&args.data, &ReadOptions::from(&args.read))?;
    let values = numbers(&table, &args.column)?;
    let changes = find_changes(values, detector(args)?)?;
    files::print(&if as_json {
        let changes: Vec<Value> = changes.iter().map(as_rows).collect();
        pretty(&json!({ "column": args.column, "rows": values.len(), "changes": changes }))
    } else {
        let column = &args.column;
        let n = match changes.len() {
            0 => "no change".to_owned(),
            1 => "1 change".to_owned(),
            n => format!("{n} changes"),
        };
        let mut told = vec![format!("{n} of the mean of {column} in {} rows", values.len())];
        told.extend(changes.iter().map(text));
        lines(&told)
    })
}

fn as_rows(change: &MeanChange) -> Value {
    let MeanChange { found, began, before, after } = change;
    json!({ "found": found + 1, "began": began + 1, "before": before, "after": after })
}

fn text(MeanChange { found, began, before, after }: &MeanChange) -> String {
    let (found, began) = (found + 1, began + 1);
    let (before, after) = (short(*before, 6), short(*after, 6));
    format!("  {before} became {after} about row {began}, found with row {found}")
}

fn numbers<'t>(table: &'t Table, name: &str) -> Result<&'t [f64], Failure> {
    match &table.column(name)?.values {
        Values::Numbers(values) => Ok(values),
        Values::Strings { .. } => Err(Failure::not_numbers(name)),
    }
}

fn detector(args: &ChangesArgs) -> Result<DetectorOptions, Failure> {
    let name = args.detector.to_possible_value().map(|value| value.get_name().replace('-', "_"));
    let mut settings: Map<String, Value> = args.set.iter().cloned().collect();
    settings.insert("detector".to_owned(), name.into());
    serde_json::from_value(settings.into())
        .map_err(|error| Failure::bad_setting(&error.to_string()))
}
