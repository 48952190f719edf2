//! Reports held to rules.

use serde::Serialize;

use hedgerow_profile::Role;

use super::{Change, Figure, Rule};
use crate::performance::{MetricFigure, Performance, higher_is_better};
use crate::{ColumnDrift, DriftReport, Side, short};

/// New rows below which rules are quiet, unless they say otherwise.
const MIN_ROWS: u64 = 100;

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Alarm {
    pub rule: String,
    pub figure: Figure,
    /// The columns that broke it, worst first; none where it is about all of them.
    pub columns: Vec<String>,
    /// What those are: `feature`, `prediction`, `probability` or `target`, which may have one name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The worst figure, or its change.
    pub value: f64,
    /// What happened, in a sentence.
    pub message: String,
}

/// Holds a report to rules; those about what was before are quiet. Columns that it has not are passed over: see
/// [`check_names`](super::check_names).
pub fn check(report: &DriftReport, rules: &[Rule]) -> Vec<Alarm> {
    check_windows(std::slice::from_ref(report), rules)
}

/// Holds the latest of several windows' reports, in the order of time, to rules.
pub fn check_windows(reports: &[DriftReport], rules: &[Rule]) -> Vec<Alarm> {
    rules.iter().filter_map(|rule| broken(reports, rule)).collect()
}

fn broken(reports: &[DriftReport], rule: &Rule) -> Option<Alarm> {
    let windows = rule.windows.unwrap_or(1).max(1);
    let (before, latest) = reports.split_at(reports.len().checked_sub(windows)?);
    let mut beyond: Option<Vec<(f64, &str)>> = None;
    for report in latest {
        let mut found = figures(report, before.last(), rule)?;
        found.retain(|(value, _)| rule.beyond(*value).is_some());
        // A column must be beyond in all of them.
        if let Some(all) = &beyond {
            found.retain(|(_, name)| all.iter().any(|(_, other)| name == other));
        }
        beyond = Some(found);
    }
    let mut beyond = beyond?;
    let sign = if rule.above.or(rule.at_least).is_some() { -1.0 } else { 1.0 };
    beyond.sort_by(|a, b| (sign * a.0).total_cmp(&(sign * b.0)));
    let value = beyond.first()?.0;
    let columns = match rule.figure {
        Figure::DriftedShare => drifted(latest.last()?),
        _ if rule.figure.is_of_columns() => {
            beyond.into_iter().map(|(_, name)| name.to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let message = message(rule, value, &columns);
    let role = match rule.figure {
        Figure::DriftedShare => None,
        _ => rule.role.clone(),
    };
    let role =
        role.or_else(|| Some(Role::Feature.name().to_owned())).filter(|_| !columns.is_empty());
    Some(Alarm { rule: rule.name.clone(), figure: rule.figure, columns, role, value, message })
}

fn drifted(report: &DriftReport) -> Vec<String> {
    let drifted = report.columns.iter().filter(|one| one.role == "feature" && one.drifted());
    drifted.map(|one| one.name.clone()).collect()
}

/// The figures of a rule, with the columns that they are of; nothing where there are too few rows.
fn figures<'r>(
    report: &'r DriftReport,
    before: Option<&DriftReport>,
    rule: &Rule,
) -> Option<Vec<(f64, &'r str)>> {
    let few = |rows: u64| rows < rule.min_rows.unwrap_or(MIN_ROWS);
    let performance = match rule.figure {
        Figure::EstimatedMetric => report.estimated_performance.as_ref(),
        _ => report.performance.as_ref(),
    };
    if rule.figure.is_of_metrics() {
        let performance = performance.filter(|performance| !few(performance.rows))?;
        let metric = metric(rule, performance)?;
        return Some(vec![(metric_figure(rule, metric, before)?, metric.name)]);
    }
    if few(report.rows) {
        return None;
    }
    if rule.figure == Figure::DriftedShare {
        let value = report.drifted_share;
        let then = before.map(|before| before.drifted_share);
        return Some(vec![(compared(rule, value, Some(0.0), then)?, "")]);
    }
    let concerned = report.columns.iter().filter(|one| concerns(rule, one));
    let one = |column: &'r ColumnDrift| {
        let same = |other: &&ColumnDrift| (&other.name, other.role) == (&column.name, column.role);
        let then = before.and_then(|before| before.columns.iter().find(same));
        let then = then.and_then(|then| figure(rule.figure, then));
        let reference = of_side(rule.figure, &column.picture.reference);
        let value = compared(rule, figure(rule.figure, column)?, reference, then)?;
        Some((value, column.name.as_str()))
    };
    Some(concerned.filter_map(one).collect())
}

fn metric<'p>(rule: &Rule, performance: &'p Performance) -> Option<&'p MetricFigure> {
    match &rule.metric {
        Some(name) => performance.metrics.iter().find(|metric| metric.name == *name),
        None => performance.metrics.first(),
    }
}

fn metric_figure(rule: &Rule, metric: &MetricFigure, before: Option<&DriftReport>) -> Option<f64> {
    if rule.figure == Figure::MetricLoss {
        return loss(metric);
    }
    let performance = |report: &'_ DriftReport| match rule.figure {
        Figure::EstimatedMetric => report.estimated_performance.clone(),
        _ => report.performance.clone(),
    };
    let then = before.and_then(performance);
    let then = then.as_ref().and_then(|then| self::metric(rule, then)).map(|metric| metric.value);
    compared(rule, metric.value, metric.reference, then)
}

/// How much worse it is than its reference, as a share of that; nothing while both may be the same.
fn loss(metric: &MetricFigure) -> Option<f64> {
    let MetricFigure { name, value, band, reference, reference_band } = metric;
    let reference = reference.filter(|reference| *reference != 0.0)?;
    let now = band.unwrap_or([*value; 2]);
    let then = reference_band.unwrap_or([reference; 2]);
    let may_be_same = now[0] <= then[1] && then[0] <= now[1];
    let worse = if higher_is_better(name) { reference - value } else { value - reference };
    (!may_be_same).then(|| worse / reference.abs())
}

/// The figure that bounds are of.
fn compared(rule: &Rule, value: f64, reference: Option<f64>, before: Option<f64>) -> Option<f64> {
    match rule.change {
        None => Some(value),
        Some(Change::Reference) => reference.map(|reference| value - reference),
        Some(Change::Previous) => before.map(|before| value - before),
    }
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
    let since = match rule.windows {
        Some(windows) if windows > 1 => format!(" for {windows} windows"),
        _ => String::new(),
    };
    if rule.figure == Figure::Drifted && value > 0.0 && rule.change.is_none() {
        return format!("{name}: a test found drift ({of}){since}.");
    }
    let figure = rule.figure.words();
    let what = match &rule.metric {
        Some(metric) => format!("{figure} ({metric})"),
        None => figure.to_owned(),
    };
    let is = match rule.change {
        None => "is",
        Some(Change::Reference) => "differs from the reference by",
        Some(Change::Previous) => "differs from the window before by",
    };
    let bound = rule.beyond(value).unwrap_or_default();
    let of = if of.is_empty() { of } else { format!(" ({of})") };
    format!("{name}: {what} {is} {}, {bound}{of}{since}.", short(value, 6))
}

impl Figure {
    fn words(self) -> &'static str {
        match self {
            Self::DriftedShare => "drifted share",
            Self::Score => "score",
            Self::Drifted => "drifted",
            Self::MissingShare => "missing share",
            Self::NewShare => "new share",
            Self::Mean => "mean",
            Self::Metric => "metric",
            Self::MetricLoss => "metric loss",
            Self::EstimatedMetric => "estimated metric",
        }
    }
}

fn concerns(rule: &Rule, column: &ColumnDrift) -> bool {
    let role = rule.role.as_deref().unwrap_or("feature");
    column.role == role && (rule.columns.is_empty() || rule.columns.contains(&column.name))
}

fn figure(figure: Figure, column: &ColumnDrift) -> Option<f64> {
    match figure {
        Figure::Score => column.test.as_ref().map(|test| test.score),
        Figure::Drifted => Some(f64::from(u8::from(column.drifted()))),
        _ => of_side(figure, &column.picture.current),
    }
}

/// A figure that there is of training rows and of new ones.
fn of_side(figure: Figure, side: &Side) -> Option<f64> {
    let share = |part: u64| (side.rows > 0).then(|| part as f64 / side.rows as f64);
    match figure {
        Figure::MissingShare => share(side.missing),
        Figure::NewShare => share(side.new),
        Figure::Mean => side.mean,
        _ => None,
    }
}
