//! Whether units were assigned as they should have been.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Arm;
use super::arm::bad;
use crate::MonitorError;
use crate::statistics::chi_square_upper;

/// Expected units below which chi-square is not yet near its distribution (Cochran 1954).
const FEW: f64 = 5.0;

/// Counts of units beside those that the weights make expect.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct SampleRatio {
    /// Units expected of each variant, in the order of their names.
    pub expected: Vec<f64>,
    /// Pearson's chi-square.
    pub statistic: f64,
    /// How likely counts as far off are; nothing where there is but one variant that can have units, or no unit.
    pub p_value: Option<f64>,
    /// Whether that is below the bound, with five units or more expected of each; or a variant of weight 0 has
    /// units.
    pub is_mismatch: bool,
}

/// Tests the units of each variant against weights (Pearson 1900; for experiments, Fabijan et al. 2019,
/// "Diagnosing sample ratio mismatch"). Without any weights all are the same.
///
/// # Errors
/// [`MonitorError::BadExperiment`] for a weight of no variant, a variant without one, a weight below 0 or not
/// finite, and weights that are all 0.
pub fn sample_ratio(
    variants: &BTreeMap<String, Arm>,
    weights: &BTreeMap<String, f64>,
    below: f64,
) -> Result<SampleRatio, MonitorError> {
    let weights = shares(variants, weights)?;
    let counts: Vec<f64> = variants.values().map(|arm| arm.n() as f64).collect();
    let total: f64 = counts.iter().sum();
    let expected: Vec<f64> = weights.iter().map(|weight| weight * total).collect();
    let is_forbidden = counts.iter().zip(&weights).any(|(n, weight)| *n > 0.0 && *weight == 0.0);
    let possible = counts.iter().zip(&expected).filter(|(_, expected)| **expected > 0.0);
    let terms = possible.clone().map(|(n, expected)| (n - expected) * (n - expected) / expected);
    let (statistic, ways) = (terms.sum(), possible.count());
    let few = expected.iter().any(|expected| *expected > 0.0 && *expected < FEW);
    let p_value = match ways {
        _ if is_forbidden => Some(0.0),
        0 | 1 => None,
        _ => Some(chi_square_upper(statistic, (ways - 1) as f64)),
    };
    let is_mismatch = is_forbidden || (!few && p_value.is_some_and(|p| p < below));
    Ok(SampleRatio { expected, statistic, p_value, is_mismatch })
}

/// The share of units that each variant should have.
fn shares(
    variants: &BTreeMap<String, Arm>,
    weights: &BTreeMap<String, f64>,
) -> Result<Vec<f64>, MonitorError> {
    if weights.is_empty() {
        return Ok(vec![1.0 / variants.len() as f64; variants.len()]);
    }
    if let Some(name) = weights.keys().find(|name| !variants.contains_key(*name)) {
        return Err(bad(format!("there is a weight for {name:?}, which is no variant")));
    }
    let weight = |name: &String| {
        let weight = weights.get(name).ok_or_else(|| bad(format!("{name:?} has no weight")))?;
        let is_sound = (0.0..=1e100).contains(weight);
        let reason =
            format!("the weight of {name:?} is {weight}, but weights are numbers from 0 on");
        if is_sound { Ok(*weight) } else { Err(bad(reason)) }
    };
    let weights = variants.keys().map(weight).collect::<Result<Vec<f64>, _>>()?;
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return Err(bad("all weights are 0"));
    }
    Ok(weights.into_iter().map(|weight| weight / total).collect())
}
