//! Probabilities of test statistics. By `libm`, so the same everywhere to the bit.

mod beta;
mod quadrature;
mod quantile;
mod student;
#[cfg(test)]
mod tests;

pub use beta::{beta_cdf, beta_density, beta_quantile};
pub use quadrature::{integral, nodes, steps};
pub use quantile::{above, between, normal_critical};
pub use student::{student_critical, student_power, student_two_sided};

/// Standard errors to both sides of a figure of which 95 intervals in 100 hold the true one.
pub const CRITICAL_95: f64 = 1.959_963_984_540_054;

/// Wilson's interval (1927) of a share of `n`, which holds for shares near 0 and 1, too.
pub fn wilson(share: f64, n: f64, critical: f64) -> [f64; 2] {
    let squared = critical * critical / n;
    let centre = share + squared / 2.0;
    let half = libm::sqrt((squared * (share * (1.0 - share) + squared / 4.0)).max(0.0));
    [(centre - half) / (1.0 + squared), (centre + half) / (1.0 + squared)]
}

/// The probability that a standard normal number is at most this.
pub fn normal_cdf(z: f64) -> f64 {
    libm::erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

/// The probability that a standard normal number is at least as far from 0.
pub fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The probability that chi-square with so many degrees of freedom is at least `x`: the regularised upper
/// incomplete gamma function at half of both (Abramowitz and Stegun 1964, 26.4.19).
pub fn chi_square_upper(x: f64, freedom: f64) -> f64 {
    let (a, x) = (freedom / 2.0, x / 2.0);
    if x <= 0.0 || a <= 0.0 {
        return 1.0;
    }
    if !x.is_finite() {
        return 0.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 { 1.0 - front * series(a, x) } else { front * fraction(a, x) }
}

/// Abramowitz and Stegun 6.5.29.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    for n in 1..10_000 {
        term *= x / (a + f64::from(n));
        sum += term;
        if term < sum * f64::EPSILON {
            break;
        }
    }
    sum
}

/// Abramowitz and Stegun 6.5.31, by the method of Lentz (1976).
fn fraction(a: f64, x: f64) -> f64 {
    let apart = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / apart(b));
    let mut result = d;
    for n in 1..10_000 {
        let n = f64::from(n);
        let term = n * (a - n);
        b += 2.0;
        d = 1.0 / apart(b + term * d);
        c = apart(b + term / c);
        result *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    result
}

/// Samples up to this size get an exact probability, as in scipy.
const EXACT: u64 = 10_000;

/// The probability that the distribution functions of two samples of one distribution are at least `d` apart
/// somewhere (Kolmogorov and Smirnov).
pub fn kolmogorov_smirnov(d: f64, n: u64, m: u64) -> f64 {
    if n == 0 || m == 0 || d <= 0.0 {
        return 1.0;
    }
    if n.max(m) <= EXACT { exact(d, n, m) } else { limit(d, n as f64, m as f64) }
}

/// By the paths through a grid that stay near its diagonal (Hodges 1958, "The significance probability of the
/// Smirnov two-sample test").
fn exact(d: f64, n: u64, m: u64) -> f64 {
    let (rows, columns) = (n as f64, m as f64);
    // A distance is a multiple of this; half of it tells "less" from "equal" whatever was rounded.
    let unit = 1.0 / (rows * columns);
    let most = (0.5 + libm::floor(d / unit - 1e-7)) * unit;
    let near = |i: f64, j: f64| (i / rows - j / columns).abs() <= most;
    let mut within: Vec<f64> =
        (0..=m).map(|j| if near(0.0, j as f64) { 1.0 } else { 0.0 }).collect();
    for i in 1..=n {
        let i = i as f64;
        let weight = i / (i + columns);
        let mut left = 0.0;
        for (j, cell) in within.iter_mut().enumerate() {
            *cell = if near(i, j as f64) { weight * *cell + left } else { 0.0 };
            left = *cell;
        }
    }
    (1.0 - within.last().copied().unwrap_or(0.0)).clamp(0.0, 1.0)
}

/// Kolmogorov's limit (1933), which Vrbik's correction (2018, "Small-sample corrections to Kolmogorov-Smirnov
/// test statistic") brings near the probability for as many rows, which scipy takes.
fn limit(d: f64, n: f64, m: f64) -> f64 {
    let rows = libm::rint(n * m / (n + m)).max(1.0);
    let root = libm::sqrt(rows);
    let far = root * d + 1.0 / (6.0 * root) + (root * d - 1.0) / (4.0 * rows);
    let squared = far * far;
    if squared < 0.04 {
        return 1.0;
    }
    let term = |k: i32| {
        let sign = if k % 2 == 0 { -2.0 } else { 2.0 };
        sign * libm::exp(-2.0 * f64::from(k * k) * squared)
    };
    (1..=100).map(term).sum::<f64>().clamp(0.0, 1.0)
}
