//! Two models on the same rows: which is better, and how sure that is.
//!
//! The difference is paired: every resample of the bootstrap measures both models on the same rows, so what
//! makes rows hard for both does not blur it. The interval is that of percentiles (B. Efron and
//! R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13).

use hedgerow_data::{DEFAULT_SEED, Table, sort_numbers};
use hedgerow_model::Model;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};

use crate::{
    EvaluateError, ImportanceMetric, Predicting, actual::Actual, metrics::quantile_of_sorted,
    random::below,
};

/// Rows that all resamples have together at most, unless that makes fewer than [`LEAST`] of them.
const WORK: usize = 100_000_000;
const LEAST: usize = 200;

/// How two models are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PairedOptions {
    /// Default: `accuracy` for classification, `r2` for regression.
    pub metric: Option<ImportanceMetric>,
    /// How often the interval is to hold the true difference, more than 0 and less than 1. Default 0.95.
    pub confidence: f64,
    /// Resamples, 1 to 10,000. Default 1,000; fewer where they would have more than 100 million rows together, but 200
    /// at least.
    pub resamples: usize,
    /// The same seed gives the same interval. Default 42.
    pub seed: u64,
}

impl Default for PairedOptions {
    fn default() -> Self {
        Self { metric: None, confidence: 0.95, resamples: 1_000, seed: DEFAULT_SEED }
    }
}

impl PairedOptions {
    /// # Errors
    /// [`EvaluateError::BadOption`].
    pub fn check(&self) -> Result<(), EvaluateError> {
        let bad = |option, value: String, expected| {
            Err(EvaluateError::BadOption { option, value, expected })
        };
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return bad("confidence", self.confidence.to_string(), "more than 0 and less than 1");
        }
        if !(1..=10_000).contains(&self.resamples) {
            return bad("resamples", self.resamples.to_string(), "from 1 to 10,000");
        }
        Ok(())
    }
}

/// What a comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Paired {
    pub metric: ImportanceMetric,
    /// Rows that both were measured on.
    pub rows: usize,
    pub first: f64,
    pub second: f64,
    /// By how much the second is better, in the unit of the metric: above 0 where it is, whichever way the
    /// metric goes.
    pub gain: f64,
    /// The interval of the gain.
    pub low: f64,
    pub high: f64,
}

/// Compares two models on the same rows, which have the target and neither was trained on.
///
/// ```
/// use hedgerow_data::{CsvOptions, read_csv};
/// use hedgerow_evaluate::{PairedOptions, compare_on};
/// use hedgerow_model::Model;
///
/// /// Whether a new model is surely no worse than the old one on a CSV that holds their target.
/// fn is_no_worse(old: &[u8], new: &[u8], csv: &[u8]) -> Result<bool, Box<dyn std::error::Error>> {
///     let (old, new) = (Model::from_bytes(old)?, Model::from_bytes(new)?);
///     let table = read_csv(csv, &CsvOptions::default())?;
///     Ok(compare_on(&old, &new, &table, &PairedOptions::default())?.low >= 0.0)
/// }
/// # assert!(is_no_worse(b"no model", b"no model", b"a\n1\n").is_err());
/// ```
///
/// # Errors
/// As [`crate::evaluate`]; [`EvaluateError::BadOption`] for a metric of the other task, or one that is
/// undefined on the rows.
pub fn compare_on(
    first: &Model,
    second: &Model,
    table: &Table,
    options: &PairedOptions,
) -> Result<Paired, EvaluateError> {
    options.check()?;
    let metric = ImportanceMetric::of_task(options.metric, &first.schema.task)?;
    ImportanceMetric::of_task(Some(metric), &second.schema.task)?;
    let (first, second) = (Answers::of(first, table)?, Answers::of(second, table)?);
    let all: Vec<u32> = (0..table.rows() as u32).collect();
    let score = |answers: &Answers| answers.score(metric, &all).ok_or_else(|| metric.undefined());
    let sign = if metric.higher_is_better() { 1.0 } else { -1.0 };
    let (a, b) = (score(&first)?, score(&second)?);
    let gain =
        |rows: &[u32]| Some(sign * (second.score(metric, rows)? - first.score(metric, rows)?));
    let gains = resampled(table.rows(), options, gain);
    let tail = (1.0 - options.confidence) / 2.0;
    let end = |share| quantile_of_sorted(&gains, share).ok_or_else(|| metric.undefined());
    Ok(Paired {
        metric,
        rows: table.rows(),
        first: a,
        second: b,
        gain: sign * (b - a),
        low: end(tail)?,
        high: end(1.0 - tail)?,
    })
}

/// The gains of all resamples on which there is one, in order.
fn resampled(
    rows: usize,
    options: &PairedOptions,
    gain: impl Fn(&[u32]) -> Option<f64>,
) -> Vec<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let most = (WORK / rows.max(1)).max(LEAST);
    let mut draw =
        || -> Vec<u32> { (0..rows).map(|_| below(&mut random, rows as u64) as u32).collect() };
    let gains = (0..options.resamples.min(most)).filter_map(|_| gain(&draw()));
    let mut gains: Vec<f64> = gains.collect();
    sort_numbers(&mut gains);
    gains
}

/// What a model says of rows, and what is so.
struct Answers {
    actual: Actual,
    outputs: Vec<f64>,
    n_outputs: usize,
    threshold: Option<f64>,
}

impl Answers {
    fn of(model: &Model, table: &Table) -> Result<Self, EvaluateError> {
        let rows: Vec<u32> = (0..table.rows() as u32).collect();
        let actual = Actual::new(model, table, &rows)?;
        let mut predicting = Predicting::new(model, table, rows)?;
        while predicting.advance(model, table, usize::MAX)?.is_some() {}
        let n_outputs = model.estimator.n_outputs();
        let outputs = predicting.finish(model).values;
        Ok(Self { actual, outputs, n_outputs, threshold: model.threshold })
    }

    fn score(&self, metric: ImportanceMetric, rows: &[u32]) -> Option<f64> {
        let of = |row: &u32| {
            let from = *row as usize * self.n_outputs;
            &self.outputs[from..from + self.n_outputs]
        };
        let outputs: Vec<f64> = rows.iter().flat_map(of).copied().collect();
        metric.score(&outputs, &self.actual.take(rows), self.threshold)
    }
}
