//! Beside Evidently, scipy and numpy; `tests/golden/monitor/make.py` made what they say.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use hedgerow_data::{Column, Table};
use hedgerow_model::{Field, Kind};
use hedgerow_monitor::{Baseline, ColumnDrift, DriftOptions, Test, drift};
use serde::Deserialize;
use serde_json::Value;

mod common;

#[derive(Deserialize)]
struct Case {
    name: String,
    kind: String,
    reference: Vec<Value>,
    current: Vec<Value>,
    test: String,
    score: f64,
    drifted: bool,
    ks: Option<f64>,
    mean: Option<f64>,
    std: Option<f64>,
    psi: Option<f64>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../tests/golden/monitor/cases.json")).unwrap()
}

fn column(kind: &str, values: &[Value]) -> Column {
    if kind == "number" {
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        return Column::numbers("x", values.iter().map(number).collect());
    }
    let words: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    Column::categories("x", (0..words.len() as u32).collect(), words.into_iter().collect())
}

fn compared(case: &Case, test: Option<Test>) -> ColumnDrift {
    let kind = if case.kind == "number" { Kind::Number } else { Kind::Category };
    let model = common::doubling(vec![Field::new("x", kind)]);
    let table = |values: &[Value]| Table::new(vec![column(&case.kind, values)]).unwrap();
    let baseline = Baseline::of(&model, &table(&case.reference), None).unwrap();
    let seen = baseline.profile(&model, &table(&case.current)).unwrap();
    let options = DriftOptions { test, ..DriftOptions::default() };
    drift(&baseline, &seen.profile, &options).unwrap().columns.swap_remove(0)
}

fn name(test: Test) -> &'static str {
    match test {
        Test::KolmogorovSmirnov => "ks",
        Test::ChiSquare => "chisquare",
        Test::ZTest => "z",
        Test::Wasserstein => "wasserstein",
        Test::JensenShannon => "jensenshannon",
        Test::Psi => "psi",
    }
}

#[test]
fn tests_and_decisions_are_evidentlys() {
    for case in cases() {
        let found = compared(&case, None).test.unwrap();
        assert_eq!(
            (name(found.test), found.drifted),
            (case.test.as_str(), case.drifted),
            "{}",
            case.name
        );
        let off = (found.score - case.score).abs();
        // Words and few values are counted one by one. Of other numbers only the bins are known: a distance
        // is right to 0.002 or, far away, where bins are wide, 3 %; a p-value as the statistic is (below).
        let allowed = match found.test {
            Test::Wasserstein => 0.002 + 0.03 * case.score,
            Test::KolmogorovSmirnov => 0.05,
            _ => 1e-9,
        };
        assert!(
            off <= allowed,
            "{}: {} is {}, not {}",
            case.name,
            case.test,
            found.score,
            case.score
        );
    }
}

#[test]
fn means_and_deviations_are_numpys() {
    for case in cases().into_iter().filter(|case| case.kind == "number") {
        let now = compared(&case, None).picture.current;
        let std = case.std.unwrap();
        assert!((now.mean.unwrap() - case.mean.unwrap()).abs() < 1e-5 * std, "{}", case.name);
        assert!((now.std.unwrap() - std).abs() < 1e-4 * std, "{}", case.name);
    }
}

#[test]
fn shares_are_as_stable_as_evidently_says() {
    for case in cases().into_iter().filter(|case| case.kind == "category") {
        let psi = compared(&case, Some(Test::Psi)).test.unwrap().score;
        assert!((psi - case.psi.unwrap()).abs() < 1e-9, "{}: {psi}", case.name);
    }
}

/// Exact p-values of scipy's `ks_2samp`, and asymptotic ones of many rows, from the statistic.
#[test]
fn distribution_functions_are_as_far_apart_as_scipy_says() {
    for case in cases().into_iter().filter(|case| case.test == "ks") {
        let found = compared(&case, Some(Test::KolmogorovSmirnov)).test.unwrap();
        let n = case.reference.iter().filter(|value| !value.is_null()).count() as f64;
        let m = case.current.len() as f64;
        // The statistic that gives this p-value, from Kolmogorov's limit, is near scipy's.
        let d = case.ks.unwrap();
        let about = (-libm::log(found.score / 2.0) / 2.0 * (n + m) / (n * m)).sqrt();
        assert!((about - d).abs() < 0.02, "{}: {about} {d}", case.name);
    }
}
