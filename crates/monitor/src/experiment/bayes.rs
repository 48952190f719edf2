//! The Bayesian view: what to believe of each variant.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Arm;
use super::arm::Sample;
use crate::statistics::{
    beta_cdf, beta_density, beta_quantile, nodes, normal_cdf, normal_critical,
};

/// Standard deviations around a mean between which integrals are taken in steps: close where a density is high,
/// and out to where even an exponential one is nothing.
const STEPS: [f64; 24] = [
    0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 9.0, 10.0,
    12.0, 15.0, 20.0, 28.0, 40.0,
];

/// What to believe of a variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Posterior {
    pub variant: String,
    /// The probability that it is the best of all.
    pub probability_best: f64,
    /// How much worse than the best one it is to be expected to be, in the outcome's unit: what choosing it costs.
    pub expected_loss: f64,
    /// What its mean is expected to be, and the interval that has it with probability `1 - alpha`, as much of the
    /// rest below as above.
    pub mean: f64,
    pub interval: [f64; 2],
}

/// What to believe of each variant: proportions have Beta(1, 1) before, so Beta(1 + successes, 1 + failures) after
/// (Bayes 1763); means a flat prior and, as the central limit theorem has it, a normal distribution after. By
/// quadrature: the same on every platform, with no draws. Covariates are not used. Unlike
/// [`any_time`](super::any_time) it makes no promise of how often it is wrong when one stops at a good moment.
///
/// Nothing where a variant has no unit or, of means, no spread: there is nothing to believe yet.
pub fn posteriors(
    variants: &BTreeMap<String, Arm>,
    alpha: f64,
    lower_is_better: bool,
) -> Option<Vec<Posterior>> {
    let is_proportion = variants.values().all(Arm::is_proportion);
    let belief = |arm: &Arm| Belief::of(&arm.sample()?, is_proportion);
    let beliefs = variants.values().map(belief).collect::<Option<Vec<Belief>>>()?;
    let bounds = bounds(&beliefs);
    let (low, high) = (*bounds.first()?, *bounds.last()?);
    let nodes = nodes(&bounds);
    // At every node, how likely each variant is worse.
    let worse: Vec<Vec<f64>> = nodes
        .iter()
        .map(|(x, _)| beliefs.iter().map(|belief| belief.worse(*x, lower_is_better)).collect())
        .collect();
    let at_nodes = || nodes.iter().zip(&worse);
    let all: f64 =
        at_nodes().map(|((_, weight), worse)| weight * worse.iter().product::<f64>()).sum();
    // What the best mean is expected to be: its distribution's integral by parts.
    let best = if lower_is_better { low + all } else { high - all };
    let posterior = |(index, (name, belief)): (usize, (&String, &Belief))| {
        let terms = at_nodes().map(|((x, weight), worse)| {
            let others = worse.iter().enumerate().filter(|(other, _)| *other != index);
            weight * belief.density(*x) * others.map(|(_, worse)| worse).product::<f64>()
        });
        let mean = belief.mean();
        Posterior {
            variant: name.clone(),
            probability_best: terms.sum::<f64>().clamp(0.0, 1.0),
            expected_loss: (if lower_is_better { mean - best } else { best - mean }).max(0.0),
            mean,
            interval: belief.interval(alpha),
        }
    };
    Some(variants.keys().zip(&beliefs).enumerate().map(posterior).collect())
}

/// The distribution of a mean.
#[derive(Debug, Clone, Copy)]
enum Belief {
    Beta { a: f64, b: f64 },
    Normal { mean: f64, deviation: f64 },
}

impl Belief {
    fn of(sample: &Sample, is_proportion: bool) -> Option<Self> {
        if is_proportion {
            let successes = sample.mean * sample.n;
            return Some(Self::Beta { a: 1.0 + successes, b: 1.0 + (sample.n - successes) });
        }
        let deviation = libm::sqrt(sample.error());
        (deviation > 0.0 && deviation.is_finite())
            .then_some(Self::Normal { mean: sample.mean, deviation })
    }

    fn mean(&self) -> f64 {
        match *self {
            Self::Beta { a, b } => a / (a + b),
            Self::Normal { mean, .. } => mean,
        }
    }

    fn deviation(&self) -> f64 {
        match *self {
            Self::Beta { a, b } => libm::sqrt(a / (a + b) * (b / (a + b)) / (a + b + 1.0)),
            Self::Normal { deviation, .. } => deviation,
        }
    }

    fn density(&self, x: f64) -> f64 {
        match *self {
            Self::Beta { a, b } => beta_density(a, b, x),
            Self::Normal { mean, deviation } => {
                let z = (x - mean) / deviation;
                libm::exp(-z * z / 2.0) / (deviation * libm::sqrt(std::f64::consts::TAU))
            }
        }
    }

    /// The probability that the mean is worse than `x`.
    fn worse(&self, x: f64, lower_is_better: bool) -> f64 {
        let below = self.below(x);
        if lower_is_better { 1.0 - below } else { below }
    }

    /// The probability that the mean is below `x`.
    fn below(&self, x: f64) -> f64 {
        match *self {
            Self::Beta { a, b } => beta_cdf(a, b, x, 1.0 - x),
            Self::Normal { mean, deviation } => normal_cdf((x - mean) / deviation),
        }
    }

    fn interval(&self, alpha: f64) -> [f64; 2] {
        match *self {
            Self::Beta { a, b } => {
                [beta_quantile(a, b, alpha / 2.0), 1.0 - beta_quantile(b, a, alpha / 2.0)]
            }
            Self::Normal { mean, deviation } => {
                let half = normal_critical(alpha) * deviation;
                [mean - half, mean + half]
            }
        }
    }
}

/// Where integrals go in steps: around every mean, ascending.
fn bounds(beliefs: &[Belief]) -> Vec<f64> {
    let mut bounds = Vec::new();
    for belief in beliefs {
        let (mean, deviation) = (belief.mean(), belief.deviation());
        bounds.extend(
            STEPS.iter().flat_map(|step| [mean - step * deviation, mean + step * deviation]),
        );
        if let Belief::Beta { .. } = belief {
            bounds.iter_mut().for_each(|bound| *bound = bound.clamp(0.0, 1.0));
        }
    }
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds
}
