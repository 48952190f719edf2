//! When to wake somebody.

mod alarm;

use hedgerow_profile::Role;
use serde::{Deserialize, Serialize};

use crate::performance::{ESTIMATED, METRICS};
use crate::{DriftReport, MonitorError};

pub use alarm::{Alarm, check, check_windows};

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
    /// A metric of the rows whose truth is known.
    Metric,
    /// How much worse a metric is than it was for the rows that were kept out of training, as a share of what it
    /// was; nothing while their bands overlap.
    MetricLoss,
    /// A metric as it may be expected of all rows, by the probabilities that were answered.
    EstimatedMetric,
}

/// What a figure is compared with, where a rule is about its change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The same figure of the training rows; of a metric, that of the rows kept out of training.
    Reference,
    /// The same figure of the window before.
    Previous,
}

impl Figure {
    /// Whether it is of columns, each by itself.
    fn is_of_columns(self) -> bool {
        matches!(
            self,
            Self::Score | Self::Drifted | Self::MissingShare | Self::NewShare | Self::Mean
        )
    }

    /// Whether it is of a metric.
    fn is_of_metrics(self) -> bool {
        matches!(self, Self::Metric | Self::MetricLoss | Self::EstimatedMetric)
    }
}

/// A rule: which figure, of which columns, beyond what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// What alarms call it.
    pub name: String,
    pub figure: Figure,
    /// Names of the columns it is about; without, all features. Only figures of columns have them.
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
    /// The metric it is about, by its name in evaluations; without, accuracy, or the mean absolute error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// Bounds are of how much the figure is more than what it is compared with. Left out: of the figure itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// Windows in a row that must be beyond the bound, the latest one too. Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<usize>,
    /// New rows below which the rule is quiet; of metrics, rows whose truth is known. Default 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_rows: Option<u64>,
}

impl Rule {
    /// A rule about all features, or all there is, with no bound yet.
    pub fn new(name: &str, figure: Figure) -> Self {
        Self {
            name: name.to_owned(),
            figure,
            columns: Vec::new(),
            role: None,
            above: None,
            at_least: None,
            below: None,
            metric: None,
            change: None,
            windows: None,
            min_rows: None,
        }
    }
}

/// What is watched where nobody says otherwise: drift of the data, of predictions, values that went missing,
/// words that are new, and answers that became worse.
pub fn default_rules() -> Vec<Rule> {
    let rule = |name: &str, figure, above| Rule { above: Some(above), ..Rule::new(name, figure) };
    vec![
        Rule { at_least: Some(0.5), ..Rule::new("data drift", Figure::DriftedShare) },
        Rule {
            role: Some(Role::Prediction.name().to_owned()),
            ..rule("prediction drift", Figure::Drifted, 0.5)
        },
        rule("missing values", Figure::MissingShare, 0.5),
        rule("new values", Figure::NewShare, 0.05),
        rule("performance", Figure::MetricLoss, 0.1),
    ]
}

/// Reads rules: a JSON list of them.
///
/// # Errors
/// [`MonitorError::BadRules`].
pub fn read_rules(json: &[u8]) -> Result<Vec<Rule>, MonitorError> {
    let bad = |reason: String| MonitorError::BadRules { reason };
    let rules: Vec<Rule> = serde_json::from_slice(json).map_err(|error| bad(error.to_string()))?;
    for (index, rule) in rules.iter().enumerate() {
        rule.check().map_err(|what| bad(format!("{:?} {what}", rule.name)))?;
        if rules[..index].iter().any(|other| other.name == rule.name) {
            return Err(bad(format!("two are called {:?}", rule.name)));
        }
    }
    Ok(rules)
}

impl Rule {
    /// What is wrong with it, as the end of a sentence.
    fn check(&self) -> Result<(), String> {
        let Self { figure, above, at_least, below, role, windows, metric, columns, .. } = self;
        let change = self.change;
        if above.or(*at_least).or(*below).is_none() {
            return Err("has none of `above`, `atLeast` and `below`".to_owned());
        }
        let roles = Role::ALL.map(Role::name);
        if let Some(role) = role.as_deref().filter(|role| !roles.contains(role)) {
            return Err(format!("has the role {role:?}, which is none of {roles:?}"));
        }
        if *windows == Some(0) {
            return Err("asks for 0 windows; it needs at least 1".to_owned());
        }
        let known = |name: &String| METRICS.iter().any(|info| info.name == *name);
        if let Some(name) = metric.as_ref().filter(|name| !known(name)) {
            return Err(format!("is about the metric {name:?}, which there is not"));
        }
        if metric.is_some() && !figure.is_of_metrics() {
            return Err("names a metric, but its figure is of none".to_owned());
        }
        if *figure == Figure::MetricLoss && change.is_some() {
            return Err("has a `change`, but a loss is one already".to_owned());
        }
        let of_new_rows = [Figure::Score, Figure::Drifted, Figure::EstimatedMetric];
        if change == Some(Change::Reference) && of_new_rows.contains(figure) {
            return Err("is about the change to training, of which there is no such figure".into());
        }
        let needs_truth = |name: &String| !ESTIMATED.contains(&name.as_str());
        if *figure == Figure::EstimatedMetric && metric.as_ref().is_some_and(needs_truth) {
            return Err(format!("is about a metric that is not estimated; {ESTIMATED:?} are"));
        }
        if !columns.is_empty() && !figure.is_of_columns() {
            return Err("names columns, but its figure is of none".to_owned());
        }
        Ok(())
    }
}

/// Checks that a report has the columns that rules name: a rule about another would be quiet for ever.
///
/// # Errors
/// [`MonitorError::BadRules`].
pub fn check_names(report: &DriftReport, rules: &[Rule]) -> Result<(), MonitorError> {
    for rule in rules.iter().filter(|rule| rule.figure.is_of_columns()) {
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
