//! Whether trees from a stranger are sound.

use hedgerow_score::trees::check;

use super::{Bins, LEAF, TreeEnsemble};
use crate::ModelError;

impl TreeEnsemble {
    /// Checks all that `predict` relies on, so that a file from a stranger can neither read out of
    /// bounds nor loop.
    ///
    /// # Errors
    /// [`ModelError::Damaged`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), ModelError> {
        let damaged = |reason: &str| Err(ModelError::Damaged { reason: reason.to_owned() });
        let nodes = self.feature.len();
        let counted = self.rows.is_empty() || self.rows.len() == nodes;
        if self.split.len() != nodes || self.child.len() != nodes || !counted {
            return damaged("node arrays differ in length");
        }
        let (leaves, trees) = ((self.n_outputs, &self.values[..]), (&self.roots[..], nodes));
        Ok(check(&self.bins, &self.combine, leaves, trees, |nodes| {
            self.are_sound(nodes.start, nodes.end)
        })?)
    }

    /// Whether all nodes of a tree are. A call a tree, so that engines come to use their better code: as
    /// part of a check that runs once, a large forest's nodes took four times as long.
    #[inline(never)]
    fn are_sound(&self, start: usize, end: usize) -> bool {
        let places = self.split[start..end].iter().zip(&self.child[start..end]);
        let mut nodes = (start..).zip(self.feature[start..end].iter().zip(places));
        nodes.all(|(node, (&feature, (&split, &child)))| {
            self.node_is_sound(node, feature, split as usize, child as usize, end)
        })
    }

    #[inline]
    fn node_is_sound(
        &self,
        node: usize,
        feature: u16,
        split: usize,
        child: usize,
        end: usize,
    ) -> bool {
        match self.bins.get(usize::from(feature)) {
            None => feature == LEAF && child < self.values.len() / self.n_outputs,
            Some(bins) => {
                // Where addresses have 32 bits, the sum may not fit.
                let set_end = split.checked_add(bins.set_words());
                let set_fits = || set_end.is_some_and(|end| end <= self.category_sets.len());
                node + 1 < child
                    && child < end
                    && (matches!(bins, Bins::Numeric { .. }) || set_fits())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::example;
    use super::*;

    #[test]
    fn check_refuses_loops_and_wild_pointers() {
        let broken = [
            TreeEnsemble { child: vec![0, 0, 4, 1, 2], ..example() },
            TreeEnsemble { child: vec![2, 9, 4, 1, 2], ..example() },
            TreeEnsemble { feature: vec![7, LEAF, 1, LEAF, LEAF], ..example() },
            TreeEnsemble { split: vec![0, 0, 5, 0, 0], ..example() },
            TreeEnsemble { roots: vec![], ..example() },
            TreeEnsemble { roots: vec![1], ..example() },
            TreeEnsemble { values: vec![], ..example() },
        ];
        for (index, trees) in broken.iter().enumerate() {
            assert!(trees.check().is_err(), "case {index}");
        }
    }
}
