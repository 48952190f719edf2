//! Every estimator as a part of the description and arrays; one file a form, and none of its functions
//! inlined: an engine compiles only those that are called.

use serde::{Deserialize, Serialize};

use super::{bayes, linear, mlp, neighbors, trees};
use crate::arrays::{Array, Packed};
use crate::{
    Activation, Combine, Estimator, Link, Metric, Mlp, ModelError, NeighborRows, Scale, Votes,
};

/// What the description says of an estimator; its numbers are arrays.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum EstimatorHeader {
    Trees {
        n_outputs: usize,
        combine: Combine,
        /// One a feature: number of numeric edges, or `None` where categorical.
        edges: Vec<Option<u32>>,
        /// One a feature: number of categories, or `None` where numeric.
        categories: Vec<Option<u32>>,
    },
    Linear {
        link: Link,
    },
    Mlp {
        /// Of the inputs and of each layer.
        widths: Vec<usize>,
        activation: Activation,
        link: Link,
        target: Option<Scale>,
    },
    Neighbors {
        n_neighbors: usize,
        metric: Metric,
        votes: Votes,
        n_features: usize,
        /// Number of classes, or `None` where the rows have numbers.
        classes: Option<usize>,
    },
    Bayes {
        /// One a feature: number of categories, or `None` where numeric.
        categories: Vec<Option<u32>>,
    },
}

impl EstimatorHeader {
    /// The first version of the file that can hold it.
    pub fn format_version(&self) -> u64 {
        match self {
            Self::Trees { combine: Combine::Mean, .. } => 1,
            Self::Trees { combine: Combine::Anomaly { .. }, .. } => 3,
            _ => 2,
        }
    }
}

/// An estimator on its way into the file.
pub(super) fn store(estimator: &Estimator) -> (EstimatorHeader, Vec<Array<'_>>) {
    match estimator {
        Estimator::Trees(form) => (trees::header(form), trees::arrays(form)),
        Estimator::Linear(form) => {
            (EstimatorHeader::Linear { link: form.link }, linear::arrays(form))
        }
        Estimator::Mlp(form) => (mlp::header(form), mlp::arrays(form)),
        Estimator::Neighbors(form) => (neighbors::header(form), neighbors::arrays(form)),
        Estimator::Bayes(form) => (bayes::header(form), bayes::arrays(form)),
    }
}

/// An estimator of the file. That its numbers fit together is for `check` to say.
pub(super) fn restore(header: EstimatorHeader, tensors: &Packed) -> Result<Estimator, ModelError> {
    Ok(match header {
        EstimatorHeader::Trees { n_outputs, combine, edges, categories } => {
            let bins = trees::read_bins(tensors, &edges, &categories)?;
            Estimator::Trees(trees::read_trees(tensors, n_outputs, combine, bins)?)
        }
        EstimatorHeader::Linear { link } => Estimator::Linear(linear::read_linear(tensors, link)?),
        EstimatorHeader::Mlp { widths, activation, link, target } => {
            let layers = mlp::read_layers(tensors, &widths)?;
            Estimator::Mlp(Mlp { layers, activation, link, target })
        }
        EstimatorHeader::Neighbors { n_neighbors, metric, votes, n_features, classes } => {
            let answers = neighbors::read_answers(tensors, classes)?;
            let (points, order, weights) = Default::default();
            let rows = NeighborRows {
                n_neighbors,
                metric,
                votes,
                n_features,
                points,
                order,
                answers,
                weights,
            };
            Estimator::Neighbors(neighbors::read_neighbors(tensors, rows)?)
        }
        EstimatorHeader::Bayes { categories } => {
            Estimator::Bayes(bayes::read_bayes(tensors, &categories)?)
        }
    })
}
