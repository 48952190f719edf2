//! When to wake somebody.

use serde::{Deserialize, Serialize};

use crate::{ColumnDrift, DriftReport, MonitorError};

/// New rows below which rules are quiet, unless they say otherwise.
const MIN_ROWS: u64 = 100;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// The share of tested features that drifted.
    DriftedShare,
    /// The score of a column's test: a p-value or a distance.
    Score,
    /// Whether a column's test found drift: 1 or 0.
    Drifted,
    /// The share of rows without a value.
    MissingShare,
    /// The share of rows with a word that no training row had.
    NewShare,
    /// The mean of a column of numbers.
    Mean,
}

/// A rule: which figure, of which columns, beyond what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// What alarms call it.
    pub name: String,
    pub figure: Figure,
    /// Names of the columns it is about; without, all features. No matter for `drifted_share`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// `feature`, `prediction`, `probability` or `target`. Default `feature`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The alarm is for a figure above this, or
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// New rows below which the rule is quiet. Default 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_rows: Option<u64>,
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alarm {
    pub rule: String,
    pub figure: Figure,
    /// The columns that broke it, worst first; none where it is about all of them.
    pub columns: Vec<String>,
    /// The worst figure.
    pub value: f64,
    /// What happened, in a sentence.
    pub message: String,
}

/// What is watched where nobody says otherwise: drift of the data, of predictions, values that went missing
/// and words that are new.
pub fn default_rules() -> Vec<Rule> {
    let rule = |name: &str, figure, role: Option<&str>, above| Rule {
        name: name.to_owned(),
        figure,
        columns: Vec::new(),
        role: role.map(str::to_owned),
        above: Some(above),
        below: None,
        min_rows: None,
    };
    vec![
        // Half of the features is enough, so a little less is the bound.
        rule("data drift", Figure::DriftedShare, None, 0.499_999),
        rule("prediction drift", Figure::Drifted, Some("prediction"), 0.5),
        rule("missing values", Figure::MissingShare, None, 0.5),
        rule("new values", Figure::NewShare, None, 0.05),
    ]
}

/// Reads rules: a JSON list of them.
///
/// # Errors
/// [`MonitorError::BadRules`].
pub fn read_rules(json: &[u8]) -> Result<Vec<Rule>, MonitorError> {
    let bad = |reason: String| MonitorError::BadRules { reason };
    let rules: Vec<Rule> = serde_json::from_slice(json).map_err(|error| bad(error.to_string()))?;
    for Rule { name, above, below, role, .. } in &rules {
        if above.is_none() && below.is_none() {
            return Err(bad(format!("{name:?} has neither `above` nor `below`")));
        }
        let roles = ["feature", "prediction", "probability", "target"];
        if let Some(role) = role.as_deref().filter(|role| !roles.contains(role)) {
            return Err(bad(format!("{name:?} has the role {role:?}, which is none of {roles:?}")));
        }
    }
    Ok(rules)
}

/// Holds a report to rules.
pub fn check(report: &DriftReport, rules: &[Rule]) -> Vec<Alarm> {
    rules.iter().filter_map(|rule| broken(report, rule)).collect()
}

fn broken(report: &DriftReport, rule: &Rule) -> Option<Alarm> {
    if report.rows < rule.min_rows.unwrap_or(MIN_ROWS) {
        return None;
    }
    let beyond = |value: f64| {
        rule.above.is_some_and(|most| value > most) || rule.below.is_some_and(|least| value < least)
    };
    let (columns, value): (Vec<String>, f64) = if rule.figure == Figure::DriftedShare {
        let drifted = report.columns.iter().filter(|one| one.role == "feature" && one.drifted());
        (drifted.map(|one| one.name.clone()).collect(), report.drifted_share)
    } else {
        let figures = report.columns.iter().filter(|one| concerns(rule, one));
        let mut worst: Vec<(f64, &str)> = figures
            .filter_map(|one| Some((figure(rule.figure, one)?, one.name.as_str())))
            .filter(|&(value, _)| beyond(value))
            .collect();
        let sign = if rule.above.is_some() { -1.0 } else { 1.0 };
        worst.sort_by(|a, b| (sign * a.0).total_cmp(&(sign * b.0)));
        let value = worst.first()?.0;
        (worst.into_iter().map(|(_, name)| name.to_owned()).collect(), value)
    };
    beyond(value).then(|| {
        let of =
            if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
        let figure = serde_json::to_string(&rule.figure).unwrap_or_default().replace(['"'], "");
        let bound = match (rule.above, rule.below) {
            (Some(above), _) if value > above => format!("above {above}"),
            (_, below) => format!("below {}", below.unwrap_or_default()),
        };
        let message = format!(
            "{}: {} is {}, {bound}{of}.",
            rule.name,
            figure.replace('_', " "),
            short(value)
        );
        Alarm { rule: rule.name.clone(), figure: rule.figure, columns, value, message }
    })
}

/// Six digits say enough.
fn short(value: f64) -> String {
    format!("{value:.5e}").parse::<f64>().unwrap_or(value).to_string()
}

fn concerns(rule: &Rule, column: &ColumnDrift) -> bool {
    let role = rule.role.as_deref().unwrap_or("feature");
    column.role == role && (rule.columns.is_empty() || rule.columns.contains(&column.name))
}

fn figure(figure: Figure, column: &ColumnDrift) -> Option<f64> {
    let now = &column.picture.current;
    let share = |part: u64| (now.rows > 0).then(|| part as f64 / now.rows as f64);
    match figure {
        Figure::DriftedShare => None,
        Figure::Score => column.test.as_ref().map(|test| test.score),
        Figure::Drifted => Some(f64::from(u8::from(column.drifted()))),
        Figure::MissingShare => share(now.missing),
        Figure::NewShare => share(now.new),
        Figure::Mean => now.mean,
    }
}
