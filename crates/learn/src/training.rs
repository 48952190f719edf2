//! The training pipeline: a table becomes a model.
//!
//! [`Training`] holds everything between the two and can be fed the parts of the fit one by one,
//! so that whoever drives it (a loop, threads, a pool of workers) decides what runs where. The
//! model does not depend on that.

mod features;
mod options;
#[cfg(test)]
mod tests;
mod weights;

use std::collections::BTreeMap;

use hedgerow_data::Table;
use hedgerow_model::{
    Estimator, LearnerRecord, Model, Preparation, Provenance, Schema, Task, TrainingData,
};

pub use options::TrainOptions;

use crate::LearnError;
use crate::forest::{Binned, ForestBuilder, ForestJob, Target, TreePart};
use crate::learner::Learner;
use crate::target::read_target;

/// A model in the making.
pub struct Training {
    schema: Schema,
    preparation: Preparation,
    learner: LearnerRecord,
    data: TrainingData,
    baseline: Vec<f64>,
    job: ForestJob,
    builder: ForestBuilder,
}

impl Training {
    /// Reads the target, fits the preparation on all rows of `table` and bins the features.
    ///
    /// # Errors
    /// [`LearnError`] for a target, feature, weight or parameter that cannot be used.
    pub fn new(table: &Table, options: TrainOptions) -> Result<Self, LearnError> {
        options.check()?;
        let Learner::RandomForest(forest) = &options.learner;
        forest.check()?;
        let target = read_target(table.column(&options.target)?, options.task)?;
        let weights = weights::read_weights(table, &options, &forest.class_weight, &target)?;
        let features = features::prepare(table, &options, forest.max_bins as usize)?;
        let baseline = baseline(&target.target, weights.as_deref());
        let binned = Binned::new(features.codes, features.bins, table.rows())?;
        let job = ForestJob::new(binned, target.target, weights, forest.clone(), options.seed)?;
        Ok(Self {
            schema: Schema { features: features.fields, target: target.field, task: target.task },
            preparation: features.preparation,
            learner: options.learner.record(),
            data: TrainingData { rows: table.rows() as u64, sha256: table.sha256() },
            baseline,
            builder: ForestBuilder::new(&job),
            job,
        })
    }

    /// The work to do, to be handed to whoever fits trees.
    pub fn job(&self) -> &ForestJob {
        &self.job
    }

    /// Adds the fitted tree `index`; in any order, each once.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for a part that is not of this job.
    pub fn add(&mut self, index: usize, part: TreePart) -> Result<(), LearnError> {
        self.builder.add(&self.job, index, part)
    }

    /// Name and value of the score on rows that the trees added so far did not see.
    pub fn score(&self) -> Option<(&'static str, f64)> {
        let name = score_name(&self.schema.task);
        self.builder.oob_score(&self.job).map(|score| (name, score))
    }

    /// The model, once every tree was added.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when trees are missing.
    pub fn finish(self) -> Result<Model, LearnError> {
        let fitted = self.builder.finish(&self.job)?;
        let name = score_name(&self.schema.task).to_owned();
        let metrics: BTreeMap<String, f64> =
            fitted.oob_score.map(|score| (name, score)).into_iter().collect();
        Ok(Model {
            provenance: Provenance {
                library_version: env!("CARGO_PKG_VERSION").to_owned(),
                learner: self.learner,
                seed: self.job.seed(),
                training_data: self.data,
                metrics,
                feature_importances: column_importances(
                    &self.schema,
                    &self.preparation,
                    &fitted.importances,
                ),
                baseline: self.baseline,
            },
            schema: self.schema,
            preparation: self.preparation,
            estimator: Estimator::Trees(fitted.trees),
        })
    }
}

/// Trains in the calling thread, from start to end.
///
/// # Errors
/// As [`Training::new`].
///
/// ```
/// use hedgerow_data::{CsvOptions, read_csv};
/// use hedgerow_learn::{TrainOptions, train};
///
/// let csv = b"weight,animal\n4,cat\n5,cat\n30,dog\n25,dog\n3,cat\n28,dog\n";
/// let table = read_csv(csv, &CsvOptions::default())?;
/// let model = train(&table, TrainOptions::new("animal"))?;
/// let prediction = model.predict(&[hedgerow_model::Raw::Numbers(&[31.0])])?;
/// assert_eq!(model.schema.task.classes()[prediction.classes()[0] as usize], "dog");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn train(table: &Table, options: TrainOptions) -> Result<Model, LearnError> {
    let mut training = Training::new(table, options)?;
    for index in 0..training.job.n_tasks() {
        let part = training.job.fit_tree(index);
        training.add(index, part)?;
    }
    training.finish()
}

fn score_name(task: &Task) -> &'static str {
    match task {
        Task::Classification { .. } => "oob_accuracy",
        Task::Regression => "oob_r2",
    }
}

/// What a model that ignores the features predicts: weighted class shares, or the weighted mean.
fn baseline(target: &Target, weights: Option<&[f64]>) -> Vec<f64> {
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let total: f64 = (0..target.len()).map(weight).sum();
    match target {
        Target::Classes { codes, n } => {
            let mut shares = vec![0.0; *n];
            for (row, &code) in codes.iter().enumerate() {
                shares[code as usize] += weight(row);
            }
            shares.iter().map(|share| share / total).collect()
        }
        Target::Values(values) => {
            let sum: f64 = values.iter().enumerate().map(|(row, value)| weight(row) * value).sum();
            vec![sum / total]
        }
    }
}

/// A raw column's importance is the sum of its features'.
fn column_importances(schema: &Schema, preparation: &Preparation, features: &[f64]) -> Vec<f64> {
    let mut columns = vec![0.0; schema.features.len()];
    for (feature, importance) in preparation.features(schema).iter().zip(features) {
        columns[feature.column] += importance;
    }
    columns
}
