//! Whether new rows are told from training rows.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Draw, linear, table, words};
use hedgerow_data::{Column, Table};
use hedgerow_model::{Coded, Kind, Model};
use hedgerow_monitor::{Baseline, DriftOptions, FindingCode, drift};
use hedgerow_renew::{Domain, DomainOptions, told_apart};

/// Two numbers of the same spread in every case, that go together (`sign` 1) or against each other (-1).
fn pair(seed: u64, n: usize, sign: f64) -> Table {
    let mut draw = Draw::new(seed);
    let a: Vec<f64> = draw.many(n).iter().map(|value| value - 0.5).collect();
    let b = a.iter().map(|a| sign * a + 0.1 * (draw.one() - 0.5)).collect();
    let noise = draw.many(n);
    let y = draw.many(n);
    let columns = [("a", a), ("b", b), ("noise", noise), ("y", y)];
    table(columns.into_iter().map(|(name, values)| Column::numbers(name, values)).collect())
}

fn told(model: &Model, then: &Table, now: &Table) -> Domain {
    told_apart(model, then, now, &DomainOptions::default()).unwrap()
}

#[test]
fn what_no_column_shows_alone_is_told() {
    let (then, now) = (pair(1, 600, 1.0), pair(2, 600, -1.0));
    let model = linear(&then);
    let baseline = Baseline::of(&model, &then, None).unwrap();
    let seen = baseline.profile(&model, &now).unwrap().profile;
    let alone = drift(&baseline, &seen, &DriftOptions::default()).unwrap();
    assert_eq!(alone.drifted, 0, "{:?}", alone.columns);
    let found = told(&model, &then, &now);
    assert!(found.drifted && found.roc_auc > 0.9, "{}", found.roc_auc);
    let names: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names[2], "noise");
    assert!(
        (found.columns.iter().map(|column| column.importance).sum::<f64>() - 1.0).abs() < 1e-12
    );
}

#[test]
fn rows_of_one_kind_are_not_told_apart() {
    for seed in 0..5 {
        let (then, now) = (pair(seed, 400, 1.0), pair(seed + 100, 300, 1.0));
        let found = told(&linear(&then), &then, &now);
        assert!(!found.drifted && (0.4..0.6).contains(&found.roc_auc), "{}", found.roc_auc);
        assert_eq!((found.reference_rows, found.rows), (400, 300));
        assert_eq!(found.findings, []);
    }
}

/// With few rows the area is far from 0.5 by chance, to either side.
#[test]
fn few_rows_of_one_kind_are_no_copies() {
    for seed in 0..20 {
        let (then, now) = (pair(seed, 50, 1.0), pair(seed + 100, 50, 1.0));
        assert_eq!(told(&linear(&then), &then, &now).findings, [], "{seed}");
    }
}

#[test]
fn copies_are_named() {
    let then = pair(1, 400, 1.0);
    let found = told(&linear(&then), &then, &then);
    assert!(!found.drifted && found.roc_auc < 0.45, "{}", found.roc_auc);
    assert_eq!(found.findings[0].code, FindingCode::CopiedRows);
}

#[test]
fn only_columns_in_common_are_looked_at() {
    let then = pair(1, 300, 1.0);
    let now = pair(2, 300, 1.0);
    let mut columns = now.columns().to_vec();
    columns[0].name = "a2".into();
    columns[1] = words("b", &["no number"; 300]);
    columns[3] = Column::numbers("else", vec![7.0; 300]);
    let found = told(&linear(&then), &then, &table(columns));
    let names: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["noise"]);
    let codes: Vec<FindingCode> = found.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [FindingCode::RenamedColumn, FindingCode::WrongKind]);
    assert!(!found.drifted);
}

#[test]
fn numbers_spelled_as_words_are_the_same_numbers() {
    let (then, now) = (pair(1, 300, 1.0), pair(2, 300, 1.0));
    let model = linear(&then);
    let spelled = now.convert("a", Kind::Category).unwrap();
    assert_eq!(told(&model, &then, &spelled), told(&model, &then, &now));
}

#[test]
fn nothing_in_common_and_too_few_rows_are_errors() {
    let then = pair(1, 100, 1.0);
    let model = linear(&then);
    let fails = |now: &Table, options: &DomainOptions| {
        told_apart(&model, &then, now, options).unwrap_err().code()
    };
    let other = table(vec![Column::numbers("x", vec![1.0; 100])]);
    let options = DomainOptions::default();
    assert_eq!(fails(&other, &options), "nothing_in_common");
    assert_eq!(fails(&pair(1, 49, 1.0), &options), "too_few_rows");
    assert_eq!(fails(&then, &DomainOptions { folds: 1, ..options }), "bad_option");
}

#[test]
fn many_rows_are_sampled_evenly() {
    let (then, now) = (pair(1, 5_000, 1.0), pair(2, 900, -1.0));
    let options = DomainOptions { max_rows: 500, ..DomainOptions::default() };
    let found = told_apart(&linear(&then), &then, &now, &options).unwrap();
    assert_eq!((found.reference_rows, found.rows), (500, 500));
    assert!(found.drifted);
}
