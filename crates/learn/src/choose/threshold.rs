//! The probability from which the second of two classes is predicted.

use hedgerow_data::sort_indices;
use serde::{Deserialize, Serialize};

use crate::LearnError;

/// What a decision threshold is chosen for, on out-of-fold predictions. Positive is the second class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum ThresholdChoice {
    /// The largest F1 of the positive class.
    F1,
    Accuracy,
    BalancedAccuracy,
    /// The largest correlation of actual and predicted class.
    Mcc,
    /// The least cost of all errors.
    Cost(ErrorCosts),
    /// The largest precision among those with at least this recall.
    PrecisionAtRecall(f64),
    /// The largest recall among those with at least this precision.
    RecallAtPrecision(f64),
}

/// What errors cost, at least 0 and not both 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorCosts {
    /// Of predicting the positive class where it is not.
    pub false_positive: f64,
    /// Of not predicting it where it is.
    pub false_negative: f64,
}

/// Rows by actual and predicted class.
#[derive(Clone, Copy)]
struct Counts {
    true_positive: f64,
    false_positive: f64,
    false_negative: f64,
    true_negative: f64,
}

impl ThresholdChoice {
    /// # Errors
    /// [`LearnError::BadParameter`].
    pub(super) fn check(&self) -> Result<(), LearnError> {
        let (value, good, expected) = match *self {
            Self::Cost(ErrorCosts { false_positive: p, false_negative: n }) => {
                let good = p >= 0.0 && n >= 0.0 && p + n > 0.0 && (p + n).is_finite();
                (format!("{p} and {n}"), good, "two costs of at least 0, not both 0")
            }
            Self::PrecisionAtRecall(least) | Self::RecallAtPrecision(least) => {
                (least.to_string(), least > 0.0 && least <= 1.0, "a share above 0 and at most 1")
            }
            _ => return Ok(()),
        };
        if good {
            return Ok(());
        }
        Err(LearnError::BadParameter { name: "threshold", value, expected: expected.into() })
    }

    /// How good a threshold is; larger is better, `None` where it does not count.
    fn score(&self, counts: Counts) -> Option<f64> {
        let Counts {
            true_positive: tp,
            false_positive: fp,
            false_negative: fn_,
            true_negative: tn,
        } = counts;
        let ratio = |part: f64, all: f64| if all > 0.0 { part / all } else { 0.0 };
        let (precision, recall) = (ratio(tp, tp + fp), ratio(tp, tp + fn_));
        match *self {
            Self::F1 => Some(ratio(2.0 * tp, 2.0 * tp + fp + fn_)),
            Self::Accuracy => Some(ratio(tp + tn, tp + fp + fn_ + tn)),
            Self::BalancedAccuracy => Some((recall + ratio(tn, tn + fp)) / 2.0),
            Self::Mcc => {
                let root = ((tp + fp) * (tp + fn_)).sqrt() * ((tn + fp) * (tn + fn_)).sqrt();
                Some(ratio(tp * tn - fp * fn_, root))
            }
            Self::Cost(costs) => Some(-(costs.false_positive * fp + costs.false_negative * fn_)),
            Self::PrecisionAtRecall(least) => (recall >= least).then_some(precision),
            Self::RecallAtPrecision(least) => (precision >= least).then_some(recall),
        }
    }

    /// The best threshold: halfway between two probabilities that occur, or 0 or 1 to predict the
    /// same for all. Of equally good ones the highest. `None` where none counts.
    pub(super) fn pick(&self, probabilities: &[f64], positive: &[bool]) -> Option<f64> {
        let mut order: Vec<u32> = (0..probabilities.len() as u32).collect();
        let p = |row: u32| probabilities[row as usize];
        sort_indices(&mut order, &|a, b| p(b).total_cmp(&p(a)));
        let positives = positive.iter().filter(|&&positive| positive).count() as f64;
        let mut counts = Counts {
            true_positive: 0.0,
            false_positive: 0.0,
            false_negative: positives,
            true_negative: positive.len() as f64 - positives,
        };
        let mut best: Option<(f64, f64)> = None;
        let mut consider = |counts: Counts, threshold: f64| {
            if let Some(score) = self.score(counts)
                && best.is_none_or(|(_, known)| score > known)
            {
                best = Some((threshold, score));
            }
        };
        // Above every probability, so that none is positive; where one is 1, none can be above.
        if order.first().is_some_and(|&row| p(row) < 1.0) {
            consider(counts, 1.0);
        }
        let mut groups = order.chunk_by(|&a, &b| p(a) == p(b)).peekable();
        while let Some(same) = groups.next() {
            for &row in same {
                if positive[row as usize] {
                    counts.true_positive += 1.0;
                    counts.false_negative -= 1.0;
                } else {
                    counts.false_positive += 1.0;
                    counts.true_negative -= 1.0;
                }
            }
            let next = groups.peek().map(|next| p(next[0]));
            consider(counts, next.map_or(0.0, |next| (p(same[0]) + next) / 2.0));
        }
        best.map(|(threshold, _)| threshold)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const GOLDEN: &str = include_str!("../../../../tests/golden/choose/choose.json");

    fn rows() -> (Vec<f64>, Vec<bool>, Value) {
        let golden: Value = serde_json::from_str(GOLDEN).unwrap();
        let case = golden["thresholds"].clone();
        let numbers = |name: &str| -> Vec<f64> {
            case[name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
        };
        let positive = numbers("positive").iter().map(|p| *p > 0.0).collect();
        (numbers("probabilities"), positive, case["scores"].clone())
    }

    fn counts_at(probabilities: &[f64], positive: &[bool], threshold: f64) -> Counts {
        let count = |predicted: bool, actual: bool| {
            let pairs = probabilities.iter().zip(positive);
            pairs.filter(|(p, y)| (**p >= threshold) == predicted && **y == actual).count() as f64
        };
        Counts {
            true_positive: count(true, true),
            false_positive: count(true, false),
            false_negative: count(false, true),
            true_negative: count(false, false),
        }
    }

    const METRICS: [(&str, ThresholdChoice); 6] = [
        ("f1", ThresholdChoice::F1),
        ("accuracy", ThresholdChoice::Accuracy),
        ("balancedAccuracy", ThresholdChoice::BalancedAccuracy),
        ("mcc", ThresholdChoice::Mcc),
        ("precision", ThresholdChoice::PrecisionAtRecall(1e-9)),
        ("recall", ThresholdChoice::RecallAtPrecision(1e-9)),
    ];

    #[test]
    fn scores_are_scikit_learns_and_the_best_is_at_least_as_good() {
        let (probabilities, positive, scores) = rows();
        for (threshold, scores) in scores.as_object().unwrap() {
            let counts = counts_at(&probabilities, &positive, threshold.parse().unwrap());
            for (name, choice) in METRICS {
                let expected = scores[name].as_f64().unwrap();
                let found = choice.score(counts).unwrap();
                assert!((found - expected).abs() < 1e-12, "{name} at {threshold}: {found}");
                let best = choice.pick(&probabilities, &positive).unwrap();
                let best = choice.score(counts_at(&probabilities, &positive, best)).unwrap();
                assert!(best >= found, "{name}");
            }
        }
    }

    #[test]
    fn costs_move_the_threshold() {
        let (probabilities, positive, _) = rows();
        let pick = |false_positive, false_negative| {
            let choice = ThresholdChoice::Cost(ErrorCosts { false_positive, false_negative });
            choice.pick(&probabilities, &positive).unwrap()
        };
        assert!(pick(1.0, 10.0) < pick(1.0, 1.0) && pick(1.0, 1.0) <= pick(10.0, 1.0));
        assert_eq!(pick(0.0, 1.0), pick(0.0, 2.0));
        let recall = ThresholdChoice::PrecisionAtRecall(0.9);
        let at =
            counts_at(&probabilities, &positive, recall.pick(&probabilities, &positive).unwrap());
        assert!(at.true_positive / (at.true_positive + at.false_negative) >= 0.9);
    }

    #[test]
    fn what_cannot_be_asked_for_is_refused_or_none() {
        let costs =
            |p, n| ThresholdChoice::Cost(ErrorCosts { false_positive: p, false_negative: n });
        assert!(costs(0.0, 0.0).check().is_err() && costs(-1.0, 2.0).check().is_err());
        assert!(ThresholdChoice::PrecisionAtRecall(1.5).check().is_err());
        let never = ThresholdChoice::RecallAtPrecision(1.0);
        assert_eq!(never.pick(&[0.5, 0.5], &[true, false]), None);
    }
}
