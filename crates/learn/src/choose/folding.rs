//! The folds of a study, and smaller parts of their training rows.

use hedgerow_data::{Column, Fold, Table, k_folds, sort_numbers, stratified_k_folds, time_folds};
use hedgerow_model::Task;

use super::options::{FoldSplit, Folding};
use super::random::{Random, Use};
use crate::LearnError;
use crate::forest::Target;
use crate::target::ReadTarget;

/// Deals the rows.
///
/// # Errors
/// [`LearnError::ClassTooSmall`] where folds are stratified and a class has fewer rows than there
/// are folds; [`LearnError::Data`] for too few rows or folds, or a time column that cannot be used.
pub(super) fn deal(
    table: &Table,
    target: &ReadTarget,
    options: &Folding,
    seed: u64,
) -> Result<Vec<Fold>, LearnError> {
    let rows = table.rows();
    let k = options.folds;
    let time = options.time_column.as_deref().map(|name| table.column(name)).transpose()?;
    let column = table.column(&target.field.name)?;
    Ok(match split_of(options, target) {
        FoldSplit::Time => time_folds(rows, k, time)?,
        FoldSplit::Sequential => k_folds(rows, k, seed, false)?,
        FoldSplit::Stratified => stratified(column, target, k, seed)?,
        FoldSplit::Random | FoldSplit::Auto => k_folds(rows, k, seed, true)?,
    })
}

fn split_of(options: &Folding, target: &ReadTarget) -> FoldSplit {
    match (options.split, &target.task) {
        (FoldSplit::Auto, _) if options.time_column.is_some() => FoldSplit::Time,
        (FoldSplit::Auto, Task::Classification { .. }) => FoldSplit::Stratified,
        (chosen, _) => chosen,
    }
}

fn stratified(
    column: &Column,
    target: &ReadTarget,
    k: usize,
    seed: u64,
) -> Result<Vec<Fold>, LearnError> {
    // The number of folds is checked before the classes are.
    let folds = stratified_k_folds(column, k, seed, true)?;
    if let Target::Classes { codes, n } = &target.target {
        let mut counts = vec![0usize; *n];
        codes.iter().for_each(|&code| counts[code as usize] += 1);
        if let Some(class) = counts.iter().position(|&count| count < k) {
            return Err(LearnError::ClassTooSmall {
                column: target.field.name.clone(),
                label: target.task.classes()[class].clone(),
                rows: counts[class],
                folds: k,
            });
        }
    }
    Ok(folds)
}

/// A share of training rows, which ascend: the smaller is part of the larger. Of classes each has its
/// share, and at least one row.
pub(super) fn part(rows: &[u32], target: &Target, share: f64, seed: u64, fold: usize) -> Vec<u32> {
    let wanted = libm::ceil(share * rows.len() as f64) as usize;
    let least = match target {
        Target::Classes { n, .. } => (*n).max(2),
        Target::Values(_) => 2,
    };
    let n = wanted.max(least).min(rows.len());
    if n == rows.len() {
        return rows.to_vec();
    }
    let mut shuffled = rows.to_vec();
    Random::new(seed, Use::Rows, fold).shuffle(&mut shuffled);
    let keys = keys(&shuffled, target);
    let mut sorted = keys.clone();
    sort_numbers(&mut sorted);
    // All that stand before the last one, and of those that stand where it does the first ones.
    let last = sorted[n - 1];
    let mut ties = n - sorted.partition_point(|&key| key < last);
    let mut is_in = vec![false; rows.last().map_or(0, |&row| row as usize + 1)];
    for (&row, &key) in shuffled.iter().zip(&keys) {
        let tie = key == last && ties > 0;
        ties -= usize::from(tie);
        is_in[row as usize] = key < last || tie;
    }
    rows.iter().copied().filter(|&row| is_in[row as usize]).collect()
}

/// Where each row stands: the rows of a class at even distances, one of each class before all else.
fn keys(rows: &[u32], target: &Target) -> Vec<f64> {
    let Target::Classes { codes, n } = target else {
        return (0..rows.len()).map(|index| index as f64).collect();
    };
    let class = |row: u32| codes[row as usize] as usize;
    let mut counts = vec![0usize; *n];
    rows.iter().for_each(|&row| counts[class(row)] += 1);
    let mut seen = vec![0usize; *n];
    let key = |&row: &u32| {
        let class = class(row);
        seen[class] += 1;
        if seen[class] == 1 { -1.0 } else { (seen[class] as f64 - 0.5) / counts[class] as f64 }
    };
    rows.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_part_has_the_rows_that_come_first(
            codes in prop::collection::vec(0u32..3, 2..300), share in 0.01..1.0f64, seed: u64
        ) {
            let rows: Vec<u32> = (0..codes.len() as u32).filter(|row| row % 5 > 0).collect();
            let values = codes.iter().map(|&code| f64::from(code)).collect();
            for target in [Target::Values(values), Target::Classes { codes, n: 3 }] {
                let part = part(&rows, &target, share, seed, 0);
                let mut shuffled = rows.clone();
                if part.len() < rows.len() {
                    Random::new(seed, Use::Rows, 0).shuffle(&mut shuffled);
                }
                let mut first: Vec<(f64, u32)> =
                    keys(&shuffled, &target).into_iter().zip(shuffled).collect();
                first.sort_by(|a, b| a.0.total_cmp(&b.0));
                let mut first: Vec<u32> = first[..part.len()].iter().map(|row| row.1).collect();
                first.sort_unstable();
                prop_assert_eq!(part, first);
            }
        }
    }
}
