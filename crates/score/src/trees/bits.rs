//! Small trees as bits: a bit a leaf, from which every split takes those that a row cannot reach any
//! more; the first that is left is the row's. All splits are looked at, but for a whole group of rows at
//! once and without a branch.
//!
//! Lucchese et al. 2015, "QuickScorer: a Fast Algorithm to Rank Documents with Additive Ensembles of
//! Regression Trees", with rows side by side as in Lucchese et al. 2016, "Exploiting CPU SIMD Extensions
//! to Speed-up Document Scoring with Tree Ensembles".

use alloc::vec::Vec;

use super::LANES;
use super::lanes::reach;
use super::node::Node;

/// The most leaves of such a tree: the bits of a word.
const MOST: usize = 32;

/// A split.
#[derive(Debug, Clone, Copy)]
pub struct Split {
    /// Leaves below the left side.
    pub left: u32,
    pub feature: u16,
    /// A row goes right when its code, less `from`, is not below `limit`.
    pub from: u16,
    pub limit: u16,
}

/// A tree of few leaves.
#[derive(Debug, Clone)]
pub struct BitTree {
    splits: Vec<Split>,
    /// What every leaf adds; after the last bit what no leaf does: a tree from a stranger may have ways
    /// that end in none.
    values: [f64; MOST + 1],
}

impl BitTree {
    /// The tree of these nodes, where it is small and has no sets. Its leaves are rows of one value.
    pub fn new(nodes: &[Node], values: &[f64]) -> Option<Self> {
        let n_leaves = nodes.iter().filter(|node| node.step() == 0).count();
        if n_leaves > MOST || nodes.iter().any(|node| node.has_set()) {
            return None;
        }
        let mut tree = Self { splits: Vec::new(), values: [0.0; MOST + 1] };
        let mut before = 0;
        for (at, node) in nodes.iter().enumerate() {
            if node.step() == 0 {
                tree.values[before] = values.get(node.leaf_row() as usize).copied()?;
                before += 1;
            } else {
                let left = nodes.get(at + 1..at + node.step() as usize)?;
                let n = left.iter().filter(|node| node.step() == 0).count();
                // Not beyond the word: with those before they are at most all leaves.
                let left = ((1u64 << n) - 1) << before;
                let [from, limit] = node.goes_right();
                tree.splits.push(Split { left: left as u32, feature: node.feature, from, limit });
            }
        }
        Some(tree)
    }

    /// Its splits; the first leaf is the lowest bit.
    pub fn splits(&self) -> &[Split] {
        &self.splits
    }

    /// What a row gets that can reach these leaves.
    #[inline]
    pub fn value(&self, reached: u32) -> f64 {
        self.values[reached.trailing_zeros() as usize]
    }

    /// What each row of a group gets from the leaf it reaches.
    #[inline(never)]
    pub fn values(&self, codes: &[u16]) -> [f64; LANES] {
        let reached = reach(&self.splits, codes.as_chunks().0);
        reached.map(|leaves| self.value(leaves))
    }
}
