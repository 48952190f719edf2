//! The fitted estimators: one form a family, shared by every consumer.

use std::borrow::Cow;

use crate::TreeEnsemble;

/// A fitted estimator.
#[derive(Debug, Clone, PartialEq)]
pub enum Estimator {
    /// Decision trees, forests and boosting.
    Trees(TreeEnsemble),
}

impl Estimator {
    /// Outputs for `rows` rows, row by row: class shares, or one value.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        match self {
            Self::Trees(trees) => trees.predict(features, rows),
        }
    }

    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.n_outputs,
        }
    }

    /// Number of features it reads.
    pub fn n_features(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.bins.len(),
        }
    }
}
