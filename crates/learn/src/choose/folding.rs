//! The folds of a study, and smaller parts of their training rows.

use hedgerow_data::{Column, Fold, Table, k_folds, sort_indices, stratified_k_folds, time_folds};
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

/// A share of training rows, ascending: the smaller is part of the larger. Of classes each has its
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
    let mut order: Vec<u32> = (0..shuffled.len() as u32).collect();
    let key = |index: u32| keys[index as usize];
    sort_indices(&mut order, &|a, b| key(a).total_cmp(&key(b)));
    let mut part: Vec<u32> = order[..n].iter().map(|&index| shuffled[index as usize]).collect();
    sort_indices(&mut part, &|a, b| a.cmp(&b));
    part
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
