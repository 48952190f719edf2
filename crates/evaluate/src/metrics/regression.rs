//! Errors of predicted numbers.
//!
//! All take the actual and the predicted values, of equal length; without rows all are `None`.

use hedgerow_data::sort_numbers;
use linfa::prelude::SingleTargetRegression;
use ndarray::ArrayView1;

use super::{mean, sum};

/// Mean absolute error, in the target's unit; from 0, lower is better.
pub fn mean_absolute_error(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    ArrayView1::from(actual).mean_absolute_error(&ArrayView1::from(predicted)).ok()
}

/// Square root of the mean squared error, in the target's unit; from 0, lower is better.
pub fn root_mean_squared_error(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    let squared = ArrayView1::from(actual).mean_squared_error(&ArrayView1::from(predicted));
    squared.ok().map(f64::sqrt)
}

/// Mean absolute percentage error as a fraction (0.1 is 10 %); from 0, lower is better.
///
/// `None` when an actual value is 0, where a percentage means nothing; scikit-learn divides by
/// 2⁻⁵² there and returns an astronomic figure.
pub fn mean_absolute_percentage_error(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    if actual.contains(&0.0) {
        return None;
    }
    let (actual, predicted) = (ArrayView1::from(actual), ArrayView1::from(predicted));
    actual.mean_absolute_percentage_error(&predicted).ok()
}

/// Median absolute error, in the target's unit; from 0, lower is better.
pub fn median_absolute_error(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    let mut errors: Vec<f64> =
        actual.iter().zip(predicted).map(|(a, b)| libm::fabs(a - b)).collect();
    sort_numbers(&mut errors);
    quantile_of_sorted(&errors, 0.5)
}

/// R², the share of the actual values' variance that is explained; up to 1, higher is better, 0 for
/// their mean, negative when worse than it.
///
/// `None` for fewer than two rows. Of constant actual values it is 1 when they are predicted
/// exactly and else 0, as in scikit-learn.
pub fn r2(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    if actual.len() < 2 {
        return None;
    }
    let center = mean(actual.iter().copied(), actual.len());
    let unexplained = sum(actual.iter().zip(predicted).map(|(a, b)| (a - b) * (a - b)));
    let whole = sum(actual.iter().map(|a| (a - center) * (a - center)));
    Some(match (unexplained == 0.0, whole == 0.0) {
        (true, _) => 1.0,
        (false, true) => 0.0,
        (false, false) => 1.0 - unexplained / whole,
    })
}

/// The quantile `q` (0 to 1) of ascending values, interpolated linearly as numpy does; `None`
/// without values.
pub fn quantile_of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    let place = q * sorted.len().checked_sub(1)? as f64;
    let below = libm::floor(place);
    let low = *sorted.get(below as usize)?;
    let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
    let share = place - below;
    Some(if share == 0.0 { low } else { low + (high - low) * share })
}
