//! The report of a regressor.

use hedgerow_data::sort_numbers;
use serde::{Deserialize, Serialize};

use crate::{
    EvaluateOptions, Importance,
    metrics::{
        mean_absolute_error, mean_absolute_percentage_error, median_absolute_error,
        quantile_of_sorted, r2, root_mean_squared_error,
    },
    random::sample_rows,
};

/// The shares of residuals below which `Residuals::quantiles` tells the value.
const QUANTILES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/// The largest number of bins in a histogram of residuals.
const MAX_BINS: f64 = 100.0;

/// How good a regressor is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct RegressionReport {
    /// Name of the target column.
    pub target: String,
    /// Number of rows measured on.
    pub rows: u32,
    pub metrics: RegressionMetrics,
    /// Metrics of always predicting the mean of the training data.
    pub baseline: RegressionMetrics,
    pub residuals: Residuals,
    /// How much each column matters, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importance>,
}

/// Numbers over all rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct RegressionMetrics {
    /// Mean absolute error, in the target's unit; from 0, lower is better.
    pub mae: f64,
    /// Root mean squared error, in the target's unit; from 0, lower is better.
    pub rmse: f64,
    /// Median absolute error, in the target's unit; from 0, lower is better.
    pub median_absolute_error: f64,
    /// Mean absolute percentage error as a fraction; from 0, lower is better. Null when an actual
    /// value is 0.
    pub mape: Option<f64>,
    /// Share of variance explained; up to 1, higher is better. Null of a single row.
    pub r2: Option<f64>,
}

/// What is left to explain: actual minus predicted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Residuals {
    /// Ascending by share: 1, 5, 25, 50, 75, 95 and 99 %.
    pub quantiles: Vec<Quantile>,
    pub histogram: ResidualHistogram,
    pub scatter: ResidualScatter,
}

/// The value below which a share of the residuals lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Quantile {
    /// 0 to 1.
    pub share: f64,
    pub value: f64,
}

/// Residuals counted in bins of equal width, as wide as Freedman and Diaconis say, at most 100.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ResidualHistogram {
    /// One more than there are bins, ascending. A bin holds its lower edge, the last one both.
    pub edges: Vec<f64>,
    pub counts: Vec<u32>,
}

/// Rows to draw as points: all, or a sample that is always the same for the same number of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ResidualScatter {
    /// 0-based index of each row in the table, ascending.
    pub rows: Vec<u32>,
    pub actual: Vec<f64>,
    pub predicted: Vec<f64>,
}

/// What a regression is judged by.
#[derive(Debug, Clone, Copy)]
pub struct RegressionCase<'a> {
    /// Name of the target column.
    pub target: &'a str,
    /// The true value of each row, at least one.
    pub actual: &'a [f64],
    /// The predicted value of each row.
    pub predicted: &'a [f64],
    /// Predicted by a model that ignores the features.
    pub baseline: f64,
}

impl RegressionCase<'_> {
    pub(crate) fn metrics(&self) -> RegressionMetrics {
        RegressionMetrics::of(self.actual, self.predicted)
    }

    pub(crate) fn baseline(&self) -> RegressionMetrics {
        RegressionMetrics::of(self.actual, &vec![self.baseline; self.actual.len()])
    }
}

impl RegressionReport {
    /// Judges predictions.
    pub fn new(case: &RegressionCase, options: &EvaluateOptions) -> Self {
        Self::of(case, options, (case.metrics(), case.baseline()))
    }

    /// From the metrics of what is predicted and of the baseline.
    pub(crate) fn of(
        case: &RegressionCase,
        options: &EvaluateOptions,
        (metrics, baseline): (RegressionMetrics, RegressionMetrics),
    ) -> Self {
        let RegressionCase { target, actual, predicted, .. } = *case;
        let mut sorted: Vec<f64> = actual.iter().zip(predicted).map(|(a, p)| a - p).collect();
        sort_numbers(&mut sorted);
        let quantile = |share: f64| Quantile {
            share,
            value: quantile_of_sorted(&sorted, share).unwrap_or(f64::NAN),
        };
        Self {
            target: target.to_owned(),
            rows: actual.len() as u32,
            metrics,
            baseline,
            residuals: Residuals {
                quantiles: QUANTILES.map(quantile).to_vec(),
                histogram: ResidualHistogram::of_sorted(&sorted),
                scatter: ResidualScatter::new(actual, predicted, options.max_scatter_points),
            },
            importance: None,
        }
    }
}

impl RegressionMetrics {
    /// All metrics of `predicted` where the true values are `actual`, of which there must be as
    /// many, and at least one.
    pub fn of(actual: &[f64], predicted: &[f64]) -> Self {
        Self {
            mae: mean_absolute_error(actual, predicted).unwrap_or(f64::NAN),
            rmse: root_mean_squared_error(actual, predicted).unwrap_or(f64::NAN),
            median_absolute_error: median_absolute_error(actual, predicted).unwrap_or(f64::NAN),
            mape: mean_absolute_percentage_error(actual, predicted),
            r2: r2(actual, predicted),
        }
    }
}

impl ResidualHistogram {
    fn of_sorted(sorted: &[f64]) -> Self {
        let quantile = |q| quantile_of_sorted(sorted, q).unwrap_or(0.0);
        let (first, last) = (quantile(0.0), quantile(1.0));
        let range = last - first;
        let width =
            2.0 * (quantile(0.75) - quantile(0.25)) / libm::cbrt(sorted.len().max(1) as f64);
        // A width of 0 (half of the residuals equal) asks for as many bins as there may be; NaN
        // (nothing to tell apart, or not finite) becomes one bin.
        let bins = if range > 0.0 { libm::ceil(range / width).min(MAX_BINS) } else { 1.0 };
        let n_bins = (bins as usize).max(1);
        let edge = |index: usize| match index {
            0 => first,
            _ if index == n_bins => last,
            _ => first + range * (index as f64 / n_bins as f64),
        };
        let edges: Vec<f64> = (0..=n_bins).map(edge).collect();
        let below = |edge: f64| sorted.partition_point(|&value| value < edge);
        let mut starts: Vec<usize> = edges.iter().map(|&edge| below(edge)).collect();
        starts[0] = 0;
        starts[n_bins] = sorted.len();
        let counts = starts.windows(2).map(|pair| pair[1].saturating_sub(pair[0]) as u32).collect();
        Self { edges, counts }
    }
}

impl ResidualScatter {
    fn new(actual: &[f64], predicted: &[f64], max_points: usize) -> Self {
        let rows = sample_rows(actual.len(), max_points, 0);
        let pick = |values: &[f64]| rows.iter().map(|&row| values[row as usize]).collect();
        Self { actual: pick(actual), predicted: pick(predicted), rows }
    }
}
