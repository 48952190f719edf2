//! Laws that hold for any prediction.

#![allow(clippy::unwrap_used, reason = "a helper of tests may panic as they do")]

use hedgerow_evaluate::metrics::{Probabilities, Ranking, RocCurve, calibration_curve};
use hedgerow_evaluate::{
    ClassificationCase, ClassificationMetrics, ClassificationReport, EvaluateOptions, MetricInfo,
    RegressionCase, RegressionMetrics, RegressionReport, metric_info,
};
use proptest::prelude::*;

/// The class of a row, and small numbers that become probabilities, so that scores tie.
type Row = (u32, Vec<u32>);

fn classification() -> impl Strategy<Value = (usize, Vec<Row>)> {
    (2..5usize).prop_flat_map(|n_classes| {
        let row = (0..n_classes as u32, prop::collection::vec(0..10u32, n_classes));
        (Just(n_classes), prop::collection::vec(row, 1..60))
    })
}

fn probabilities(rows: &[Row]) -> Vec<f64> {
    let shares = |row: &Row| {
        let whole = f64::from(row.1.iter().sum::<u32>().max(1));
        row.1.iter().map(|&part| f64::from(part) / whole).collect::<Vec<f64>>()
    };
    rows.iter().flat_map(shares).collect()
}

fn actual(rows: &[Row]) -> Vec<u32> {
    rows.iter().map(|(class, _)| *class).collect()
}

fn metrics_of(n_classes: usize, rows: &[Row]) -> ClassificationMetrics {
    let values = probabilities(rows);
    ClassificationMetrics::of(&actual(rows), &Probabilities::new(&values, n_classes))
}

fn by_name(metrics: &impl serde::Serialize) -> Vec<(&'static MetricInfo, Option<f64>)> {
    let value = serde_json::to_value(metrics).unwrap();
    let metrics = value.as_object().unwrap().iter();
    metrics.map(|(name, value)| (metric_info(name).expect(name), value.as_f64())).collect()
}

fn are_close(a: &impl serde::Serialize, b: &impl serde::Serialize) -> bool {
    let (a, b) = (by_name(a), by_name(b));
    let close = |((_, a), (_, b)): (&(_, Option<f64>), &(_, Option<f64>))| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(1.0),
        (a, b) => a == b,
    };
    a.len() == b.len() && a.iter().zip(&b).all(close)
}

proptest! {
    #[test]
    fn the_order_of_rows_does_not_matter(
        (n_classes, rows) in classification(), turn in 0..60usize
    ) {
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        turned.reverse();
        prop_assert!(are_close(&metrics_of(n_classes, &rows), &metrics_of(n_classes, &turned)));
    }

    #[test]
    fn the_order_of_rows_does_not_matter_to_a_regression(
        rows in prop::collection::vec((-1e6..1e6f64, -1e6..1e6f64), 1..60), turn in 0..60usize
    ) {
        let of = |rows: &[(f64, f64)]| {
            let (actual, predicted): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
            RegressionMetrics::of(&actual, &predicted)
        };
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        prop_assert!(are_close(&of(&rows), &of(&turned)));
    }

    #[test]
    fn a_perfect_prediction_is_perfect((n_classes, rows) in classification()) {
        let actual = actual(&rows);
        let mut values = vec![0.0; actual.len() * n_classes];
        for (row, &class) in actual.iter().enumerate() {
            values[row * n_classes + class as usize] = 1.0;
        }
        let metrics = ClassificationMetrics::of(&actual, &Probabilities::new(&values, n_classes));
        let one_class = actual.iter().all(|&class| class == actual[0]);
        for (info, value) in by_name(&metrics) {
            // The correlation with a constant is 0 by definition.
            let is_best = |value: f64| {
                let best = if info.higher_is_better { 1.0 } else { 0.0 };
                (value - best).abs() < 1e-12 || one_class && info.name == "mcc"
            };
            prop_assert!(value.is_none_or(is_best), "{} is {:?}", info.name, value);
        }
    }

    #[test]
    fn metrics_stay_in_their_range((n_classes, rows) in classification()) {
        for (info, value) in by_name(&metrics_of(n_classes, &rows)) {
            let (min, max) = (info.min.unwrap_or(f64::MIN), info.max.unwrap_or(f64::MAX));
            let within = |value: f64| (min - 1e-12..=max + 1e-12).contains(&value);
            prop_assert!(value.is_none_or(within), "{} is {:?}", info.name, value);
        }
    }

    #[test]
    fn counts_add_up((n_classes, rows) in classification()) {
        let (actual, values) = (actual(&rows), probabilities(&rows));
        let labels: Vec<String> = (0..n_classes).map(|class| class.to_string()).collect();
        let shares = vec![1.0 / n_classes as f64; n_classes];
        let case = ClassificationCase {
            target: "y",
            classes: &labels,
            actual: &actual,
            probabilities: Probabilities::new(&values, n_classes),
            baseline: Probabilities::constant(&shares, actual.len()),
        };
        let report = ClassificationReport::new(&case, &EvaluateOptions::default());
        for (class, metrics) in report.per_class.iter().enumerate() {
            prop_assert_eq!(report.confusion[class].iter().sum::<u32>(), metrics.support);
            let column = report.confusion.iter().map(|row| row[class]).sum::<u32>();
            prop_assert_eq!(column, metrics.predicted);
            let in_bins: u32 = report.curves[class].calibration.iter().map(|bin| bin.count).sum();
            prop_assert_eq!(in_bins, report.rows);
        }
        prop_assert_eq!(report.confusion.iter().flatten().sum::<u32>(), report.rows);
    }

    #[test]
    fn residuals_are_all_counted_and_sampled_in_order(
        rows in prop::collection::vec((-1e3..1e3f64, -1e3..1e3f64), 1..300), constant in any::<bool>()
    ) {
        let (actual, predicted): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let predicted = if constant { actual.clone() } else { predicted };
        let case =
            RegressionCase { target: "y", actual: &actual, predicted: &predicted, baseline: 0.0 };
        let options = EvaluateOptions { max_scatter_points: 50, ..EvaluateOptions::default() };
        let residuals = RegressionReport::new(&case, &options).residuals;
        let histogram = &residuals.histogram;
        prop_assert_eq!(histogram.edges.len(), histogram.counts.len() + 1);
        prop_assert!(histogram.counts.len() <= 100);
        prop_assert!(histogram.edges.is_sorted());
        prop_assert_eq!(histogram.counts.iter().sum::<u32>() as usize, actual.len());
        let scatter = &residuals.scatter;
        prop_assert_eq!(scatter.rows.len(), actual.len().min(50));
        prop_assert!(scatter.rows.is_sorted_by(|a, b| a < b));
        for (place, &row) in scatter.rows.iter().enumerate() {
            prop_assert_eq!(scatter.actual[place], actual[row as usize]);
            prop_assert_eq!(scatter.predicted[place], predicted[row as usize]);
        }
    }

    #[test]
    fn reversed_scores_have_the_rest_of_the_area(
        rows in prop::collection::vec((0..20u32, any::<bool>()), 1..60)
    ) {
        let area = |sign: f64| {
            Ranking::new(rows.iter().map(|row| (sign * f64::from(row.0), row.1))).roc_auc()
        };
        let sum = area(1.0).zip(area(-1.0)).map(|(area, reversed)| area + reversed);
        prop_assert!(sum.is_none_or(|sum| (sum - 1.0).abs() < 1e-15));
    }

    #[test]
    fn any_number_is_a_score_without_panic(
        rows in prop::collection::vec((any::<f64>(), any::<bool>()), 0..60)
    ) {
        let ranking = Ranking::new(rows.iter().copied());
        ranking.roc_curve(8);
        ranking.precision_recall_curve(8);
        prop_assert_eq!(calibration_curve(rows, 10).len(), 10);
    }

    #[test]
    fn a_thinned_curve_keeps_its_ends_its_area_and_its_shape(
        rows in prop::collection::vec((0..100_000u32, any::<bool>()), 300..900)
    ) {
        let ranking = Ranking::new(rows.iter().map(|row| (f64::from(row.0), row.1)));
        let (full, thin) = (ranking.roc_curve(10_000).unwrap(), ranking.roc_curve(100).unwrap());
        prop_assert!(thin.thresholds.len() <= 100);
        prop_assert_eq!(thin.thresholds[0], None);
        prop_assert_eq!(thin.false_positive_rate[0] + thin.true_positive_rate[0], 0.0);
        prop_assert_eq!(thin.false_positive_rate.last(), Some(&1.0));
        prop_assert_eq!(thin.true_positive_rate.last(), Some(&1.0));
        prop_assert_eq!(thin.area, full.area);
        prop_assert!((drawn_area(&full) - full.area).abs() < 1e-12);
        prop_assert!((drawn_area(&thin) - full.area).abs() < 0.01);
        let thin = ranking.precision_recall_curve(100).unwrap();
        prop_assert!(thin.thresholds.len() <= 100);
        prop_assert_eq!((thin.recall[0], thin.precision[0]), (0.0, 1.0));
        prop_assert_eq!(thin.recall.last(), Some(&1.0));
    }
}

fn drawn_area(curve: &RocCurve) -> f64 {
    let (x, y) = (&curve.false_positive_rate, &curve.true_positive_rate);
    (1..x.len()).map(|i| (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2.0).sum()
}
