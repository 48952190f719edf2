//! A whole ensemble of packed nodes, wherever its arrays lie.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{Bins, CALL, Combine, Node, Sets, Tree, predict};
use crate::Unsound;

/// Trees as packed nodes.
#[derive(Debug, Clone)]
pub struct Ensemble<'a> {
    /// One a feature.
    pub bins: Vec<Bins<&'a [f64]>>,
    /// First node of each tree, ascending, from 0.
    pub roots: &'a [u32],
    pub nodes: &'a [Node],
    /// Over all nodes.
    pub sets: Sets<'a>,
    /// Numbers a leaf holds.
    pub n_outputs: usize,
    /// Distinct leaf rows, `n_outputs` each.
    pub values: &'a [f64],
    pub combine: Combine,
}

impl Ensemble<'_> {
    /// Outputs for `rows` rows, row by row.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let sizes = (self.n_outputs, self.roots.len());
        predict(&self.bins, &self.combine, sizes, (features, rows), |codes, scores| {
            self.add_block(codes, scores);
        })
    }

    fn add_block(&self, codes: &[u16], scores: &mut [f64]) {
        let (stride, width) = (self.bins.len() + 1, self.combine.n_scores(self.n_outputs));
        for (index, tree) in self.trees().enumerate() {
            let at = self.combine.score_of(index);
            let parts = codes.chunks(CALL * stride).zip(scores.chunks_mut(CALL * width));
            parts.for_each(|(codes, scores)| self.add_tree(tree, codes, scores, (at, width)));
        }
    }

    /// Adds a tree's leaves to the scores of some rows, from score `at` on.
    #[inline(never)]
    fn add_tree(&self, tree: Tree, codes: &[u16], scores: &mut [f64], (at, width): (usize, usize)) {
        let mut scores = scores.chunks_exact_mut(width);
        tree.leaves(codes, self.bins.len() + 1, |leaf| {
            let values = &self.values[leaf as usize * self.n_outputs..][..self.n_outputs];
            let scores = scores.next().map_or(&mut [][..], |scores| &mut scores[at..]);
            scores.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        });
    }

    fn trees(&self) -> impl Iterator<Item = Tree<'_>> {
        let ends = self.roots.iter().skip(1).copied().chain([self.nodes.len() as u32]);
        self.roots.iter().zip(ends).map(|(&root, end)| {
            let nodes = root as usize..end as usize;
            let splits = self.sets.splits.get(nodes.clone()).unwrap_or(&[]);
            Tree { nodes: &self.nodes[nodes], sets: Sets { splits, ..self.sets } }
        })
    }

    /// Checks all that `predict` relies on, so that trees from a stranger can neither read out of
    /// bounds nor loop.
    ///
    /// # Errors
    /// [`Unsound`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), Unsound> {
        let unsound = |reason| Err(Unsound(reason));
        if self.n_outputs == 0 || !self.values.len().is_multiple_of(self.n_outputs) {
            return unsound("leaf values do not fill whole rows");
        }
        self.combine.check(self.n_outputs, self.values)?;
        if self.bins.len() >= usize::from(u16::MAX) || !self.bins.iter().all(Bins::are_sound) {
            return unsound("bins are not ascending, finite and few enough");
        }
        if !self.sets.splits.is_empty() && self.sets.splits.len() != self.nodes.len() {
            return unsound("node arrays differ in length");
        }
        let ends = self.roots.iter().skip(1).map(|&end| end as usize).chain([self.nodes.len()]);
        let mut start = 0;
        for (&root, end) in self.roots.iter().zip(ends) {
            if root as usize != start || end <= start || end > self.nodes.len() {
                return unsound("tree roots are out of order");
            }
            if !(start..end).all(|node| self.node_is_sound(node, end)) {
                return unsound("a tree node points out of its tree");
            }
            start = end;
        }
        if self.roots.is_empty() || start != self.nodes.len() {
            return unsound("there are no trees, or nodes outside of them");
        }
        Ok(())
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
            Some(Bins::Numeric { .. }) => inside && !node.has_set(),
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
