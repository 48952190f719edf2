//! Means without what a covariate explains: CUPED.

use serde::Serialize;

use super::Arm;
use super::arm::Sample;
use super::estimate::{Estimate, Untested, Welch};

/// Two means brought to the same covariate, and their difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Adjusted {
    /// The control's mean, as it would be with the covariate's mean over both variants.
    pub control: f64,
    /// The variant's.
    pub variant: f64,
    /// How much an outcome changes with the covariate.
    pub theta: f64,
    /// The share of the outcomes' variance that the covariate explains, 0 to 1: so much fewer units do.
    pub variance_removed: f64,
    #[serde(flatten)]
    pub estimate: Estimate,
}

/// Both samples less theta times the covariate's deviation, where both arms have a covariate that is not constant.
pub(super) struct Cuped {
    pub theta: f64,
    pub variance_removed: f64,
    pub control: Sample,
    pub variant: Sample,
}

impl Cuped {
    pub fn of(control: &Arm, variant: &Arm) -> Option<Self> {
        let ((a, x), (b, y)) =
            ((control.sample()?, control.paired()?), (variant.sample()?, variant.paired()?));
        // Within the variants, so that an effect is not taken for the covariate's.
        let squares = x.squares + y.squares;
        if squares <= 0.0 {
            return None;
        }
        let theta = (x.products + y.products) / squares;
        let mean = (x.mean * a.n + y.mean * b.n) / (a.n + b.n);
        let adjust = |sample: &Sample, its: &super::arm::Paired| Sample {
            n: sample.n,
            mean: sample.mean - theta * (its.mean - mean),
            squares: (sample.squares - 2.0 * theta * its.products + theta * theta * its.squares)
                .max(0.0),
        };
        let (control, variant) = (adjust(&a, &x), adjust(&b, &y));
        let kept = (control.squares + variant.squares) / (a.squares + b.squares);
        let variance_removed = if kept.is_finite() { (1.0 - kept).clamp(0.0, 1.0) } else { 0.0 };
        Some(Self { theta, variance_removed, control, variant })
    }
}

/// Tests two means after what a covariate explains is taken away (Deng, Xu, Kohavi and Walker 2013, "Improving the
/// sensitivity of online controlled experiments by utilizing pre-experiment data"): the same difference on
/// average, with less chance in it. Theta is that of both variants. Nothing where there is no covariate, or it is
/// the same for all units.
///
/// # Errors
/// [`Untested`].
pub fn adjusted(control: &Arm, variant: &Arm, alpha: f64) -> Result<Option<Adjusted>, Untested> {
    let Some(cuped) = Cuped::of(control, variant) else { return Ok(None) };
    let Cuped { theta, variance_removed, control, variant } = cuped;
    let estimate = Welch::of(&control, &variant)?.estimate(control.mean, alpha);
    let (control, variant) = (control.mean, variant.mean);
    Ok(Some(Adjusted { control, variant, theta, variance_removed, estimate }))
}
