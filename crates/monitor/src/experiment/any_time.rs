//! The difference between two variants, looked at whenever one likes.

use serde::Serialize;

use super::Arm;
use super::arm::Sample;
use super::cuped::Cuped;
use super::estimate::{Untested, Welch};

/// Units by which a variant's own variance is trusted half.
const TRUSTED: f64 = 1_000.0;

/// What holds at every look at once.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct AnyTime {
    /// As it is now; adjusted where there is a covariate.
    pub difference: f64,
    /// The interval that has the true difference at every look, with probability `1 - alpha`; nothing as long as
    /// no difference can be excluded.
    pub interval: Option<[f64; 2]>,
    /// Where there is no difference, it falls below `alpha` at any look with probability `alpha` at most.
    pub p_value: f64,
}

/// What is known of a difference at a look.
struct Look {
    observed: f64,
    /// The same, towards 0 for proportions.
    difference: f64,
    /// Of the difference.
    variance: f64,
    /// By which that is known.
    freedom: f64,
    /// The units that one mean would need to be known as well.
    units: f64,
}

/// Tests two variants so that looking early, often, and stopping when one likes raises no false alarms: a mixture
/// sequential probability ratio test and the confidence sequence that is its inverse.
///
/// Where there is a difference, it is taken to be normally distributed around 0, with a standard deviation of
/// `mixture` standard deviations of an outcome. The ratio of how likely the data is with such differences and
/// without one is a martingale where there is none, so with probability `alpha` at most it ever reaches `1 / alpha`
/// (Ville 1939). This is Robbins (1970), Johari, Pekelis and Walsh (2015, "Always valid inference"), and the normal
/// mixture of Howard, Ramdas, McAuliffe and Sekhon (2021, "Time-uniform confidence sequences"). As the variance is
/// estimated, likelihoods are those of Student's t instead (Lai 1976; Pérez-Ortiz, Lardy, de Heide and Grünwald
/// 2024, "E-statistics, group invariance and anytime-valid testing"): the same with many units, and with few as
/// wide as it must be. For outcomes that are not normal it holds as the central limit theorem does. That is late in a
/// small variant of skewed outcomes, such as revenue or rare events, whose variance is small whenever its mean is; so
/// below some thousand units a variance counts as no smaller than that of both variants together.
///
/// A mixture of 0.05 has the narrowest interval at about 7,000 units a variant. With ten times as much the interval is
/// a sixth wider there, with a tenth it is thrice as wide. It must be chosen before looking. A canary whose faults
/// would be gross is told apart after fewer units with 0.5.
///
/// Proportions count with one success and one failure more (Agresti and Caffo 2000), so that there is a variance
/// before the first success; the interval's centre is a little nearer to 0 than the difference. With a covariate
/// means are [adjusted](super::adjusted).
///
/// # Errors
/// [`Untested`].
pub fn any_time(
    control: &Arm,
    variant: &Arm,
    alpha: f64,
    mixture: f64,
) -> Result<AnyTime, Untested> {
    Ok(look(control, variant)?.judge(alpha, mixture))
}

fn look(control: &Arm, variant: &Arm) -> Result<Look, Untested> {
    let (Some(a), Some(b)) = (control.sample(), variant.sample()) else {
        return Err(Untested::TooFew);
    };
    if control.is_proportion() && variant.is_proportion() {
        let observed = b.mean - a.mean;
        return Ok(Look { observed, ..of_means(&one_more(&a), &one_more(&b))? });
    }
    match Cuped::of(control, variant) {
        Some(Cuped { control, variant, .. }) => of_means(&control, &variant),
        None => of_means(&a, &b),
    }
}

/// A sample of yes and no with one of each more.
fn one_more(sample: &Sample) -> Sample {
    let n = sample.n + 2.0;
    let mean = (sample.mean * sample.n + 1.0) / n;
    Sample { n, mean, squares: n * mean * (1.0 - mean) }
}

fn of_means(a: &Sample, b: &Sample) -> Result<Look, Untested> {
    let [a, b] = cautious(a, b);
    let Welch { difference, variance, freedom } = Welch::of(&a, &b)?;
    let units = (a.variance() + b.variance()) / 2.0 / variance;
    Ok(Look { observed: difference, difference, variance, freedom, units })
}

/// Both samples with a variance that is partly that of both together, where that is larger.
fn cautious(a: &Sample, b: &Sample) -> [Sample; 2] {
    let pooled = (a.squares + b.squares) / (a.n + b.n - 2.0);
    [a, b].map(|own| {
        let freedom = own.n - 1.0;
        let variance = (own.squares + TRUSTED * own.variance().max(pooled)) / (freedom + TRUSTED);
        Sample { squares: variance * freedom, ..*own }
    })
}

impl Look {
    fn judge(&self, alpha: f64, mixture: f64) -> AnyTime {
        let Self { observed, difference, variance, freedom, units } = *self;
        // How much wider differences are spread with the mixture than by chance alone, as a ratio of variances.
        let ratio = 1.0 + units * mixture * mixture;
        let squared = difference * difference / variance;
        let p_value = libm::exp(-log_evidence(squared, freedom, ratio)).min(1.0);
        let half = critical(alpha, freedom, ratio).map(|t| t * libm::sqrt(variance));
        let interval = half.map(|half| [difference - half, difference + half]);
        AnyTime { difference: observed, interval, p_value }
    }
}

/// The logarithm of how much likelier Student's t, squared, is with the mixture than without a difference.
fn log_evidence(squared: f64, freedom: f64, ratio: f64) -> f64 {
    let without = libm::log1p(squared / freedom);
    let with = libm::log1p(squared / (freedom * ratio));
    (freedom + 1.0) / 2.0 * (without - with) - libm::log(ratio) / 2.0
}

/// The t for which the evidence is `1 / alpha`; nothing where none has as much.
pub(super) fn critical(alpha: f64, freedom: f64, ratio: f64) -> Option<f64> {
    let log = (libm::log(ratio) - 2.0 * libm::log(alpha)) / (freedom + 1.0);
    let least = libm::exp(-log);
    // (1 + t²/f) / (1 + t²/(f r)) reaches exp(log) at this square.
    let squared = freedom * -libm::expm1(-log) / (least - 1.0 / ratio);
    (least * ratio > 1.0).then(|| libm::sqrt(squared))
}
