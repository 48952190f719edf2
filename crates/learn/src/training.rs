//! The training pipeline: a table becomes a model.
//!
//! [`Training`] holds everything between the two and can be fed the parts of the fit one by one,
//! so that whoever drives it (a loop, threads, a pool of workers) decides what runs where. The
//! model does not depend on that.

mod features;
mod options;
mod preparing;
#[cfg(test)]
mod tests;
mod weights;

use hedgerow_data::Table;
use hedgerow_model::{LearnerRecord, Model, Preparation, Provenance, Schema, TrainingData};

pub use options::TrainOptions;
pub use preparing::Preparing;

use crate::LearnError;
use crate::fitting::{Fitting, Score};
use crate::forest::{ForestJob, TreePart};

/// A model in the making.
pub struct Training {
    schema: Schema,
    preparation: Preparation,
    learner: LearnerRecord,
    seed: u64,
    data: TrainingData,
    baseline: Vec<f64>,
    fitting: Box<dyn Fitting>,
}

impl Training {
    /// Reads the target, fits the preparation on all rows of `table` and hands the learner what it
    /// needs: all of a [`Preparing`] at once.
    ///
    /// # Errors
    /// [`LearnError`] for a target, feature, weight or parameter that cannot be used.
    pub fn new(table: &Table, options: TrainOptions) -> Result<Self, LearnError> {
        let mut preparing = Preparing::new(table, options)?;
        while preparing.advance(table)? {}
        preparing.finish()
    }

    /// Steps to do at most: trees, rounds, epochs or iterations.
    pub fn total(&self) -> usize {
        self.fitting.total()
    }

    /// Steps done.
    pub fn done(&self) -> usize {
        self.fitting.done()
    }

    /// Whether no more steps are needed, which may be before all were done.
    pub fn ended(&self) -> bool {
        self.fitting.ended()
    }

    /// Does step `index`: in order, but in any order where the work is [`shared`](Self::shared).
    ///
    /// # Errors
    /// [`LearnError`] where the fit cannot go on.
    pub fn step(&mut self, index: usize) -> Result<(), LearnError> {
        self.fitting.step(index)
    }

    /// Goes on by some milliseconds, whatever a step is: for who does all of it in one thread and
    /// wants to pause often. Not beside [`step`](Self::step) or [`add`](Self::add).
    ///
    /// # Errors
    /// [`LearnError`] where the fit cannot go on.
    pub fn advance(&mut self) -> Result<(), LearnError> {
        self.fitting.advance()
    }

    /// The work, to be handed to whoever does steps elsewhere; `None` where each step needs the one
    /// before.
    pub fn shared(&self) -> Option<&ForestJob> {
        self.fitting.shared()
    }

    /// Adds step `index`, done elsewhere; in any order, each once.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for a part that is not of this job.
    pub fn add(&mut self, index: usize, part: TreePart) -> Result<(), LearnError> {
        self.fitting.add(index, part)
    }

    /// How good the model is so far, on rows that it did not learn from where there are such.
    pub fn score(&self) -> Option<Score> {
        self.fitting.score()
    }

    /// The model, once all steps were done.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when steps are missing.
    pub fn finish(self) -> Result<Model, LearnError> {
        let threshold = self.fitting.threshold();
        let fitted = self.fitting.finish()?;
        Ok(Model {
            provenance: Provenance {
                library_version: env!("CARGO_PKG_VERSION").to_owned(),
                learner: self.learner,
                seed: self.seed,
                training_data: self.data,
                metrics: fitted.metrics,
                history: fitted.history,
                feature_importances: column_importances(
                    &self.schema,
                    &self.preparation,
                    &fitted.importances,
                ),
                baseline: self.baseline,
            },
            schema: self.schema,
            preparation: self.preparation,
            estimator: fitted.estimator,
            calibration: None,
            threshold,
            training_profile: None,
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
    while !training.ended() {
        training.step(training.done())?;
    }
    training.finish()
}

/// A raw column's importance is the sum of its features'.
fn column_importances(schema: &Schema, preparation: &Preparation, features: &[f64]) -> Vec<f64> {
    let mut columns = vec![0.0; schema.features.len()];
    for (feature, importance) in preparation.features(schema).iter().zip(features) {
        columns[feature.column] += importance;
    }
    columns
}
