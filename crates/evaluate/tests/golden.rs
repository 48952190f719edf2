//! Every figure against scikit-learn's, as `tests/golden/evaluate/make.py` stored them.

#![allow(clippy::unwrap_used, reason = "a helper of tests may panic as they do")]

use hedgerow_evaluate::metrics::Probabilities;
use hedgerow_evaluate::{
    ClassificationCase, ClassificationMetrics, ClassificationReport, EvaluateOptions,
    RegressionCase, RegressionReport,
};
use serde::Deserialize;
use serde_json::Value;

const GOLDEN: &str = include_str!("../../../tests/golden/evaluate/evaluate.json");

#[derive(Deserialize)]
struct Golden {
    classification: Vec<Classification>,
    regression: Vec<Regression>,
}

#[derive(Deserialize)]
struct Classification {
    name: String,
    actual: Vec<u32>,
    probabilities: Vec<Vec<f64>>,
    metrics: Value,
    per_class: Vec<Class>,
    confusion: Vec<Vec<u32>>,
}

#[derive(Deserialize)]
struct Class {
    precision: f64,
    recall: f64,
    f1: f64,
    support: u32,
    roc_auc: Option<f64>,
    average_precision: Option<f64>,
    roc: Option<Curve>,
    precision_recall: Option<Curve>,
    calibration: Calibration,
}

#[derive(Deserialize)]
struct Curve {
    x: Vec<f64>,
    y: Vec<f64>,
    thresholds: Vec<Option<f64>>,
}

#[derive(Deserialize)]
struct Calibration {
    fraction_positive: Vec<f64>,
    mean_predicted: Vec<f64>,
    counts: Vec<u32>,
}

#[derive(Deserialize)]
struct Regression {
    name: String,
    actual: Vec<f64>,
    predicted: Vec<f64>,
    metrics: Value,
    residual_quantiles: Vec<f64>,
}

fn golden() -> Golden {
    serde_json::from_str(GOLDEN).unwrap()
}

/// Equal within 1e-12 of the larger, or within 1e-15 where both are nearly 0.
fn is_close(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= (1e-12 * ours.abs().max(theirs.abs())).max(1e-15)
}

fn assert_all_close(ours: &[f64], theirs: &[f64], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}: {ours:?} {theirs:?}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert!(is_close(*ours, *theirs), "{what}: {ours} where scikit-learn has {theirs}");
    }
}

fn assert_same(ours: Option<f64>, theirs: Option<f64>, what: &str) {
    assert_all_close(ours.as_slice(), theirs.as_slice(), what);
}

/// All metrics by name, and that there are no others.
fn assert_metrics(ours: &impl serde::Serialize, theirs: &Value, name: &str) {
    let ours = serde_json::to_value(ours).unwrap();
    let (ours, theirs) = (ours.as_object().unwrap(), theirs.as_object().unwrap());
    let names = |map: &serde_json::Map<String, Value>| {
        let mut names: Vec<String> = map.keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(ours), names(theirs));
    for (metric, value) in ours {
        assert_same(value.as_f64(), theirs[metric].as_f64(), &format!("{name}: {metric}"));
    }
}

fn assert_curve(ours: [&[f64]; 2], thresholds: &[Option<f64>], theirs: &Curve, name: &str) {
    assert_all_close(ours[0], &theirs.x, name);
    assert_all_close(ours[1], &theirs.y, name);
    assert_eq!(thresholds, theirs.thresholds, "{name}");
}

fn report(case: &Classification) -> ClassificationReport {
    let n_classes = case.probabilities[0].len();
    let labels: Vec<String> = (0..n_classes).map(|class| format!("class {class}")).collect();
    let values = case.probabilities.concat();
    let shares = vec![1.0 / n_classes as f64; n_classes];
    let case = ClassificationCase {
        target: "y",
        classes: &labels,
        actual: &case.actual,
        probabilities: Probabilities::new(&values, n_classes),
        baseline: Probabilities::constant(&shares, case.actual.len()),
    };
    ClassificationReport::new(&case, &EvaluateOptions::default())
}

#[test]
fn classification_metrics_are_scikit_learns() {
    for case in golden().classification {
        let report = report(&case);
        assert_metrics(&report.metrics, &case.metrics, &case.name);
        assert_eq!(report.confusion, case.confusion, "{}", case.name);
    }
}

#[test]
fn metrics_of_each_class_are_scikit_learns() {
    for case in golden().classification {
        let report = report(&case);
        assert_eq!(report.per_class.len(), case.per_class.len());
        for (class, (ours, theirs)) in report.per_class.iter().zip(&case.per_class).enumerate() {
            let name = |metric| format!("{}, class {class}: {metric}", case.name);
            let predicted = case.confusion.iter().map(|row| row[class]).sum::<u32>();
            assert_eq!((ours.support, ours.predicted), (theirs.support, predicted));
            // scikit-learn says 0 of a class that is nowhere.
            let where_it_occurs = |value| (ours.support + ours.predicted > 0).then_some(value);
            assert_same(ours.precision, where_it_occurs(theirs.precision), &name("precision"));
            assert_same(ours.recall, where_it_occurs(theirs.recall), &name("recall"));
            assert_same(ours.f1, where_it_occurs(theirs.f1), &name("F1"));
            assert_same(ours.roc_auc, theirs.roc_auc, &name("ROC AUC"));
            assert_same(ours.average_precision, theirs.average_precision, &name("AP"));
        }
    }
}

#[test]
fn curves_are_scikit_learns_point_by_point() {
    for case in golden().classification {
        let report = report(&case);
        assert_eq!(report.curves.len(), case.per_class.len());
        for (ours, theirs) in report.curves.iter().zip(&case.per_class) {
            let name = format!("{}, {}", case.name, ours.label);
            assert_eq!(ours.roc.is_some(), theirs.roc.is_some(), "{name}");
            if let (Some(ours), Some(theirs)) = (&ours.roc, &theirs.roc) {
                let points = [&ours.false_positive_rate[..], &ours.true_positive_rate];
                assert_curve(points, &ours.thresholds, theirs, &name);
            }
            assert_eq!(ours.precision_recall.is_some(), theirs.precision_recall.is_some());
            if let (Some(ours), Some(theirs)) = (&ours.precision_recall, &theirs.precision_recall) {
                // scikit-learn too keeps every threshold here.
                let points = [&ours.recall[..], &ours.precision];
                assert_curve(points, &ours.thresholds, theirs, &name);
            }
        }
    }
}

#[test]
fn calibration_curves_are_scikit_learns_in_the_bins_that_hold_rows() {
    for case in golden().classification {
        let report = report(&case);
        for (ours, theirs) in report.curves.iter().zip(&case.per_class) {
            let bins = &ours.calibration;
            let counts: Vec<u32> = bins.iter().map(|bin| bin.count).collect();
            assert_eq!(counts, theirs.calibration.counts, "{}", case.name);
            let fractions: Vec<f64> = bins.iter().filter_map(|bin| bin.fraction_positive).collect();
            assert_all_close(&fractions, &theirs.calibration.fraction_positive, &case.name);
            let means: Vec<f64> = bins.iter().filter_map(|bin| bin.mean_predicted).collect();
            assert_all_close(&means, &theirs.calibration.mean_predicted, &case.name);
        }
    }
}

#[test]
fn regression_figures_are_scikit_learns() {
    for case in golden().regression {
        let Regression { name, actual, predicted, metrics, residual_quantiles } = &case;
        let case = RegressionCase { target: "y", actual, predicted, baseline: 0.0 };
        let report = RegressionReport::new(&case, &EvaluateOptions::default());
        assert_metrics(&report.metrics, metrics, name);
        let quantiles: Vec<f64> =
            report.residuals.quantiles.iter().map(|quantile| quantile.value).collect();
        assert_all_close(&quantiles, residual_quantiles, name);
    }
}

#[test]
fn a_baseline_is_the_same_prediction_for_every_row() {
    let golden = golden();
    let case = golden.classification.iter().find(|case| case.name == "constant shares").unwrap();
    let baseline = Probabilities::constant(&case.probabilities[0], case.actual.len());
    let metrics = ClassificationMetrics::of(&case.actual, &baseline);
    assert_metrics(&metrics, &case.metrics, "baseline");
}
