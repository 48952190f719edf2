//! Whether predicted probabilities come true as often as they say.

use serde::{Deserialize, Serialize};

use super::mean;

/// Rows whose predicted probability lies in one interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct CalibrationBin {
    /// Probabilities above this are in the bin; of the first bin, this one too.
    pub lower: f64,
    /// The largest probability in the bin.
    pub upper: f64,
    /// Number of rows.
    pub count: u32,
    /// Mean predicted probability; null without rows.
    pub mean_predicted: Option<f64>,
    /// Share of rows that are positive; null without rows. Equals `meanPredicted` in a perfectly
    /// calibrated model.
    pub fraction_positive: Option<f64>,
}

/// The calibration curve (reliability diagram) over `n_bins` intervals of equal width, empty ones
/// included. Rows are (predicted probability, whether positive).
pub fn calibration_curve(
    rows: impl IntoIterator<Item = (f64, bool)>,
    n_bins: usize,
) -> Vec<CalibrationBin> {
    let step = 1.0 / n_bins as f64;
    let edges: Vec<f64> = (1..n_bins).map(|index| index as f64 * step).collect();
    let mut members: Vec<(Vec<f64>, u32)> = vec![(Vec::new(), 0); n_bins];
    for (probability, positive) in rows {
        let bin = edges.partition_point(|&edge| edge < probability);
        if let Some((probabilities, positives)) = members.get_mut(bin) {
            probabilities.push(probability);
            *positives += u32::from(positive);
        }
    }
    let edge = |index: usize| edges.get(index).copied();
    members
        .into_iter()
        .enumerate()
        .map(|(bin, (probabilities, positives))| {
            let count = probabilities.len();
            let some = |value: f64| (count > 0).then_some(value);
            CalibrationBin {
                lower: bin.checked_sub(1).and_then(edge).unwrap_or(0.0),
                upper: edge(bin).unwrap_or(1.0),
                count: count as u32,
                mean_predicted: some(mean(probabilities, count)),
                fraction_positive: some(f64::from(positives) / count as f64),
            }
        })
        .collect()
}
