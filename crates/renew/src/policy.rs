//! When a model is due to be trained again.

use std::collections::BTreeMap;

use hedgerow_evaluate::metric_info;
use hedgerow_model::json::parse;
use hedgerow_monitor::{Alarm, DriftReport, Rule, default_rules, read_rules};
use serde::{Deserialize, Serialize};

use crate::{HoldOutOptions, PromotionRule, RenewError};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// When a model is due, what its challenger is judged on, and when that is promoted. Whatever is left out is no
/// reason, but for alarms of the default rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Policy {
    /// Schedule: due so many days after the champion was registered. Above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<f64>,
    /// Drift: due where at least this share of the tested features drifted, above 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drifted_share: Option<f64>,
    /// Drift: due where one of these is broken, as `hedgerow monitor check` has them. Default: its default rules.
    pub rules: Vec<Rule>,
    /// Performance: due where the champion's figure on the new rows is beyond a bound.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub performance: Vec<Figure>,
    /// New rows with a target below which it is never due. Default 100.
    pub min_rows: u64,
    pub hold_out: HoldOutOptions,
    pub promotion: PromotionRule,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_age_days: None,
            drifted_share: None,
            rules: default_rules(),
            performance: Vec::new(),
            min_rows: 100,
            hold_out: HoldOutOptions::default(),
            promotion: PromotionRule::default(),
        }
    }
}

/// A metric of an evaluation, and what it must not be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Figure {
    /// As a report calls it, such as `accuracy` or `rmse`.
    pub metric: String,
    /// It is due for a figure below this, or above that. One of them is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
}

/// What is known of a champion and the rows that came since.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Since it was registered; below 0, as of clocks that jump, counts as 0.
    pub age_seconds: Option<f64>,
    /// New rows with a target.
    pub rows: u64,
    pub drift: Option<&'a DriftReport>,
    /// The rules of the policy that are broken.
    pub alarms: &'a [Alarm],
    /// The champion's metrics on the new rows, by the names of a report.
    pub metrics: Option<&'a BTreeMap<String, f64>>,
}

/// Whether a model is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub due: bool,
    /// Why; where it is not due, what keeps it from that.
    pub reasons: Vec<Reason>,
}

/// Why a model is due, or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub trigger: Trigger,
    /// In a sentence.
    pub message: String,
}

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The schedule.
    Age,
    /// The share of features that drifted.
    Drift,
    /// A rule that is broken.
    Alarm,
    /// A metric beyond its bound.
    Performance,
    /// There are too few new rows.
    TooFewRows,
    /// Nothing happened that the policy names.
    Quiet,
    /// Something that the policy names is not known.
    Unknown,
}

/// Reads a policy: a JSON object.
///
/// # Errors
/// [`RenewError::BadPolicy`].
pub fn read_policy(json: &[u8]) -> Result<Policy, RenewError> {
    let bad = |reason: String| RenewError::BadPolicy { reason };
    let text = std::str::from_utf8(json).map_err(|error| bad(error.to_string()))?;
    let value = parse(text).map_err(|error| bad(error.to_string()))?;
    // A list would be read as an object's values in their order.
    if !value.is_object() {
        return Err(bad("it is no object".to_owned()));
    }
    let policy = Policy::deserialize(&value).map_err(|error| bad(error.to_string()))?;
    policy.check().map_err(bad)?;
    Ok(policy)
}

impl Policy {
    fn check(&self) -> Result<(), String> {
        if self.max_age_days.is_some_and(|days| !(days > 0.0 && days.is_finite())) {
            return Err("maxAgeDays must be a number above 0".to_owned());
        }
        if self.drifted_share.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
            return Err("driftedShare must be above 0 and at most 1".to_owned());
        }
        for Figure { metric, below, above } in &self.performance {
            if metric_info(metric).is_none() {
                return Err(format!("there is no metric {metric:?}"));
            }
            if below.or(*above).is_none() {
                return Err(format!("{metric:?} has neither `below` nor `above`"));
            }
        }
        let rules = serde_json::to_vec(&self.rules).map_err(|error| error.to_string())?;
        read_rules(&rules).map_err(|error| error.to_string())?;
        self.hold_out.check().map_err(|error| error.to_string())?;
        self.promotion.check().map_err(|error| error.to_string())
    }

    /// Whether a model is due to be trained again.
    pub fn decide(&self, facts: &Facts<'_>) -> Decision {
        if facts.rows < self.min_rows {
            let message = format!(
                "There are {} new rows with a target, fewer than {}.",
                facts.rows, self.min_rows
            );
            return Decision {
                due: false,
                reasons: vec![Reason { trigger: Trigger::TooFewRows, message }],
            };
        }
        let mut found = Vec::new();
        self.by_age(facts, &mut found);
        self.by_drift(facts, &mut found);
        self.by_performance(facts, &mut found);
        let (mut reasons, unknown): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|reason| reason.trigger != Trigger::Unknown);
        let due = !reasons.is_empty();
        reasons.extend(unknown);
        if reasons.is_empty() {
            let message = "Nothing happened that the policy names.".to_owned();
            reasons.push(Reason { trigger: Trigger::Quiet, message });
        }
        Decision { due, reasons }
    }

    fn by_age(&self, facts: &Facts<'_>, found: &mut Vec<Reason>) {
        let Some(most) = self.max_age_days else { return };
        let Some(seconds) = facts.age_seconds else {
            found.push(unknown("When the champion was registered is not known"));
            return;
        };
        let days = seconds.max(0.0) / DAY;
        if days >= most {
            let message = format!("The champion is {days:.1} days old; the policy says {most}.");
            found.push(Reason { trigger: Trigger::Age, message });
        }
    }

    fn by_drift(&self, facts: &Facts<'_>, found: &mut Vec<Reason>) {
        let Some(drift) = facts.drift else {
            if self.drifted_share.is_some() || !self.rules.is_empty() {
                found.push(unknown("How the new rows differ from the training rows is not known"));
            }
            return;
        };
        if self.drifted_share.is_some_and(|share| drift.tested > 0 && drift.drifted_share >= share)
        {
            let message = format!("{} of {} features drifted.", drift.drifted, drift.tested);
            found.push(Reason { trigger: Trigger::Drift, message });
        }
        found.extend(
            facts
                .alarms
                .iter()
                .map(|alarm| Reason { trigger: Trigger::Alarm, message: alarm.message.clone() }),
        );
    }

    fn by_performance(&self, facts: &Facts<'_>, found: &mut Vec<Reason>) {
        for Figure { metric, below, above } in &self.performance {
            let Some(value) = facts.metrics.and_then(|metrics| metrics.get(metric)) else {
                found.push(unknown(&format!(
                    "The champion's {metric} on the new rows is not known"
                )));
                continue;
            };
            let low = below.filter(|below| value < below).map(|below| format!("below {below}"));
            let high = above.filter(|above| value > above).map(|above| format!("above {above}"));
            found.extend(low.or(high).map(|bound| Reason {
                trigger: Trigger::Performance,
                message: format!("The champion's {metric} on the new rows is {value:.4}, {bound}."),
            }));
        }
    }
}

fn unknown(what: &str) -> Reason {
    Reason { trigger: Trigger::Unknown, message: format!("{what}, so it is no reason.") }
}
