//! The beta distribution.

use super::{between, normal_cdf};

/// Terms of the continued fraction at most; it takes about the square root of the larger parameter.
const TERMS: u32 = 10_000;

/// Parameters from which on the expansion for large ones is right to 1e-8, and quicker.
const LARGE: f64 = 1e5;

/// Parameters from which on Stirling's formula lacks what its series says, to the last place.
const STIRLING: f64 = 10.0;

/// The probability that a beta-distributed number is at most `x`, whose distance from 1 is `rest`: the
/// regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 1964, 26.5.8).
pub fn beta_cdf(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if rest <= 0.0 {
        return 1.0;
    }
    if a.min(b) >= LARGE {
        return expansion(a, b, x, rest);
    }
    let front = libm::exp(log_kernel(a, b, x, rest));
    if x < (a + 1.0) / (a + b + 2.0) {
        (front * fraction(a, b, x) / a).min(1.0)
    } else {
        (1.0 - front * fraction(b, a, rest) / b).max(0.0)
    }
}

/// The density of the beta distribution at `x`.
pub fn beta_density(a: f64, b: f64, x: f64) -> f64 {
    let rest = 1.0 - x;
    if x <= 0.0 || rest <= 0.0 {
        return 0.0;
    }
    libm::exp(log_kernel(a, b, x, rest) - log(x, rest) - log(rest, x))
}

/// Below which number a beta-distributed one is with probability `p`.
pub fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    between(0.0, 1.0, |x| beta_cdf(a, b, x, 1.0 - x) >= p)
}

/// The logarithm of `x`, exact near 1, too.
fn log(x: f64, rest: f64) -> f64 {
    if x < 0.5 { libm::log(x) } else { libm::log1p(-rest) }
}

/// The logarithm of `x^a (1 - x)^b / B(a, b)`.
fn log_kernel(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    if a.min(b) < STIRLING {
        return a * log(x, rest) + b * log(rest, x) - log_beta(a, b);
    }
    let lacking = stirling(a) + stirling(b) - stirling(a + b);
    let peak = libm::log(a / std::f64::consts::TAU * (b / (a + b))) / 2.0;
    peak - lacking - deviance(a, b, x, rest)
}

/// How much smaller than at the mean the logarithm of `x^a (1 - x)^b` is. Its terms cancel but for squares, which
/// are all that is added up here.
fn deviance(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    let sum = a + b;
    let far = far(a, b, x, rest);
    let beyond = |share: f64| share - libm::log1p(share);
    a * beyond(far * (sum / a)) + b * beyond(-far * (sum / b))
}

/// How far `x` is from the mean.
fn far(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    let sum = a + b;
    if x < 0.5 { x - a / sum } else { b / sum - rest }
}

/// The first two terms for large parameters (Temme 1979; NIST's Digital Library of Mathematical Functions, 8.18.9).
fn expansion(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    let sum = a + b;
    let far = far(a, b, x, rest);
    let deviation = libm::sqrt(a / sum * (b / sum) / sum);
    let z = libm::copysign(libm::sqrt(2.0 * deviance(a, b, x, rest).max(0.0)), far);
    // Both parts go to infinity at the mean, but not their difference.
    let skew = match z.abs() < 0.01 {
        true => (b - a) / sum / sum / (3.0 * deviation),
        false => 1.0 / z - deviation / far,
    };
    let density = libm::exp(-z * z / 2.0) / libm::sqrt(std::f64::consts::TAU);
    (normal_cdf(z) + density * skew).clamp(0.0, 1.0)
}

/// The logarithm of the beta function, one of whose parameters may be large: of that only what Stirling's formula
/// lacks is subtracted, as all else would cancel (Didonato and Morris 1992, "Algorithm 708").
fn log_beta(a: f64, b: f64) -> f64 {
    let (small, large) = (a.min(b), a.max(b));
    let sum = small + large;
    if large < STIRLING {
        return libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(sum);
    }
    libm::lgamma(small) + stirling(large) - stirling(sum) + small - small * libm::log(sum)
        + (large - 0.5) * libm::log1p(-small / sum)
}

/// What Stirling's formula for the logarithm of the gamma function lacks.
fn stirling(x: f64) -> f64 {
    let terms = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1_260.0,
        -1.0 / 1_680.0,
        1.0 / 1_188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| sum / (x * x) + term) / x
}

/// By the method of Lentz (1976).
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let apart = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / apart(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for m in 1..TERMS {
        let m = f64::from(m);
        let place = a + 2.0 * m;
        let even = m * (b - m) * x / ((place - 1.0) * place);
        let odd = -(a + m) * (a + b + m) * x / (place * (place + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / apart(1.0 + term * d);
            c = apart(1.0 + term / c);
            change = c * d;
            result *= change;
        }
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    result
}
