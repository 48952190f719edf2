//! Integrals by Gauss's formula of five points, exact for polynomials of degree nine.

/// Bounds of as many equal steps.
pub fn steps(low: f64, high: f64, n: u32) -> Vec<f64> {
    (0..=n).map(|step| low + (high - low) * f64::from(step) / f64::from(n)).collect()
}

/// Points from the first to the last of ascending bounds, five between each two of them, and their weights: the sum
/// of a function's values there, each times its weight, is its integral.
pub fn nodes(bounds: &[f64]) -> Vec<(f64, f64)> {
    let root = libm::sqrt(10.0 / 7.0);
    let (near, far) = (libm::sqrt(5.0 - 2.0 * root) / 3.0, libm::sqrt(5.0 + 2.0 * root) / 3.0);
    let seventy = 13.0 * libm::sqrt(70.0);
    let (heavy, light) = ((322.0 + seventy) / 900.0, (322.0 - seventy) / 900.0);
    let places = [(-far, light), (-near, heavy), (0.0, 128.0 / 225.0), (near, heavy), (far, light)];
    let pairs = bounds.iter().zip(bounds.iter().skip(1));
    let between = pairs.flat_map(|(&low, &high)| {
        let (centre, half) = (low + (high - low) / 2.0, (high - low) / 2.0);
        places.map(|(at, weight)| (centre + at * half, weight * half))
    });
    between.collect()
}

/// The integral from the first to the last of ascending bounds, taken between each two of them.
pub fn integral(bounds: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    nodes(bounds).into_iter().map(|(x, weight)| weight * f(x)).sum()
}
