//! ROC and precision-recall curves as points to draw.

use serde::{Deserialize, Serialize};

use super::{Ranking, ranking::Step};

/// A receiver operating characteristic: points from (0, 0) to (1, 1) by falling threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct RocCurve {
    /// Share of the negative rows with a score of at least the threshold.
    pub false_positive_rate: Vec<f64>,
    /// Share of the positive rows with a score of at least the threshold.
    pub true_positive_rate: Vec<f64>,
    /// One a point; null at the first, which no row reaches.
    pub thresholds: Vec<Option<f64>>,
    /// Area under the curve, from all its points, the ones left out too.
    pub area: f64,
}

/// A precision-recall curve: points from recall 0 (precision 1 by convention) to recall 1, by
/// falling threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct PrecisionRecallCurve {
    /// Share of the positive rows with a score of at least the threshold.
    pub recall: Vec<f64>,
    /// Share of positive rows among those with a score of at least the threshold.
    pub precision: Vec<f64>,
    /// One a point; null at the first, which no row reaches.
    pub thresholds: Vec<Option<f64>>,
    /// Average precision, from all points, the ones left out too.
    pub average_precision: f64,
}

impl Ranking {
    /// The ROC curve with at most `max_points` points (at least 4); `None` unless there are rows of
    /// both kinds.
    ///
    /// A curve with more points is thinned: the way along it (false plus true positive rate) is cut
    /// into `max_points / 2` equal parts, and of each the first and the last point stay. So the ends
    /// stay, and no point left out is further from the drawn line than the length of a part.
    pub fn roc_curve(&self, max_points: usize) -> Option<RocCurve> {
        let area = self.roc_auc()?;
        let (positives, negatives) = (self.positives() as f64, self.negatives() as f64);
        let point = |step: &Step| {
            (step.false_positives as f64 / negatives, step.true_positives as f64 / positives)
        };
        let points: Vec<(f64, f64)> =
            [(0.0, 0.0)].into_iter().chain(self.steps.iter().map(point)).collect();
        let kept = thinned(points.iter().map(|(x, y)| (x + y) / 2.0), points.len(), max_points);
        Some(RocCurve {
            false_positive_rate: kept.iter().map(|&index| points[index].0).collect(),
            true_positive_rate: kept.iter().map(|&index| points[index].1).collect(),
            thresholds: self.thresholds(&kept),
            area,
        })
    }

    /// The precision-recall curve with at most `max_points` points (at least 4); `None` without
    /// positive rows.
    ///
    /// Thinned like the ROC curve, along the recall: in each part the first and last point stay, so
    /// the saw teeth keep their height.
    pub fn precision_recall_curve(&self, max_points: usize) -> Option<PrecisionRecallCurve> {
        let average_precision = self.average_precision()?;
        let positives = self.positives() as f64;
        let point = |step: &Step| (step.true_positives as f64 / positives, step.precision());
        let points: Vec<(f64, f64)> =
            [(0.0, 1.0)].into_iter().chain(self.steps.iter().map(point)).collect();
        let kept = thinned(points.iter().map(|(x, _)| *x), points.len(), max_points);
        Some(PrecisionRecallCurve {
            recall: kept.iter().map(|&index| points[index].0).collect(),
            precision: kept.iter().map(|&index| points[index].1).collect(),
            thresholds: self.thresholds(&kept),
            average_precision,
        })
    }

    fn thresholds(&self, points: &[usize]) -> Vec<Option<f64>> {
        let step = |point: &usize| Some(self.steps[point.checked_sub(1)?].threshold);
        points.iter().map(step).collect()
    }
}

/// The indices of the points to keep, of `n` with ascending `progress` from 0 to 1.
fn thinned(progress: impl Iterator<Item = f64>, n: usize, max_points: usize) -> Vec<usize> {
    if n <= max_points {
        return (0..n).collect();
    }
    let parts = (max_points / 2).max(2);
    let part = |progress: f64| ((progress * parts as f64) as usize).min(parts - 1);
    let parts_of: Vec<usize> = progress.map(part).collect();
    let is_edge = |&index: &usize| {
        let other = |neighbour: Option<usize>| {
            neighbour.and_then(|at| parts_of.get(at)) != parts_of.get(index)
        };
        other(index.checked_sub(1)) || other(index.checked_add(1))
    };
    (0..n).filter(is_edge).collect()
}
