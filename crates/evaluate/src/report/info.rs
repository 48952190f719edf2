//! What the metrics are called and which way is better, for whoever shows them.

use serde::Serialize;

/// About one metric of a report.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct MetricInfo {
    /// The field of `metrics` and `baseline` that holds it.
    pub name: &'static str,
    /// What to call it.
    pub title: &'static str,
    /// One sentence on what it says.
    pub description: &'static str,
    pub higher_is_better: bool,
    /// The least it can be; null without bound.
    pub min: Option<f64>,
    /// The most it can be; null without bound.
    pub max: Option<f64>,
    /// Whether it is in the unit of the target.
    pub in_target_unit: bool,
}

const fn score(name: &'static str, title: &'static str, description: &'static str) -> MetricInfo {
    MetricInfo {
        name,
        title,
        description,
        higher_is_better: true,
        min: Some(0.0),
        max: Some(1.0),
        in_target_unit: false,
    }
}

const fn loss(name: &'static str, title: &'static str, description: &'static str) -> MetricInfo {
    MetricInfo { higher_is_better: false, max: None, ..score(name, title, description) }
}

const fn error(name: &'static str, title: &'static str, description: &'static str) -> MetricInfo {
    MetricInfo { in_target_unit: true, ..loss(name, title, description) }
}

/// Every metric of a report, in the order to show them: classification, then regression.
pub const METRICS: &[MetricInfo] = &[
    score("accuracy", "Accuracy", "Share of rows predicted right."),
    score("balancedAccuracy", "Balanced accuracy", "Mean over the classes of the share found."),
    score("rocAuc", "ROC AUC", "Chance that a row of the class scores above one of another."),
    score("rocAucWeighted", "ROC AUC, weighted", "ROC AUC, classes weighted by their rows."),
    score("averagePrecision", "Average precision", "Area under the precision-recall curve."),
    score(
        "averagePrecisionWeighted",
        "Average precision, weighted",
        "Average precision, classes weighted by their rows.",
    ),
    loss("logLoss", "Log loss", "Mean negative logarithm of the actual class's probability."),
    MetricInfo {
        max: Some(1.0),
        ..loss("brier", "Brier score", "Mean squared error of the probabilities, halved.")
    },
    MetricInfo {
        min: Some(-1.0),
        ..score("mcc", "Matthews correlation", "Correlation of actual and predicted class.")
    },
    score("precisionMacro", "Precision, macro", "Mean precision of the classes."),
    score("recallMacro", "Recall, macro", "Mean recall of the classes."),
    score("f1Macro", "F1, macro", "Mean F1 of the classes."),
    score("precisionMicro", "Precision, micro", "Precision counted over all classes at once."),
    score("recallMicro", "Recall, micro", "Recall counted over all classes at once."),
    score("f1Micro", "F1, micro", "F1 counted over all classes at once."),
    score("precisionWeighted", "Precision, weighted", "Precision, classes weighted by their rows."),
    score("recallWeighted", "Recall, weighted", "Recall, classes weighted by their rows."),
    score("f1Weighted", "F1, weighted", "F1, classes weighted by their rows."),
    MetricInfo { min: None, ..score("r2", "R²", "Share of the target's variance explained.") },
    error("rmse", "RMSE", "Root of the mean squared error: large errors weigh more."),
    error("mae", "MAE", "Mean size of the errors."),
    error("medianAbsoluteError", "Median absolute error", "Half of the errors are smaller."),
    loss("mape", "MAPE", "Mean size of the errors as a fraction of the actual values."),
];

/// What is known of the metric that a report calls `name`.
pub fn metric_info(name: &str) -> Option<&'static MetricInfo> {
    METRICS.iter().find(|info| info.name == name)
}
