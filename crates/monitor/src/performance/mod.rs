//! How good the model's answers turned out to be, and how good they may be expected to be.

mod classes;
mod estimate;
mod numbers;

use hedgerow_profile::{Mean, Outcomes, Profile};
use serde::Serialize;

use crate::Baseline;
use crate::statistics::{CRITICAL_95, wilson};

/// Rows below which nothing is said of a reference: its bands would be as wide as all there is.
pub(crate) const FEW: u64 = 30;

/// A metric that counts are enough for: as `hedgerow-evaluate` has it, which is not in exported models.
pub(crate) struct Metric {
    pub name: &'static str,
    pub higher_is_better: bool,
    least: f64,
    most: f64,
}

const fn score(name: &'static str) -> Metric {
    Metric { name, higher_is_better: true, least: 0.0, most: 1.0 }
}

const fn loss(name: &'static str) -> Metric {
    Metric { name, higher_is_better: false, least: 0.0, most: f64::INFINITY }
}

pub(crate) const METRICS: [Metric; 12] = [
    score("accuracy"),
    score("balancedAccuracy"),
    score("precisionMacro"),
    score("recallMacro"),
    score("f1Macro"),
    Metric { least: -1.0, ..score("mcc") },
    score("rocAuc"),
    loss("logLoss"),
    Metric { most: 1.0, ..loss("brier") },
    loss("mae"),
    loss("rmse"),
    Metric { least: f64::NEG_INFINITY, ..score("r2") },
];

/// Those of them that can be expected without the truth.
pub(crate) const ESTIMATED: [&str; 7] =
    ["accuracy", "balancedAccuracy", "precisionMacro", "recallMacro", "f1Macro", "mcc", "rocAuc"];

fn metric(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}

/// Metrics of rows whose truth is known, or what can be expected of them where it is not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Performance {
    /// Rows that it is about.
    pub rows: u64,
    /// By the names that evaluations have for them.
    pub metrics: Vec<MetricFigure>,
}

/// A metric, and how far it can be trusted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct MetricFigure {
    /// `accuracy`, `rocAuc`, `rmse`, …
    pub name: &'static str,
    pub value: f64,
    /// The ends of an interval of 95 % confidence, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<[f64; 2]>,
    /// The same metric of the rows that were kept out of training, where the training profile has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<f64>,
    /// The interval of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_band: Option<[f64; 2]>,
}

/// Metrics of the rows whose truth is known; nothing where there are none.
pub(crate) fn of_outcomes(baseline: &Baseline, now: &Profile) -> Option<Performance> {
    let outcomes = now.outcomes().filter(|outcomes| outcomes.rows() > 0)?;
    let then = baseline.profile.outcomes().filter(|outcomes| outcomes.rows() >= FEW);
    let then = then.map(|outcomes| figures(baseline, outcomes)).unwrap_or_default();
    let mut metrics = figures(baseline, outcomes);
    for metric in &mut metrics {
        let same = then.iter().find(|other| other.name == metric.name);
        metric.reference = same.map(|other| other.value);
        metric.reference_band = same.and_then(|other| other.band);
    }
    Some(Performance { rows: outcomes.rows(), metrics })
}

/// What may be expected of rows whose truth is not known, by the probabilities that were answered.
pub(crate) fn estimated(baseline: &Baseline, now: &Profile) -> Option<Performance> {
    estimate::estimate(baseline, now)
}

fn figures(baseline: &Baseline, outcomes: &Outcomes) -> Vec<MetricFigure> {
    match (outcomes, baseline.layout.truth()) {
        (Outcomes::Classes(counts), _) => classes::figures(counts),
        (Outcomes::Numbers(counts), Some(truth)) => numbers::figures(counts, truth),
        _ => Vec::new(),
    }
}

/// Whether a metric is the better, the higher it is.
pub fn higher_is_better(name: &str) -> bool {
    metric(name).is_none_or(|metric| metric.higher_is_better)
}

fn figure(name: &'static str, value: f64, error: Option<f64>) -> Option<MetricFigure> {
    let band = error.filter(|error| error.is_finite()).map(|error| around(name, value, error));
    value.is_finite().then(|| plain(name, value, band))
}

/// A figure whose interval is about another one, nearer to what is likely before there are rows. It holds both.
fn likely_figure(name: &'static str, value: f64, likely: f64, error: f64) -> Option<MetricFigure> {
    let [low, high] = around(name, likely, error);
    let band = Some([low.min(value), high.max(value)]).filter(|_| error.is_finite());
    value.is_finite().then(|| plain(name, value, band))
}

/// An interval about a figure, within what the metric can be.
fn around(name: &str, value: f64, error: f64) -> [f64; 2] {
    let (least, most) = metric(name).map_or((f64::MIN, f64::MAX), |one| (one.least, one.most));
    [(value - CRITICAL_95 * error).max(least), (value + CRITICAL_95 * error).min(most)]
}

/// A mean with the error that so many rows leave it.
fn mean_figure(name: &'static str, mean: Option<Mean>, rows: u64) -> Option<MetricFigure> {
    let Mean { mean, std } = mean?;
    figure(name, mean, Some(std / libm::sqrt(rows as f64)))
}

/// A share of rows.
fn share_figure(name: &'static str, value: f64, rows: f64) -> Option<MetricFigure> {
    (rows > 0.0).then(|| plain(name, value, Some(wilson(value, rows, CRITICAL_95))))
}

fn plain(name: &'static str, value: f64, band: Option<[f64; 2]>) -> MetricFigure {
    MetricFigure { name, value, band, reference: None, reference_band: None }
}
