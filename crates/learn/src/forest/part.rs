//! One fitted tree on its way to the forest.

use std::mem::take;

use hedgerow_model::{Combine, TreeEnsemble};

use super::ForestJob;
use super::grown::Tree;
use crate::LearnError;

/// A fitted tree, and the leaf that each row reaches which the tree did not see.
#[derive(Debug, Clone, PartialEq)]
pub struct TreePart {
    pub(super) tree: Tree,
    pub(super) oob: Option<OutOfBag>,
}

/// The rows a tree did not see.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OutOfBag {
    /// One bit a row.
    pub rows: Vec<u8>,
    /// Leaf rows, one for each bit set, in order.
    pub leaves: Vec<u32>,
}

impl OutOfBag {
    /// From rows and their leaves in any order.
    pub fn new(rows: usize, reached: &[(u32, u32)]) -> Self {
        let mut bits = vec![0u8; rows.div_ceil(8)];
        let mut leaf_of = vec![0u32; rows];
        for &(row, leaf) in reached {
            bits[row as usize / 8] |= 1 << (row % 8);
            leaf_of[row as usize] = leaf;
        }
        let mut oob = Self { rows: bits, leaves: Vec::new() };
        oob.leaves = oob.indices().map(|row| leaf_of[row]).collect();
        oob
    }

    /// The rows, ascending.
    pub fn indices(&self) -> Indices<'_> {
        Indices { bytes: &self.rows, next: 0, word: 0, base: 0 }
    }

    fn is_sound(&self, rows: usize, leaves: usize) -> bool {
        let bits: u64 = self.rows.iter().map(|byte| u64::from(byte.count_ones())).sum();
        let beyond = self.rows.last().map_or(0, |&last| match rows % 8 {
            0 => 0,
            used => last >> used,
        });
        self.rows.len() == rows.div_ceil(8)
            && beyond == 0
            && bits == self.leaves.len() as u64
            && self.leaves.iter().all(|&leaf| (leaf as usize) < leaves)
    }
}

/// The places of the bits that are set, ascending.
pub(super) struct Indices<'a> {
    bytes: &'a [u8],
    /// The first byte not taken into `word` yet.
    next: usize,
    word: u64,
    /// The place of the word's first bit.
    base: usize,
}

impl Iterator for Indices<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            let bytes = self.bytes.get(self.next..).filter(|bytes| !bytes.is_empty())?;
            let mut word = [0; 8];
            let taken = bytes.len().min(8);
            word[..taken].copy_from_slice(&bytes[..taken]);
            self.base = self.next * 8;
            self.word = u64::from_le_bytes(word);
            self.next += taken;
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(self.base + bit)
    }
}

impl TreePart {
    pub(super) fn new(tree: Tree, oob: Option<OutOfBag>) -> Self {
        Self { tree, oob }
    }

    /// Checks that it is a tree of this job, so that adding it cannot go wrong.
    pub(super) fn check(&mut self, job: &ForestJob) -> Result<(), LearnError> {
        let tree = &mut self.tree;
        let alone = TreeEnsemble {
            bins: job.binned().bins().to_vec(),
            roots: vec![0],
            feature: take(&mut tree.feature),
            split: take(&mut tree.split),
            child: take(&mut tree.child),
            category_sets: take(&mut tree.category_sets),
            n_outputs: job.n_outputs(),
            values: take(&mut tree.values),
            rows: Vec::new(),
            combine: Combine::Mean,
        };
        let nodes_are_sound = alone.check().is_ok();
        let TreeEnsemble { feature, split, child, category_sets, values, .. } = alone;
        let importances = take(&mut tree.importances);
        *tree = Tree { feature, split, child, category_sets, values, importances };
        let leaves = self.tree.values.len() / job.n_outputs();
        let oob_is_sound = match &self.oob {
            None => !job.growth().out_of_bag,
            Some(oob) => job.growth().out_of_bag && oob.is_sound(job.binned().rows(), leaves),
        };
        let importances = &self.tree.importances;
        let sound = nodes_are_sound
            && oob_is_sound
            && importances.len() == job.binned().bins().len()
            && importances.iter().all(|value| value.is_finite());
        if sound {
            return Ok(());
        }
        Err(LearnError::BadJob { reason: "a fitted tree does not belong to it".to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_not_seen_come_back_in_order_with_their_leaves(
            leaves in prop::collection::vec(prop::option::of(0..9u32), 0..300),
        ) {
            let reached: Vec<(u32, u32)> =
                (0..leaves.len() as u32).filter_map(|row| Some((row, leaves[row as usize]?))).rev().collect();
            let oob = OutOfBag::new(leaves.len(), &reached);
            prop_assert!(oob.is_sound(leaves.len(), 9));
            let back: Vec<(u32, u32)> =
                oob.indices().map(|row| row as u32).zip(oob.leaves.iter().copied()).collect();
            prop_assert_eq!(back, reached.into_iter().rev().collect::<Vec<_>>());
        }
    }

    #[test]
    fn bits_beyond_the_rows_are_not_sound() {
        let oob = OutOfBag { rows: vec![0b10_0001], leaves: vec![0, 0] };
        assert!(oob.is_sound(6, 1));
        assert!(!oob.is_sound(5, 1) && !oob.is_sound(9, 1));
    }
}
