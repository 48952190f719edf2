//! What a learner is given, and what is done with it step by step.

use std::collections::BTreeMap;

use hedgerow_model::{Estimator, FeatureKind};
use ndarray::Array2;
use serde::Serialize;

use crate::LearnError;
use crate::forest::{Binned, ForestJob, Target, TreePart};

/// What the features have to be for a learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Codes of one byte, missing values among them.
    Binned { max_bins: usize },
    /// Numbers. Unless `missing` none is missing: what is, is filled. Unless `ordinal` a category
    /// is a feature of its own.
    Numbers { standardize: bool, ordinal: bool, missing: bool },
}

impl Needs {
    /// What most learners of numbers need: filled, one feature a category, brought to one scale.
    pub const SCALED: Self = Self::Numbers { standardize: true, ordinal: false, missing: false };
}

/// The features of a fit.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Binned(Binned),
    /// Row-major, rows by features.
    Numbers(Array2<f64>),
}

/// What a learner learns from.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub input: Input,
    /// One a feature.
    pub names: Vec<String>,
    /// One a feature.
    pub kinds: Vec<FeatureKind>,
    pub target: Target,
    /// One a row, finite, at least 0, with a finite sum above 0; class weights multiplied in.
    pub weights: Option<Vec<f64>>,
    pub seed: u64,
}

impl Work {
    /// The codes.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for a learner that said it needs numbers.
    pub fn binned(&mut self) -> Result<Binned, LearnError> {
        let nothing = Input::Numbers(Array2::zeros((0, 0)));
        match std::mem::replace(&mut self.input, nothing) {
            Input::Binned(binned) => Ok(binned),
            Input::Numbers(_) => Err(wrong_input()),
        }
    }

    /// The numbers, row-major.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for a learner that said it needs codes.
    pub fn numbers(&mut self) -> Result<Array2<f64>, LearnError> {
        let nothing = Input::Numbers(Array2::zeros((0, 0)));
        match std::mem::replace(&mut self.input, nothing) {
            Input::Numbers(numbers) => Ok(numbers),
            Input::Binned(_) => Err(wrong_input()),
        }
    }
}

fn wrong_input() -> LearnError {
    LearnError::BadJob { reason: "the learner needs other features".to_owned() }
}

/// How good a fit is so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Score {
    /// `oob_accuracy`, `oob_r2`, `training_loss`, `validation_loss`, …
    pub name: String,
    pub value: f64,
}

/// A fit under way. Whoever drives it does its steps from 0 on, with pauses between them as it
/// likes: a step takes milliseconds, not seconds.
pub(crate) trait Fitting: Send {
    /// Steps there are at most.
    fn total(&self) -> usize;

    /// Does step `index`, each once: in order, unless the work is [`shared`](Self::shared).
    ///
    /// # Errors
    /// [`LearnError`] where the fit cannot go on.
    fn step(&mut self, index: usize) -> Result<(), LearnError>;

    /// Goes on by some milliseconds where no step is done elsewhere: the next step, or a part of it
    /// where a step takes longer.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    fn advance(&mut self) -> Result<(), LearnError> {
        self.step(self.done())
    }

    /// Steps done so far.
    fn done(&self) -> usize;

    /// Whether no more steps are needed; may be before all were done.
    fn ended(&self) -> bool {
        self.done() >= self.total()
    }

    /// What others need to do steps elsewhere, where no step waits for another.
    fn shared(&self) -> Option<&ForestJob> {
        None
    }

    /// Adds step `index`, which was done elsewhere.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for a part that is not of this fit.
    fn add(&mut self, index: usize, part: TreePart) -> Result<(), LearnError> {
        let _ = (index, part);
        Err(LearnError::BadJob { reason: "this learner's work is not shared".to_owned() })
    }

    /// How good it is so far.
    fn score(&self) -> Option<Score>;

    /// The score from which a row is the second of two classes, where the fit sets one; asked once
    /// it ended.
    fn threshold(&self) -> Option<f64> {
        None
    }

    /// What came out, once it ended.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when it has not ended.
    fn finish(self: Box<Self>) -> Result<Fitted, LearnError>;
}

/// What came out of a fit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted {
    pub estimator: Estimator,
    /// What the fit itself knows of how good it is, by name.
    pub metrics: BTreeMap<String, f64>,
    /// One a feature; sums to 1 or is all 0.
    pub importances: Vec<f64>,
    /// Scores by name, one a round or epoch, where there are such.
    pub history: BTreeMap<String, Vec<f64>>,
}
