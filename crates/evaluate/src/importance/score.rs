//! The metric of one prediction.

use super::ImportanceMetric;
use crate::{
    actual::Actual,
    metrics::{
        ClassCounts, Probabilities, log_loss, macro_roc_auc, mean_absolute_error, r2,
        root_mean_squared_error,
    },
};

impl ImportanceMetric {
    /// The metric of an estimator's outputs; `None` where it is undefined.
    pub(crate) fn score(
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
