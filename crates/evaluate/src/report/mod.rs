//! What an evaluation says, as plain data.

mod classification;
mod info;
mod regression;

use serde::{Deserialize, Serialize};

use crate::Importance;

pub(crate) use classification::JudgedClass;
pub use classification::{
    ClassCurves, ClassMetrics, ClassificationCase, ClassificationMetrics, ClassificationReport,
};
pub use info::{METRICS, MetricInfo, metric_info};
pub use regression::{
    Quantile, RegressionCase, RegressionMetrics, RegressionReport, ResidualHistogram,
    ResidualScatter, Residuals,
};

/// How good a model is on a table, with a model that ignores the features (`baseline`) beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(tag = "task", rename_all = "lowercase")]
#[allow(clippy::large_enum_variant, reason = "there is one a model, never a list of them")]
pub enum Report {
    Classification(ClassificationReport),
    Regression(RegressionReport),
}

/// The one number to show first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Headline {
    /// Name of the metric, as in `metrics`.
    pub name: String,
    pub value: f64,
    /// The same of a model that ignores the features.
    pub baseline: f64,
}

impl Report {
    /// Number of rows the model was measured on.
    pub fn rows(&self) -> u32 {
        match self {
            Self::Classification(report) => report.rows,
            Self::Regression(report) => report.rows,
        }
    }

    /// How much each column matters, where that was asked for.
    pub fn importance(&self) -> Option<&Importance> {
        match self {
            Self::Classification(report) => report.importance.as_ref(),
            Self::Regression(report) => report.importance.as_ref(),
        }
    }

    /// Adds how much each column matters.
    pub fn with_importance(mut self, importance: Importance) -> Self {
        match &mut self {
            Self::Classification(report) => report.importance = Some(importance),
            Self::Regression(report) => report.importance = Some(importance),
        }
        self
    }

    /// Accuracy, or R² (of a single row, where R² is undefined, the mean absolute error).
    pub fn headline(&self) -> Headline {
        let headline =
            |name: &str, value, baseline| Headline { name: name.to_owned(), value, baseline };
        match self {
            Self::Classification(report) => {
                headline("accuracy", report.metrics.accuracy, report.baseline.accuracy)
            }
            Self::Regression(report) => match (report.metrics.r2, report.baseline.r2) {
                (Some(value), Some(baseline)) => headline("r2", value, baseline),
                _ => headline("mae", report.metrics.mae, report.baseline.mae),
            },
        }
    }
}
