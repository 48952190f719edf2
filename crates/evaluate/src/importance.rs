//! Permutation importance: how much worse a model gets when one column is shuffled.
//!
//! L. Breiman, "Random Forests", Machine Learning 45, 2001, section 10; model-agnostic as in
//! A. Fisher, C. Rudin and F. Dominici, "All Models are Wrong, but Many are Useful", JMLR 20, 2019.

mod options;
mod score;

use std::{borrow::Borrow, borrow::Cow, ops::ControlFlow};

use hedgerow_data::Table;
use hedgerow_model::Model;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};

pub use options::{ImportanceMetric, ImportanceOptions};

use crate::{
    EvaluateError, columns_for,
    metrics::{mean, sum},
    random::{sample_rows, shuffle},
};
use score::Actual;

/// How much each column matters to a model on a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Importance {
    /// The metric that got worse, by its name in a report.
    pub metric: String,
    /// The metric with nothing shuffled.
    pub score: f64,
    /// Number of rows measured on.
    pub rows: u32,
    /// One a column the model reads, in the order of its schema.
    pub columns: Vec<ColumnImportance>,
}

/// How much one column matters: how much worse the metric gets when its values are shuffled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ColumnImportance {
    pub column: String,
    /// Mean over the repeats; about 0 (also a little below) when the model does not need the column.
    pub mean: f64,
    /// Population standard deviation over the repeats.
    pub std: f64,
    /// One a repeat.
    pub values: Vec<f64>,
}

/// A computation of [`Importance`] in small steps, for callers that must do other things between
/// them. `M` is the model or anything that lends it, such as a reference or an `Rc`.
///
/// The raw columns are prepared once; a step shuffles the features made of one column, all in the
/// same way, and predicts. A column that the estimator never looks at takes no time and is exactly
/// 0. The shuffle of a step depends on the seed, the column's place and the repeat alone.
#[derive(Debug, Clone)]
pub struct PermutationImportance<M> {
    model: M,
    metric: ImportanceMetric,
    n_repeats: usize,
    seed: u64,
    actual: Actual,
    features: Vec<Cow<'static, [f64]>>,
    /// For each column, the indices of its features; empty when the estimator reads none of them.
    features_of: Vec<Vec<usize>>,
    score: f64,
    /// What was found so far, repeat by repeat, column by column.
    found: Vec<f64>,
}

impl<M: Borrow<Model>> PermutationImportance<M> {
    /// Prepares `table` and measures the model with nothing shuffled.
    ///
    /// # Errors
    /// As [`crate::evaluate`]; [`EvaluateError::BadOption`] for a metric that does not suit the
    /// task or is undefined on the table.
    pub fn new(
        model: M,
        table: &Table,
        options: &ImportanceOptions,
    ) -> Result<Self, EvaluateError> {
        options.check()?;
        let lent: &Model = model.borrow();
        let metric = options.metric_for(&lent.schema.task)?;
        let rows =
            sample_rows(table.rows(), options.max_rows.unwrap_or(table.rows()), options.seed);
        let actual = Actual::new(lent, table, &rows)?;
        let features = prepared(lent, table, &rows)?;
        let score = metric.score(&lent.outputs(&features, rows.len()), &actual, lent.threshold);
        let Some(score) = score else {
            return Err(EvaluateError::BadOption {
                option: "metric",
                value: metric.name().to_owned(),
                expected: "a metric that is defined on these rows",
            });
        };
        let features_of = features_of(lent);
        let n_repeats = options.n_repeats;
        let seed = options.seed;
        let found = Vec::new();
        Ok(Self { model, metric, n_repeats, seed, actual, features, features_of, score, found })
    }

    /// Number of steps in all: one a column and repeat.
    pub fn total(&self) -> usize {
        self.features_of.len() * self.n_repeats
    }

    /// Number of steps done.
    pub fn done(&self) -> usize {
        self.found.len()
    }

    /// Takes one step, if there is one left; says whether there was.
    pub fn step(&mut self) -> bool {
        let step = self.done();
        if step >= self.total() {
            return false;
        }
        let (column, repeat) = (step / self.n_repeats, step % self.n_repeats);
        let loss = if self.features_of[column].is_empty() {
            0.0
        } else {
            self.loss_without(column, repeat)
        };
        self.found.push(loss);
        true
    }

    fn loss_without(&mut self, column: usize, repeat: usize) -> f64 {
        let rows = self.actual.rows();
        let order = permutation(rows, self.seed, column, repeat);
        let mut features: Vec<Cow<[f64]>> =
            self.features.iter().map(|feature| Cow::Borrowed(&feature[..])).collect();
        for &index in &self.features_of[column] {
            if let Some(feature) = self.features.get(index) {
                features[index] = order.iter().map(|&row| feature[row as usize]).collect();
            }
        }
        let outputs = self.model.borrow().outputs(&features, rows);
        let threshold = self.model.borrow().threshold;
        let shuffled = self.metric.score(&outputs, &self.actual, threshold).unwrap_or(f64::NAN);
        if self.metric.higher_is_better() { self.score - shuffled } else { shuffled - self.score }
    }

    /// What was found. Steps not taken yet are taken.
    pub fn finish(mut self) -> Importance {
        while self.step() {}
        let fields = &self.model.borrow().schema.features;
        let columns = fields.iter().zip(self.found.chunks(self.n_repeats));
        Importance {
            metric: self.metric.name().to_owned(),
            score: self.score,
            rows: self.actual.rows() as u32,
            columns: columns
                .map(|(field, values)| ColumnImportance::new(&field.name, values))
                .collect(),
        }
    }
}

impl ColumnImportance {
    fn new(column: &str, values: &[f64]) -> Self {
        let center = mean(values.iter().copied(), values.len());
        let squares = sum(values.iter().map(|value| (value - center) * (value - center)));
        Self {
            column: column.to_owned(),
            mean: center,
            std: (squares / values.len() as f64).sqrt(),
            values: values.to_vec(),
        }
    }
}

/// [`PermutationImportance`] in one call. `progress` gets the number of steps done and in all after
/// each step, and may break off.
///
/// # Errors
/// As [`PermutationImportance::new`]; [`EvaluateError::Cancelled`] when `progress` breaks off.
pub fn permutation_importance(
    model: &Model,
    table: &Table,
    options: &ImportanceOptions,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Importance, EvaluateError> {
    let mut importance = PermutationImportance::new(model, table, options)?;
    while importance.step() {
        if progress(importance.done(), importance.total()).is_break() {
            return Err(EvaluateError::Cancelled);
        }
    }
    Ok(importance.finish())
}

/// The chosen rows of all features, owned.
fn prepared(
    model: &Model,
    table: &Table,
    rows: &[u32],
) -> Result<Vec<Cow<'static, [f64]>>, EvaluateError> {
    let columns = columns_for(model, table)?;
    let raw = columns.raw();
    let features = model.preparation.apply(&model.schema, &raw)?;
    let pick = |feature: Cow<[f64]>| rows.iter().map(|&row| feature[row as usize]).collect();
    Ok(features.into_iter().map(pick).collect())
}

fn features_of(model: &Model) -> Vec<Vec<usize>> {
    let features = model.preparation.features(&model.schema);
    let is_read = model.estimator.uses();
    let mut features_of = vec![Vec::new(); model.schema.features.len()];
    for (index, feature) in features.iter().enumerate() {
        features_of[feature.column].push(index);
    }
    for features in &mut features_of {
        if !features.iter().any(|&index| is_read[index]) {
            features.clear();
        }
    }
    features_of
}

/// The order of the rows for one step.
fn permutation(rows: usize, seed: u64, column: usize, repeat: usize) -> Vec<u32> {
    // An odd factor (2⁶⁴ divided by the golden ratio) keeps apart all steps of one seed.
    let step = ((column as u64) << 32 | repeat as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ step);
    let mut order: Vec<u32> = (0..rows as u32).collect();
    shuffle(&mut random, &mut order);
    order
}

#[cfg(test)]
mod tests;
