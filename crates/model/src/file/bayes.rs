//! Naive Bayes in the file: the distributions of all features, one after the other.

use super::estimators::EstimatorHeader;
use super::{damaged, read};
use crate::arrays::{Array, Packed};
use crate::{Factor, ModelError, NaiveBayes};

#[inline(never)]
pub(super) fn header(bayes: &NaiveBayes) -> EstimatorHeader {
    let categories = |factor: &Factor| match factor {
        Factor::Gaussian { .. } => None,
        Factor::Categorical { n, .. } => Some(*n),
    };
    EstimatorHeader::Bayes { categories: bayes.factors.iter().map(categories).collect() }
}

#[inline(never)]
pub(super) fn arrays(bayes: &NaiveBayes) -> Vec<Array<'_>> {
    let mut factors: Vec<f64> = Vec::new();
    for factor in &bayes.factors {
        match factor {
            Factor::Gaussian { means, variances } => {
                factors.extend(means);
                factors.extend(variances);
            }
            Factor::Categorical { log_probabilities, .. } => factors.extend(log_probabilities),
        }
    }
    vec![Array::new("bayes.factors", factors), Array::new("bayes.log_priors", &bayes.log_priors)]
}

/// From the number of categories of each feature, or `None` where it is a number.
#[inline(never)]
pub(super) fn read_bayes(
    tensors: &Packed,
    categories: &[Option<u32>],
) -> Result<NaiveBayes, ModelError> {
    let log_priors: Vec<f64> = read(tensors, "bayes.log_priors")?;
    let all: Vec<f64> = read(tensors, "bayes.factors")?;
    let mut rest: &[f64] = &all;
    let mut take = |n: Option<usize>| {
        let (own, others) = rest.split_at_checked(n?)?;
        rest = others;
        Some(own.to_vec())
    };
    let width = log_priors.len();
    let mut factor = |&categories: &Option<u32>| match categories {
        None => Some(Factor::Gaussian { means: take(Some(width))?, variances: take(Some(width))? }),
        Some(n) => {
            let log_probabilities = take(width.checked_mul(n as usize))?;
            Some(Factor::Categorical { n, log_probabilities })
        }
    };
    let factors: Option<Vec<Factor>> = categories.iter().map(&mut factor).collect();
    let factors = factors.filter(|_| rest.is_empty());
    factors
        .map(|factors| NaiveBayes { log_priors, factors })
        .ok_or_else(|| damaged("the arrays of naive Bayes are not as long as its features need"))
}
