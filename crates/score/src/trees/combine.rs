//! From the leaves that a row falls into to its outputs.

use alloc::vec;
use alloc::vec::Vec;

use super::anomaly;
use crate::{Link, Unsound, repeated};

/// How the leaves that a row falls into, one a tree, become the outputs.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "lowercase"))]
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

impl Combine {
    /// Sums a row is scored by, where leaves hold `n_outputs` numbers.
    pub fn n_scores(&self, n_outputs: usize) -> usize {
        match self {
            Self::Mean | Self::Anomaly { .. } => n_outputs,
            Self::Sum { base, .. } => base.len(),
        }
    }

    /// Numbers an output row has.
    pub fn outputs(&self, n_outputs: usize) -> usize {
        match self {
            Self::Mean => n_outputs,
            Self::Sum { base, link } => link.n_outputs(base.len()).unwrap_or(0),
            Self::Anomaly { .. } => 2,
        }
    }

    /// How many scores trees add to by turns: tree `t` to those from `t % turns` on.
    pub fn turns(&self) -> usize {
        match self {
            Self::Mean | Self::Anomaly { .. } => 1,
            Self::Sum { base, .. } => base.len(),
        }
    }

    /// Every row's scores before the first tree.
    pub(super) fn begin(&self, n_outputs: usize, rows: usize) -> Vec<f64> {
        match self {
            Self::Mean | Self::Anomaly { .. } => vec![0.0; rows * n_outputs],
            Self::Sum { base, .. } => repeated(base, rows),
        }
    }

    /// Every row's outputs, from its scores after the last tree.
    pub(super) fn finish(&self, mut scores: Vec<f64>, n_outputs: usize, trees: usize) -> Vec<f64> {
        let trees = trees.max(1) as f64;
        match self {
            Self::Mean => {
                scores.iter_mut().for_each(|sum| *sum /= trees);
                scores
            }
            Self::Sum { link, .. } => link.apply(scores, self.n_scores(n_outputs)),
            Self::Anomaly { normalizer } => anomaly::shares(&scores, trees * normalizer),
        }
    }

    /// Checks that leaves of `n_outputs` numbers each can be combined so.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn check(&self, n_outputs: usize, values: &[f64]) -> Result<(), Unsound> {
        match self {
            Self::Mean => Ok(()),
            Self::Sum { base, link } => {
                let fits = n_outputs == 1 && link.n_outputs(base.len()).is_some();
                (fits && base.iter().all(|value| value.is_finite()))
                    .then_some(())
                    .ok_or(Unsound::because("base scores, link and leaves do not fit together"))
            }
            Self::Anomaly { normalizer } => (n_outputs == 1
                && anomaly::is_sound(*normalizer, values))
            .then_some(())
            .ok_or(Unsound::because("path lengths and their normalizer do not fit together")),
        }
    }
}
