//! What is known of a variant: sums, which add up.

use serde::{Deserialize, Serialize};

use crate::MonitorError;

/// Spread below this share of the sum of squares is what rounding leaves of equal values.
const ROUNDING: f64 = 1e-13;

/// The units of one variant and their outcomes, in sums: those of several workers, hours or regions are
/// [merged](Self::merge).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(
    untagged,
    rename_all_fields = "camelCase",
    deny_unknown_fields,
    expecting = "a variant is {\"n\", \"successes\"} with whole numbers, or {\"n\", \"sum\", \"sumSquares\"}, which may \
                 have a \"covariate\" of {\"sum\", \"sumSquares\", \"sumProducts\"}"
)]
pub enum Arm {
    /// Outcomes that are yes or no.
    Proportion {
        /// Units assigned.
        n: u64,
        /// Those of them whose outcome is yes.
        successes: u64,
    },
    /// Outcomes that are numbers. Sums tell the deviation from the mean where it is more than a millionth of the
    /// mean; less is no spread.
    Mean {
        /// Units assigned.
        n: u64,
        /// Of the outcomes.
        sum: f64,
        /// Of their squares.
        sum_squares: f64,
        /// What was known of each unit before it was assigned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        covariate: Option<Covariate>,
    },
}

/// Sums of a number that was known of each unit before it was assigned, such as the outcome of the month before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Covariate {
    pub sum: f64,
    pub sum_squares: f64,
    /// Of its products with the outcomes.
    pub sum_products: f64,
}

/// Number, mean, and sum of squared deviations from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    pub n: f64,
    pub mean: f64,
    pub squares: f64,
}

/// The same of a covariate, and the sum of products of both deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paired {
    pub mean: f64,
    pub squares: f64,
    pub products: f64,
}

impl Sample {
    /// The unbiased variance; with one unit, none is known.
    pub fn variance(&self) -> f64 {
        self.squares / (self.n - 1.0)
    }

    /// The variance of the mean.
    pub fn error(&self) -> f64 {
        self.variance() / self.n
    }
}

impl Arm {
    /// The sums of outcomes, each with its covariate if there are any. In this order, with what rounding lost
    /// carried along (Neumaier 1974).
    pub fn of(outcomes: &[f64], covariate: Option<&[f64]>) -> Self {
        let with = |x: &[f64]| Covariate {
            sum: sum(x.iter().copied()),
            sum_squares: sum(x.iter().map(|x| x * x)),
            sum_products: sum(x.iter().zip(outcomes).map(|(x, y)| x * y)),
        };
        Self::Mean {
            n: outcomes.len() as u64,
            sum: sum(outcomes.iter().copied()),
            sum_squares: sum(outcomes.iter().map(|y| y * y)),
            covariate: covariate.map(with),
        }
    }

    /// Units assigned.
    pub fn n(&self) -> u64 {
        match self {
            Self::Proportion { n, .. } | Self::Mean { n, .. } => *n,
        }
    }

    /// Adds the units of another worker, hour or region. Yes and no beside numbers count as 1 and 0.
    ///
    /// # Errors
    /// [`MonitorError::BadExperiment`] where one has a covariate and the other has none, or there are more units
    /// than can be counted.
    pub fn merge(&mut self, other: &Self) -> Result<(), MonitorError> {
        let n = add(self.n(), other.n())?;
        if let (Self::Proportion { successes: a, .. }, Self::Proportion { successes: b, .. }) =
            (*self, *other)
        {
            *self = Self::Proportion { n, successes: add(a, b)? };
            return Ok(());
        }
        let ((a, a_squares, a_covariate), (b, b_squares, b_covariate)) =
            (self.sums(), other.sums());
        let covariate = match (a_covariate, b_covariate) {
            (None, None) => None,
            (Some(a), Some(b)) => Some(Covariate {
                sum: a.sum + b.sum,
                sum_squares: a.sum_squares + b.sum_squares,
                sum_products: a.sum_products + b.sum_products,
            }),
            _ => return Err(bad("only a part of it has a covariate")),
        };
        *self = Self::Mean { n, sum: a + b, sum_squares: a_squares + b_squares, covariate };
        Ok(())
    }

    /// Checks that there can be outcomes with these sums.
    ///
    /// # Errors
    /// [`MonitorError::BadExperiment`].
    pub fn check(&self) -> Result<(), MonitorError> {
        if let Self::Proportion { n, successes } = self
            && successes > n
        {
            return Err(bad(format!("{successes} successes of {n} units")));
        }
        let (n, (sum, squares, covariate)) = (self.n(), self.sums());
        check_sums(n, sum, squares, "outcomes")?;
        let Some(x) = covariate else { return Ok(()) };
        check_sums(n, x.sum, x.sum_squares, "covariates")?;
        let (Some(sample), Some(paired)) = (self.sample(), self.paired()) else {
            return if x.sum_products == 0.0 { Ok(()) } else { Err(bad("products of no units")) };
        };
        // No correlation is beyond 1, but for rounding of the sums.
        let most =
            (sample.squares + squares * ROUNDING) * (paired.squares + x.sum_squares * ROUNDING);
        let is_sound = paired.products * paired.products <= most * (1.0 + 1e-6);
        if is_sound { Ok(()) } else { Err(bad("no numbers have this sum of products")) }
    }

    /// Whether outcomes are yes or no.
    pub(super) fn is_proportion(&self) -> bool {
        matches!(self, Self::Proportion { .. })
    }

    /// Sum, sum of squares, covariate.
    fn sums(&self) -> (f64, f64, Option<Covariate>) {
        match *self {
            Self::Proportion { successes, .. } => (successes as f64, successes as f64, None),
            Self::Mean { sum, sum_squares, covariate, .. } => (sum, sum_squares, covariate),
        }
    }

    /// Nothing without units.
    pub(super) fn sample(&self) -> Option<Sample> {
        let n = self.n() as f64;
        let (sum, squares, _) = self.sums();
        (n > 0.0).then(|| Sample { n, mean: sum / n, squares: spread(n, sum, squares) })
    }

    /// Nothing without units, or without a covariate.
    pub(super) fn paired(&self) -> Option<Paired> {
        let n = self.n() as f64;
        let (sum, _, covariate) = self.sums();
        let x = covariate.filter(|_| n > 0.0)?;
        let products = x.sum_products - sum * (x.sum / n);
        Some(Paired { mean: x.sum / n, squares: spread(n, x.sum, x.sum_squares), products })
    }
}

/// The sum of squared deviations from the mean.
fn spread(n: f64, sum: f64, squares: f64) -> f64 {
    let spread = squares - sum * (sum / n);
    if spread > squares * ROUNDING { spread } else { 0.0 }
}

fn check_sums(n: u64, sum: f64, squares: f64, what: &str) -> Result<(), MonitorError> {
    // Squares of these are still numbers.
    if !(sum.abs() <= 1e150 && (0.0..=1e150).contains(&squares)) {
        return Err(bad(format!("the sums of its {what} are {sum} and {squares}, beyond 1e150")));
    }
    if n == 0 && (sum != 0.0 || squares != 0.0) {
        return Err(bad(format!("sums of {what} of no units")));
    }
    // Rounding of sums over many units may leave a little less than is possible.
    if n > 0 && squares * (1.0 + 1e-6) < sum * (sum / n as f64) {
        return Err(bad(format!(
            "no {n} {what} have the sum {sum} and the sum of squares {squares}"
        )));
    }
    Ok(())
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}

fn add(a: u64, b: u64) -> Result<u64, MonitorError> {
    a.checked_add(b).ok_or_else(|| bad("more units than can be counted"))
}

pub(super) fn bad(reason: impl Into<String>) -> MonitorError {
    MonitorError::BadExperiment { reason: reason.into() }
}
