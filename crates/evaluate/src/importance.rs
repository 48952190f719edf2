//! Permutation importance: how much worse a model gets when one column is shuffled.
//!
//! L. Breiman, "Random Forests", Machine Learning 45, 2001, section 10; model-agnostic as in
//! A. Fisher, C. Rudin and F. Dominici, "All Models are Wrong, but Many are Useful", JMLR 20, 2019.

mod options;
mod score;

use std::{borrow::Borrow, borrow::Cow, mem::take, ops::ControlFlow};

use hedgerow_data::{Column, Table};
use hedgerow_model::Model;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};

pub use options::{ImportanceMetric, ImportanceOptions};

use crate::{
    EvaluateError,
    actual::Actual,
    columns_for,
    metrics::{mean, sum},
    predicting::slices,
    random::{sample_rows, shuffle},
};

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

/// A computation of [`Importance`] in pieces, for callers that must do other things between
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
    features: Vec<Vec<f64>>,
    /// For each column, the indices of its features; empty when the estimator reads none of them.
    features_of: Vec<Vec<usize>>,
    /// With nothing shuffled; none before that is measured.
    score: Option<f64>,
    /// What was found so far, repeat by repeat, column by column.
    found: Vec<f64>,
    /// The features that are shuffled in this step, by their indices.
    shuffled: Vec<(usize, Vec<f64>)>,
    /// What is predicted in this step so far.
    outputs: Vec<f64>,
}

impl<M: Borrow<Model>> PermutationImportance<M> {
    /// Prepares `table`.
    ///
    /// # Errors
    /// As [`crate::evaluate`]; [`EvaluateError::BadOption`] for a metric that does not suit the
    /// task.
    pub fn new(
        model: M,
        table: &Table,
        options: &ImportanceOptions,
    ) -> Result<Self, EvaluateError> {
        options.check()?;
        let lent: &Model = model.borrow();
        let rows =
            sample_rows(table.rows(), options.max_rows.unwrap_or(table.rows()), options.seed);
        Ok(Self {
            metric: options.metric_for(&lent.schema.task)?,
            n_repeats: options.n_repeats,
            seed: options.seed,
            actual: Actual::new(lent, table, &rows)?,
            features: prepared(lent, table, &rows)?,
            features_of: features_of(lent),
            score: None,
            found: Vec::new(),
            shuffled: Vec::new(),
            outputs: Vec::new(),
            model,
        })
    }

    /// Number of steps in all: one a column and repeat.
    pub fn total(&self) -> usize {
        self.features_of.len() * self.n_repeats
    }

    /// Number of steps done.
    pub fn done(&self) -> usize {
        self.found.len()
    }

    /// Predicts at most so many rows; how many, and `None` when all steps are done. Before the first step,
    /// the model is measured with nothing shuffled.
    ///
    /// # Errors
    /// [`EvaluateError::BadOption`] for a metric that is undefined on the table.
    pub fn advance(&mut self, most: usize) -> Result<Option<usize>, EvaluateError> {
        if self.score.is_some() && self.done() >= self.total() {
            return Ok(None);
        }
        if self.outputs.is_empty() && self.score.is_some() && !self.shuffle() {
            self.found.push(0.0);
            return Ok(Some(0));
        }
        let rows = self.predict(most);
        if self.outputs.len() == self.actual.rows() * self.model.borrow().estimator.n_outputs() {
            self.measure()?;
        }
        Ok(Some(rows))
    }

    /// Shuffles what the next step does, if the estimator reads it.
    fn shuffle(&mut self) -> bool {
        let (column, repeat) = (self.done() / self.n_repeats, self.done() % self.n_repeats);
        let features = self.features_of[column].iter();
        let order = permutation(self.actual.rows(), self.seed, column, repeat);
        let shuffled = |&index: &usize| {
            let feature = self.features.get(index)?;
            Some((index, order.iter().map(|&row| feature[row as usize]).collect()))
        };
        self.shuffled = features.filter_map(shuffled).collect();
        !self.shuffled.is_empty()
    }

    fn predict(&mut self, most: usize) -> usize {
        let model = self.model.borrow();
        let from = self.outputs.len() / model.estimator.n_outputs();
        let rows = from..self.actual.rows().min(from.saturating_add(most.max(1)));
        let mut features: Vec<&[f64]> = self.features.iter().map(Vec::as_slice).collect();
        self.shuffled.iter().for_each(|(index, shuffled)| features[*index] = shuffled);
        self.outputs.extend(model.outputs(&slices(features, &rows), rows.len()));
        rows.len()
    }

    /// Notes the score of a step, or that with nothing shuffled.
    fn measure(&mut self) -> Result<(), EvaluateError> {
        let threshold = self.model.borrow().threshold;
        let score = self.metric.score(&take(&mut self.outputs), &self.actual, threshold);
        let Some(whole) = self.score else {
            self.score = Some(score.ok_or_else(|| self.metric.undefined())?);
            return Ok(());
        };
        let shuffled = score.unwrap_or(f64::NAN);
        let higher = self.metric.higher_is_better();
        self.found.push(if higher { whole - shuffled } else { shuffled - whole });
        Ok(())
    }

    /// What was found. What was not done yet is done.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub fn finish(mut self) -> Result<Importance, EvaluateError> {
        while self.advance(usize::MAX)?.is_some() {}
        let fields = &self.model.borrow().schema.features;
        let columns = fields.iter().zip(self.found.chunks(self.n_repeats));
        Ok(Importance {
            metric: self.metric.name().to_owned(),
            score: self.score.unwrap_or(f64::NAN),
            rows: self.actual.rows() as u32,
            columns: columns
                .map(|(field, values)| ColumnImportance::new(&field.name, values))
                .collect(),
        })
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
/// As [`PermutationImportance`]; [`EvaluateError::Cancelled`] when `progress` breaks off.
pub fn permutation_importance(
    model: &Model,
    table: &Table,
    options: &ImportanceOptions,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Importance, EvaluateError> {
    let mut importance = PermutationImportance::new(model, table, options)?;
    let mut done = 0;
    while importance.advance(usize::MAX)?.is_some() {
        let is_new = importance.done() > done;
        done = importance.done();
        if is_new && progress(done, importance.total()).is_break() {
            return Err(EvaluateError::Cancelled);
        }
    }
    importance.finish()
}

/// The chosen rows of all features.
fn prepared(model: &Model, table: &Table, rows: &[u32]) -> Result<Vec<Vec<f64>>, EvaluateError> {
    let columns: Vec<Column> =
        columns_for(model, table)?.into_columns().map(|column| column.take(rows)).collect();
    let raw: Vec<_> = columns.iter().map(Column::raw).collect();
    let features = model.preparation.apply(&model.schema, &raw)?;
    Ok(features.into_iter().map(Cow::into_owned).collect())
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
