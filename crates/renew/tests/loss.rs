//! Errors estimated on rows without labels.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Draw, linear, table};
use hedgerow_data::{Column, Table};
use hedgerow_evaluate::{EvaluateOptions, Report, evaluate};
use hedgerow_model::Coded;
use hedgerow_renew::{LossEstimator, LossOptions};

/// Prices of used cars: they fall with age, and vary the more the older a car is. `oldest` years at most, from
/// `youngest`.
fn cars(seed: u64, n: usize, youngest: f64, oldest: f64) -> Table {
    let mut draw = Draw::new(seed);
    let age: Vec<f64> = (0..n).map(|_| youngest + (oldest - youngest) * draw.one()).collect();
    let doors: Vec<f64> = (0..n).map(|_| 3.0 + (draw.one() * 3.0).floor()).collect();
    let price = |(age, doors): (&f64, &f64)| {
        20.0 - 0.8 * age + 0.3 * doors + (0.2 + 0.3 * age) * draw.normal()
    };
    let y: Vec<f64> = age.iter().zip(&doors).map(price).collect();
    table(vec![
        Column::numbers("age", age),
        Column::numbers("doors", doors),
        Column::numbers("y", y),
    ])
}

/// What a model really does there.
fn real(model: &hedgerow_model::Model, rows: &Table) -> (f64, f64) {
    match evaluate(model, rows, &EvaluateOptions::default()).unwrap() {
        Report::Regression(report) => (report.metrics.mae, report.metrics.rmse),
        Report::Classification(_) => (f64::NAN, f64::NAN),
    }
}

fn near(estimate: f64, real: f64, share: f64) {
    assert!((estimate / real - 1.0).abs() < share, "{estimate} for {real}");
}

#[test]
fn estimates_follow_a_shift_that_the_reference_error_misses() {
    let model = linear(&cars(1, 4_000, 0.0, 10.0));
    let reference = cars(2, 4_000, 0.0, 10.0);
    let estimator = LossEstimator::learn(&model, &reference, &LossOptions::default()).unwrap();
    for (youngest, oldest) in [(0.0, 10.0), (7.0, 10.0), (0.0, 2.0)] {
        let new = cars(3, 2_000, youngest, oldest);
        let unlabelled = new.drop_columns(&["y"]).unwrap();
        let found = estimator.estimate(&model, &unlabelled).unwrap();
        let (mae, rmse) = real(&model, &new);
        near(found.estimated.mae, mae, 0.08);
        near(found.estimated.rmse, rmse, 0.08);
        let [low, high] = found.mae_interval;
        assert!(low <= mae && mae <= high, "{mae} in {:?}", found.mae_interval);
        // The plain error of the labelled rows is right where nothing moved, and far off where something did.
        let (known, _) = real(&model, &reference);
        assert!((found.reference.mae - known).abs() < 1e-9);
        let is_moved = oldest - youngest < 10.0;
        assert_eq!((known / mae - 1.0).abs() > 0.3, is_moved, "{known} for {mae}");
    }
}

#[test]
fn rows_that_cannot_teach_are_refused() {
    let training = cars(1, 500, 0.0, 10.0);
    let model = linear(&training);
    let learn = |rows: &Table| {
        LossEstimator::learn(&model, rows, &LossOptions::default()).map(drop).unwrap_err().code()
    };
    assert_eq!(learn(&training), "trained_on");
    assert_eq!(learn(&cars(2, 50, 0.0, 10.0)), "too_few_rows");
    assert_eq!(learn(&cars(2, 500, 0.0, 1.0).drop_columns(&["y"]).unwrap()), "missing_column");
    assert_eq!(learn(&cars(2, 500, 0.0, 1.0).drop_columns(&["age"]).unwrap()), "missing_column");
}

#[test]
fn classes_have_no_such_errors() {
    let mut columns = cars(1, 200, 0.0, 10.0).into_columns();
    columns[2] = common::words("y", &["a", "b"].repeat(100));
    let rows = table(columns);
    let model = common::fitted(&rows, "y", hedgerow_learn::Learner::default());
    let found = LossEstimator::learn(&model, &cars(2, 200, 0.0, 1.0), &LossOptions::default());
    assert_eq!(found.map(drop).unwrap_err().code(), "not_a_regression");
}
