//! The fitted estimators: one form a family, shared by every consumer.

use std::borrow::Cow;

use crate::{Linear, Mlp, ModelError, NaiveBayes, Neighbors, TreeEnsemble};

/// A fitted estimator.
#[derive(Debug, Clone, PartialEq)]
pub enum Estimator {
    /// Decision trees, forests and boosting.
    Trees(TreeEnsemble),
    /// Linear models of numbers and classes.
    Linear(Linear),
    /// Neural networks.
    Mlp(Mlp),
    /// Nearest neighbours.
    Neighbors(Neighbors),
    /// Naive Bayes.
    Bayes(NaiveBayes),
}

impl Estimator {
    /// Outputs for `rows` rows, row by row: class shares, or one value.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        match self {
            Self::Trees(trees) => trees.predict(features, rows),
            Self::Linear(linear) => linear.predict(features, rows),
            Self::Mlp(network) => network.predict(features, rows),
            Self::Neighbors(neighbors) => neighbors.predict(features, rows),
            Self::Bayes(bayes) => bayes.predict(features, rows),
        }
    }

    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.outputs(),
            Self::Linear(linear) => linear.n_outputs(),
            Self::Mlp(network) => network.n_outputs(),
            Self::Neighbors(neighbors) => neighbors.n_outputs(),
            Self::Bayes(bayes) => bayes.n_classes(),
        }
    }

    /// Number of features it reads.
    pub fn n_features(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.bins.len(),
            Self::Linear(linear) => linear.n_features(),
            Self::Mlp(network) => network.n_features(),
            Self::Neighbors(neighbors) => neighbors.n_features(),
            Self::Bayes(bayes) => bayes.factors.len(),
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
            Self::Neighbors(neighbors) => neighbors.uses(),
            Self::Bayes(bayes) => bayes.uses(),
        }
    }

    /// Checks all that `predict` relies on: the file may be from a stranger.
    ///
    /// # Errors
    /// [`ModelError::Damaged`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), ModelError> {
        match self {
            Self::Trees(trees) => trees.check(),
            Self::Linear(linear) => Ok(linear.check()?),
            Self::Mlp(network) => Ok(network.check()?),
            // Their rows were checked when they were made.
            Self::Neighbors(_) => Ok(()),
            Self::Bayes(bayes) => Ok(bayes.check()?),
        }
    }
}
