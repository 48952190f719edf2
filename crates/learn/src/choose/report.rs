//! What a study found out, as plain data.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::{Learner, TaskChoice};

/// A mean over folds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    pub mean: f64,
    /// Standard deviation between the folds, with `folds - 1`.
    pub std: f64,
    /// Standard deviation over the root of the number of folds. Too small to judge by where folds
    /// share training rows, as they mostly do.
    pub standard_error: f64,
}

/// Why something failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Failure {
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub message: String,
}

/// One fold of a cross-validation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct FoldResult {
    pub train_rows: usize,
    pub test_rows: usize,
    /// Time to train and score.
    pub seconds: f64,
    /// By name; without those that are undefined on these rows.
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, number>"))]
    pub metrics: BTreeMap<String, f64>,
    pub error: Option<Failure>,
}

/// How good a learner is on rows it was not trained on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct CrossValidation {
    pub task: TaskChoice,
    /// The metric of `score`.
    pub metric: String,
    pub higher_is_better: bool,
    /// Null when a fold failed.
    pub score: Option<Estimate>,
    /// Every metric, by name.
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, Estimate>"))]
    pub metrics: BTreeMap<String, Estimate>,
    pub folds: Vec<FoldResult>,
}

/// One size of a learning curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// Of the rows that a fold trains on.
    pub share: f64,
    /// Mean over the folds.
    pub train_rows: f64,
    /// The score on the rows trained on.
    pub train: Option<Estimate>,
    /// The score on the rows kept out.
    pub validation: Option<Estimate>,
    /// Mean time of a fold.
    pub seconds: f64,
    /// The first error of a fold; then there are no scores.
    pub error: Option<Failure>,
}

/// How a score changes with the number of rows trained on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct LearningCurve {
    pub task: TaskChoice,
    pub metric: String,
    pub higher_is_better: bool,
    pub points: Vec<CurvePoint>,
}

/// A line of a leaderboard.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Contender {
    /// As given; null for the baseline, which ignores the features.
    pub learner: Option<Learner>,
    /// Its place in the list of learners given; null for the baseline.
    pub index: Option<usize>,
    /// Null when a fold failed.
    pub score: Option<Estimate>,
    /// The score of each fold; null where it failed or is undefined.
    pub scores: Vec<Option<f64>>,
    /// Every metric, by name.
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, Estimate>"))]
    pub metrics: BTreeMap<String, Estimate>,
    /// Mean time to train and score a fold.
    pub seconds: f64,
    /// Its mean score less that of the best; null for the best itself.
    pub difference: Option<f64>,
    /// How likely a difference at least as large is between learners that are equally good: the
    /// corrected resampled t-test of Nadeau and Bengio (2003) over the folds, two-sided. Null for
    /// the best itself. Not corrected for how many learners are compared.
    pub p_value: Option<f64>,
    /// The first error of a fold.
    pub error: Option<Failure>,
}

impl Contender {
    /// The learner's kind, or `baseline`.
    pub fn name(&self) -> &'static str {
        self.learner.as_ref().map_or("baseline", Learner::kind)
    }
}

/// Learners on the same folds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub task: TaskChoice,
    pub metric: String,
    pub higher_is_better: bool,
    /// The best first, those that failed last; the baseline is among them.
    pub leaderboard: Vec<Contender>,
}

/// One set of parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Trial {
    /// What was searched, by `snake_case` name.
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, unknown>"))]
    pub parameters: BTreeMap<String, Value>,
    pub learner: Learner,
    /// The share of rows, or of the parameter that halving gives less of, that it was last tried
    /// with; scores of different shares are not comparable.
    pub share: f64,
    /// Null when it failed.
    pub score: Option<Estimate>,
    /// The score of each fold.
    pub scores: Vec<Option<f64>>,
    /// Time of all its trainings.
    pub seconds: f64,
    pub error: Option<Failure>,
}

/// What a search of parameters found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Tuning {
    pub task: TaskChoice,
    pub metric: String,
    pub higher_is_better: bool,
    /// In the order they were drawn; those the time did not suffice for are left out.
    pub trials: Vec<Trial>,
    /// The index of the best of `trials`, among those that got the largest share; of equals the
    /// first.
    pub best: usize,
    /// Its learner.
    pub learner: Learner,
}

/// What a study found out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum StudyReport {
    CrossValidation(CrossValidation),
    LearningCurve(LearningCurve),
    Comparison(Comparison),
    Tuning(Tuning),
}
