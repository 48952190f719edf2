//! Beside NannyML and scipy; `tests/golden/renew/make.py` made what they say.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::collections::BTreeMap;

use common::{linear, table};
use hedgerow_data::{Column, Table};
use hedgerow_evaluate::{ImportanceMetric, PairedOptions, compare_on};
use hedgerow_model::Model;
use hedgerow_renew::{DomainOptions, LossEstimator, LossOptions, told_apart};
use serde::Deserialize;

type Rows = BTreeMap<String, Vec<f64>>;

#[derive(Deserialize)]
struct Cases {
    domain: Vec<DomainCase>,
    reference: Rows,
    loss: Vec<LossCase>,
    paired: PairedCase,
}

#[derive(Deserialize)]
struct DomainCase {
    name: String,
    reference: Rows,
    new: Rows,
    auc: f64,
    drifted: bool,
}

#[derive(Deserialize)]
struct LossCase {
    name: String,
    new: Rows,
    mae: f64,
    rmse: f64,
    real_mae: f64,
    real_rmse: f64,
}

#[derive(Deserialize)]
struct PairedCase {
    x: Vec<f64>,
    y: Vec<f64>,
    gain: f64,
    low: f64,
    high: f64,
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("../../../tests/golden/renew/cases.json")).unwrap()
}

fn rows(rows: &Rows) -> Table {
    table(rows.iter().map(|(name, values)| Column::numbers(name, values.clone())).collect())
}

/// A model that says so many times `x`.
fn times(slope: f64) -> Model {
    let x: Vec<f64> = (0..50).map(f64::from).collect();
    let z = x.iter().map(|x| x * x % 7.0).collect();
    let y = x.iter().map(|x| slope * x).collect();
    linear(&table(vec![Column::numbers("x", x), Column::numbers("z", z), Column::numbers("y", y)]))
}

/// The folds are drawn otherwise, so areas are not the same; of rows that are alike they are chance.
#[test]
fn rows_are_told_apart_as_nannyml_tells_them() {
    for case in cases().domain {
        let reference = rows(&case.reference);
        let mut training = reference.columns().to_vec();
        training.push(Column::numbers("y", (0..reference.rows()).map(|row| row as f64).collect()));
        let model = linear(&table(training));
        let found = told_apart(&model, &reference, &rows(&case.new), &DomainOptions::default());
        let found = found.unwrap();
        assert_eq!(found.drifted, case.drifted, "{}", case.name);
        let off = (found.roc_auc - case.auc).abs();
        assert!(off < 0.03, "{}: {}, not {}", case.name, found.roc_auc, case.auc);
    }
}

/// NannyML looks for the parameters of its regressors; ours have LightGBM's defaults.
#[test]
fn errors_are_estimated_as_nannyml_does() {
    let model = times(2.0);
    let Cases { reference, loss, .. } = cases();
    let estimator =
        LossEstimator::learn(&model, &rows(&reference), &LossOptions::default()).unwrap();
    for case in loss {
        let found = estimator.estimate(&model, &rows(&case.new)).unwrap().estimated;
        let near = |what: &str, found: f64, expected: f64, share: f64| {
            let off = (found / expected - 1.0).abs();
            assert!(off < share, "{}: {what} {found}, not {expected}", case.name);
        };
        near("MAE of NannyML", found.mae, case.mae, 0.05);
        near("RMSE of NannyML", found.rmse, case.rmse, 0.05);
        near("real MAE", found.mae, case.real_mae, 0.1);
        near("real RMSE", found.rmse, case.real_rmse, 0.1);
    }
}

#[test]
fn the_interval_of_a_difference_is_scipys() {
    let PairedCase { x, y, gain, low, high } = cases().paired;
    let z = Column::numbers("z", vec![0.0; x.len()]);
    let held_out = table(vec![Column::numbers("x", x), z, Column::numbers("y", y)]);
    let metric = Some(ImportanceMetric::Rmse);
    let options = PairedOptions { metric, resamples: 10_000, ..PairedOptions::default() };
    let found = compare_on(&times(2.0), &times(2.1), &held_out, &options).unwrap();
    assert!((found.gain - gain).abs() < 1e-9, "{}, not {gain}", found.gain);
    let width = high - low;
    let near = |found: f64, scipys: f64| (found - scipys).abs() < 0.03 * width;
    assert!(near(found.low, low) && near(found.high, high), "{found:?}, not {low} to {high}");
}
