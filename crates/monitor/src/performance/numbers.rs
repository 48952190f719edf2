//! Metrics of numbers.

use hedgerow_profile::{NumberOutcomes, Truth};

use super::{MetricFigure, figure, mean_figure};

/// All metrics of rows whose value is known.
pub(super) fn figures(counts: &NumberOutcomes, truth: &Truth) -> Vec<MetricFigure> {
    let Some(squared) = counts.squared(truth) else { return Vec::new() };
    let error = squared.std / libm::sqrt(counts.rows as f64);
    let rmse = libm::sqrt(squared.mean);
    let spread = counts.truth_variance(truth).filter(|spread| *spread > 0.0);
    let all = [
        mean_figure("mae", counts.absolute(truth), counts.rows),
        // By the slope of the root.
        figure("rmse", rmse, (rmse > 0.0).then_some(error / (2.0 * rmse))),
        // As if the spread of truths were known.
        spread.and_then(|spread| figure("r2", 1.0 - squared.mean / spread, Some(error / spread))),
    ];
    all.into_iter().flatten().collect()
}
