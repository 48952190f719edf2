//! The out-of-bag score: what the forest is worth on rows that its trees did not see.

use super::part::OutOfBag;
use super::{ForestJob, Target};

/// Rows times outputs beyond which no out-of-bag outputs are kept: 512 MB.
const MAX_CELLS: usize = 1 << 26;

/// Out-of-bag predictions of all rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Oob {
    /// Row by row, as many as the trees have outputs: the mean over the trees that did not see the
    /// row; NaN where all did.
    pub values: Vec<f64>,
    /// Trees that did not see the row.
    pub trees: Vec<u32>,
}

/// A leaf's outputs, with the common case apart that is quick to add.
pub(super) enum Leaf<'a> {
    /// All of one class.
    Pure(u32),
    Mixed(&'a [f64]),
}

impl<'a> Leaf<'a> {
    pub fn new(values: &'a [f64]) -> Self {
        // Shares sum to 1, so where one is 1 the others are 0.
        match values.iter().position(|&value| value == 1.0) {
            Some(class) if values.len() > 1 => Self::Pure(class as u32),
            _ => Self::Mixed(values),
        }
    }
}

/// Sums of outputs over trees.
pub(super) struct OobSums {
    n_outputs: usize,
    sums: Vec<f64>,
    trees: Vec<u32>,
}

impl OobSums {
    /// `None` for jobs without out-of-bag rows, or with too many rows and classes to keep.
    pub fn new(job: &ForestJob) -> Option<Self> {
        let (rows, n_outputs) = (job.binned().rows(), job.n_outputs());
        let cells = rows.checked_mul(n_outputs).filter(|&cells| cells <= MAX_CELLS)?;
        job.growth().out_of_bag.then(|| Self {
            n_outputs,
            sums: vec![0.0; cells],
            trees: vec![0; rows],
        })
    }

    /// Adds the leaves that one tree's out-of-bag rows reach.
    #[inline(never)]
    pub fn add_tree(&mut self, oob: &OutOfBag, leaves: &[Leaf]) {
        for (row, &leaf) in oob.indices().zip(&oob.leaves) {
            let sums = &mut self.sums[row * self.n_outputs..][..self.n_outputs];
            self.trees[row] += 1;
            match leaves[leaf as usize] {
                Leaf::Pure(class) => sums[class as usize] += 1.0,
                Leaf::Mixed(values) => {
                    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                }
            }
        }
    }

    /// The share of rows whose class is predicted, or the coefficient of determination; over rows
    /// that at least one tree did not see, all counting the same.
    pub fn score(&self, target: &Target) -> Option<f64> {
        let seen = self.trees.iter().filter(|&&trees| trees > 0).count();
        if seen == 0 {
            return None;
        }
        match target {
            Target::Classes { codes, .. } => Some(self.correct(codes) as f64 / seen as f64),
            Target::Values(values) => self.r2(values, seen),
        }
    }

    /// Rows whose class has the largest sum; of equals the first class.
    #[inline(never)]
    fn correct(&self, codes: &[u32]) -> usize {
        let rows = self.sums.chunks_exact(self.n_outputs).zip(codes).zip(&self.trees);
        rows.filter(|((sums, code), trees)| {
            let own = **code as usize;
            let (before, from) = sums.split_at(own);
            let most = from[0];
            **trees > 0
                && before.iter().all(|&sum| sum < most)
                && from.iter().all(|&sum| sum <= most)
        })
        .count()
    }

    fn r2(&self, values: &[f64], n: usize) -> Option<f64> {
        let seen = || values.iter().zip(&self.sums).zip(&self.trees).filter(|row| *row.1 > 0);
        let mean = seen().map(|((value, _), _)| value / n as f64).sum::<f64>();
        let (mut residual, mut total) = (0.0, 0.0);
        for ((value, sum), &trees) in seen() {
            let error = value - sum / f64::from(trees);
            residual += error * error;
            total += (value - mean) * (value - mean);
        }
        (total > 0.0).then(|| 1.0 - residual / total)
    }

    pub fn finish(self) -> Oob {
        let trees = |row: usize| f64::from(self.trees[row]);
        let values = self.sums.iter().enumerate();
        let values = values.map(|(cell, sum)| sum / trees(cell / self.n_outputs)).collect();
        Oob { values, trees: self.trees }
    }
}
