//! One fitted tree on its way to the forest.

use std::mem::take;

use hedgerow_model::{Combine, TreeEnsemble};

use super::ForestJob;
use super::grow::Tree;
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
    pub fn indices(&self) -> impl Iterator<Item = usize> + '_ {
        let has = |&row: &usize| self.rows[row / 8] >> (row % 8) & 1 == 1;
        (0..self.rows.len() * 8).filter(has)
    }

    fn is_sound(&self, rows: usize, leaves: usize) -> bool {
        let bits: u64 = self.rows.iter().map(|byte| u64::from(byte.count_ones())).sum();
        self.rows.len() == rows.div_ceil(8)
            && self.indices().last().is_none_or(|last| last < rows)
            && bits == self.leaves.len() as u64
            && self.leaves.iter().all(|&leaf| (leaf as usize) < leaves)
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
            combine: Combine::Mean,
        };
        let nodes_are_sound = alone.check().is_ok();
        let TreeEnsemble { feature, split, child, category_sets, values, .. } = alone;
        let importances = take(&mut tree.importances);
        *tree = Tree { feature, split, child, category_sets, values, importances };
        let leaves = self.tree.values.len() / job.n_outputs();
        let oob_is_sound = match &self.oob {
            None => !job.forest().bootstrap,
            Some(oob) => job.forest().bootstrap && oob.is_sound(job.binned().rows(), leaves),
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
