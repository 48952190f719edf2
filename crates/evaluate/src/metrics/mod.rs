//! Metrics as plain functions over slices, with scikit-learn's definitions.
//!
//! Classes are codes `0..n_classes`. Every sum runs in row order and is compensated, so a metric
//! hardly depends on the order of the rows and not at all on the machine.
//!
//! Of `linfa` the mean absolute, mean squared and mean absolute percentage errors are used. Its
//! `r2` adds 1e-10 to the denominator and its classification metrics count in `f32` (exact only up
//! to 16,777,216 rows, ratios to 7 digits), so those are our own, with linfa as a check in tests.

mod areas;
mod calibration;
mod counts;
mod curves;
mod probability;
mod ranking;
mod regression;
mod sum;

pub(crate) use areas::average_area;
pub use areas::{Areas, macro_roc_auc};
pub use calibration::{CalibrationBin, calibration_curve};
pub use counts::{ClassCounts, PrecisionRecallF1, confusion_matrix};
pub use curves::{PrecisionRecallCurve, RocCurve};
pub use probability::{Probabilities, brier, log_loss};
pub use ranking::Ranking;
pub use regression::{
    mean_absolute_error, mean_absolute_percentage_error, median_absolute_error, quantile_of_sorted,
    r2, root_mean_squared_error,
};
pub(crate) use sum::{mean, sum};
