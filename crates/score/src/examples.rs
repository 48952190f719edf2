//! A small form of every family, for tests of this crate and of those that build on it.

use alloc::vec;

use crate::{
    Activation, Answers, Dense, Factor, Linear, Link, Metric, Mlp, NaiveBayes, NeighborRows,
    Neighbors, Scale, Votes,
};

/// `2 a - b + 0.5`.
pub fn linear() -> Linear {
    Linear {
        coefficients: vec![2.0, -1.0],
        intercepts: vec![0.5],
        std_errors: vec![0.1, 0.2, 0.3],
        link: Link::Identity,
    }
}

/// A number and a category of three, in two classes.
pub fn bayes() -> NaiveBayes {
    NaiveBayes {
        log_priors: vec![libm::log(0.25), libm::log(0.75)],
        factors: vec![
            Factor::Gaussian { means: vec![0.0, 2.0], variances: vec![1.0, 4.0] },
            Factor::Categorical {
                n: 3,
                log_probabilities: [0.5, 0.25, 0.25, 0.125, 0.125, 0.75].map(libm::log).to_vec(),
            },
        ],
    }
}

/// `|x|` as two rectifiers, in units of 10 from 5.
pub fn mlp() -> Mlp {
    Mlp {
        layers: vec![
            Dense { inputs: 2, weights: vec![1.0, 0.0, -1.0, 0.0], biases: vec![0.0, 0.0] },
            Dense { inputs: 2, weights: vec![1.0, 1.0], biases: vec![0.0] },
        ],
        activation: Activation::Relu,
        link: Link::Identity,
        target: Some(Scale { mean: 5.0, std: 10.0 }),
    }
}

/// The mean of the two nearest of three rows of two features.
pub fn neighbors() -> Neighbors {
    Neighbors::new(neighbor_rows()).expect("its rows are sound")
}

/// What they are made of.
pub fn neighbor_rows() -> NeighborRows {
    NeighborRows {
        n_neighbors: 2,
        metric: Metric::Euclidean,
        votes: Votes::Uniform,
        n_features: 2,
        points: vec![0.0, 0.0, 1.0, 0.0, 5.0, 5.0],
        order: vec![2, 0, 1],
        answers: Answers::Values(vec![10.0, 20.0, 30.0]),
        weights: vec![1.0, 3.0, 1.0],
    }
}
