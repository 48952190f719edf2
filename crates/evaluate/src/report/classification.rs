//! The report of a classifier.

use hedgerow_data::sort_indices;
use serde::{Deserialize, Serialize};

use crate::{
    EvaluateOptions, Importance,
    metrics::{
        Areas, CalibrationBin, ClassCounts, PrecisionRecallCurve, Probabilities, Ranking, RocCurve,
        average_area, brier, calibration_curve, confusion_matrix, log_loss,
    },
};

/// The largest number of classes for which a report has a confusion matrix.
const MAX_CONFUSION_CLASSES: usize = 1_000;

/// How good a classifier is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ClassificationReport {
    /// Name of the target column.
    pub target: String,
    /// Number of rows measured on.
    pub rows: u32,
    /// The labels, in the order of `perClass` and `confusion`.
    pub classes: Vec<String>,
    pub metrics: ClassificationMetrics,
    /// Metrics of always predicting the class shares of the training data.
    pub baseline: ClassificationMetrics,
    pub per_class: Vec<ClassMetrics>,
    /// Rows by actual class (first index) and predicted class (second). Empty for more than 1,000
    /// classes.
    pub confusion: Vec<Vec<u32>>,
    /// Curves of each class against all others, in the order of `classes`; only the 100 most
    /// frequent of more.
    pub curves: Vec<ClassCurves>,
    /// How much each column matters, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importance>,
}

/// Numbers over all classes.
///
/// With two classes `rocAuc` and `averagePrecision` are those of the second. With more they are the
/// plain mean over the classes for which they are defined, each against all others. `macro` is the
/// plain mean over the classes that occur among the rows or predictions, `weighted` the mean
/// weighted by rows, `micro` is counted over all classes at once, which makes it the accuracy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ClassificationMetrics {
    /// Share of rows predicted right; 0 to 1, higher is better.
    pub accuracy: f64,
    /// Mean recall of the classes that occur; 0 to 1, higher is better.
    pub balanced_accuracy: f64,
    /// Matthews' correlation coefficient; −1 to 1, higher is better.
    pub mcc: f64,
    /// Mean negative logarithm of the probability of the actual class; from 0, lower is better.
    pub log_loss: f64,
    /// Half the mean squared distance from certainty of the actual class; 0 to 1, lower is better.
    pub brier: f64,
    /// Area under the ROC curve; 0 to 1, higher is better, 0.5 is chance. Null where only one class
    /// occurs.
    pub roc_auc: Option<f64>,
    /// As `rocAuc`, the mean weighted by rows.
    pub roc_auc_weighted: Option<f64>,
    /// Area under the precision-recall curve; 0 to 1, higher is better. Null where, of two classes,
    /// the second does not occur.
    pub average_precision: Option<f64>,
    /// As `averagePrecision`, the mean weighted by rows.
    pub average_precision_weighted: Option<f64>,
    pub precision_macro: f64,
    pub recall_macro: f64,
    pub f1_macro: f64,
    pub precision_micro: f64,
    pub recall_micro: f64,
    pub f1_micro: f64,
    pub precision_weighted: f64,
    pub recall_weighted: f64,
    pub f1_weighted: f64,
}

/// Numbers of one class against all others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ClassMetrics {
    pub label: String,
    /// Share of the rows predicted to be of the class that are. 0 when none is predicted, null when
    /// none is either.
    pub precision: Option<f64>,
    /// Share of the rows of the class that are predicted to be. 0 when there are none, null when
    /// none is predicted either.
    pub recall: Option<f64>,
    /// Harmonic mean of precision and recall; null when the class occurs nowhere.
    pub f1: Option<f64>,
    /// Rows of the class.
    pub support: u32,
    /// Rows predicted to be of the class.
    pub predicted: u32,
    /// Null unless there are rows of the class and of others.
    pub roc_auc: Option<f64>,
    /// Null without rows of the class.
    pub average_precision: Option<f64>,
}

/// Curves of one class against all others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ClassCurves {
    pub label: String,
    /// Null unless there are rows of the class and of others.
    pub roc: Option<RocCurve>,
    /// Null without rows of the class.
    pub precision_recall: Option<PrecisionRecallCurve>,
    /// Bins of equal width, empty ones included.
    pub calibration: Vec<CalibrationBin>,
}

/// What a classification is judged by.
#[derive(Debug, Clone, Copy)]
pub struct ClassificationCase<'a> {
    /// Name of the target column.
    pub target: &'a str,
    /// The labels.
    pub classes: &'a [String],
    /// For each row, at least one, the index of its class.
    pub actual: &'a [u32],
    /// Predicted: as many rows, and one probability a class.
    pub probabilities: Probabilities<'a>,
    /// Predicted by a model that ignores the features.
    pub baseline: Probabilities<'a>,
}

/// What the ranking by one class tells.
#[derive(Debug, Clone)]
pub(crate) struct JudgedClass {
    areas: Areas,
    /// Where they are drawn.
    curves: Option<ClassCurves>,
}

impl ClassificationCase<'_> {
    /// Judges one class against all others.
    pub(crate) fn judge(&self, class: usize, options: &EvaluateOptions) -> JudgedClass {
        let Self { classes, actual, probabilities, .. } = self;
        let mut counts = vec![0; classes.len()];
        actual.iter().for_each(|&code| counts[code as usize] += 1);
        let drawn = most_frequent(&counts, options.max_curve_classes).contains(&class);
        let ranking = Ranking::of_class(actual, probabilities, class);
        let curves = || ClassCurves {
            label: classes[class].clone(),
            roc: ranking.roc_curve(options.max_curve_points),
            precision_recall: ranking.precision_recall_curve(options.max_curve_points),
            calibration: calibration_curve(
                probabilities.class(class).zip(is_class(actual, class)),
                options.calibration_bins,
            ),
        };
        JudgedClass { areas: Areas::of(&ranking), curves: drawn.then(curves) }
    }
}

impl ClassificationReport {
    /// Judges predictions.
    pub fn new(case: &ClassificationCase, options: &EvaluateOptions) -> Self {
        let classes = 0..case.classes.len();
        Self::of(case, classes.map(|class| case.judge(class, options)).collect())
    }

    /// From what is known of every class.
    pub(crate) fn of(case: &ClassificationCase, judged: Vec<JudgedClass>) -> Self {
        let ClassificationCase { target, classes, actual, probabilities, baseline } = *case;
        let predicted = probabilities.predicted_classes();
        let counts = ClassCounts::new(actual, &predicted, classes.len());
        let areas: Vec<Areas> = judged.iter().map(|class| class.areas).collect();
        let confusion = if classes.len() > MAX_CONFUSION_CLASSES {
            Vec::new()
        } else {
            confusion_matrix(actual, &predicted, classes.len())
        };
        Self {
            target: target.to_owned(),
            rows: actual.len() as u32,
            classes: classes.to_vec(),
            metrics: ClassificationMetrics::new(actual, &probabilities, &counts, &areas),
            baseline: ClassificationMetrics::of(actual, &baseline),
            per_class: per_class(classes, &counts, &areas),
            confusion,
            curves: judged.into_iter().filter_map(|class| class.curves).collect(),
            importance: None,
        }
    }
}

impl ClassificationMetrics {
    /// All metrics of `probabilities` where the codes of the true classes are `actual`, of which
    /// there must be as many as rows, and at least one.
    ///
    /// ```
    /// use hedgerow_evaluate::{ClassificationMetrics, metrics::Probabilities};
    ///
    /// let probabilities = Probabilities::new(&[0.9, 0.1, 0.4, 0.6, 0.7, 0.3], 2);
    /// let metrics = ClassificationMetrics::of(&[0, 1, 1], &probabilities);
    /// assert_eq!(metrics.accuracy, 2.0 / 3.0);
    /// assert_eq!(metrics.roc_auc, Some(1.0));
    /// ```
    pub fn of(actual: &[u32], probabilities: &Probabilities) -> Self {
        let classes = 0..probabilities.n_classes();
        let areas: Vec<Areas> =
            classes.map(|class| Areas::of_class(actual, probabilities, class)).collect();
        Self::with_areas(actual, probabilities, &areas)
    }

    /// The same, where the areas of every class are known.
    pub fn with_areas(actual: &[u32], probabilities: &Probabilities, areas: &[Areas]) -> Self {
        let n_classes = probabilities.n_classes();
        let counts = ClassCounts::new(actual, &probabilities.predicted_classes(), n_classes);
        Self::new(actual, probabilities, &counts, areas)
    }

    fn new(
        actual: &[u32],
        probabilities: &Probabilities,
        counts: &ClassCounts,
        areas: &[Areas],
    ) -> Self {
        let (macro_, micro, weighted) =
            (counts.macro_average(), counts.micro_average(), counts.weighted_average());
        let equal = vec![1; areas.len()];
        let average = |area, weights| average_area(areas, area, weights);
        Self {
            accuracy: counts.accuracy(),
            balanced_accuracy: counts.balanced_accuracy(),
            mcc: counts.mcc(),
            log_loss: log_loss(actual, probabilities),
            brier: brier(actual, probabilities),
            roc_auc: average(Areas::roc_auc, &equal),
            roc_auc_weighted: average(Areas::roc_auc, &counts.actual),
            average_precision: average(Areas::average_precision, &equal),
            average_precision_weighted: average(Areas::average_precision, &counts.actual),
            precision_macro: macro_.precision,
            recall_macro: macro_.recall,
            f1_macro: macro_.f1,
            precision_micro: micro.precision,
            recall_micro: micro.recall,
            f1_micro: micro.f1,
            precision_weighted: weighted.precision,
            recall_weighted: weighted.recall,
            f1_weighted: weighted.f1,
        }
    }
}

fn is_class(actual: &[u32], class: usize) -> impl Iterator<Item = bool> {
    actual.iter().map(move |&code| code as usize == class)
}

/// The indices of the `n` largest counts, ascending; the first of equals.
fn most_frequent(counts: &[u64], n: usize) -> Vec<usize> {
    let mut classes: Vec<u32> = (0..counts.len() as u32).collect();
    sort_indices(&mut classes, &|a, b| counts[b as usize].cmp(&counts[a as usize]));
    classes.truncate(n);
    sort_indices(&mut classes, &|a, b| a.cmp(&b));
    classes.into_iter().map(|class| class as usize).collect()
}

fn per_class(classes: &[String], counts: &ClassCounts, areas: &[Areas]) -> Vec<ClassMetrics> {
    classes
        .iter()
        .zip(areas)
        .enumerate()
        .map(|(class, (label, areas))| {
            let ratios = counts.occurs(class).then(|| counts.class(class));
            ClassMetrics {
                label: label.clone(),
                precision: ratios.map(|ratios| ratios.precision),
                recall: ratios.map(|ratios| ratios.recall),
                f1: ratios.map(|ratios| ratios.f1),
                support: counts.actual[class] as u32,
                predicted: counts.predicted[class] as u32,
                roc_auc: areas.roc_auc,
                average_precision: areas.average_precision,
            }
        })
        .collect()
}
