//! Least squares reduced to a small triangle, block by block of rows.

use super::kernels::dot;

/// Rows that are reduced at a time.
const BLOCK: usize = 256;

/// The triangular factor of a QR decomposition by Householder reflections, updated block by block
/// (G. H. Golub and C. F. Van Loan, "Matrix Computations", 4th edition, 5.2 and 6.5.3).
///
/// Of rows `(1, features, target)`, each times the square root of its weight. All of a least squares
/// problem is in it: the first row holds the means, what is right of and below it is the factor of
/// the centred features, and the last diagonal entry is the length of the residuals. Unlike normal
/// equations it does not square the condition of the features.
#[derive(Debug, Clone)]
pub(super) struct Triangle {
    width: usize,
    /// Powers of two that bring each feature, and last the target, near 1: squares of numbers like
    /// 1e200 do not fit.
    scales: Vec<f64>,
    /// Row-major, `width` by `width`; below the diagonal is 0.
    r: Vec<f64>,
    /// Column-major, `BLOCK` by `width`.
    block: Vec<f64>,
}

impl Triangle {
    /// Of no rows yet; `scales` has one a feature and the target's.
    pub fn new(scales: Vec<f64>) -> Self {
        let width = scales.len() + 1;
        Self { width, scales, r: vec![0.0; width * width], block: vec![0.0; BLOCK * width] }
    }

    pub fn n_features(&self) -> usize {
        self.width - 2
    }

    /// The factor that `column` was brought near 1 with.
    pub fn scale(&self, column: usize) -> f64 {
        if column == 0 { 1.0 } else { self.scales[column - 1] }
    }

    /// The entry of `row` and `column`; column 0 is the intercept's, the last one the target's.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.r[row * self.width + column]
    }

    /// From the diagonal on, a row of the factor.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.r[row * self.width + row..(row + 1) * self.width]
    }

    /// Squared residuals, in the scale of the triangle.
    pub fn residual(&self) -> f64 {
        let length = self.at(self.width - 1, self.width - 1);
        length * length
    }

    /// The intercept that goes with coefficients, in the units of features and target.
    pub fn intercept(&self, coefficients: &[f64]) -> f64 {
        let ones = self.at(0, 0);
        let mean = |column: usize| self.at(0, column) / ones / self.scale(column);
        let pairs = coefficients.iter().enumerate();
        pairs.fold(mean(self.width - 1), |sum, (at, value)| sum - value * mean(at + 1))
    }

    /// Adds rows of features, row-major, with their targets and weights.
    pub fn add(&mut self, x: &[f64], y: &[f64], weights: Option<&[f64]>) {
        let p = self.n_features();
        for from in (0..y.len()).step_by(BLOCK) {
            let to = y.len().min(from + BLOCK);
            let factors: Vec<f64> = match weights {
                None => vec![1.0; to - from],
                Some(weights) => weights[from..to].iter().map(|weight| weight.sqrt()).collect(),
            };
            self.fill(&x[from * p..to * p], &y[from..to], &factors);
            self.reduce(0, to - from);
        }
    }

    /// Adds the rows `length * e(feature)` of all features, with a target of 0: a ridge penalty of
    /// `length^2`, which leaves the intercept alone.
    pub fn add_ridge(&mut self, length: f64, features: std::ops::Range<usize>) {
        for from in features.clone().step_by(BLOCK) {
            let to = features.end.min(from + BLOCK);
            self.block.fill(0.0);
            for (row, feature) in (from..to).enumerate() {
                self.block[(feature + 1) * BLOCK + row] = length * self.scales[feature];
            }
            self.reduce(from + 1, to - from);
        }
    }

    /// Puts weighted rows where `reduce` expects them.
    fn fill(&mut self, x: &[f64], y: &[f64], factors: &[f64]) {
        let p = self.n_features();
        self.block[..factors.len()].copy_from_slice(factors);
        for feature in 0..p {
            let column = &mut self.block[(feature + 1) * BLOCK..][..factors.len()];
            fill_column(column, &x[feature..], p, factors, self.scales[feature]);
        }
        let column = &mut self.block[(p + 1) * BLOCK..][..factors.len()];
        fill_column(column, y, 1, factors, self.scales[p]);
    }

    /// Reflects the block's first `rows` rows into the factor. Columns before `first` are 0.
    fn reduce(&mut self, first: usize, rows: usize) {
        for pivot in first..self.width {
            let (done, right) = self.block.split_at_mut((pivot + 1) * BLOCK);
            let below = &mut done[pivot * BLOCK..pivot * BLOCK + rows];
            let top = &mut self.r[pivot * self.width + pivot..(pivot + 1) * self.width];
            let Some(scale) = reflector(&mut top[0], below) else { continue };
            for (top, column) in top[1..].iter_mut().zip(right.chunks_exact_mut(BLOCK)) {
                reflect(top, &mut column[..rows], below, scale);
            }
        }
    }

    /// Takes out the feature in `column`, which those before it determine: what its row says of the
    /// columns after it moves into their rows, by Givens rotations.
    pub fn drop_column(&mut self, column: usize) {
        let (width, from) = (self.width, column * self.width);
        let mut row: Vec<f64> = self.r[from..from + width].to_vec();
        self.r[from + column..from + width].fill(0.0);
        for pivot in column + 1..width {
            let top = &mut self.r[pivot * width + pivot..(pivot + 1) * width];
            rotate(top, &mut row[pivot..]);
        }
    }
}

#[inline(never)]
fn fill_column(column: &mut [f64], values: &[f64], stride: usize, factors: &[f64], scale: f64) {
    let values = values.iter().step_by(stride);
    for ((cell, value), factor) in column.iter_mut().zip(values).zip(factors) {
        *cell = value * scale * factor;
    }
}

/// Replaces `(top, below)` by the length it is reflected to, and `below` by the reflector's lower
/// part, whose upper part is 1; returns its factor, or `None` where there is nothing to reflect.
fn reflector(top: &mut f64, below: &mut [f64]) -> Option<f64> {
    let lower = dot(below, below);
    if lower == 0.0 {
        return None;
    }
    let length = (*top * *top + lower).sqrt();
    // The sign that does not cancel.
    let target = if *top > 0.0 { -length } else { length };
    let upper = *top - target;
    below.iter_mut().for_each(|value| *value /= upper);
    *top = target;
    Some(-upper / target)
}

#[inline(never)]
fn reflect(top: &mut f64, column: &mut [f64], below: &[f64], scale: f64) {
    let along = (*top + dot(column, below)) * scale;
    *top -= along;
    for (cell, part) in column.iter_mut().zip(below) {
        *cell -= along * part;
    }
}

/// Turns `row[0]` into `top[0]`.
fn rotate(top: &mut [f64], row: &mut [f64]) {
    let length = (top[0] * top[0] + row[0] * row[0]).sqrt();
    if length == 0.0 {
        return;
    }
    let (cos, sin) = (top[0] / length, row[0] / length);
    for (a, b) in top.iter_mut().zip(row) {
        (*a, *b) = (cos * *a + sin * *b, cos * *b - sin * *a);
    }
}
