//! The fitted form of every tree learner: a decision tree is an ensemble of one.

mod batch;
mod check;

use std::borrow::Cow;

use hedgerow_score::trees::{CALL, LANES, predict, ranges};

use crate::{Bins, Combine};

/// In [`TreeEnsemble::feature`], marks a leaf.
pub const LEAF: u16 = u16::MAX;

/// In [`TreeEnsemble::split`] of a numeric feature: missing values go left.
pub const MISSING_LEFT: u32 = 1 << 31;

/// From how many rows on it is worth to put a tree's nodes in a form that many rows go through
/// quickly: one for so many nodes.
const NODES_A_ROW: usize = 32;

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

impl TreeEnsemble {
    /// Outputs for `rows` rows, row by row; `features` as [`crate::Preparation::apply`] makes them.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let sizes = (self.n_outputs, self.roots.len());
        predict(&self.bins, &self.combine, sizes, (features, rows), |codes, scores| {
            self.add_block(codes, scores);
        })
    }

    /// Numbers an output row has.
    pub fn outputs(&self) -> usize {
        self.combine.outputs(self.n_outputs)
    }

    /// Which of the features some node asks for.
    pub fn uses(&self) -> Vec<bool> {
        let mut uses = vec![false; self.bins.len()];
        for &feature in self.feature.iter().filter(|&&feature| feature != LEAF) {
            uses[usize::from(feature)] = true;
        }
        uses
    }

    /// Adds every tree's leaves to the scores of a block of rows.
    fn add_block(&self, codes: &[u16], scores: &mut [f64]) {
        let width = (self.bins.len() + 1) * LANES;
        let n_scores = self.combine.n_scores(self.n_outputs);
        let rows = scores.len() / n_scores;
        let fits = batch::Packed::fits(self);
        for (tree, nodes) in ranges(&self.roots, self.feature.len()).enumerate() {
            let at = tree % self.combine.turns();
            if fits && rows * NODES_A_ROW > nodes.len() {
                let packed = batch::Packed::new(self, nodes.start, nodes.end);
                let tree = packed.tree();
                let scores = scores.chunks_mut(CALL * n_scores);
                let parts = codes.chunks(CALL / LANES * width).zip(scores);
                parts.for_each(|(codes, scores)| tree.add(codes, width, scores, n_scores, at));
            } else {
                for (row, scores) in scores.chunks_exact_mut(n_scores).enumerate() {
                    let group = &codes[row / LANES * width..];
                    let code = |feature: u16| group[usize::from(feature) * LANES + row % LANES];
                    self.add_leaf(self.leaf(nodes.start as u32, code), &mut scores[at..]);
                }
            }
        }
    }

    #[inline]
    fn add_leaf(&self, leaf: u32, sums: &mut [f64]) {
        sums.iter_mut().zip(self.leaf_values(leaf)).for_each(|(sum, value)| *sum += value);
    }

    /// The leaf row that a row reaches, whose features have these codes, in the tree that starts at
    /// `root`.
    #[inline]
    pub fn leaf(&self, root: u32, code: impl Fn(u16) -> u16) -> u32 {
        let mut node = root as usize;
        loop {
            let feature = self.feature[node];
            if feature == LEAF {
                return self.child[node];
            }
            node = if self.goes_left(feature, self.split[node], code(feature)) {
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
    use crate::Link;

    use super::*;

    /// Rows that are predicted at a time.
    const BLOCK: usize = 16_384;

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

    #[test]
    fn a_shorter_path_is_a_higher_score() {
        let trees = TreeEnsemble { combine: Combine::Anomaly { normalizer: 20.0 }, ..example() };
        assert_eq!(trees.check(), Ok(()));
        assert_eq!(trees.outputs(), 2);
        let (x, category) = ([1.0, 2.0], [0.0, 1.0]);
        let shares = trees.predict(&[(&x[..]).into(), (&category[..]).into()], 2);
        assert!((shares[1] - 0.5f64.sqrt()).abs() < 1e-15 && shares[0] + shares[1] == 1.0);
        assert_eq!(shares[2..], [0.5, 0.5]);
    }

    #[test]
    fn lengths_and_normalizers_that_are_none_are_refused() {
        for normalizer in [0.0, -1.0, f64::NAN, 1e300] {
            let trees = TreeEnsemble { combine: Combine::Anomaly { normalizer }, ..example() };
            assert!(trees.check().is_err(), "{normalizer}");
        }
        for length in [-1.0, f64::NAN, 1e300] {
            let values = vec![length, 1.0, 2.0];
            let combine = Combine::Anomaly { normalizer: 1.0 };
            assert!(TreeEnsemble { values, combine, ..example() }.check().is_err(), "{length}");
        }
        let (n_outputs, values) = (3, vec![1.0; 9]);
        let combine = Combine::Anomaly { normalizer: 1.0 };
        assert!(TreeEnsemble { n_outputs, values, combine, ..example() }.check().is_err());
    }
}
