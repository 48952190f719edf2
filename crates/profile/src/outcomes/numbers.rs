//! Predicted numbers beside true ones.

use super::{Mean, Truth, UNSOUND};
use crate::Fault;
use crate::bytes::{Reader, Writer};

/// Where errors stop to be told apart, in steps of the truth.
const FARTHEST: f64 = (1u64 << 40) as f64;

/// By what errors are divided before their fourth power is added up.
const COARSE: f64 = 64.0;
const COARSE_FARTHEST: f64 = (1u64 << 26) as f64;

/// All that was counted of numbers. Errors are predictions minus truths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NumberOutcomes {
    pub rows: u64,
    errors: i128,
    absolute: i128,
    squares: i128,
    fourths: i128,
    truths: i128,
    truth_squares: i128,
}

impl NumberOutcomes {
    pub(super) fn record(
        &mut self,
        (middle, step): (f64, f64),
        truth: f64,
        predicted: f64,
    ) -> bool {
        if !truth.is_finite() || !predicted.is_finite() {
            return false;
        }
        let steps = |value: f64| libm::rint(value / step).clamp(-FARTHEST, FARTHEST) as i64;
        let (error, truth) =
            (i128::from(steps(predicted - truth)), i128::from(steps(truth - middle)));
        let coarse = libm::rint(error as f64 / COARSE).abs().min(COARSE_FARTHEST) as i128;
        self.rows = self.rows.saturating_add(1);
        for (sum, more) in self.sums_mut().into_iter().zip([
            error,
            error.abs(),
            error * error,
            coarse * coarse * coarse * coarse,
            truth,
            truth * truth,
        ]) {
            *sum = sum.saturating_add(more);
        }
        true
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.rows = self.rows.saturating_add(other.rows);
        for (sum, more) in self.sums_mut().into_iter().zip(other.sums()) {
            *sum = sum.saturating_add(more);
        }
    }

    fn sums(&self) -> [i128; 6] {
        let Self { errors, absolute, squares, fourths, truths, truth_squares, .. } = *self;
        [errors, absolute, squares, fourths, truths, truth_squares]
    }

    fn sums_mut(&mut self) -> [&mut i128; 6] {
        let Self { errors, absolute, squares, fourths, truths, truth_squares, .. } = self;
        [errors, absolute, squares, fourths, truths, truth_squares]
    }

    /// The mean of predictions minus truths; none of no rows, or where truths are classes.
    pub fn error(&self, truth: &Truth) -> Option<Mean> {
        self.mean(truth, self.errors, self.squares)
    }

    /// The mean of errors without their sign.
    pub fn absolute(&self, truth: &Truth) -> Option<Mean> {
        self.mean(truth, self.absolute, self.squares)
    }

    /// The mean of squared errors.
    pub fn squared(&self, truth: &Truth) -> Option<Mean> {
        let step = self.step(truth)?;
        let n = self.rows as f64;
        let (mean, fourth) = (self.squares as f64 / n, self.fourths as f64 / n);
        let variance = fourth * COARSE * COARSE * COARSE * COARSE - mean * mean;
        let unit = step * step;
        Some(Mean { mean: mean * unit, std: libm::sqrt(variance.max(0.0)) * unit })
    }

    /// The variance of truths.
    pub fn truth_variance(&self, truth: &Truth) -> Option<f64> {
        let spread = self.mean(truth, self.truths, self.truth_squares)?.std;
        Some(spread * spread)
    }

    fn mean(&self, truth: &Truth, sum: i128, squares: i128) -> Option<Mean> {
        let step = self.step(truth)?;
        let n = self.rows as f64;
        let mean = sum as f64 / n;
        let variance = squares as f64 / n - mean * mean;
        Some(Mean { mean: mean * step, std: libm::sqrt(variance.max(0.0)) * step })
    }

    fn step(&self, truth: &Truth) -> Option<f64> {
        match truth {
            Truth::Numbers { step, .. } if self.rows > 0 => Some(*step),
            _ => None,
        }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.whole(self.rows);
        self.sums().into_iter().for_each(|sum| out.wide(sum));
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        let mut read = Self { rows: from.count()?, ..Self::default() };
        for sum in read.sums_mut() {
            *sum = from.wide()?;
        }
        let Self { rows, errors, absolute, squares, fourths, truth_squares, .. } = read;
        let positive = [absolute, squares, fourths, truth_squares].into_iter().all(|sum| sum >= 0);
        let none = read == Self::default();
        let sound = positive && errors.abs() <= absolute && (rows > 0 || none);
        if sound { Ok(read) } else { Err(UNSOUND) }
    }
}
