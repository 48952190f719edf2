//! A whole ensemble of packed nodes, wherever its arrays lie.

use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;

use super::bits::BitTree;
use super::check::{check, ranges};
use super::prefixes::Prefixes;
use super::{Bins, CALL, Combine, LANES, Node, Sets, Tree, Trees, predict};
use crate::Unsound;

/// What an ensemble is made of.
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    /// One a feature.
    pub bins: Vec<Bins<&'a [f64]>>,
    /// First node of each tree, ascending, from 0.
    pub roots: &'a [u32],
    pub nodes: &'a [Node],
    pub sets: Sets<'a>,
    /// Numbers a leaf holds.
    pub n_outputs: usize,
    /// Distinct leaf rows, `n_outputs` each.
    pub values: &'a [f64],
    pub combine: Combine,
}

/// Trees as packed nodes, and small trees as bits beside.
#[derive(Debug, Clone)]
pub struct Ensemble<'a> {
    parts: Parts<'a>,
    /// One a tree, where all are small.
    bits: Vec<BitTree>,
    prefixes: Prefixes,
}

/// From how many rows of a group on all are scored together.
const TOGETHER: usize = 5;

impl<'a> Ensemble<'a> {
    /// Checks all that prediction relies on, so that trees from a stranger can neither read out of bounds
    /// nor loop.
    ///
    /// # Errors
    /// [`Unsound`] with the first thing that is wrong.
    pub fn new(parts: Parts<'a>) -> Result<Self, Unsound> {
        parts.check()?;
        let mut bits = Vec::new();
        for nodes in ranges(parts.roots, parts.nodes.len()) {
            match BitTree::new(&parts.nodes[nodes], parts.values) {
                Some(tree) if parts.n_outputs == 1 => bits.push(tree),
                _ => {
                    bits.clear();
                    break;
                }
            }
        }
        let prefixes = Prefixes::new(&bits, parts.bins.len());
        Ok(Self { parts, bits, prefixes })
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.parts.bins.len()
    }

    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        self.parts.combine.outputs(self.parts.n_outputs)
    }

    /// Outputs for `rows` rows, row by row.
    #[inline(never)]
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let Parts { bins, combine, n_outputs, roots, .. } = &self.parts;
        let sizes = (*n_outputs, roots.len());
        predict(bins, combine, sizes, (features, rows), |codes, scores| {
            let (width, n_scores) = (self.width(), self.n_scores());
            let parts = codes.chunks(CALL / LANES * width).zip(scores.chunks_mut(CALL * n_scores));
            parts.for_each(|(codes, scores)| self.add(codes, scores));
        })
    }

    /// Codes of a group.
    fn width(&self) -> usize {
        (self.n_features() + 1) * LANES
    }

    fn n_scores(&self) -> usize {
        self.parts.combine.n_scores(self.parts.n_outputs)
    }

    /// Adds all trees' leaves to the scores of some groups.
    fn add(&self, codes: &[u16], scores: &mut [f64]) {
        let (width, n_scores) = (self.width(), self.n_scores());
        let whole = scores.len() / n_scores;
        let together = if whole % LANES < TOGETHER { whole / LANES * LANES } else { whole };
        let (codes, rest) = codes.split_at(together.div_ceil(LANES) * width);
        let (scores, alone) = scores.split_at_mut(together * n_scores);
        if together > 0 {
            for index in 0..self.parts.roots.len() {
                let at = index % self.parts.combine.turns();
                self.tree(index).add(codes, width, scores, n_scores, at);
            }
        }
        let mut reached = vec![0; self.bits.len()];
        for (lane, scores) in alone.chunks_exact_mut(n_scores).enumerate() {
            self.add_row(rest, lane, &mut reached, scores);
        }
    }

    fn tree(&self, index: usize) -> Tree<'_> {
        let Parts { nodes, sets, values, n_outputs, roots, .. } = &self.parts;
        let trees = Trees { nodes, sets: *sets };
        let bits = self.bits.get(index);
        Tree { trees, root: roots[index], bits, values, n_outputs: *n_outputs }
    }

    /// Adds all trees' leaves to the scores of a row, the one at `lane` of its group.
    fn add_row(&self, codes: &[u16], lane: usize, reached: &mut [u32], scores: &mut [f64]) {
        let turns = self.parts.combine.turns();
        if self.bits.is_empty() {
            for index in 0..self.parts.roots.len() {
                let tree = self.tree(index);
                let leaf = tree.trees.of_row(codes, lane, tree.root);
                tree.add_leaf(leaf, &mut scores[index % turns..]);
            }
            return;
        }
        self.prefixes.reach(codes, lane, reached);
        let values = self.bits.iter().zip(reached).map(|(tree, leaves)| tree.value(*leaves));
        if let [score] = scores {
            *score = values.fold(*score, |sum, value| sum + value);
        } else {
            let turns = (0..turns).cycle();
            turns.zip(values).for_each(|(at, value)| scores[at] += value);
        }
    }
}

impl Parts<'_> {
    fn check(&self) -> Result<(), Unsound> {
        if !self.sets.splits.is_empty() && self.sets.splits.len() != self.nodes.len() {
            return Err(Unsound::because("node arrays differ in length"));
        }
        let (leaves, trees) = ((self.n_outputs, self.values), (self.roots, self.nodes.len()));
        check(&self.bins, &self.combine, leaves, trees, |mut nodes| {
            let end = nodes.end;
            nodes.all(|node| self.node_is_sound(node, end))
        })
    }

    fn node_is_sound(&self, at: usize, end: usize) -> bool {
        let node = self.nodes[at];
        let step = node.step() as usize;
        if step == 0 {
            return node.is_leaf()
                && usize::from(node.feature) == self.bins.len()
                && (node.leaf_row() as usize) < self.values.len() / self.n_outputs;
        }
        let inside = step > 1 && step < end - at;
        match self.bins.get(usize::from(node.feature)) {
            // No limit beyond all codes, so that a list for each limit takes no more than the edges.
            Some(bins @ Bins::Numeric { .. }) => {
                inside && !node.has_set() && node.is_within(bins.n_codes())
            }
            Some(bins @ Bins::Categorical { .. }) => {
                let begin = self.sets.splits.get(at).map(|&begin| begin as usize);
                // Where addresses have 32 bits, the sum may not fit.
                let end = begin.and_then(|begin| begin.checked_add(bins.set_words()));
                inside && node.has_set() && end.is_some_and(|end| end <= self.sets.words.len())
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_beyond_all_codes_are_refused() {
        let made = |threshold| {
            let nodes = [Node::numeric(0, threshold, true, 2), Node::leaf(1, 0), Node::leaf(1, 1)];
            let parts = Parts {
                bins: vec![Bins::Numeric { edges: &[0.5] }],
                roots: &[0],
                nodes: &nodes,
                sets: Sets::default(),
                n_outputs: 1,
                values: &[1.0, 2.0],
                combine: Combine::Mean,
            };
            Ensemble::new(parts).map(|trees| trees.predict(&[(&[0.0, 1.0][..]).into()], 2))
        };
        assert_eq!(made(1), Ok(vec![1.0, 2.0]));
        assert_eq!(made(2), Ok(vec![1.0, 1.0]));
        assert!(made(3).is_err(), "whose lists would be as long as it says");
    }
}
