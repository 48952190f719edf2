//! When to wake somebody.

use serde::{Deserialize, Serialize};

use crate::{ColumnDrift, DriftReport, MonitorError};

/// New rows below which rules are quiet, unless they say otherwise.
const MIN_ROWS: u64 = 100;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
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
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
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
    /// There is an alarm for a figure above this. One of the three bounds is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// For one that is this, or above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// For one below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// New rows below which the rule is quiet. Default 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_rows: Option<u64>,
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
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
        at_least: None,
        below: None,
        min_rows: None,
    };
    let data_drift = rule("data drift", Figure::DriftedShare, None, 0.5);
    vec![
        Rule { above: None, at_least: Some(0.5), ..data_drift },
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
    for Rule { name, above, at_least, below, role, .. } in &rules {
        if above.or(*at_least).or(*below).is_none() {
            return Err(bad(format!("{name:?} has none of `above`, `atLeast` and `below`")));
        }
        let roles = ["feature", "prediction", "probability", "target"];
        if let Some(role) = role.as_deref().filter(|role| !roles.contains(role)) {
            return Err(bad(format!("{name:?} has the role {role:?}, which is none of {roles:?}")));
        }
    }
    Ok(rules)
}

/// Checks that a report has the columns that rules name: a rule about another would be quiet for ever.
///
/// # Errors
/// [`MonitorError::BadRules`].
pub fn check_names(report: &DriftReport, rules: &[Rule]) -> Result<(), MonitorError> {
    for rule in rules.iter().filter(|rule| rule.figure != Figure::DriftedShare) {
        let role = rule.role.as_deref().unwrap_or("feature");
        let is_there = |name: &&String| {
            report.columns.iter().any(|column| column.role == role && column.name == **name)
        };
        if let Some(name) = rule.columns.iter().find(|name| !is_there(name)) {
            let reason =
                format!("{:?} is about the {role} {name:?}, which is not there", rule.name);
            return Err(MonitorError::BadRules { reason });
        }
    }
    Ok(())
}

/// Holds a report to rules. Columns that it has not are passed over: see [`check_names`].
pub fn check(report: &DriftReport, rules: &[Rule]) -> Vec<Alarm> {
    rules.iter().filter_map(|rule| broken(report, rule)).collect()
}

fn broken(report: &DriftReport, rule: &Rule) -> Option<Alarm> {
    if report.rows < rule.min_rows.unwrap_or(MIN_ROWS) {
        return None;
    }
    let (value, columns) = worst(report, rule)?;
    let message = message(rule, value, &columns);
    Some(Alarm { rule: rule.name.clone(), figure: rule.figure, columns, value, message })
}

/// The figure that is farthest beyond the bound, if any is, and the columns that are, worst first.
fn worst(report: &DriftReport, rule: &Rule) -> Option<(f64, Vec<String>)> {
    if rule.figure == Figure::DriftedShare {
        let drifted = report.columns.iter().filter(|one| one.role == "feature" && one.drifted());
        let columns = drifted.map(|one| one.name.clone()).collect();
        return rule.beyond(report.drifted_share).map(|_| (report.drifted_share, columns));
    }
    let mut beyond: Vec<(f64, &str)> = report
        .columns
        .iter()
        .filter(|one| concerns(rule, one))
        .filter_map(|one| Some((figure(rule.figure, one)?, one.name.as_str())))
        .filter(|(value, _)| rule.beyond(*value).is_some())
        .collect();
    let sign = if rule.above.or(rule.at_least).is_some() { -1.0 } else { 1.0 };
    beyond.sort_by(|a, b| (sign * a.0).total_cmp(&(sign * b.0)));
    let value = beyond.first()?.0;
    Some((value, beyond.into_iter().map(|(_, name)| name.to_owned()).collect()))
}

impl Rule {
    /// The bound that a figure breaks.
    fn beyond(&self, value: f64) -> Option<String> {
        let above = self.above.filter(|above| value > *above).map(|above| format!("above {above}"));
        let least = |least: f64| (value >= least).then(|| format!("at least {least}"));
        let below = |below: f64| (value < below).then(|| format!("below {below}"));
        above.or_else(|| self.at_least.and_then(least)).or_else(|| self.below.and_then(below))
    }
}

fn message(rule: &Rule, value: f64, columns: &[String]) -> String {
    let (name, of) = (&rule.name, columns.join(", "));
    if rule.figure == Figure::Drifted && value > 0.0 {
        return format!("{name}: a test found drift ({of}).");
    }
    let figure = serde_json::to_string(&rule.figure).unwrap_or_default();
    let figure = figure.replace('"', "").replace('_', " ");
    let bound = rule.beyond(value).unwrap_or_default();
    let of = if of.is_empty() { of } else { format!(" ({of})") };
    format!("{name}: {figure} is {}, {bound}{of}.", short(value))
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
