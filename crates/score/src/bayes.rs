//! The fitted form of naive Bayes.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Deref;

use crate::{Link, Unsound, repeated};

/// Rows whose scores are formed at a time.
const BLOCK: usize = 4_096;

/// The least that one feature may take from a score: unlikely beyond telling, and still finite when
/// all features say so.
pub const LEAST: f64 = -1e250;

/// What a feature says of the classes.
#[derive(Debug, Clone, PartialEq)]
pub enum Factor<A = Vec<f64>> {
    /// A number: a normal distribution in each class.
    Gaussian { means: A, variances: A },
    /// A category: in each class the logarithms of the probabilities of codes `0..n`, class by
    /// class.
    Categorical { n: u32, log_probabilities: A },
}

/// Probabilities of classes, as if features were independent in each. A missing value, and a
/// category that none had in training, say nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct NaiveBayes<A = Vec<f64>> {
    /// One a class.
    pub log_priors: A,
    /// One a feature.
    pub factors: Vec<Factor<A>>,
}

impl<A: Deref<Target = [f64]>> NaiveBayes<A> {
    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.log_priors.len()
    }

    /// Probabilities for `rows` rows, row by row.
    #[inline(never)]
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let width = self.n_classes();
        let mut scores = repeated(&self.log_priors, rows);
        for (factor, values) in self.factors.iter().zip(features) {
            let cells = scores.chunks_mut(BLOCK * width);
            cells.zip(values.chunks(BLOCK)).for_each(|(cells, values)| factor.add(cells, values));
        }
        Link::Softmax.apply(scores, width)
    }

    /// Which of the features tell classes apart.
    pub fn uses(&self) -> Vec<bool> {
        self.factors.iter().map(Factor::tells).collect()
    }

    /// Checks what `predict` relies on.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn check(&self) -> Result<(), Unsound> {
        let unsound = |reason| Err(Unsound::because(reason));
        let width = self.n_classes();
        // A class without rows has a prior of 0, whose logarithm is not finite.
        let known = |&prior: &f64| !prior.is_nan() && prior < f64::INFINITY;
        if width < 2
            || !self.log_priors.iter().all(known)
            || !self.log_priors.iter().any(|prior| prior.is_finite())
        {
            return unsound("the priors are not the logarithms of two probabilities or more");
        }
        if !self.factors.iter().all(|factor| factor.is_sound(width)) {
            return unsound("a feature's distributions are not one a class, or not finite");
        }
        Ok(())
    }
}

impl<A: Deref<Target = [f64]>> Factor<A> {
    /// Adds the logarithm of the likelihood of each value in each class.
    fn add(&self, scores: &mut [f64], values: &[f64]) {
        match self {
            Self::Gaussian { means, variances } => {
                for (class, (&mean, &variance)) in means.iter().zip(variances.iter()).enumerate() {
                    let normal = -0.5 * libm::log(core::f64::consts::TAU * variance);
                    add_gaussian(
                        scores,
                        means.len(),
                        class,
                        values,
                        [mean, 0.5 / variance, normal],
                    );
                }
            }
            Self::Categorical { n, log_probabilities } => {
                let width = log_probabilities.len() / *n as usize;
                for (row, &value) in scores.chunks_exact_mut(width).zip(values) {
                    if value >= 0.0 && value < f64::from(*n) {
                        let own = log_probabilities.iter().skip(value as usize);
                        row.iter_mut().zip(own.step_by(*n as usize)).for_each(|(s, p)| *s += p);
                    }
                }
            }
        }
    }

    fn tells(&self) -> bool {
        let differ = |values: &[f64]| values.iter().any(|value| *value != values[0]);
        match self {
            Self::Gaussian { means, variances } => differ(means) || differ(variances),
            Self::Categorical { n, log_probabilities } => {
                let (first, others) = log_probabilities.split_at(*n as usize);
                others.chunks_exact(*n as usize).any(|other| other != first)
            }
        }
    }

    fn is_sound(&self, width: usize) -> bool {
        let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
        match self {
            Self::Gaussian { means, variances } => {
                let lengths = means.len() == width && variances.len() == width;
                let normal =
                    |&variance: &f64| variance >= f64::MIN_POSITIVE && variance.is_finite();
                lengths && finite(means) && variances.iter().all(normal)
            }
            Self::Categorical { n, log_probabilities } => {
                *n > 0
                    && Some(log_probabilities.len()) == (*n as usize).checked_mul(width)
                    && log_probabilities.iter().all(|&log| (LEAST..=0.0).contains(&log))
            }
        }
    }
}

/// `normal - (x - mean)² * half_precision`.
#[inline(never)]
fn add_gaussian(
    scores: &mut [f64],
    width: usize,
    class: usize,
    values: &[f64],
    [mean, half_precision, normal]: [f64; 3],
) {
    for (row, value) in scores.chunks_exact_mut(width).zip(values) {
        let log = normal - (value - mean) * (value - mean) * half_precision;
        let log = if log < LEAST { LEAST } else { log };
        row[class] += if log.is_nan() { 0.0 } else { log };
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::examples::bayes as example;

    #[test]
    fn classes_are_as_likely_as_bayes_says() {
        let shares = example().predict(&[(&[1.0][..]).into(), (&[0.0][..]).into()], 1);
        // Priors times normal densities at 1 times the shares of category 0.
        let first = 0.25 * libm::exp(-0.5) * 0.5;
        let second = 0.75 * libm::exp(-0.125) / 2.0 * 0.125;
        assert!((shares[0] - first / (first + second)).abs() < 1e-15);
        assert!((shares[0] + shares[1] - 1.0).abs() < 1e-15);
    }

    #[test]
    fn what_is_missing_or_new_says_nothing() {
        let (none, new) = ([f64::NAN, f64::NAN], [f64::NAN, 7.0]);
        let shares = example().predict(&[none[..].into(), new[..].into()], 2);
        assert!(shares.iter().zip([0.25, 0.75, 0.25, 0.75]).all(|(a, b)| (a - b).abs() < 1e-15));
        let far = [1e300, f64::INFINITY, f64::NEG_INFINITY];
        let shares = example().predict(&[far[..].into(), [0.0; 3][..].into()], 3);
        assert!(shares.iter().all(|share| share.is_finite()), "{shares:?}");
    }

    #[test]
    fn a_form_that_does_not_fit_together_is_refused() {
        assert!(example().check().is_ok());
        assert_eq!(example().uses(), [true, true]);
        let broken = |change: fn(&mut NaiveBayes)| {
            let mut bayes = example();
            change(&mut bayes);
            bayes.check().is_err()
        };
        assert!(broken(|bayes| bayes.log_priors.truncate(1)));
        assert!(broken(|bayes| bayes.log_priors = vec![f64::NEG_INFINITY; 2]));
        assert!(broken(|bayes| bayes.log_priors[0] = f64::NAN));
        let factor = |factor| {
            let bayes = NaiveBayes { factors: vec![factor], ..example() };
            bayes.check().is_err()
        };
        assert!(factor(Factor::Gaussian { means: vec![0.0; 2], variances: vec![0.0, 1.0] }));
        assert!(factor(Factor::Gaussian { means: vec![0.0], variances: vec![1.0] }));
        assert!(factor(Factor::Categorical { n: 0, log_probabilities: vec![] }));
        assert!(factor(Factor::Categorical { n: u32::MAX, log_probabilities: vec![0.0; 2] }));
        assert!(factor(Factor::Categorical { n: 1, log_probabilities: vec![0.5; 2] }));
    }
}
