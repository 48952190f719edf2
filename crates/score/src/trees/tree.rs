//! One tree, and the rows of values that its leaves have.

use super::bits::BitTree;
use super::{LANES, Trees};

/// A tree of an ensemble.
#[derive(Debug, Clone, Copy)]
pub struct Tree<'a> {
    pub trees: Trees<'a>,
    pub root: u32,
    /// The same as bits, where there is that.
    pub bits: Option<&'a BitTree>,
    /// Rows of leaves, `n_outputs` numbers each.
    pub values: &'a [f64],
    pub n_outputs: usize,
}

impl Tree<'_> {
    /// Adds the leaves that the rows of some groups, of `width` codes each, reach to their scores:
    /// `n_scores` a row, from score `at` on.
    #[inline(never)]
    pub fn add(&self, codes: &[u16], width: usize, scores: &mut [f64], n_scores: usize, at: usize) {
        let groups = codes.chunks_exact(width).zip(scores.chunks_mut(LANES * n_scores));
        for (codes, scores) in groups {
            let rows = scores.chunks_exact_mut(n_scores);
            if let Some(bits) = self.bits {
                rows.zip(bits.values(codes)).for_each(|(scores, value)| scores[at] += value);
            } else {
                let leaves = self.trees.of_group(codes, self.root);
                rows.zip(leaves).for_each(|(scores, leaf)| self.add_leaf(leaf, &mut scores[at..]));
            }
        }
    }

    /// Adds a row of values.
    #[inline]
    pub fn add_leaf(&self, leaf: u32, scores: &mut [f64]) {
        let values = &self.values[leaf as usize * self.n_outputs..][..self.n_outputs];
        scores.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
}
