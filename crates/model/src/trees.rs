//! The fitted form of every tree learner: a decision tree is an ensemble of one.

mod anomaly;
mod batch;
mod check;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::Link;
pub use anomaly::average_path;

/// In [`TreeEnsemble::feature`], marks a leaf.
pub const LEAF: u16 = u16::MAX;

/// In [`TreeEnsemble::split`] of a numeric feature: missing values go left.
pub const MISSING_LEFT: u32 = 1 << 31;

/// Rows whose codes are held at a time while predicting, and how many codes at most, or one row's.
/// Each block has every tree's nodes put into another form, so more rows are quicker.
const BLOCK: usize = 16_384;
const BLOCK_CODES: usize = 1 << 20;

/// Rows that one call of a hot loop handles: V8 swaps in optimised code only at the next call.
const CALL: usize = 1_024;

/// From how many rows on it is worth to put a tree's nodes in a form that many rows go through
/// quickly: one for so many nodes.
const NODES_A_ROW: usize = 32;

/// How a feature's value becomes the code that trees compare. Code 0 is missing.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// `1 + ` the number of `edges` below the value: code `k` holds `edges[k-2] < x <= edges[k-1]`.
    /// Strictly ascending, finite, at most 65,533.
    Numeric { edges: Vec<f64> },
    /// `1 + ` the category's code; `n` categories, at most 65,534. Any other value is missing.
    Categorical { n: u32 },
}

impl Bins {
    /// The code of a value.
    #[inline]
    pub fn code(&self, value: f64) -> u16 {
        match self {
            _ if value.is_nan() => 0,
            Self::Numeric { edges } => 1 + edges.partition_point(|&edge| edge < value) as u16,
            Self::Categorical { n } if value >= 0.0 && value < f64::from(*n) => 1 + value as u16,
            Self::Categorical { .. } => 0,
        }
    }

    /// Number of codes, the missing one included.
    pub fn n_codes(&self) -> usize {
        match self {
            Self::Numeric { edges } => edges.len() + 2,
            Self::Categorical { n } => *n as usize + 1,
        }
    }

    /// Words of a set over the codes of a categorical feature.
    pub fn set_words(&self) -> usize {
        self.n_codes().div_ceil(32)
    }
}

/// How the leaves that a row falls into, one a tree, become the outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Combine {
    /// The mean over trees: forests and single trees.
    Mean,
    /// Boosting: a leaf holds one number, and tree `t` adds its to score `t % base.len()`, which
    /// starts at `base`. The link makes outputs of the scores.
    Sum { base: Vec<f64>, link: Link },
    /// An isolation forest: a leaf holds the length of the path to it, at least 0. What comes out
    /// are two numbers that sum to 1, the second the anomaly score `2^(-mean / normalizer)`.
    Anomaly {
        /// The mean length of a path in a tree of as many rows as each was grown on; above 0.
        normalizer: f64,
    },
}

/// Trees as flat arrays over all their nodes.
///
/// A tree's nodes stand in preorder, so a split node `i` has its left child at `i + 1` and its
/// right child at `child[i]`, and every path goes forward. A leaf (`feature[i] == LEAF`) has in
/// `child[i]` its row of `values`.
///
/// A split on a numeric feature has in `split[i]` a code `t`: a row goes left when its code is in
/// `1..=t`, or is 0 (missing) and [`MISSING_LEFT`] is set. A split on a categorical feature has in
/// `split[i]` the index of its first word in `category_sets`: a row goes left when the bit of its
/// code is set; bit 0 is for missing.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeEnsemble {
    /// One a feature.
    pub bins: Vec<Bins>,
    /// First node of each tree, ascending, from 0.
    pub roots: Vec<u32>,
    /// One a node.
    pub feature: Vec<u16>,
    /// One a node; 0 in leaves.
    pub split: Vec<u32>,
    /// One a node.
    pub child: Vec<u32>,
    /// Bits of all categorical splits.
    pub category_sets: Vec<u32>,
    /// Numbers a leaf holds: one a class (shares that sum to 1), or 1.
    pub n_outputs: usize,
    /// Distinct leaf rows, `n_outputs` each.
    pub values: Vec<f64>,
    /// Training rows in each node; empty where that is not kept.
    pub rows: Vec<u32>,
    pub combine: Combine,
}

/// Puts the codes of `values` into column `index` of rows of `width` codes.
#[inline(never)]
fn encode(bins: &Bins, values: &[f64], codes: &mut [u16], index: usize, width: usize) {
    let column = codes.iter_mut().skip(index).step_by(width);
    column.zip(values).for_each(|(code, &value)| *code = bins.code(value));
}

impl TreeEnsemble {
    /// Outputs for `rows` rows, row by row; `features` as [`crate::Preparation::apply`] makes them.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let width = self.bins.len();
        let n_scores = self.n_scores();
        let mut scores = match &self.combine {
            Combine::Mean | Combine::Anomaly { .. } => vec![0.0; rows * n_scores],
            Combine::Sum { base, .. } => {
                base.iter().copied().cycle().take(rows * n_scores).collect()
            }
        };
        let block = (BLOCK_CODES / width.max(1)).clamp(1, BLOCK).min(rows.max(1));
        let mut codes = vec![0u16; block * width];
        for start in (0..rows).step_by(block) {
            let block = start..rows.min(start + block);
            self.encode_block(features, block.clone(), &mut codes);
            self.add_block(&codes, &mut scores[block.start * n_scores..block.end * n_scores]);
        }
        let trees = self.roots.len().max(1) as f64;
        match &self.combine {
            Combine::Mean => {
                scores.iter_mut().for_each(|sum| *sum /= trees);
                scores
            }
            Combine::Sum { link, .. } => link.apply(scores, n_scores),
            Combine::Anomaly { normalizer } => anomaly::shares(&scores, trees * normalizer),
        }
    }

    /// Sums a row is scored by.
    fn n_scores(&self) -> usize {
        match &self.combine {
            Combine::Mean | Combine::Anomaly { .. } => self.n_outputs,
            Combine::Sum { base, .. } => base.len(),
        }
    }

    /// Numbers an output row has.
    pub fn outputs(&self) -> usize {
        match &self.combine {
            Combine::Mean => self.n_outputs,
            Combine::Sum { base, link } => link.n_outputs(base.len()).unwrap_or(0),
            Combine::Anomaly { .. } => 2,
        }
    }

    /// Which of the features some node asks for.
    pub fn uses(&self) -> Vec<bool> {
        let mut uses = vec![false; self.bins.len()];
        for &feature in self.feature.iter().filter(|&&feature| feature != LEAF) {
            uses[usize::from(feature)] = true;
        }
        uses
    }

    fn encode_block(
        &self,
        features: &[Cow<[f64]>],
        block: std::ops::Range<usize>,
        codes: &mut [u16],
    ) {
        let width = self.bins.len();
        for (index, bins) in self.bins.iter().enumerate() {
            let values = features.get(index).and_then(|values| values.get(block.clone()));
            match values {
                Some(values) => {
                    let parts = codes.chunks_mut(CALL * width).zip(values.chunks(CALL));
                    parts.for_each(|(codes, values)| encode(bins, values, codes, index, width));
                }
                None => codes.iter_mut().skip(index).step_by(width).for_each(|code| *code = 0),
            }
        }
    }

    /// Adds every tree's leaves to the scores of a block of rows.
    fn add_block(&self, codes: &[u16], scores: &mut [f64]) {
        let (width, n_scores) = (self.bins.len(), self.n_scores());
        let rows = scores.len() / n_scores;
        let codes = &codes[..rows * width];
        let fits = batch::Tree::fits(self);
        let ends = self.roots.iter().skip(1).copied().chain([self.feature.len() as u32]);
        for (tree, (&root, end)) in self.roots.iter().zip(ends).enumerate() {
            let at = match &self.combine {
                Combine::Mean | Combine::Anomaly { .. } => 0,
                Combine::Sum { base, .. } => tree % base.len(),
            };
            if fits && rows * NODES_A_ROW > (end - root) as usize {
                let tree = batch::Tree::new(self, root as usize, end as usize);
                let parts = codes.chunks(CALL * width).zip(scores.chunks_mut(CALL * n_scores));
                parts.for_each(|(codes, scores)| self.add_tree(&tree, codes, scores, at));
            } else {
                let row_codes = |row: usize| &codes[row * width..(row + 1) * width];
                for (row, scores) in scores.chunks_exact_mut(n_scores).enumerate() {
                    self.add_leaf(self.leaf(root, row_codes(row)), &mut scores[at..]);
                }
            }
        }
    }

    /// Adds a tree's leaves to the scores of some rows, from score `at` on.
    #[inline(never)]
    fn add_tree(&self, tree: &batch::Tree, codes: &[u16], scores: &mut [f64], at: usize) {
        let mut scores = scores.chunks_exact_mut(self.n_scores());
        tree.leaves(codes, |leaf| {
            self.add_leaf(leaf, scores.next().map_or(&mut [], |scores| &mut scores[at..]));
        });
    }

    #[inline]
    fn add_leaf(&self, leaf: u32, sums: &mut [f64]) {
        sums.iter_mut().zip(self.leaf_values(leaf)).for_each(|(sum, value)| *sum += value);
    }

    /// The leaf row that a row of codes reaches in the tree that starts at `root`.
    #[inline]
    pub fn leaf(&self, root: u32, codes: &[u16]) -> u32 {
        let mut node = root as usize;
        loop {
            let feature = self.feature[node];
            if feature == LEAF {
                return self.child[node];
            }
            let code = codes[feature as usize];
            node = if self.goes_left(feature, self.split[node], code) {
                node + 1
            } else {
                self.child[node] as usize
            };
        }
    }

    #[inline]
    pub(crate) fn goes_left(&self, feature: u16, split: u32, code: u16) -> bool {
        match &self.bins[feature as usize] {
            Bins::Numeric { .. } if code == 0 => split & MISSING_LEFT != 0,
            Bins::Numeric { .. } => u32::from(code) <= split & !MISSING_LEFT,
            Bins::Categorical { .. } => {
                let word = self.category_sets[split as usize + usize::from(code / 32)];
                word >> (code % 32) & 1 == 1
            }
        }
    }

    /// A row of `values`.
    #[inline]
    pub fn leaf_values(&self, leaf: u32) -> &[f64] {
        &self.values[leaf as usize * self.n_outputs..][..self.n_outputs]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One tree: `x <= 1.5` (missing left) ? 10 : category in {1} ? 20 : 30.
    pub(crate) fn example() -> TreeEnsemble {
        TreeEnsemble {
            bins: vec![Bins::Numeric { edges: vec![0.5, 1.5] }, Bins::Categorical { n: 3 }],
            roots: vec![0],
            feature: vec![0, LEAF, 1, LEAF, LEAF],
            split: vec![2 | MISSING_LEFT, 0, 0, 0, 0],
            child: vec![2, 0, 4, 1, 2],
            category_sets: vec![0b100],
            n_outputs: 1,
            values: vec![10.0, 20.0, 30.0],
            rows: vec![],
            combine: Combine::Mean,
        }
    }

    #[test]
    fn rows_follow_thresholds_sets_and_missing_directions() {
        let x = [f64::NAN, 1.5, 1.6, 1.6, 1.6];
        let category = [0.0, 0.0, 1.0, 2.0, f64::NAN];
        let outputs = example().predict(&[(&x[..]).into(), (&category[..]).into()], 5);
        assert_eq!(outputs, [10.0, 10.0, 20.0, 30.0, 30.0]);
        assert_eq!(example().check(), Ok(()));
    }

    #[test]
    fn more_rows_than_a_block_are_all_predicted() {
        let x: Vec<f64> = (0..BLOCK * 2 + 3).map(|row| row as f64).collect();
        let category = vec![1.0; x.len()];
        let features = [Cow::Borrowed(&x[..]), Cow::Borrowed(&category[..])];
        let outputs = example().predict(&features, x.len());
        assert_eq!(outputs.iter().filter(|&&value| value == 10.0).count(), 2);
        assert_eq!(outputs.iter().filter(|&&value| value == 20.0).count(), x.len() - 2);
    }

    #[test]
    fn boosted_trees_add_to_their_scores_by_turns() {
        let one = example();
        let trees = TreeEnsemble {
            roots: vec![0, 5, 10, 15],
            feature: [&one.feature[..]; 4].concat(),
            split: [&one.split[..]; 4].concat(),
            child: (0..4)
                .flat_map(|tree| {
                    one.child.iter().zip(&one.feature).map(move |(&child, &feature)| {
                        if feature == LEAF { child } else { child + tree * 5 }
                    })
                })
                .collect(),
            combine: Combine::Sum { base: vec![0.0, 1.0], link: Link::Softmax },
            ..one
        };
        assert_eq!(trees.check(), Ok(()));
        assert_eq!(trees.outputs(), 2);
        let shares = trees.predict(&[(&[0.0][..]).into(), (&[1.0][..]).into()], 1);
        assert!((shares[1] / shares[0] - std::f64::consts::E).abs() < 1e-12);
        assert!(
            TreeEnsemble {
                combine: Combine::Sum { base: vec![0.0], link: Link::Softmax },
                ..trees
            }
            .check()
            .is_err()
        );
    }
}
