//! A table on its way to what a learner learns from, column by column.

use std::vec::IntoIter;

use hedgerow_data::{Table, TableHash};
use hedgerow_model::{Schema, TrainingData};

use super::features::{self, Features};
use super::weights::read_weights;
use super::{TrainOptions, Training};
use crate::LearnError;
use crate::fitting::Work;
use crate::forest::Target;
use crate::target::{self, ReadTarget};

/// A [`Training`] before its first step: a column at a time is hashed and becomes features.
pub struct Preparing {
    options: TrainOptions,
    rows: u64,
    /// Where the table's hash is wanted.
    hash: Option<TableHash>,
    target: ReadTarget,
    weights: Option<Vec<f64>>,
    /// Names of the columns that are still to become features.
    columns: IntoIter<String>,
    features: Features,
}

impl Preparing {
    /// Reads the target and the weights.
    ///
    /// # Errors
    /// [`LearnError`] for a target, feature, weight or parameter that cannot be used.
    pub fn new(table: &Table, options: TrainOptions) -> Result<Self, LearnError> {
        Self::begin(table, options, Some(TableHash::new(table)))
    }

    /// As [`new`](Self::new); without a hash for a model that is not kept: it does not say what it
    /// learned from.
    #[cold]
    pub(crate) fn begin(
        table: &Table,
        options: TrainOptions,
        hash: Option<TableHash>,
    ) -> Result<Self, LearnError> {
        options.check()?;
        options.learner.check()?;
        let target = target::read(table, &options)?;
        let weights = read_weights(table, &options, options.learner.class_weight(), &target)?;
        target::check_size(table, &target, weights.as_deref())?;
        Ok(Self {
            rows: table.rows() as u64,
            hash,
            target,
            weights,
            columns: features::choose(table, &options)?.into_iter(),
            features: Features::new(table, &options),
            options,
        })
    }

    /// Goes on by a column of `table`, which is the same every time; whether there is more to do.
    ///
    /// # Errors
    /// [`LearnError`] for a feature that cannot be used.
    pub fn advance(&mut self, table: &Table) -> Result<bool, LearnError> {
        if self.hash.as_mut().is_some_and(|hash| hash.advance(table)) {
            return Ok(true);
        }
        if let Some(name) = self.columns.next() {
            self.features.push(table.column(&name)?)?;
            return Ok(true);
        }
        Ok(self.features.line_up())
    }

    /// Hands the learner what it needs, once there is no more to do.
    ///
    /// # Errors
    /// [`LearnError`] where the learner cannot learn from that; [`LearnError::BadJob`] before.
    #[cold]
    pub fn finish(self) -> Result<Training, LearnError> {
        if self.columns.len() > 0 {
            return Err(LearnError::BadJob { reason: "columns are missing".to_owned() });
        }
        let Self { options, hash, target, weights, features, .. } = self;
        let sha256 = hash.map_or_else(String::new, |hash| hash.finish());
        let baseline = baseline(&target.target, weights.as_deref());
        let (fields, preparation, described, input) = features.finish()?;
        let work = Work {
            input,
            names: described.iter().map(|feature| feature.name.clone()).collect(),
            kinds: described.iter().map(|feature| feature.kind).collect(),
            target: target.target,
            weights,
            seed: options.seed,
        };
        Ok(Training {
            fitting: options.learner.begin(work)?,
            learner: options.learner.record(),
            schema: Schema { features: fields, target: target.field, task: target.task },
            preparation,
            seed: options.seed,
            data: TrainingData { rows: self.rows, sha256 },
            baseline,
        })
    }
}

/// What a model that ignores the features predicts: weighted class shares, or the weighted mean.
fn baseline(target: &Target, weights: Option<&[f64]>) -> Vec<f64> {
    let total = weights.map_or(target.len() as f64, |weights| weights.iter().sum());
    let sums = match target {
        Target::Classes { codes, n } => sums_by_class(codes, *n, weights),
        Target::Values(values) => vec![weighted_sum(values, weights)],
    };
    sums.iter().map(|sum| sum / total).collect()
}

#[inline(never)]
fn sums_by_class(codes: &[u32], n: usize, weights: Option<&[f64]>) -> Vec<f64> {
    let mut sums = vec![0.0; n];
    for (row, &code) in codes.iter().enumerate() {
        sums[code as usize] += weights.map_or(1.0, |weights| weights[row]);
    }
    sums
}

#[inline(never)]
fn weighted_sum(values: &[f64], weights: Option<&[f64]>) -> f64 {
    match weights {
        Some(weights) => values.iter().zip(weights).map(|(value, weight)| weight * value).sum(),
        None => values.iter().sum(),
    }
}
