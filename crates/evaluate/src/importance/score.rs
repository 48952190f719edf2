//! The metric of one prediction.

use hedgerow_data::Table;
use hedgerow_model::{Model, Task};

use super::ImportanceMetric;
use crate::{
    EvaluateError, actual,
    metrics::{
        ClassCounts, Probabilities, log_loss, macro_roc_auc, mean_absolute_error, r2,
        root_mean_squared_error,
    },
};

/// What is to be predicted.
#[derive(Debug, Clone)]
pub(super) enum Actual {
    Classes { codes: Vec<u32>, n_classes: usize },
    Values(Vec<f64>),
}

impl Actual {
    pub(super) fn new(model: &Model, table: &Table, rows: &[u32]) -> Result<Self, EvaluateError> {
        if rows.is_empty() {
            return Err(EvaluateError::NoRows);
        }
        let field = &model.schema.target;
        Ok(match &model.schema.task {
            Task::Classification { classes } => {
                let codes = actual::codes(field, classes, table)?;
                let codes = rows.iter().map(|&row| codes[row as usize]).collect();
                Self::Classes { codes, n_classes: classes.len() }
            }
            Task::Regression => {
                let values = actual::values(field, table)?;
                Self::Values(rows.iter().map(|&row| values[row as usize]).collect())
            }
        })
    }

    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Classes { codes, .. } => codes.len(),
            Self::Values(values) => values.len(),
        }
    }
}

impl ImportanceMetric {
    /// The metric of an estimator's outputs; `None` where it is undefined.
    pub(super) fn score(
        self,
        outputs: &[f64],
        actual: &Actual,
        threshold: Option<f64>,
    ) -> Option<f64> {
        match actual {
            Actual::Classes { codes, n_classes } => {
                let probabilities = Probabilities::new(outputs, *n_classes).decided_at(threshold);
                let counts =
                    || ClassCounts::new(codes, &probabilities.predicted_classes(), *n_classes);
                match self {
                    Self::Accuracy => Some(counts().accuracy()),
                    Self::BalancedAccuracy => Some(counts().balanced_accuracy()),
                    Self::LogLoss => Some(log_loss(codes, &probabilities)),
                    Self::RocAuc => macro_roc_auc(codes, &probabilities),
                    Self::R2 | Self::Rmse | Self::Mae => None,
                }
            }
            Actual::Values(actual) => match self {
                Self::R2 => r2(actual, outputs),
                Self::Rmse => root_mean_squared_error(actual, outputs),
                Self::Mae => mean_absolute_error(actual, outputs),
                _ => None,
            },
        }
    }
}
