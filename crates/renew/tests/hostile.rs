//! Rows of strangers: whatever is wrong with them, there is an answer.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Draw, fitted, table, words};
use hedgerow_data::{Column, Table};
use hedgerow_learn::{Learner, LinearRegression};
use hedgerow_model::{Kind, Model};
use hedgerow_renew::{
    DomainOptions, HoldOutOptions, LossEstimator, LossOptions, PromotionRule, check_rows, hold_out,
    judge, labelled, stacked, told_apart,
};
use proptest::prelude::*;

/// A column as it may come: of any kind, with as many values missing as may be.
fn odd(name: &str, rows: usize, kind: u8, seed: u64) -> Option<Column> {
    let mut draw = Draw::new(seed);
    let numbers = |values: Vec<f64>| Column::numbers(name, values);
    match kind {
        0 => None,
        1 => Some(numbers(draw.many(rows))),
        2 => Some(numbers(vec![f64::NAN; rows])),
        3 => Some(numbers(vec![1e300; rows])),
        4 => Some(numbers(
            draw.many(rows).iter().map(|x| if *x < 0.5 { f64::NAN } else { *x }).collect(),
        )),
        5 => Some(words(name, &["a", "b", "c"].repeat(rows)[..rows])),
        6 => Some(words(name, &["0.5", "1", ""].repeat(rows)[..rows])),
        7 => Some(Column {
            kind: Kind::Text,
            ..words(name, &["many", "words"].repeat(rows)[..rows])
        }),
        8 => Some(Column { kind: Kind::Date, ..numbers(vec![1e12; rows]) }),
        _ => Some(Column { kind: Kind::Boolean, ..numbers(vec![1.0; rows]) }),
    }
}

fn rows_of(kinds: &[u8], rows: usize, seed: u64) -> Table {
    let names = ["x", "z", "word", "y", "more"];
    let columns = names.iter().zip(kinds).zip(seed..);
    let columns = columns.filter_map(|((name, kind), seed)| odd(name, rows, *kind, seed));
    table(columns.collect())
}

/// All that may be done with new rows.
fn all(model: &Model, training: &Table, new: &Table) {
    let options = DomainOptions { folds: 2, max_rows: 60, ..DomainOptions::default() };
    if let Ok(found) = told_apart(model, training, new, &options) {
        assert!((0.0..=1.0).contains(&found.roc_auc));
    }
    if let Ok(estimator) = LossEstimator::learn(model, new, &LossOptions::default()) {
        let _ = estimator.estimate(model, training);
        let _ = estimator.estimate(model, new);
    }
    let _ = check_rows(model, new);
    let _ = stacked(model, training, new, &["more"]);
    let rule = PromotionRule { resamples: 20, ..PromotionRule::default() };
    for time in [None, Some("more".to_owned())] {
        let options = HoldOutOptions { time, ..HoldOutOptions::default() };
        let parts = labelled(model, new).and_then(|rows| hold_out(model, &rows, &options));
        if let Ok(verdict) = parts.and_then(|parts| judge(model, model, &parts.test, &rule)) {
            assert!(!verdict.promote);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_rows_have_an_answer(
        kinds in prop::collection::vec(0u8..10, 5),
        rows in prop::sample::select(vec![1usize, 30, 70, 130]),
        seed in 0u64..1_000,
    ) {
        let numbers = rows_of(&[1, 4, 5, 1, 1], 150, 7);
        let classes = rows_of(&[1, 4, 5, 5, 1], 150, 7);
        let new = rows_of(&kinds, rows, seed);
        all(&fitted(&numbers, "y", LinearRegression::default()), &numbers, &new);
        all(&fitted(&classes, "y", Learner::from_params("decision-tree", []).unwrap()), &classes, &new);
    }
}
