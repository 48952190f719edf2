//! Sums over rows and features in one order everywhere.

use crate::CHUNK;

/// The inner product, in four sums that are added in order: the same everywhere, and two vector
/// additions at a time.
#[inline(always)]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a, b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

/// `sums += factor * values`.
#[inline(always)]
pub(super) fn add_scaled(sums: &mut [f64], factor: f64, values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

/// The largest magnitude.
pub(super) fn max_abs(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

/// The power of two that brings a largest magnitude to between 1/2 and 1; 1 for 0.
pub(super) fn scale_to_one(most: f64) -> f64 {
    let (_, exponent) = libm::frexp(most);
    // Further out the factor itself would not be a normal number.
    libm::ldexp(1.0, -exponent.clamp(-1_000, 1_000))
}

/// The largest magnitude of each column of row-major rows.
pub(super) fn max_abs_columns(x: &[f64], n_features: usize) -> Vec<f64> {
    let mut most = vec![0.0; n_features];
    x.chunks(CHUNK * n_features.max(1)).for_each(|rows| add_largest(&mut most, rows));
    most
}

#[inline(never)]
fn add_largest(most: &mut [f64], rows: &[f64]) {
    for row in rows.chunks_exact(most.len().max(1)) {
        for (most, value) in most.iter_mut().zip(row) {
            let value = value.abs();
            *most = if value > *most { value } else { *most };
        }
    }
}

/// How much each feature moves the scores: the magnitudes of its coefficients, score by score, times
/// its standard deviation. Sums to 1, or is all 0.
pub(super) fn importances(coefficients: &[f64], deviations: &[f64]) -> Vec<f64> {
    let n = deviations.len();
    let moves = |(feature, deviation): (usize, &f64)| {
        let all = coefficients.iter().skip(feature).step_by(n);
        all.map(|coefficient| coefficient.abs()).sum::<f64>() * deviation
    };
    let moves: Vec<f64> = deviations.iter().enumerate().map(moves).collect();
    let total: f64 = moves.iter().sum();
    let is_usable = total > 0.0 && total.is_finite();
    moves.into_iter().map(|moved| if is_usable { moved / total } else { 0.0 }).collect()
}

/// The standard deviation of each column of row-major rows.
pub(super) fn deviations(x: &[f64], n_features: usize, weights: Option<&[f64]>) -> Vec<f64> {
    let mut sums = vec![0.0; 2 * n_features];
    let mut total = 0.0;
    for (block, rows) in x.chunks(CHUNK * n_features).enumerate() {
        let weights = weights.map(|weights| &weights[block * CHUNK..]);
        total += add_moments(&mut sums, rows, n_features, weights);
    }
    let (first, second) = sums.split_at(n_features);
    let deviation = |(first, second): (&f64, &f64)| {
        let mean = first / total;
        (second / total - mean * mean).max(0.0).sqrt()
    };
    first.iter().zip(second).map(deviation).collect()
}

#[inline(never)]
fn add_moments(sums: &mut [f64], rows: &[f64], n_features: usize, weights: Option<&[f64]>) -> f64 {
    let (first, second) = sums.split_at_mut(n_features);
    let mut total = 0.0;
    for (index, row) in rows.chunks_exact(n_features).enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[index]);
        total += weight;
        for ((first, second), value) in first.iter_mut().zip(&mut *second).zip(row) {
            *first += weight * value;
            *second += weight * value * value;
        }
    }
    total
}
