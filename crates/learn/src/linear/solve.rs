//! Coefficients and their standard errors from a [`Triangle`].

use super::kernels::dot;
use super::triangle::Triangle;

/// A feature is taken for determined by those before it when no more than this part of it is left.
const COLLINEAR: f64 = 1e-9;

/// A feature is taken for constant when no more than this part of it varies.
const CONSTANT: f64 = 1e-13;

fn square(value: f64) -> f64 {
    value * value
}

/// What minimises the squared residuals of a triangle.
#[derive(Debug, Clone)]
pub(super) struct Solution {
    pub intercept: f64,
    pub coefficients: Vec<f64>,
    /// Number of coefficients that the rows determine, without the intercept.
    pub rank: usize,
    /// Columns of the features that others determine; their coefficients are 0.
    dropped: Vec<bool>,
}

/// Solves by back substitution. A feature that those before it determine gets the coefficient 0, as
/// R's `lm` does, so that the others keep their meaning and their standard errors.
pub(super) fn solve(triangle: &mut Triangle) -> Solution {
    let dropped = drop_determined(triangle);
    let p = triangle.n_features();
    let mut scaled = vec![0.0; p + 1];
    for row in (0..=p).rev().filter(|&row| !dropped[row]) {
        let (diagonal, rest) = (triangle.row(row)[0], &triangle.row(row)[1..]);
        let (right, known) = (rest[p - row], &rest[..p - row]);
        scaled[row] = (right - dot(known, &scaled[row + 1..])) / diagonal;
    }
    let target = triangle.scale(p + 1);
    let unscaled = |column: usize| scaled[column] * (triangle.scale(column) / target);
    Solution {
        intercept: unscaled(0),
        coefficients: (1..=p).map(unscaled).collect(),
        rank: dropped.iter().skip(1).filter(|dropped| !**dropped).count(),
        dropped,
    }
}

/// Which columns were taken out, the intercept's (never) among them.
fn drop_determined(triangle: &mut Triangle) -> Vec<bool> {
    let p = triangle.n_features();
    let norms: Vec<(f64, f64)> = (1..=p).map(|column| norms(triangle, column)).collect();
    let mut dropped = vec![false; p + 1];
    for (column, (centred, all)) in (1..=p).zip(norms) {
        let least = f64::max(COLLINEAR * centred, CONSTANT * all);
        if triangle.at(column, column).abs() <= least {
            triangle.drop_column(column);
            dropped[column] = true;
        }
    }
    dropped
}

/// Length of a column about its mean, and about 0.
fn norms(triangle: &Triangle, column: usize) -> (f64, f64) {
    let centred: f64 = (1..=column).map(|row| square(triangle.at(row, column))).sum();
    (centred.sqrt(), (centred + square(triangle.at(0, column))).sqrt())
}

/// The standard deviation of each feature, and last the target's, in their own units.
pub(super) fn deviations(triangle: &Triangle, total: f64) -> Vec<f64> {
    let p = triangle.n_features();
    (1..=p + 1)
        .map(|column| norms(triangle, column).0 / total.sqrt() / triangle.scale(column))
        .collect()
}

/// The squared residuals, and those of the mean alone, in the scale of the triangle.
pub(super) fn squared_errors(triangle: &Triangle, coefficients: &[f64]) -> (f64, f64) {
    let p = triangle.n_features();
    let target = triangle.scale(p + 1);
    let scaled: Vec<f64> = (1..=p)
        .map(|column| coefficients[column - 1] * (target / triangle.scale(column)))
        .collect();
    let (mut left, mut all) =
        (square(triangle.at(p + 1, p + 1)), square(triangle.at(p + 1, p + 1)));
    for row in 1..=p {
        let (cells, right) = triangle.row(row).split_at(p + 1 - row);
        left += square(right[0] - dot(cells, &scaled[row - 1..]));
        all += square(right[0]);
    }
    (left, all)
}

/// Standard errors of the intercept and all coefficients, for residuals of variance `variance` in
/// the scale of the triangle. 0 for a coefficient that was taken out.
pub(super) fn std_errors(triangle: &Triangle, solution: &Solution, variance: f64) -> Vec<f64> {
    let p = triangle.n_features();
    // Squared lengths of the rows of the factor's inverse, column by column of it.
    let mut lengths = vec![0.0; p + 1];
    let mut column = vec![0.0; p + 1];
    for last in (0..=p).filter(|&last| !solution.dropped[last]) {
        column[last] = 1.0 / triangle.row(last)[0];
        for row in (0..last).rev() {
            let cells = triangle.row(row);
            let along = dot(&cells[1..=last - row], &column[row + 1..=last]);
            column[row] = if solution.dropped[row] { 0.0 } else { -along / cells[0] };
        }
        lengths.iter_mut().zip(&column[..=last]).for_each(|(sum, cell)| *sum += cell * cell);
    }
    let target = triangle.scale(p + 1);
    let unscale =
        |(at, length): (usize, &f64)| (variance * length).sqrt() * (triangle.scale(at) / target);
    lengths.iter().enumerate().map(unscale).collect()
}
