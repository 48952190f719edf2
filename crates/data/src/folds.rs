//! Rows in k folds, for cross-validation.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use crate::column::CHUNK;
use crate::split::{groups, shuffle};
use crate::{Column, DataError, Values, sort_indices};

/// The rows to fit with and the rows to test with, each in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    pub train: Vec<u32>,
    pub test: Vec<u32>,
}

/// Rows in `k` folds of sizes that differ by at most one: every row is tested exactly once. Without
/// `shuffle` folds are runs of rows, as in scikit-learn's `KFold`.
///
/// # Errors
/// [`DataError::BadOption`] for less than 2 folds, [`DataError::TooFewRows`] for more folds than
/// rows.
pub fn k_folds(
    rows: usize,
    k: usize,
    seed: u64,
    is_shuffled: bool,
) -> Result<Vec<Fold>, DataError> {
    check(rows, k)?;
    let mut order: Vec<u32> = (0..rows as u32).collect();
    if is_shuffled {
        shuffle(&mut order, &mut Xoshiro256PlusPlus::seed_from_u64(seed));
    }
    let mut fold_of = vec![0; rows];
    let mut next = order.iter();
    for fold in 0..k {
        let size = rows / k + usize::from(fold < rows % k);
        for &row in next.by_ref().take(size) {
            fold_of[row as usize] = fold;
        }
    }
    Ok(folds(&fold_of, k))
}

/// Rows in `k` folds that each hold every value of a column in about equal shares: the rows of a
/// value are dealt out in turn. Every row is tested exactly once.
///
/// # Errors
/// As [`k_folds`].
pub fn stratified_k_folds(
    by: &Column,
    k: usize,
    seed: u64,
    is_shuffled: bool,
) -> Result<Vec<Fold>, DataError> {
    check(by.len(), k)?;
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut fold_of = vec![0; by.len()];
    let mut dealt = 0;
    for mut group in groups(by) {
        if is_shuffled {
            shuffle(&mut group, &mut random);
        }
        // The next value goes on where this one ends, so that folds differ by one row at most.
        for row in group {
            fold_of[row as usize] = dealt % k;
            dealt += 1;
        }
    }
    Ok(folds(&fold_of, k))
}

/// `k` folds for rows that have an order in time, as scikit-learn's `TimeSeriesSplit`: fold by fold a
/// window of `rows / (k + 1)` rows is tested, after training on all rows before it. The first rows
/// are never tested, and no row is trained on that is later than one it is tested with.
///
/// `time` says when each row was; equal times keep the order of their rows. Without it rows are in
/// order as they stand.
///
/// # Errors
/// [`DataError::BadOption`] for less than 2 folds, or a `time` that is not a number or date without
/// missing values; [`DataError::TooFewRows`] for fewer rows than folds and one.
pub fn time_folds(rows: usize, k: usize, time: Option<&Column>) -> Result<Vec<Fold>, DataError> {
    check(rows, k)?;
    if rows < k + 1 {
        let reason = "that many folds in order of time";
        return Err(DataError::TooFewRows { reason, needed: k + 1, found: rows });
    }
    let order = match time {
        Some(column) => rows_in_time(column)?,
        None => (0..rows as u32).collect(),
    };
    let size = rows / (k + 1);
    let ascending = |part: &[u32]| {
        let mut part = part.to_vec();
        sort_indices(&mut part, &|a, b| a.cmp(&b));
        part
    };
    Ok((0..k)
        .map(|fold| {
            let start = rows - (k - fold) * size;
            Fold { train: ascending(&order[..start]), test: ascending(&order[start..][..size]) }
        })
        .collect())
}

/// The rows by time, the earliest first; equal times keep the order of their rows.
///
/// # Errors
/// [`DataError::BadOption`] for what is not a number or date, or has missing values.
pub fn rows_in_time(column: &Column) -> Result<Vec<u32>, DataError> {
    let bad = |what: String| DataError::BadOption {
        reason: format!("the column {:?} {what}, so it cannot put the rows in order", column.name),
        advice: "Choose a column of numbers or dates without missing values.",
    };
    let Values::Numbers(values) = &column.values else {
        return Err(bad(format!("is {}", column.kind.name())));
    };
    if let Some(row) = values.iter().position(|value| value.is_nan()) {
        return Err(bad(format!("has no value in row {}", row + 1)));
    }
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    let time = |row: u32| values[row as usize];
    sort_indices(&mut order, &|a, b| time(a).total_cmp(&time(b)));
    Ok(order)
}

fn check(rows: usize, k: usize) -> Result<(), DataError> {
    if k < 2 {
        return Err(DataError::BadOption {
            reason: format!("{k} folds are too few"),
            advice: "Use at least 2; 5 is usual.",
        });
    }
    if rows < k {
        return Err(DataError::TooFewRows { reason: "that many folds", needed: k, found: rows });
    }
    Ok(())
}

fn folds(fold_of: &[usize], k: usize) -> Vec<Fold> {
    let empty = || Fold { train: Vec::with_capacity(fold_of.len()), test: Vec::new() };
    let mut folds: Vec<Fold> = (0..k).map(|_| empty()).collect();
    for (chunk, fold_of) in fold_of.chunks(CHUNK).enumerate() {
        for (fold, rows) in folds.iter_mut().enumerate() {
            add(chunk * CHUNK, fold_of, fold, rows);
        }
    }
    folds
}

/// Adds rows from `first` on to a fold.
#[inline(never)]
fn add(first: usize, fold_of: &[usize], fold: usize, rows: &mut Fold) {
    for (row, &of) in (first as u32..).zip(fold_of) {
        let part = if of == fold { &mut rows.test } else { &mut rows.train };
        part.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unshuffled_folds_are_runs() {
        let folds = k_folds(5, 2, 0, false).unwrap();
        assert_eq!(folds[0], Fold { train: vec![3, 4], test: vec![0, 1, 2] });
        assert_eq!(folds[1], Fold { train: vec![0, 1, 2], test: vec![3, 4] });
    }

    #[test]
    fn too_many_or_too_few_folds_are_errors() {
        use hedgerow_model::Coded;
        assert_eq!(k_folds(5, 6, 0, false).unwrap_err().code(), "too_few_rows");
        assert_eq!(k_folds(5, 1, 0, false).unwrap_err().code(), "bad_option");
    }

    #[test]
    fn stratified_folds_hold_every_class_alike() {
        let codes = (0..30).map(|row| u32::from(row % 3 == 0)).collect();
        let column = Column::categories("y", codes, ["a", "b"].iter().collect());
        for fold in stratified_k_folds(&column, 5, 7, true).unwrap() {
            let n = fold.test.iter().filter(|row| *row % 3 == 0).count();
            assert_eq!((n, fold.test.len()), (2, 6));
        }
    }

    /// As `TimeSeriesSplit(n_splits=3)` of scikit-learn 1.9.1 cuts ten rows.
    #[test]
    fn windows_grow_with_time() {
        let folds = time_folds(10, 3, None).unwrap();
        let ends: Vec<_> = folds.iter().map(|fold| (fold.train.len(), fold.test.clone())).collect();
        assert_eq!(ends, [(4, vec![4, 5]), (6, vec![6, 7]), (8, vec![8, 9])]);
    }

    #[test]
    fn a_column_without_an_order_is_refused() {
        use hedgerow_model::Coded;
        let code = |column: &Column| time_folds(4, 2, Some(column)).unwrap_err().code();
        assert_eq!(code(&Column::numbers("t", vec![1.0, f64::NAN, 2.0, 3.0])), "bad_option");
        let words = Column::categories("t", vec![0, 1, 0, 1], ["a", "b"].iter().collect());
        assert_eq!(code(&words), "bad_option");
        assert_eq!(time_folds(2, 2, None).unwrap_err().code(), "too_few_rows");
    }

    proptest! {
        #[test]
        fn nothing_later_is_trained_on(times in prop::collection::vec(0u8..20, 3..80), k in 2usize..6) {
            prop_assume!(k < times.len());
            let time: Vec<f64> = times.iter().map(|&time| f64::from(time)).collect();
            let folds = time_folds(time.len(), k, Some(&Column::numbers("t", time.clone()))).unwrap();
            let at = |rows: &[u32]| rows.iter().map(|&row| time[row as usize]).collect::<Vec<_>>();
            for fold in &folds {
                let last = at(&fold.train).into_iter().fold(f64::MIN, f64::max);
                let first = at(&fold.test).into_iter().fold(f64::MAX, f64::min);
                prop_assert!(!fold.train.is_empty() && !fold.test.is_empty() && last <= first);
            }
            for pair in folds.windows(2) {
                prop_assert_eq!(pair[0].train.len() + pair[0].test.len(), pair[1].train.len());
            }
        }

        #[test]
        fn every_row_is_tested_once(rows in 2usize..200, k in 2usize..10, seed: u64, shuffled: bool) {
            prop_assume!(k <= rows);
            let values = (0..rows).map(|row| (row % 4) as f64).collect();
            let column = Column::numbers("y", values);
            for folds in [
                k_folds(rows, k, seed, shuffled).unwrap(),
                stratified_k_folds(&column, k, seed, shuffled).unwrap(),
            ] {
                let mut tested: Vec<u32> = folds.iter().flat_map(|fold| fold.test.clone()).collect();
                tested.sort_unstable();
                prop_assert_eq!(tested, (0..rows as u32).collect::<Vec<_>>());
                for fold in folds {
                    prop_assert_eq!(fold.train.len() + fold.test.len(), rows);
                    prop_assert!(fold.test.len().abs_diff(rows / k) <= 1);
                }
            }
        }
    }
}
