//! Where boosting starts: the loss, the score of a row of which nothing is known, and the units.

use std::borrow::Cow;

use super::loss::Loss;
use super::params::{GradientBoosting, Objective};
use super::quantile::quantile;
use crate::LearnError;
use crate::forest::Target;

/// Scores of all rows and classes at most: 512 MB.
const MAX_SCORES: usize = 1 << 26;

/// The loss that an objective means for a target.
///
/// # Errors
/// [`LearnError::BadParameter`] for an objective that is not for such a target.
pub(super) fn loss(params: &GradientBoosting, target: &Target) -> Result<Loss, LearnError> {
    let bad = |expected: &'static str| {
        let value = params.objective.name().to_owned();
        Err(LearnError::BadParameter {
            name: "objective",
            value,
            expected: Cow::Borrowed(expected),
        })
    };
    match (target, params.objective) {
        (Target::Values(_), Objective::Auto | Objective::SquaredError) => Ok(Loss::Squared),
        (Target::Values(_), Objective::AbsoluteError) => {
            Ok(Loss::Pinball { above: 1.0, below: 1.0 })
        }
        (Target::Values(_), Objective::Quantile) => {
            Ok(Loss::Pinball { above: 1.0 - params.alpha, below: params.alpha })
        }
        (Target::Values(values), Objective::Poisson) => {
            let sound = values.iter().all(|&value| value >= 0.0);
            if sound && values.iter().any(|&value| value > 0.0) {
                Ok(Loss::Poisson)
            } else {
                bad("another one where the target is negative anywhere or 0 everywhere")
            }
        }
        (Target::Values(_), Objective::Logistic | Objective::Softmax) => {
            bad("auto, squared_error, absolute_error, quantile or poisson for a number")
        }
        (Target::Classes { n: 2, .. }, Objective::Auto | Objective::Logistic) => Ok(Loss::Logistic),
        (Target::Classes { n, .. }, Objective::Softmax | Objective::Auto) if *n > 1 => {
            if n.saturating_mul(target.len()) > MAX_SCORES {
                return bad("for fewer rows or classes: 67,108,864 of rows times classes at most");
            }
            Ok(Loss::Softmax(*n))
        }
        (Target::Classes { .. }, _) => {
            bad("auto, softmax or, for two classes, logistic for classes")
        }
    }
}

/// The target as numbers; of classes, whether it is class 1.
#[inline(never)]
pub(super) fn numbers(target: &Target) -> Vec<f64> {
    match target {
        Target::Classes { codes, .. } => codes.iter().map(|&code| f64::from(code.min(1))).collect(),
        Target::Values(values) => values.clone(),
    }
}

/// Every number `n` times, one after the other.
#[inline(never)]
pub(super) fn copies(numbers: &[f64], n: usize) -> Vec<f64> {
    let mut copies = Vec::with_capacity(numbers.len() * n);
    numbers.iter().for_each(|&number| copies.resize(copies.len() + n, number));
    copies
}

/// What rows weigh together.
#[inline(never)]
pub(super) fn weight(rows: &[u32], weights: &[f64]) -> f64 {
    rows.iter().map(|&row| weights[row as usize]).sum()
}

/// The scores that are best for the rows as they are weighed, `total` together, without any feature.
pub(super) fn base(
    loss: Loss,
    target: &Target,
    (rows, weights, total): (&[u32], &[f64], f64),
) -> Vec<f64> {
    match target {
        Target::Classes { codes, n } => {
            // A class without weight is unlikely, but not impossible.
            let log = |share: &f64| libm::log((share / total).max(1e-15));
            let shares = class_weights(codes, *n, rows, weights);
            match loss {
                Loss::Softmax(_) => shares.iter().map(log).collect(),
                _ => vec![log(&shares[1]) - log(&shares[0])],
            }
        }
        Target::Values(values) => vec![match loss.quantile() {
            Some(alpha) => quantile_of(values, rows, weights, alpha),
            None if loss == Loss::Poisson => {
                libm::log(mean(values, rows, weights, total).max(1e-300))
            }
            None => mean(values, rows, weights, total),
        }],
    }
}

#[inline(never)]
fn class_weights(codes: &[u32], n: usize, rows: &[u32], weights: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; n];
    rows.iter().for_each(|&row| sums[codes[row as usize] as usize] += weights[row as usize]);
    sums
}

/// Not the sum over the total: the sum of finite numbers may not be finite.
#[inline(never)]
fn mean(values: &[f64], rows: &[u32], weights: &[f64], total: f64) -> f64 {
    rows.iter().map(|&row| weights[row as usize] / total * values[row as usize]).sum()
}

#[inline(never)]
fn quantile_of(values: &[f64], rows: &[u32], weights: &[f64], alpha: f64) -> f64 {
    let mut own: Vec<f64> = rows.iter().map(|&row| values[row as usize]).collect();
    let weights: Vec<f64> = rows.iter().map(|&row| weights[row as usize]).collect();
    quantile(&mut own, Some(&weights), alpha)
}

/// A power of two about as large as the largest gradient, so that gradients fit any number format.
#[inline(never)]
pub(super) fn unit(loss: Loss, targets: &[f64], base: f64) -> f64 {
    let shift = if loss == Loss::Squared { base } else { 0.0 };
    let most = targets.iter().fold(0.0, |most: f64, target| most.max((target - shift).abs()));
    match loss {
        Loss::Squared | Loss::Poisson if most.is_normal() => {
            f64::from_bits(most.to_bits() >> 52 << 52)
        }
        _ => 1.0,
    }
}

/// What is known of the features: one each.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub names: &'a [String],
    pub numeric: &'a [bool],
}

/// What monotone constraints ask of each feature.
///
/// # Errors
/// [`LearnError::BadParameter`] for a name that no numeric feature has, a value other than -1, 0
/// and 1, or an objective with which no constraint can hold.
pub(super) fn orders(
    params: &GradientBoosting,
    loss: Loss,
    Names { names, numeric }: Names,
) -> Result<Vec<i8>, LearnError> {
    let bad = |value: String, expected: &'static str| {
        let expected = Cow::Borrowed(expected);
        Err(LearnError::BadParameter { name: "monotone_constraints", value, expected })
    };
    let mut orders = vec![0; numeric.len()];
    for (name, &order) in &params.monotone_constraints {
        let feature = names.iter().position(|known| known == name);
        match feature.filter(|&feature| numeric[feature]) {
            Some(feature) if (-1..=1).contains(&order) => orders[feature] = order,
            Some(_) => return bad(format!("{order} for {name}"), "-1, 0 or 1 for each feature"),
            None => return bad(name.clone(), "of features that are numbers"),
        }
    }
    let any = orders.iter().any(|&order| order != 0);
    if any && matches!(loss, Loss::Softmax(_) | Loss::Pinball { .. }) {
        return bad(
            "set".to_owned(),
            "left out with the objectives softmax, absolute_error and quantile",
        );
    }
    Ok(orders)
}
