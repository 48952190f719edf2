//! The difference between two variants, looked at once.

use serde::Serialize;

use super::Arm;
use super::arm::Sample;
use crate::statistics::{
    normal_critical, normal_two_sided, student_critical, student_two_sided, wilson,
};

/// Why two variants cannot be tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Untested {
    /// One has no units; for means, only one.
    TooFew,
    /// All outcomes are the same, so nothing says how far means are from the truth by chance.
    NoSpread,
}

/// How far a variant is from the control, by a test that is right for a number of units chosen before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// The variant's mean, or share of successes, minus the control's.
    pub difference: f64,
    /// The difference by the control's mean; nothing where that is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lift: Option<f64>,
    /// The interval that has the true difference with probability `1 - alpha`.
    pub interval: [f64; 2],
    /// How likely a difference is that is as large where there is none.
    pub p_value: f64,
    /// z for proportions, t for means.
    pub statistic: f64,
    /// Degrees of freedom of t.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freedom: Option<f64>,
}

/// Tests whether a variant differs from the control: proportions by the pooled z test with Newcombe's interval
/// (1998, "Interval estimation for the difference between independent proportions", method 10), means by the test
/// of Welch (1947). Right only where the number of units was chosen before anyone looked; see
/// [`any_time`](super::any_time).
///
/// # Errors
/// [`Untested`].
pub fn estimate(control: &Arm, variant: &Arm, alpha: f64) -> Result<Estimate, Untested> {
    let (Some(a), Some(b)) = (control.sample(), variant.sample()) else {
        return Err(Untested::TooFew);
    };
    if control.is_proportion() && variant.is_proportion() {
        return of_proportions(a, b, alpha);
    }
    Welch::of(&a, &b).map(|welch| welch.estimate(a.mean, alpha))
}

fn of_proportions(a: Sample, b: Sample, alpha: f64) -> Result<Estimate, Untested> {
    let pooled = (a.mean * a.n + b.mean * b.n) / (a.n + b.n);
    let error = libm::sqrt(pooled * (1.0 - pooled) * (1.0 / a.n + 1.0 / b.n));
    if error <= 0.0 {
        return Err(Untested::NoSpread);
    }
    let difference = b.mean - a.mean;
    let z = difference / error;
    let critical = normal_critical(alpha);
    let interval = |sample: &Sample| wilson(sample.mean, sample.n, critical);
    let ([a_low, a_high], [b_low, b_high]) = (interval(&a), interval(&b));
    let down = libm::sqrt(squared(b.mean - b_low) + squared(a_high - a.mean));
    let up = libm::sqrt(squared(b_high - b.mean) + squared(a.mean - a_low));
    Ok(Estimate {
        difference,
        lift: lift(difference, a.mean),
        interval: [difference - down, difference + up],
        p_value: normal_two_sided(z),
        statistic: z,
        freedom: None,
    })
}

/// A difference of means, the variance of that, and the degrees of freedom by which it is known (Satterthwaite
/// 1946).
#[derive(Debug, Clone, Copy)]
pub(super) struct Welch {
    pub difference: f64,
    pub variance: f64,
    pub freedom: f64,
}

impl Welch {
    pub fn of(a: &Sample, b: &Sample) -> Result<Self, Untested> {
        if a.n < 2.0 || b.n < 2.0 {
            return Err(Untested::TooFew);
        }
        let variance = a.error() + b.error();
        if !(variance > 0.0 && variance.is_finite()) {
            return Err(Untested::NoSpread);
        }
        // Of shares, since squares of small variances would be none.
        let part = |sample: &Sample| squared(sample.error() / variance) / (sample.n - 1.0);
        let freedom = 1.0 / (part(a) + part(b));
        Ok(Self { difference: b.mean - a.mean, variance, freedom })
    }

    pub fn estimate(&self, control: f64, alpha: f64) -> Estimate {
        let Self { difference, freedom, .. } = *self;
        let error = libm::sqrt(self.variance);
        let t = difference / error;
        let half = student_critical(alpha, freedom) * error;
        Estimate {
            difference,
            lift: lift(difference, control),
            interval: [difference - half, difference + half],
            p_value: student_two_sided(t, freedom),
            statistic: t,
            freedom: Some(freedom),
        }
    }
}

fn lift(difference: f64, control: f64) -> Option<f64> {
    Some(difference / control.abs()).filter(|lift| lift.is_finite())
}

fn squared(value: f64) -> f64 {
    value * value
}
