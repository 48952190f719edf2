//! Coordinate descent for the elastic net.

use super::kernels::{add_scaled, max_abs};
use super::triangle::Triangle;

/// Coordinate descent on the features' covariances (J. Friedman, T. Hastie and R. Tibshirani,
/// "Regularization Paths for Generalized Linear Models via Coordinate Descent", 2010, 2.2), so that
/// a sweep costs the same however many rows there are.
///
/// Minimises `|y - Xw|^2 / (2 n) + l1 |w|_1 + l2 / 2 |w|^2` of centred features and target.
#[derive(Debug, Clone)]
pub(super) struct Descent {
    /// Row-major, symmetric: `X'X / n`.
    covariances: Vec<f64>,
    /// `X'y / n`.
    with_target: Vec<f64>,
    /// `|y|^2 / n`.
    variance: f64,
    /// `X'(y - Xw) / n`.
    gradient: Vec<f64>,
    weights: Vec<f64>,
    l1: f64,
    l2: f64,
    /// What a target was multiplied by.
    scale: f64,
}

impl Descent {
    /// From rows whose weights sum to `total`; the penalties are in the units of features and
    /// target.
    pub fn new(triangle: &Triangle, total: f64, l1: f64, l2: f64) -> Self {
        let p = triangle.n_features();
        let scale = triangle.scale(p + 1);
        let mut covariances = vec![0.0; p * p];
        let mut with_target = vec![0.0; p];
        let mut variance = 0.0;
        for row in 1..=p + 1 {
            let unscaled: Vec<f64> =
                (row..=p).map(|column| triangle.at(row, column) / triangle.scale(column)).collect();
            let right = triangle.at(row, p + 1);
            add_scaled(&mut with_target[row - 1..], right / total, &unscaled);
            variance += right * right / total;
            for (offset, cell) in unscaled.iter().enumerate() {
                let at = row - 1 + offset;
                let cells = &mut covariances[at * p + at..(at + 1) * p];
                add_scaled(cells, cell / total, &unscaled[offset..]);
            }
        }
        mirror(&mut covariances, p);
        let gradient = with_target.clone();
        let weights = vec![0.0; p];
        Self { covariances, with_target, variance, gradient, weights, l1: l1 * scale, l2, scale }
    }

    /// Improves every coefficient once, in order.
    pub fn sweep(&mut self) {
        let p = self.weights.len();
        for feature in 0..p {
            let row = &self.covariances[feature * p..(feature + 1) * p];
            let old = self.weights[feature];
            let alone = self.gradient[feature] + row[feature] * old;
            let curvature = row[feature] + self.l2;
            let new = if curvature > 0.0 { shrunk(alone, self.l1) / curvature } else { 0.0 };
            if new != old {
                self.weights[feature] = new;
                add_scaled(&mut self.gradient, old - new, row);
            }
        }
    }

    /// How far the conditions of a minimum are from holding, as a part of the gradient at 0.
    pub fn violation(&self) -> f64 {
        let worst = self.weights.iter().zip(&self.gradient).map(|(&weight, &gradient)| {
            let slope = gradient - self.l2 * weight;
            if weight == 0.0 {
                (slope.abs() - self.l1).max(0.0)
            } else {
                (slope - self.l1.copysign(weight)).abs()
            }
        });
        let most = max_abs(&self.with_target);
        if most > 0.0 { worst.fold(0.0, f64::max) / most } else { 0.0 }
    }

    /// What is minimised, in the target's units.
    pub fn objective(&self) -> f64 {
        let (mut squares, mut penalty) = (self.variance, 0.0);
        for ((weight, gradient), with_target) in
            self.weights.iter().zip(&self.gradient).zip(&self.with_target)
        {
            squares -= weight * (gradient + with_target);
            penalty += self.l1 * weight.abs() + self.l2 / 2.0 * weight * weight;
        }
        (squares.max(0.0) / 2.0 + penalty) / self.scale / self.scale
    }

    /// The coefficients, in the units of features and target.
    pub fn coefficients(&self) -> Vec<f64> {
        self.weights.iter().map(|weight| weight / self.scale).collect()
    }
}

fn mirror(matrix: &mut [f64], n: usize) {
    for row in 1..n {
        for column in 0..row {
            matrix[row * n + column] = matrix[column * n + row];
        }
    }
}

/// Brought towards 0 by `by`, at most to it.
fn shrunk(value: f64, by: f64) -> f64 {
    (value.abs() - by).max(0.0).copysign(value)
}
