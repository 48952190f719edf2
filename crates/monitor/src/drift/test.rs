//! Which test a column gets, and what it says. Choice and thresholds are Evidently's defaults (0.7.23), as
//! are the definitions; on profiles numbers count by their bins.

use hedgerow_profile::{Counts, Shape};
use serde::{Deserialize, Serialize};

use super::DriftOptions;
use super::distance::{self, Masses};
use crate::statistics;

/// Up to so many training rows a test says how likely the difference is by chance; with more, where any
/// difference is unlikely, a distance says how large it is.
const FEW_ROWS: u64 = 1_000;

/// Numbers with at most so many distinct values are compared value by value.
const FEW_VALUES: usize = 5;

/// Parts of other numbers where a test wants values: the chance of many bins would look like a distance.
const PARTS: usize = 10;

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// The p-value of Kolmogorov and Smirnov's test of two samples; numbers only.
    KolmogorovSmirnov,
    /// The p-value of Pearson's test of the new counts against those expected from training: over values, or
    /// over ten parts of equally many training numbers.
    ChiSquare,
    /// The p-value of the test that two shares are the same; for two values.
    ZTest,
    /// How far training values would have to be moved on average to become the new ones, in standard
    /// deviations of the training values; numbers only.
    Wasserstein,
    /// The square root of Jensen and Shannon's divergence, with natural logarithms, 0 to 0.83: over values, or
    /// over ten parts of equally many training numbers.
    JensenShannon,
    /// The population stability index: over values, or over ten parts of equally many training numbers.
    Psi,
}

impl Test {
    /// Whether the score is a p-value, the smaller the surer; otherwise it is a distance.
    pub fn is_p_value(self) -> bool {
        matches!(self, Self::KolmogorovSmirnov | Self::ChiSquare | Self::ZTest)
    }
}

/// What a test found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TestResult {
    pub test: Test,
    /// A p-value, or a distance.
    pub score: f64,
    /// Drift is a p-value below this (of Kolmogorov and Smirnov's test, this one, too), or a distance from
    /// this on.
    pub threshold: f64,
    pub drifted: bool,
}

/// Tests a column; nothing where a side has no values.
pub(super) fn test(
    shape: &Shape,
    then: &Counts,
    now: &Counts,
    options: &DriftOptions,
) -> Option<TestResult> {
    let masses = Masses::of(shape, then, now)?;
    let test = options.test.filter(|test| fits(*test, shape, &masses));
    let test = test.unwrap_or_else(|| default_test(shape, &masses));
    let score = score(test, shape, then, now, &masses);
    let threshold = if test.is_p_value() { options.significance } else { options.distance };
    let drifted = match test {
        Test::KolmogorovSmirnov => score <= threshold,
        _ if test.is_p_value() => score < threshold,
        _ => score >= threshold,
    };
    Some(TestResult { test, score, threshold, drifted })
}

fn fits(test: Test, shape: &Shape, masses: &Masses) -> bool {
    match test {
        Test::KolmogorovSmirnov | Test::Wasserstein => matches!(shape, Shape::Numbers(_)),
        Test::ZTest => masses.distinct() <= 2,
        Test::ChiSquare | Test::JensenShannon | Test::Psi => true,
    }
}

fn default_test(shape: &Shape, masses: &Masses) -> Test {
    let continuous = match shape {
        Shape::Numbers(bins) => !bins.is_discrete || masses.distinct() > FEW_VALUES,
        Shape::Words(_) => false,
    };
    let few_rows = masses.then_total() <= FEW_ROWS;
    match (continuous, few_rows) {
        (true, true) => Test::KolmogorovSmirnov,
        (true, false) => Test::Wasserstein,
        (false, true) if masses.distinct() <= 2 => Test::ZTest,
        (false, true) => Test::ChiSquare,
        (false, false) => Test::JensenShannon,
    }
}

fn score(test: Test, shape: &Shape, then: &Counts, now: &Counts, masses: &Masses) -> f64 {
    match (test, shape, then, now) {
        (Test::Wasserstein, Shape::Numbers(bins), Counts::Numbers(then), Counts::Numbers(now)) => {
            distance::wasserstein(bins, then, now, masses)
        }
        (Test::KolmogorovSmirnov | Test::Wasserstein, ..) => {
            let d = masses.farthest();
            statistics::kolmogorov_smirnov(d, masses.then_total(), masses.now_total())
        }
        (Test::ChiSquare, ..) => {
            let (statistic, freedom) = masses.in_parts(shape, PARTS).chi_square();
            statistics::chi_square_upper(statistic, freedom)
        }
        (Test::ZTest, ..) => masses.z().map_or(1.0, statistics::normal_two_sided),
        (Test::JensenShannon, ..) => masses.in_parts(shape, PARTS).jensen_shannon(),
        (Test::Psi, ..) => masses.in_parts(shape, PARTS).psi(),
    }
}
