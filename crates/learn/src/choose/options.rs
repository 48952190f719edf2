//! What to find out, and how.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::adjust::AdjustOptions;
use crate::{LearnError, Learner, Search, TrainOptions};

/// How rows are dealt into training and test parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Folding {
    /// Number of folds, from 2. Default 5.
    pub folds: usize,
    /// Default `auto`.
    pub split: FoldSplit,
    /// The column of numbers or dates that puts rows in order for `split: 'time'`, which is also the
    /// default where it is given. It may be a feature, too. Default: the order of the rows.
    pub time_column: Option<String>,
}

impl Default for Folding {
    fn default() -> Self {
        Self { folds: 5, split: FoldSplit::Auto, time_column: None }
    }
}

/// How rows are dealt into folds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum FoldSplit {
    /// `time` where a time column is given, else `stratified` for classes and `random` for numbers.
    #[default]
    Auto,
    /// At random, every class in equal shares.
    Stratified,
    /// At random.
    Random,
    /// Runs of rows, as they stand.
    Sequential,
    /// A window after the other is tested, with all rows before it to train on.
    Time,
}

/// What to find out about which learners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StudyOptions {
    /// What to train. Its seed also deals the rows and draws the trials.
    pub train: TrainOptions,
    #[serde(default)]
    pub folds: Folding,
    /// What candidates are judged by, of [`METRICS`](hedgerow_evaluate::METRICS), in either
    /// spelling. Default `accuracy` for classes and `r2` for numbers.
    #[serde(default)]
    pub metric: Option<String>,
    pub study: StudyKind,
}

/// The kinds of studies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StudyKind {
    /// How good one learner is.
    CrossValidation,
    /// How a classifier's probabilities and decisions are adjusted; see [`Study::adjust`](super::Study::adjust).
    Adjustment(AdjustOptions),
    /// How much more rows help.
    LearningCurve(CurveOptions),
    /// Which of several learners is best.
    Comparison(Vec<Learner>),
    /// Which parameters of a learner are best.
    Tuning(TuneOptions),
}

/// Sizes of a learning curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CurveOptions {
    /// Shares of a fold's training rows, each above 0 and at most 1. A smaller part is always part of
    /// a larger one, and holds every class. Default 0.1, 0.325, 0.55, 0.775 and 1, as in
    /// scikit-learn.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub sizes: Vec<f64>,
}

impl Default for CurveOptions {
    fn default() -> Self {
        Self { sizes: vec![0.1, 0.325, 0.55, 0.775, 1.0] }
    }
}

/// How a tuning goes about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum TuneStrategy {
    /// Every trial is cross-validated on all rows.
    #[default]
    Random,
    /// Successive halving: all trials are cross-validated on few rows, the best of them on more, and
    /// so on (Jamieson and Talwalkar 2016, "Non-stochastic Best Arm Identification and
    /// Hyperparameter Optimization").
    Halving,
}

/// How parameters are searched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TuneOptions {
    /// Sets of parameters to try at most, 1 to 10,000; fewer where the space holds fewer. The first
    /// are those of the learner itself. Default 30.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub trials: usize,
    /// Default `random`.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub strategy: TuneStrategy,
    /// What to draw each parameter from, by name. Default: what the learner declares, for all
    /// parameters that have their default value.
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, Search>", optional))]
    pub space: Option<BTreeMap<String, Search>>,
    /// Of so many trials one stays for the next round of `halving`, from 2 to 10. Default 3.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub factor: usize,
    /// What `halving` gives the first rounds less of: `rows`, or the name of a parameter of whole
    /// numbers, such as `n_estimators`. Default `rows`.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub resource: String,
}

impl TuneOptions {
    /// Where halving gives fewer rows.
    pub const ROWS: &str = "rows";
}

impl Default for TuneOptions {
    fn default() -> Self {
        Self {
            trials: 30,
            strategy: TuneStrategy::Random,
            space: None,
            factor: 3,
            resource: Self::ROWS.to_owned(),
        }
    }
}

impl StudyOptions {
    /// A study with every default.
    pub fn new(train: TrainOptions, study: StudyKind) -> Self {
        Self { train, folds: Folding::default(), metric: None, study }
    }

    /// Checks the ranges.
    pub(super) fn check(&self) -> Result<(), LearnError> {
        let bad = |name, value: String, expected: &'static str| {
            Err(LearnError::BadParameter { name, value, expected: expected.into() })
        };
        match &self.study {
            StudyKind::LearningCurve(CurveOptions { sizes }) => {
                let wrong = sizes.iter().find(|size| !(**size > 0.0 && **size <= 1.0));
                match wrong {
                    Some(size) => bad("sizes", size.to_string(), "shares above 0 and at most 1"),
                    None if !(1..=100).contains(&sizes.len()) => {
                        bad("sizes", format!("{} shares", sizes.len()), "1 to 100 shares")
                    }
                    None => Ok(()),
                }
            }
            StudyKind::Comparison(learners) if !(1..=100).contains(&learners.len()) => {
                bad("learners", format!("{} learners", learners.len()), "1 to 100 learners")
            }
            StudyKind::Tuning(tune) if !(1..=10_000).contains(&tune.trials) => {
                bad("trials", tune.trials.to_string(), "a whole number from 1 to 10000")
            }
            StudyKind::Tuning(tune) if !(2..=10).contains(&tune.factor) => {
                bad("factor", tune.factor.to_string(), "a whole number from 2 to 10")
            }
            StudyKind::Adjustment(adjust) => adjust.check(),
            _ => Ok(()),
        }
    }
}
