//! From a model's raw scores to what it predicts.

use alloc::vec::Vec;

/// How the raw scores of a row become its outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Link {
    /// The scores themselves.
    Identity,
    /// `e^score`: counts and other positive numbers.
    Exp,
    /// One score becomes the probabilities of two classes; `1 / (1 + e^-score)` is the second's.
    Logistic,
    /// One score a class becomes their probabilities.
    Softmax,
}

/// The probability that belongs to a score; exact to the ends, where `e^x` overflows.
fn logistic(score: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-score))
}

impl Link {
    /// Every link, in an order that never changes: its place here is its number in an image.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Exp, Self::Logistic, Self::Softmax];

    /// Outputs that `scores` scores become, or `None` where the link cannot take so many.
    pub fn n_outputs(self, scores: usize) -> Option<usize> {
        match self {
            Self::Identity | Self::Exp => (scores == 1).then_some(1),
            Self::Logistic => (scores == 1).then_some(2),
            Self::Softmax => (scores >= 2).then_some(scores),
        }
    }

    /// The outputs of all rows, from `width` scores a row.
    pub fn apply(self, mut scores: Vec<f64>, width: usize) -> Vec<f64> {
        match self {
            Self::Identity => scores,
            Self::Exp => {
                scores.iter_mut().for_each(|score| *score = libm::exp(*score));
                scores
            }
            Self::Logistic => {
                scores.into_iter().flat_map(|score| [logistic(-score), logistic(score)]).collect()
            }
            Self::Softmax => {
                scores.chunks_exact_mut(width.max(1)).for_each(softmax);
                scores
            }
        }
    }
}

/// Subtracts the largest score first, so that nothing overflows.
fn softmax(scores: &mut [f64]) {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    scores.iter_mut().for_each(|score| *score = libm::exp(*score - most));
    let sum: f64 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use alloc::vec;

    use super::*;

    proptest! {
        #[test]
        fn probabilities_sum_to_one(scores in prop::collection::vec(-1e3..1e3f64, 3..12)) {
            let width = scores.len();
            let shares = Link::Softmax.apply(scores.clone(), width);
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for pair in Link::Logistic.apply(scores, 1).chunks_exact(2) {
                prop_assert!((pair[0] + pair[1] - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_second_class_has_the_score() {
        let both = Link::Logistic.apply(vec![2.0, f64::INFINITY, f64::NEG_INFINITY], 1);
        assert!((both[1] - 0.880_797_077_977_882_4).abs() < 1e-15);
        assert_eq!(both[2..], [0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn links_refuse_what_they_cannot_take() {
        assert_eq!(Link::Logistic.n_outputs(1), Some(2));
        assert_eq!(Link::Logistic.n_outputs(2), None);
        assert_eq!(Link::Softmax.n_outputs(1), None);
        assert_eq!(Link::Identity.n_outputs(3), None);
    }
}
