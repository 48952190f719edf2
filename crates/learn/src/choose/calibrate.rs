//! Fitting a calibration on out-of-fold predictions.

use hedgerow_data::sort_indices;
use hedgerow_model::{Calibration, Isotonic, Sigmoid, log_odds};
use serde::{Deserialize, Serialize};

/// How probabilities are calibrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum CalibrationMethod {
    /// Platt's sigmoid: two numbers a class, for few rows.
    Sigmoid,
    /// Isotonic regression: any curve that never falls; it needs a thousand rows or more.
    Isotonic,
}

/// Newton's method has long arrived by then.
const MAX_ITERATIONS: usize = 100;

/// Fits on predictions for rows that the model was not trained on: `values` has `n` probabilities a
/// row, `codes` the actual classes.
pub(super) fn calibrate(
    method: CalibrationMethod,
    values: &[f64],
    codes: &[u32],
    n: usize,
) -> Calibration {
    let classes = if n == 2 { 1..2 } else { 0..n };
    let of = |class: usize| {
        let probabilities = values.iter().skip(class).step_by(n).copied().collect::<Vec<f64>>();
        let positive = codes.iter().map(|&code| code as usize == class).collect::<Vec<bool>>();
        (probabilities, positive)
    };
    match method {
        CalibrationMethod::Sigmoid => Calibration::Sigmoid {
            curves: classes.map(of).map(|(p, positive)| sigmoid(&p, &positive)).collect(),
        },
        CalibrationMethod::Isotonic => Calibration::Isotonic {
            curves: classes.map(of).map(|(p, positive)| isotonic(&p, &positive)).collect(),
        },
    }
}

/// Platt (1999, "Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized
/// Likelihood Methods") on the log-odds, with his targets that stay off 0 and 1, by the Newton method
/// of Lin, Lin and Weng (2007, "A note on Platt's probabilistic outputs").
pub(super) fn sigmoid(probabilities: &[f64], positive: &[bool]) -> Sigmoid {
    let scores: Vec<f64> = probabilities.iter().map(|&p| log_odds(p)).collect();
    let n_positive = positive.iter().filter(|&&positive| positive).count() as f64;
    let n_negative = positive.len() as f64 - n_positive;
    let high = (n_positive + 1.0) / (n_positive + 2.0);
    let low = 1.0 / (n_negative + 2.0);
    let target = |row: usize| if positive[row] { high } else { low };
    let rows = || scores.iter().enumerate().map(|(row, &score)| (score, target(row)));
    let mut at =
        Sigmoid { slope: 0.0, intercept: libm::log((n_positive + 1.0) / (n_negative + 1.0)) };
    let mut loss = platt_loss(rows(), at);
    for _ in 0..MAX_ITERATIONS {
        let Some((slope, intercept, decrease)) = newton(rows(), at) else { break };
        let mut size = 1.0;
        let next = loop {
            let next = Sigmoid {
                slope: at.slope + size * slope,
                intercept: at.intercept + size * intercept,
            };
            let lower = platt_loss(rows(), next);
            if lower < loss - 1e-4 * size * decrease {
                break Some((next, lower));
            }
            size /= 2.0;
            if size < 1e-10 {
                break None;
            }
        };
        let Some((next, lower)) = next else { break };
        (at, loss) = (next, lower);
    }
    at
}

/// Cross-entropy, with the larger exponent taken out.
fn platt_loss(rows: impl Iterator<Item = (f64, f64)>, at: Sigmoid) -> f64 {
    rows.map(|(score, target)| {
        let f = at.slope * score + at.intercept;
        f.max(0.0) - target * f + libm::log1p(libm::exp(-f.abs()))
    })
    .sum()
}

/// Newton's step and the decrease that it promises; `None` where the gradient is 0.
fn newton(rows: impl Iterator<Item = (f64, f64)>, at: Sigmoid) -> Option<(f64, f64, f64)> {
    // A ridge keeps the Hessian positive where all scores are equal.
    let (mut h11, mut h22, mut h12, mut g1, mut g2) = (1e-12, 1e-12, 0.0, 0.0, 0.0);
    for (score, target) in rows {
        let p = 1.0 / (1.0 + libm::exp(-(at.slope * score + at.intercept)));
        let weight = p * (1.0 - p);
        h11 += score * score * weight;
        h12 += score * weight;
        h22 += weight;
        g1 += score * (p - target);
        g2 += p - target;
    }
    if g1.abs() < 1e-9 && g2.abs() < 1e-9 {
        return None;
    }
    let determinant = h11 * h22 - h12 * h12;
    let slope = -(h22 * g1 - h12 * g2) / determinant;
    let intercept = -(h11 * g2 - h12 * g1) / determinant;
    let decrease = -(g1 * slope + g2 * intercept);
    (slope.is_finite() && intercept.is_finite()).then_some((slope, intercept, decrease))
}

/// A run of rows with one value.
struct Block {
    first: f64,
    last: f64,
    sum: f64,
    rows: f64,
}

/// Isotonic regression by pooling adjacent violators (Ayer et al. 1955); rows of equal probability
/// are one point, as in scikit-learn. There is at least one row.
pub(super) fn isotonic(probabilities: &[f64], positive: &[bool]) -> Isotonic {
    let mut order: Vec<u32> = (0..probabilities.len() as u32).collect();
    let p = |row: u32| probabilities[row as usize];
    sort_indices(&mut order, &|a, b| p(a).total_cmp(&p(b)));
    let mut blocks: Vec<Block> = Vec::new();
    for same in order.chunk_by(|&a, &b| p(a) == p(b)) {
        let sum = same.iter().filter(|&&row| positive[row as usize]).count() as f64;
        let rows = same.len() as f64;
        let mut block = Block { first: p(same[0]), last: p(same[0]), sum, rows };
        // Whole numbers: compared without rounding.
        while let Some(before) = blocks.pop_if(|b| b.sum * block.rows >= block.sum * b.rows) {
            block.first = before.first;
            block.sum += before.sum;
            block.rows += before.rows;
        }
        blocks.push(block);
    }
    let mut curve = Isotonic { from: Vec::new(), to: Vec::new() };
    for Block { first, last, sum, rows } in blocks {
        for from in if first < last { vec![first, last] } else { vec![first] } {
            curve.from.push(from.clamp(0.0, 1.0));
            curve.to.push(sum / rows);
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    const GOLDEN: &str = include_str!("../../../../tests/golden/choose/choose.json");

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
    }

    #[test]
    fn curves_are_scikit_learns() {
        let golden: Value = serde_json::from_str(GOLDEN).unwrap();
        for case in golden["calibrations"].as_array().unwrap() {
            let probabilities = numbers(&case["probabilities"]);
            let positive: Vec<bool> = numbers(&case["positive"]).iter().map(|p| *p > 0.0).collect();
            let curve = isotonic(&probabilities, &positive);
            for (at, expected) in numbers(&case["at"]).iter().zip(numbers(&case["isotonic"])) {
                assert!((curve.apply(*at) - expected).abs() < 1e-12, "at {at}");
            }
            let found = sigmoid(&probabilities, &positive);
            // scikit-learn stops at a looser tolerance.
            let (slope, intercept) =
                (case["slope"].as_f64().unwrap(), case["intercept"].as_f64().unwrap());
            assert!((found.slope - slope).abs() < 1e-3, "{found:?} {slope}");
            assert!((found.intercept - intercept).abs() < 1e-3, "{found:?} {intercept}");
        }
    }

    #[test]
    fn one_sided_rows_and_equal_scores_do_no_harm() {
        for positive in [[true; 4], [false; 4], [true, false, false, true]] {
            let curve = sigmoid(&[0.5; 4], &positive);
            assert!(curve.slope.is_finite() && (0.0..=1.0).contains(&curve.apply(0.9)));
            assert_eq!(isotonic(&[0.5; 4], &positive).from.len(), 1);
        }
        let apart = sigmoid(&[0.0, 0.0, 1.0, 1.0], &[false, false, true, true]);
        assert!(apart.apply(1.0) < 1.0 && apart.apply(0.0) > 0.0, "targets stay off 0 and 1");
    }

    proptest! {
        #[test]
        fn isotonic_curves_never_fall_and_keep_the_mean(
            rows in prop::collection::vec((0u8..=20, any::<bool>()), 1..60)
        ) {
            let probabilities: Vec<f64> = rows.iter().map(|(p, _)| f64::from(*p) / 20.0).collect();
            let positive: Vec<bool> = rows.iter().map(|(_, positive)| *positive).collect();
            let curve = isotonic(&probabilities, &positive);
            let calibration = Calibration::Isotonic { curves: vec![curve.clone()] };
            prop_assert!(calibration.check(2).is_ok(), "{curve:?}");
            let mean: f64 = probabilities.iter().map(|&p| curve.apply(p)).sum();
            let positives = positive.iter().filter(|&&positive| positive).count() as f64;
            prop_assert!((mean - positives).abs() < 1e-9);
        }
    }
}
