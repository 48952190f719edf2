//! Whether the challenger takes the champion's place.

use hedgerow_data::{DEFAULT_SEED, Table};
use hedgerow_evaluate::{
    EvaluateError, EvaluateOptions, ImportanceMetric, Paired, PairedOptions, Report, compare_on,
    evaluate,
};
use hedgerow_model::{Model, Task};
use hedgerow_monitor::short;
use serde::{Deserialize, Serialize};

use crate::RenewError;

/// When the challenger is promoted: where on the same held-out rows its metric is better by more than
/// `minImprovement`, and the interval of that difference does not reach below `-tolerance`.
///
/// With a tolerance of 0 chance alone is ruled out: the whole interval says that it is no worse. A larger one
/// lets a challenger pass that is better as measured, and worse by no more than that if chance misled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PromotionRule {
    /// `accuracy`, `balancedAccuracy`, `logLoss` or `rocAuc`; `r2`, `rmse` or `mae`. Default `accuracy`, or `r2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", tsify(type = "Judgement['metric']"))]
    pub metric: Option<ImportanceMetric>,
    /// In the unit of the metric, from 0. Default 0.
    pub min_improvement: f64,
    /// In the unit of the metric, from 0. Default 0.
    pub tolerance: f64,
    /// How often the interval is to hold the true difference, more than 0 and less than 1. Default 0.95.
    pub confidence: f64,
    /// Resamples of the bootstrap that the interval comes from, 1 to 10,000. Default 1,000; fewer of many rows, as
    /// [`PairedOptions`] says.
    pub resamples: usize,
    /// Their seed. Default 42.
    pub seed: u64,
}

impl Default for PromotionRule {
    fn default() -> Self {
        let (min_improvement, tolerance) = (0.0, 0.0);
        let (metric, confidence, resamples) = (None, 0.95, 1_000);
        Self { metric, min_improvement, tolerance, confidence, resamples, seed: DEFAULT_SEED }
    }
}

impl PromotionRule {
    fn paired(&self) -> PairedOptions {
        let &Self { metric, confidence, resamples, seed, .. } = self;
        PairedOptions { metric, confidence, resamples, seed }
    }

    pub(crate) fn check(&self) -> Result<(), RenewError> {
        let sizes = [("minImprovement", self.min_improvement), ("tolerance", self.tolerance)];
        for (option, size) in sizes {
            if !(size >= 0.0 && size.is_finite()) {
                let (value, expected) = (size.to_string(), "a number from 0");
                return Err(RenewError::BadOption { option, value, expected });
            }
        }
        self.paired().check()?;
        Ok(())
    }
}

/// What the rule says, and by what.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(rename = "Judgement"))]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    #[cfg_attr(
        feature = "ts",
        tsify(
            type = "'accuracy' | 'balancedAccuracy' | 'logLoss' | 'rocAuc' | 'r2' | 'rmse' | 'mae'"
        )
    )]
    pub metric: ImportanceMetric,
    /// Held-out rows that both were measured on.
    pub rows: usize,
    pub champion: f64,
    pub challenger: f64,
    /// By how much the challenger is better, above 0 where it is, whichever way the metric goes; and the
    /// interval of that.
    pub gain: f64,
    pub low: f64,
    pub high: f64,
    pub promote: bool,
    /// Why, in a sentence.
    pub reason: String,
}

/// How good the champion is on new rows, which it must be able to judge.
///
/// # Errors
/// [`RenewError::NewClass`]; [`RenewError::Evaluate`] where the rows do not fit the champion.
pub fn check_rows(champion: &Model, rows: &Table) -> Result<Report, RenewError> {
    let options = EvaluateOptions::default();
    evaluate(champion, rows, &options).map_err(|error| match error {
        EvaluateError::UnknownLabel { column, row, value } => {
            RenewError::NewClass { column, row, value }
        }
        error => error.into(),
    })
}

/// Judges both on rows that neither was trained on.
///
/// # Errors
/// [`RenewError::OtherTask`], [`RenewError::LostClass`] where the two do not predict the same;
/// [`RenewError::BadOption`]; [`RenewError::Evaluate`] where the rows do not fit.
pub fn judge(
    champion: &Model,
    challenger: &Model,
    held_out: &Table,
    rule: &PromotionRule,
) -> Result<Verdict, RenewError> {
    rule.check()?;
    same_task(champion, challenger)?;
    let paired = compare_on(champion, challenger, held_out, &rule.paired())?;
    let (promote, reason) = decided(&paired, rule);
    let Paired { metric, rows, first, second, gain, low, high } = paired;
    Ok(Verdict {
        metric,
        rows,
        champion: first,
        challenger: second,
        gain,
        low,
        high,
        promote,
        reason,
    })
}

fn same_task(champion: &Model, challenger: &Model) -> Result<(), RenewError> {
    let column = champion.schema.target.name.clone();
    let (wanted, found) = (&champion.schema.task, &challenger.schema.task);
    let name = |task: &Task| match task {
        Task::Regression => "a number",
        Task::Classification { .. } => "classes",
    };
    if name(wanted) != name(found) {
        return Err(RenewError::OtherTask { column, found: name(found), wanted: name(wanted) });
    }
    let is_lost = |class: &&String| !found.classes().contains(class);
    match wanted.classes().iter().find(is_lost) {
        Some(class) => Err(RenewError::LostClass { column, value: class.clone() }),
        None => Ok(()),
    }
}

/// Whether, and why.
fn decided(paired: &Paired, rule: &PromotionRule) -> (bool, String) {
    let &Paired { metric, rows, first, second, gain, low, high } = paired;
    let name = metric.name();
    let share = rule.confidence * 100.0;
    let measured = format!(
        "{name} {} against {} on the same {rows} held-out rows, a gain of {} ({share} % interval {} to {})",
        short(second, 4),
        short(first, 4),
        short(gain, 4),
        short(low, 4),
        short(high, 4)
    );
    let is_better = gain > rule.min_improvement;
    if !is_better {
        let least = short(rule.min_improvement, 4);
        return (false, format!("The challenger is not better by more than {least}: {measured}."));
    }
    let is_sure = low >= -rule.tolerance;
    if !is_sure {
        let most = short(rule.tolerance, 4);
        return (
            false,
            format!("The challenger may be worse by more than {most}, by chance: {measured}."),
        );
    }
    (true, format!("The challenger is better: {measured}."))
}
