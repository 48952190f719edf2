//! What a column looks like: counts, spread, the most frequent values, and what to be wary of.

mod numbers;
mod strings;
mod warnings;

use hedgerow_model::Kind;
use serde::{Deserialize, Serialize};

use crate::{Column, Table, Values};

/// What a column looks like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ColumnSummary {
    pub name: String,
    pub kind: Kind,
    /// Rows that have a value.
    pub count: usize,
    /// Rows that have none.
    pub missing: usize,
    /// Distinct values.
    pub unique: usize,
    /// Of numbers and dates (milliseconds since the epoch) that have a value at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// Of numbers and dates that have a value at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Histogram>,
    /// The ten most frequent values of booleans, categories and text; equally frequent ones in the
    /// order of their code points.
    pub top: Vec<TopValue>,
    pub warnings: Vec<Warning>,
}

/// How numbers are spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// Standard deviation of a sample (divided by n - 1), as pandas has it; 0 for one value.
    pub std: f64,
    pub quantiles: Quantiles,
}

/// Quantiles, linearly interpolated as numpy does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Quantiles {
    pub p5: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p95: f64,
}

/// How many values lie between each edge and the next. The last bin includes its upper edge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Histogram {
    /// One more than there are counts.
    pub edges: Vec<f64>,
    pub counts: Vec<u32>,
}

/// A value and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TopValue {
    pub value: String,
    pub count: usize,
}

/// Something about a column that a model may stumble over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    pub code: WarningCode,
    /// What is the matter, and what to do about it.
    pub message: String,
}

/// What there is to be wary of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// No row has a value.
    AllMissing,
    /// More than half of the rows have no value.
    MostlyMissing,
    /// All rows have the same value.
    Constant,
    /// Every row has a value of its own.
    IdLike,
    /// Categories with fewer than five rows, among frequent ones.
    RareClasses,
    /// More than a thousand categories.
    ManyCategories,
    /// Strings that look like dates, but are not ISO 8601.
    TextDates,
    /// Strings that are nearly all numbers.
    TextNumbers,
}

/// Values shown as the most frequent.
const TOP: usize = 10;

/// Sums a column up. Takes time in proportion to n log n.
pub fn summarize(column: &Column) -> ColumnSummary {
    let missing = column.n_missing();
    let mut summary = ColumnSummary {
        name: column.name.clone(),
        kind: column.kind,
        count: column.len() - missing,
        missing,
        unique: 0,
        spread: None,
        histogram: None,
        top: Vec::new(),
        warnings: Vec::new(),
    };
    match &column.values {
        Values::Numbers(values) => {
            let sorted = numbers::Sorted::new(values);
            summary.unique = sorted.n_distinct();
            if column.kind == Kind::Boolean {
                summary.top = sorted.booleans();
            } else {
                summary.spread = numbers::spread(values, &sorted);
                summary.histogram = sorted.histogram();
            }
            warnings::of_numbers(&mut summary, &sorted);
        }
        Values::Strings { codes, dictionary } => {
            let counts = strings::counts(codes, dictionary);
            summary.unique = counts.iter().filter(|&&count| count > 0).count();
            summary.top = strings::top(&counts, dictionary);
            warnings::of_strings(&mut summary, &counts, dictionary);
        }
    }
    summary
}

/// Sums every column up, in the table's order.
pub fn summarize_table(table: &Table) -> Vec<ColumnSummary> {
    table.columns().iter().map(summarize).collect()
}

#[cfg(test)]
mod tests;
