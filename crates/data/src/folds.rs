//! Rows in k folds, for cross-validation.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use crate::split::{groups, shuffle};
use crate::{Column, DataError};

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
    let rows = |keep: &dyn Fn(usize) -> bool| -> Vec<u32> {
        (0..fold_of.len() as u32).filter(|&row| keep(fold_of[row as usize])).collect()
    };
    (0..k)
        .map(|fold| Fold {
            train: rows(&|other| other != fold),
            test: rows(&|other| other == fold),
        })
        .collect()
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

    proptest! {
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
