//! The fitted estimators: one form a family, shared by every consumer.

use std::borrow::Cow;

use crate::{Linear, Mlp, ModelError, TreeEnsemble};

/// A fitted estimator.
#[derive(Debug, Clone, PartialEq)]
pub enum Estimator {
    /// Decision trees, forests and boosting.
    Trees(TreeEnsemble),
    /// Linear models of numbers and classes.
    Linear(Linear),
    /// Neural networks.
    Mlp(Mlp),
}

impl Estimator {
    /// Outputs for `rows` rows, row by row: class shares, or one value.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        match self {
            Self::Trees(trees) => trees.predict(features, rows),
            Self::Linear(linear) => linear.predict(features, rows),
            Self::Mlp(network) => network.predict(features, rows),
        }
    }

    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.outputs(),
            Self::Linear(linear) => linear.link.n_outputs(linear.intercepts.len()).unwrap_or(0),
            Self::Mlp(network) => network.n_outputs(),
        }
    }

    /// Number of features it reads.
    pub fn n_features(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.bins.len(),
            Self::Linear(linear) => linear.n_features(),
            Self::Mlp(network) => network.n_features(),
        }
    }

    /// Whether it calculates with the features' values, so that an infinite one has no answer;
    /// trees only compare them.
    pub fn calculates(&self) -> bool {
        !matches!(self, Self::Trees(_))
    }

    /// Which of the features have any influence on the outputs.
    pub fn uses(&self) -> Vec<bool> {
        match self {
            Self::Trees(trees) => trees.uses(),
            Self::Linear(linear) => {
                let n = linear.n_features();
                let nonzero = |feature| {
                    linear.coefficients.iter().skip(feature).step_by(n).any(|&value| value != 0.0)
                };
                (0..n).map(nonzero).collect()
            }
            Self::Mlp(network) => network.uses(),
        }
    }

    /// Checks all that `predict` relies on: the file may be from a stranger.
    ///
    /// # Errors
    /// [`ModelError::Damaged`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), ModelError> {
        match self {
            Self::Trees(trees) => trees.check(),
            Self::Linear(linear) => linear.check(),
            Self::Mlp(network) => network.check(),
        }
    }
}
