//! How many units and days an experiment takes.

use serde::{Deserialize, Serialize};

use super::any_time::critical;
use crate::MonitorError;
use crate::error::check_option;
use crate::statistics::{between, normal_cdf, normal_critical, student_power};

/// More units than an experiment can have; numbers up to here are exact.
const MOST: f64 = 9e15;

/// What is planned: the units for an effect, or the effect for as many units.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PlanOptions {
    /// The share of successes without the change, between 0 and 1; for a proportion.
    pub baseline: Option<f64>,
    /// The standard deviation of an outcome, above 0; for a mean.
    pub std: Option<f64>,
    /// The smallest difference worth finding: of shares (0.02 from 0.1 is 0.12) or of means. Not 0.
    pub effect: Option<f64>,
    /// Units of the control, at least 2; in place of `effect`.
    pub n: Option<u64>,
    /// The probability of finding what is not there, above 0 and below 1. Default 0.05.
    pub alpha: f64,
    /// The probability of finding what is there, above `alpha` and below 1. Default 0.8.
    pub power: f64,
    /// Units of the variant for one of the control, 0.001 to 1000. Default 1.
    pub ratio: f64,
    /// As for a comparison: standard deviations of an outcome that effects are expected to be, 0.0001 to 10.
    /// Default 0.05.
    pub mixture: f64,
    /// Units a day; above 0.
    pub daily: Option<f64>,
    /// The share of them in the experiment, above 0, at most 1. Default 1.
    pub share: f64,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            baseline: None,
            std: None,
            effect: None,
            n: None,
            alpha: 0.05,
            power: 0.8,
            ratio: 1.0,
            mixture: super::MIXTURE,
            daily: None,
            share: 1.0,
        }
    }
}

/// What an experiment takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null, rename = "ExperimentPlan"))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The smallest difference that is found with the probability asked for; of shares, upwards, where the units
    /// were given.
    pub effect: f64,
    /// Where one looks once, at the end.
    pub once: Units,
    /// Where one looks whenever one likes, and stops when there is something: as many at most. On average it is
    /// less. Given with an effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any_time: Option<Units>,
}

/// Units, and the days that they take.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Units {
    pub control: u64,
    pub variant: u64,
    /// Where `daily` is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u64>,
}

/// Plans an experiment with two variants and a two-sided test: for proportions with the power of the normal test of
/// Cohen's h (1988, "Statistical power analysis", chapter 6), for means with that of Student's t of equal
/// variances.
///
/// # Errors
/// [`MonitorError::BadOption`] for options out of range, neither or both of `baseline` and `std`, neither or both of
/// `effect` and `n`, and what no number of units or no effect is enough for.
pub fn plan(options: &PlanOptions) -> Result<Plan, MonitorError> {
    let outcome = options.check()?;
    if let Some(n) = options.n {
        let effect = options.detectable(outcome, n as f64)?;
        return Ok(Plan { effect, once: options.units(n as f64), any_time: None });
    }
    let effect = options.effect.unwrap_or_default();
    let size = outcome.size(effect).abs();
    let n = |power: &dyn Fn(f64) -> f64| {
        let n = libm::ceil(between(1.0, MOST, |n| power(n) >= options.power));
        let value = effect.to_string();
        let expected = "larger, as that many units are beyond counting";
        let is_enough = n < MOST;
        if is_enough {
            Ok(n.max(2.0))
        } else {
            Err(MonitorError::BadOption { name: "effect", value, expected })
        }
    };
    let once = options.units(n(&|n| options.power_once(outcome, size, n))?);
    let any_time = options.units(n(&|n| options.power_any_time(size, n))?);
    Ok(Plan { effect, once, any_time: Some(any_time) })
}

/// What is measured.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    Proportion(f64),
    Mean(f64),
}

impl Outcome {
    /// An effect in standard deviations; of proportions Cohen's h, whose deviation is 1 for every share.
    fn size(self, effect: f64) -> f64 {
        let angle = |share: f64| 2.0 * libm::asin(libm::sqrt(share.clamp(0.0, 1.0)));
        match self {
            Self::Proportion(baseline) => angle(baseline + effect) - angle(baseline),
            Self::Mean(std) => effect / std,
        }
    }
}

impl PlanOptions {
    fn check(&self) -> Result<Outcome, MonitorError> {
        let within = |value: f64| value > 0.0 && value < 1.0;
        check_option("alpha", self.alpha, within(self.alpha), "above 0 and below 1")?;
        let is_power = within(self.power) && self.power > self.alpha;
        check_option("power", self.power, is_power, "above alpha and below 1")?;
        let is_ratio = (0.001..=1000.0).contains(&self.ratio);
        check_option("ratio", self.ratio, is_ratio, "0.001 to 1000")?;
        super::check_mixture(self.mixture)?;
        let is_share = self.share > 0.0 && self.share <= 1.0;
        check_option("share", self.share, is_share, "above 0, and 1 at most")?;
        let daily = self.daily.unwrap_or(1.0);
        check_option("daily", daily, daily > 0.0 && daily <= MOST, "above 0")?;
        let effect = self.effect.unwrap_or(f64::NAN);
        let is_one = self.effect.is_some() != self.n.is_some();
        check_option("effect", effect, is_one, "given, or n is, and not both")?;
        let is_effect = self.effect.is_none_or(|effect| effect != 0.0 && effect.is_finite());
        check_option("effect", effect, is_effect, "a number other than 0")?;
        let n = self.n.unwrap_or(2) as f64;
        check_option("n", n, (2.0..MOST).contains(&n), "at least 2, and at most 9e15")?;
        self.outcome()
    }

    fn outcome(&self) -> Result<Outcome, MonitorError> {
        let expected = "given, or std is, and not both";
        match (self.baseline, self.std) {
            (Some(baseline), None) => {
                let is_share = |share: f64| share > 0.0 && share < 1.0;
                check_option("baseline", baseline, is_share(baseline), "above 0 and below 1")?;
                let effect = self.effect.unwrap_or(0.0);
                let expected =
                    "small enough for baseline and effect together to be above 0 and below 1";
                check_option("effect", effect, is_share(baseline + effect), expected)?;
                Ok(Outcome::Proportion(baseline))
            }
            (None, Some(std)) => {
                check_option("std", std, std > 0.0 && std <= 1e100, "above 0")?;
                Ok(Outcome::Mean(std))
            }
            _ => {
                let baseline = self.baseline.unwrap_or(f64::NAN);
                check_option("baseline", baseline, false, expected)?;
                Ok(Outcome::Proportion(baseline))
            }
        }
    }

    /// Units that one mean would need to be known as well as the difference is with `n` of the control.
    fn effective(&self, n: f64) -> f64 {
        n * self.ratio / (1.0 + self.ratio)
    }

    fn power_once(&self, outcome: Outcome, size: f64, n: f64) -> f64 {
        let far = size * libm::sqrt(self.effective(n));
        match outcome {
            Outcome::Proportion(_) => {
                let critical = normal_critical(self.alpha);
                normal_cdf(far - critical) + normal_cdf(-far - critical)
            }
            Outcome::Mean(_) => {
                let freedom = n + n * self.ratio - 2.0;
                if freedom > 0.0 { student_power(far, freedom, self.alpha) } else { 0.0 }
            }
        }
    }

    /// At the last look alone, so a little is left out.
    fn power_any_time(&self, size: f64, n: f64) -> f64 {
        let units = self.effective(n);
        let ratio = 1.0 + units * self.mixture * self.mixture;
        let critical = critical(self.alpha, n + n * self.ratio, ratio);
        critical.map_or(0.0, |critical| normal_cdf(size * libm::sqrt(units) - critical))
    }

    fn detectable(&self, outcome: Outcome, n: f64) -> Result<f64, MonitorError> {
        let most = match outcome {
            Outcome::Proportion(baseline) => 1.0 - baseline,
            Outcome::Mean(std) => std * 1e6,
        };
        let power = |effect: f64| self.power_once(outcome, outcome.size(effect), n);
        let is_found = power(most) >= self.power;
        check_option("n", n, is_found, "more: with so few units no effect is found")?;
        Ok(between(0.0, most, |effect| power(effect) >= self.power))
    }

    fn units(&self, n: f64) -> Units {
        let variant = libm::ceil(n * self.ratio).max(1.0);
        let days = |daily: f64| libm::ceil((n + variant) / (daily * self.share)) as u64;
        Units { control: n as u64, variant: variant as u64, days: self.daily.map(days) }
    }
}
