//! All that can be said of an experiment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::arm::bad;
use super::verdict::{self, Verdict};
use super::{
    Adjusted, AnyTime, Arm, Estimate, Posterior, SampleRatio, Untested, adjusted, any_time,
    estimate, posteriors, sample_ratio,
};
use crate::MonitorError;
use crate::error::check_option;

/// More variants than anyone compares: their name is likely that of the unit.
pub(super) const MOST_VARIANTS: usize = 20;

/// What was counted of an experiment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(hashmap_as_object))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Experiment {
    /// By the variant's name; 2 to 20 of them.
    pub variants: BTreeMap<String, Arm>,
    /// How many units each should have, beside the others; only their ratios matter. Default: all the same.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<String, f64>,
    /// The variant that others are compared with. Default: the first by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
}

/// How variants are compared.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CompareOptions {
    /// The probability of any false alarm, above 0 and below 1; comparisons with the control share it (Bonferroni).
    /// Default 0.05.
    pub alpha: f64,
    /// Standard deviations of an outcome that effects are expected to be, 0.0001 to 10; see
    /// [`any_time`](super::any_time). To be chosen before looking. Default 0.05.
    pub mixture: f64,
    /// The p-value below which assignments are said not to be as the weights, 0 to 1. Default 0.001: what is wrong
    /// with assignments shows in far smaller ones, all else rests on them, and every sound experiment is looked at
    /// many times; at 0.05, many of those would be thrown away.
    pub sample_ratio: f64,
    /// Whether a lower outcome is the better one. Default: the higher one is.
    pub lower_is_better: bool,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self { alpha: 0.05, mixture: super::MIXTURE, sample_ratio: 0.001, lower_is_better: false }
    }
}

/// All that can be said of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ExperimentReport {
    /// By name.
    pub variants: Vec<VariantReport>,
    pub control: String,
    pub sample_ratio: SampleRatio,
    /// The probability of a false alarm in each comparison.
    pub alpha: f64,
    /// Every other variant with the control, by name.
    #[cfg_attr(feature = "ts", tsify(type = "VariantComparison[]"))]
    pub comparisons: Vec<Comparison>,
    /// What to believe, by name; nothing where a variant has no units, or its outcomes no spread.
    pub posteriors: Option<Vec<Posterior>>,
}

/// A variant by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct VariantReport {
    pub name: String,
    pub n: u64,
    /// The mean of its outcomes, or the share of successes; nothing without units.
    pub mean: Option<f64>,
    /// The standard deviation of an outcome; nothing with less than two units.
    pub std: Option<f64>,
}

/// A variant beside the control.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(
    feature = "ts",
    derive(tsify::Tsify),
    tsify(missing_as_null, rename = "VariantComparison")
)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub variant: String,
    pub verdict: Verdict,
    /// The verdict in a sentence.
    pub message: String,
    /// What holds however often one looks, adjusted where there is a covariate: the verdict is by this.
    pub any_time: Option<AnyTime>,
    /// What holds for one who looks once, after a number of units that was chosen before.
    pub once: Option<Estimate>,
    /// The same without what the covariate explains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Adjusted>,
    /// Why there is no test that holds however often one looks, or none that holds once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untested: Option<Untested>,
}

impl Experiment {
    /// Adds what another worker counted, or was counted at another hour or in another region. Weights and control
    /// stay, or are those of the other where there are none.
    ///
    /// # Errors
    /// [`MonitorError::BadExperiment`] where they do not add up; weights or controls that differ do not.
    pub fn merge(&mut self, other: &Self) -> Result<(), MonitorError> {
        let differs = |what: &str| Err(bad(format!("its parts have different {what}")));
        if self.weights.is_empty() {
            self.weights.clone_from(&other.weights);
        } else if !other.weights.is_empty() && self.weights != other.weights {
            return differs("weights");
        }
        if self.control.is_none() {
            self.control.clone_from(&other.control);
        } else if other.control.is_some() && self.control != other.control {
            return differs("controls");
        }
        for (name, arm) in &other.variants {
            match self.variants.get_mut(name) {
                Some(own) => own.merge(arm).map_err(|error| within(name, error))?,
                None => _ = self.variants.insert(name.clone(), *arm),
            }
        }
        Ok(())
    }

    /// Reads what was counted: JSON such as `{"variants": {"A": {"n": 1000, "successes": 100}, "B": …}}`.
    ///
    /// # Errors
    /// [`MonitorError::BadExperiment`].
    pub fn from_json(json: &[u8]) -> Result<Self, MonitorError> {
        serde_json::from_slice(json).map_err(|error| bad(error.to_string()))
    }

    /// The control's name.
    fn check(&self) -> Result<&str, MonitorError> {
        let n = self.variants.len();
        if n < 2 {
            return Err(bad(format!("{n} variants, but two are the least")));
        }
        if n > MOST_VARIANTS {
            return Err(bad(format!("{n} variants, but {MOST_VARIANTS} are the most")));
        }
        for (name, arm) in &self.variants {
            arm.check().map_err(|error| within(name, error))?;
        }
        match &self.control {
            Some(name) if !self.variants.contains_key(name) => {
                Err(bad(format!("the control {name:?} is none of its variants")))
            }
            Some(name) => Ok(name),
            None => Ok(self.variants.keys().next().map_or("", String::as_str)),
        }
    }
}

/// An error of a variant, with its name.
fn within(name: &str, error: MonitorError) -> MonitorError {
    match error {
        MonitorError::BadExperiment { reason } => bad(format!("variant {name:?}: {reason}")),
        other => other,
    }
}

/// Says which variants are better than the control, and how sure that is.
///
/// ```
/// use hedgerow_monitor::experiment::{CompareOptions, Experiment, Verdict, compare};
///
/// let counted = r#"{"variants": {"A": {"n": 5000, "successes": 500}, "B": {"n": 5020, "successes": 650}}}"#;
/// let report = compare(&Experiment::from_json(counted.as_bytes())?, &CompareOptions::default())?;
/// assert_eq!(report.comparisons[0].verdict, Verdict::Better);
/// # Ok::<(), hedgerow_monitor::MonitorError>(())
/// ```
///
/// # Errors
/// [`MonitorError::BadExperiment`] for counts that cannot be, weights that are none, an unknown control, fewer than 2
/// or more than 20 variants; [`MonitorError::BadOption`]. Variants without units, or with outcomes that are all the
/// same, are answers, not errors.
pub fn compare(
    experiment: &Experiment,
    options: &CompareOptions,
) -> Result<ExperimentReport, MonitorError> {
    options.check()?;
    let control = experiment.check()?;
    let Experiment { variants, weights, .. } = experiment;
    let sample_ratio = sample_ratio(variants, weights, options.sample_ratio)?;
    let alpha = options.alpha / (variants.len() - 1) as f64;
    let own = variants.get(control).ok_or_else(|| bad("it has no control"))?;
    let others = variants.iter().filter(|(name, _)| *name != control);
    let comparisons: Vec<Comparison> = others
        .map(|(name, arm)| {
            let compared = compared(name, own, arm, alpha, options);
            let (verdict, message) =
                verdict::judge(&compared, control, [own, arm], &sample_ratio, options);
            Comparison { verdict, message, ..compared }
        })
        .collect();
    Ok(ExperimentReport {
        comparisons,
        variants: variants.iter().map(alone).collect(),
        control: control.to_owned(),
        alpha,
        posteriors: posteriors(variants, options.alpha, options.lower_is_better),
        sample_ratio,
    })
}

impl CompareOptions {
    fn check(&self) -> Result<(), MonitorError> {
        let is_alpha = self.alpha > 0.0 && self.alpha < 1.0;
        check_option("alpha", self.alpha, is_alpha, "above 0 and below 1")?;
        let is_bound = (0.0..=1.0).contains(&self.sample_ratio);
        check_option("sampleRatio", self.sample_ratio, is_bound, "0 to 1")?;
        super::check_mixture(self.mixture)
    }
}

fn compared(
    name: &str,
    control: &Arm,
    arm: &Arm,
    alpha: f64,
    options: &CompareOptions,
) -> Comparison {
    let once = estimate(control, arm, alpha);
    let any_time = any_time(control, arm, alpha, options.mixture);
    Comparison {
        variant: name.to_owned(),
        verdict: Verdict::Undecided,
        message: String::new(),
        untested: any_time.err().or(once.err()),
        any_time: any_time.ok(),
        once: once.ok(),
        adjusted: adjusted(control, arm, alpha).ok().flatten(),
    }
}

fn alone((name, arm): (&String, &Arm)) -> VariantReport {
    let sample = arm.sample();
    let std = |squares: f64, n: f64| libm::sqrt(squares / (n - 1.0));
    VariantReport {
        name: name.clone(),
        n: arm.n(),
        mean: sample.map(|sample| sample.mean),
        std: sample.filter(|one| one.n > 1.0).map(|one| std(one.squares, one.n)),
    }
}
