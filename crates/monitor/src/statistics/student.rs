//! Student's t distribution.

use super::{above, beta_cdf, integral, normal_cdf, steps};

/// The probability that Student's t with so many degrees of freedom is at least as far from 0.
pub fn student_two_sided(t: f64, freedom: f64) -> f64 {
    let squared = t * t;
    if squared == f64::INFINITY {
        return 0.0;
    }
    let sum = freedom + squared;
    beta_cdf(freedom / 2.0, 0.5, freedom / sum, squared / sum)
}

/// How far from 0 Student's t is with probability `alpha` at least.
pub fn student_critical(alpha: f64, freedom: f64) -> f64 {
    above(|t| student_two_sided(t, freedom) <= alpha)
}

/// The probability that the two-sided test at `alpha` finds a difference, whose test statistic has the
/// noncentral t distribution: over all that the standard deviation may be taken for, the normal probability.
pub fn student_power(noncentrality: f64, freedom: f64, alpha: f64) -> f64 {
    let critical = student_critical(alpha, freedom);
    // The estimate of a standard deviation of 1 is spread like this.
    let spread = libm::sqrt(0.5 / freedom);
    let bounds = steps((1.0 - 10.0 * spread).max(0.0), 1.0 + 10.0 * spread, 60);
    let density =
        |s: f64| libm::exp((freedom - 1.0) * libm::log(s) - freedom * (s - 1.0) * (s + 1.0) / 2.0);
    let found = |s: f64| {
        let bound = critical * s;
        normal_cdf(noncentrality - bound) + normal_cdf(-noncentrality - bound)
    };
    integral(&bounds, |s| density(s) * found(s)) / integral(&bounds, density)
}
