//! Where a model is wrong most.

#![allow(clippy::unwrap_used, reason = "a test")]

use hedgerow_data::{Column, Table};
use hedgerow_model::{Field, Kind};
use hedgerow_monitor::{Condition, Part, worst_segments};

mod common;

/// Rows of which the model knows twice the size; what is true differs where `wrong` says so.
fn rows(n: usize, wrong: impl Fn(f64, usize) -> f64) -> Table {
    let size = |row: usize| ((row * 7919) % 1_000) as f64 / 10.0;
    let colour = |row: usize| (row / 3) % 4;
    let codes = (0..n).map(|row| if row % 50 == 0 { u32::MAX } else { colour(row) as u32 });
    let words = ["blue", "green", "red", "white"];
    // Errors of any row, which look random.
    let noise = |row: usize| ((row * 104_729) % 997) as f64 / 997.0;
    let truth = |row: usize| 2.0 * size(row) + noise(row) + wrong(size(row), colour(row));
    Table::new(vec![
        Column::numbers("size", (0..n).map(size).collect()),
        Column::categories("colour", codes.collect(), words.into_iter().collect()),
        Column::numbers("y", (0..n).map(truth).collect()),
    ])
    .unwrap()
}

fn worst(table: &Table) -> Vec<hedgerow_monitor::Segment> {
    let fields = vec![Field::new("size", Kind::Number), Field::new("colour", Kind::Category)];
    worst_segments(&common::doubling(fields), table).unwrap()
}

fn is(column: &str, word: &str) -> Condition {
    Condition { column: column.into(), values: Part::Is(word.into()) }
}

#[test]
fn a_word_with_larger_errors_is_found() {
    let found = worst(&rows(4_000, |_, colour| if colour == 2 { 3.0 } else { 0.0 }));
    assert_eq!(found[0].conditions, [is("colour", "red")], "{found:?}");
    assert!(found[0].error > 3.0 && found[0].error_elsewhere < 1.0 && found[0].p_value < 1e-6);
    assert!((found[0].share - 0.245).abs() < 0.01, "{found:?}");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn two_columns_are_put_together_where_that_is_worse_than_each() {
    let both = |size: f64, colour| if size >= 80.0 && colour == 1 { 9.0 } else { 0.0 };
    let found = worst(&rows(8_000, both));
    let mut conditions = found[0].conditions.clone();
    conditions.sort_by(|a, b| a.column.cmp(&b.column));
    assert_eq!(conditions.len(), 2, "{found:?}");
    assert_eq!(conditions[0], is("colour", "green"));
    assert!(
        matches!(conditions[1].values, Part::Between(Some(low), None) if (low - 80.0).abs() < 1.0)
    );
    assert!(found[0].error > 8.0, "{found:?}");
}

#[test]
fn chance_is_not_told() {
    assert_eq!(worst(&rows(4_000, |_, _| 0.0)), []);
    assert_eq!(worst(&rows(20, |_, colour| if colour == 2 { 3.0 } else { 0.0 })), []);
}

#[test]
fn rows_without_a_value_are_a_part_too() {
    let mut table = rows(4_000, |_, _| 0.0).into_columns();
    let hedgerow_data::Values::Numbers(truth) = &mut table[2].values else {
        unreachable!("numbers")
    };
    truth.iter_mut().step_by(50).for_each(|truth| *truth += 5.0);
    let found = worst(&Table::new(table).unwrap());
    let wanted = Condition { column: "colour".into(), values: Part::Missing };
    assert_eq!(found[0].conditions, [wanted], "{found:?}");
}

#[test]
fn rows_whose_truth_is_unknown_are_left_out() {
    let mut table = rows(4_000, |_, colour| if colour == 2 { 3.0 } else { 0.0 }).into_columns();
    let hedgerow_data::Values::Numbers(truth) = &mut table[2].values else {
        unreachable!("numbers")
    };
    truth.iter_mut().take(2_000).for_each(|truth| *truth = f64::NAN);
    let found = worst(&Table::new(table).unwrap());
    assert_eq!(found[0].conditions, [is("colour", "red")]);
    assert!(found[0].rows < 600, "{found:?}");
}
