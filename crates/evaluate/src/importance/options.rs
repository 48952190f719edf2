//! What permutation importance is measured by, and how often.

use hedgerow_data::DEFAULT_SEED;
use hedgerow_model::Task;
use serde::{Deserialize, Serialize};

use crate::EvaluateError;

/// A metric whose worsening is the importance of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum ImportanceMetric {
    Accuracy,
    BalancedAccuracy,
    LogLoss,
    RocAuc,
    R2,
    Rmse,
    Mae,
}

impl ImportanceMetric {
    /// The name, as in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::BalancedAccuracy => "balancedAccuracy",
            Self::LogLoss => "logLoss",
            Self::RocAuc => "rocAuc",
            Self::R2 => "r2",
            Self::Rmse => "rmse",
            Self::Mae => "mae",
        }
    }

    /// Whether a larger value is a better one.
    pub fn higher_is_better(self) -> bool {
        !matches!(self, Self::LogLoss | Self::Rmse | Self::Mae)
    }

    pub(crate) fn undefined(self) -> EvaluateError {
        EvaluateError::BadOption {
            option: "metric",
            value: self.name().to_owned(),
            expected: "a metric that is defined on these rows",
        }
    }

    fn suits(self, task: &Task) -> bool {
        let for_regression = matches!(self, Self::R2 | Self::Rmse | Self::Mae);
        for_regression == matches!(task, Task::Regression)
    }

    /// The metric asked for, or the task's own: `accuracy` or `r2`.
    ///
    /// # Errors
    /// [`EvaluateError::BadOption`] for one of the other task.
    pub(crate) fn of_task(asked: Option<Self>, task: &Task) -> Result<Self, EvaluateError> {
        let (default, expected) = match task {
            Task::Classification { .. } => (
                Self::Accuracy,
                "accuracy, balancedAccuracy, logLoss or rocAuc for a classification",
            ),
            Task::Regression => (Self::R2, "r2, rmse or mae for a regression"),
        };
        let metric = asked.unwrap_or(default);
        let value = || metric.name().to_owned();
        let bad = || EvaluateError::BadOption { option: "metric", value: value(), expected };
        metric.suits(task).then_some(metric).ok_or_else(bad)
    }
}

/// How to measure permutation importance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ImportanceOptions {
    /// Shuffles a column, 1 to 1,000. Default 5.
    pub n_repeats: usize,
    /// Seed of the shuffles. Default 42.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub seed: u64,
    /// Default: `accuracy` for classification, `r2` for regression.
    pub metric: Option<ImportanceMetric>,
    /// Measure on a random sample of so many rows; all of fewer. At least 2, or null for all rows.
    /// Default 5,000.
    pub max_rows: Option<usize>,
}

impl Default for ImportanceOptions {
    fn default() -> Self {
        Self { n_repeats: 5, seed: DEFAULT_SEED, metric: None, max_rows: Some(5_000) }
    }
}

impl ImportanceOptions {
    pub(super) fn check(&self) -> Result<(), EvaluateError> {
        let bad = |option, value: usize, expected| {
            Err(EvaluateError::BadOption { option, value: value.to_string(), expected })
        };
        if !(1..=1_000).contains(&self.n_repeats) {
            return bad("nRepeats", self.n_repeats, "from 1 to 1,000");
        }
        match self.max_rows {
            Some(rows) if rows < 2 => bad("maxRows", rows, "at least 2"),
            _ => Ok(()),
        }
    }

    pub(super) fn metric_for(&self, task: &Task) -> Result<ImportanceMetric, EvaluateError> {
        ImportanceMetric::of_task(self.metric, task)
    }
}
