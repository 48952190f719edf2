//! Whether new rows are spread as the training rows were, column by column.

mod distance;
mod picture;
mod test;

pub use picture::{Picture, Side};
pub use test::{Test, TestResult};

use hedgerow_profile::{Column, Counts, Profile, Role, Shape};
use serde::{Deserialize, Serialize};

use crate::{Baseline, Finding, FindingCode, MonitorError};

/// How drift is looked for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DriftOptions {
    /// The share of tested features that must have drifted for the data to have drifted. Default 0.5, as
    /// Evidently has it.
    pub drift_share: f64,
    /// The p-value below which a test finds drift. Default 0.05.
    pub significance: f64,
    /// The distance from which on one is found. Default 0.1.
    pub distance: f64,
    /// A test for all columns that it fits, instead of the one by type and number of rows.
    pub test: Option<Test>,
}

impl Default for DriftOptions {
    fn default() -> Self {
        Self { drift_share: 0.5, significance: 0.05, distance: 0.1, test: None }
    }
}

/// All columns, and what that says of the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// Training rows.
    pub reference_rows: u64,
    /// New rows.
    pub rows: u64,
    /// Features that were tested, and those of them that drifted.
    pub tested: usize,
    pub drifted: usize,
    /// `drifted / tested`; 0 where none was tested.
    pub drifted_share: f64,
    /// Whether that is at least the share asked for.
    pub data_drift: bool,
    /// In the order of the layout: features, predictions, target.
    pub columns: Vec<ColumnDrift>,
    pub findings: Vec<Finding>,
}

/// A column then and now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnDrift {
    pub name: String,
    /// `feature`, `prediction`, `probability` or `target`.
    pub role: &'static str,
    /// What was tested; nothing where a side has no values.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub test: Option<TestResult>,
    pub picture: Picture,
}

impl ColumnDrift {
    /// Whether a test found drift.
    pub fn drifted(&self) -> bool {
        self.test.as_ref().is_some_and(|test| test.drifted)
    }
}

/// Compares new rows with those of training.
///
/// # Errors
/// [`MonitorError::Profile`] for a profile of another model; [`MonitorError::NoRows`] for an empty one.
pub fn drift(
    baseline: &Baseline,
    new: &Profile,
    options: &DriftOptions,
) -> Result<DriftReport, MonitorError> {
    let mut same = Profile::new(&baseline.layout);
    same.merge(new)?;
    let (then, now) = (baseline.profile.columns(), new.columns());
    let rows = now.iter().map(Counts::rows).max().unwrap_or(0);
    if rows == 0 {
        return Err(MonitorError::NoRows);
    }
    let mut findings = Vec::new();
    let all = baseline.layout.columns().iter().zip(then.iter().zip(now));
    let columns: Vec<ColumnDrift> = all
        .map(|(column, (then, now))| {
            odd(column, then, now, &mut findings);
            ColumnDrift {
                name: column.name.clone(),
                role: role(column.role),
                test: test::test(&column.shape, then, now, options),
                picture: picture::picture(&column.shape, then, now),
            }
        })
        .collect();
    let tested = columns.iter().filter(|column| column.role == "feature" && column.test.is_some());
    let (tested, drifted) = (tested.clone().count(), tested.filter(|one| one.drifted()).count());
    let drifted_share = drifted as f64 / tested.max(1) as f64;
    Ok(DriftReport {
        reference_rows: then.iter().map(Counts::rows).max().unwrap_or(0),
        rows,
        tested,
        drifted,
        drifted_share,
        data_drift: tested > 0 && drifted_share >= options.drift_share,
        columns,
        findings,
    })
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Feature => "feature",
        Role::Prediction => "prediction",
        Role::Probability => "probability",
        Role::Target => "target",
    }
}

/// What is odd about a feature's new values, whatever a test says.
fn odd(column: &Column, then: &Counts, now: &Counts, findings: &mut Vec<Finding>) {
    let name = &column.name;
    if column.role != Role::Feature {
        return;
    }
    let mut found = |code, message| findings.push(Finding::new(code, name, message));
    match (&column.shape, then, now) {
        (Shape::Numbers(_), Counts::Numbers(then), Counts::Numbers(now)) => {
            if now.infinite > 0 {
                let message = format!("{name:?} has {} infinite values.", now.infinite);
                found(FindingCode::InfiniteValues, message);
            }
            let (Some((least, most)), Some((low, high))) = (then.range(), now.range()) else {
                return;
            };
            if low == high && least < most && now.count() > 1 {
                found(FindingCode::ConstantColumn, format!("{name:?} is always {low}."));
            }
            if low < least || high > most {
                let message = format!(
                    "{name:?} goes from {low} to {high}; in training from {least} to {most}."
                );
                found(FindingCode::OutOfRange, message);
            }
        }
        (Shape::Words(_), Counts::Words(then), Counts::Words(now)) => {
            if now.new > 0 {
                let some: Vec<&str> =
                    now.new_words.iter().take(3).map(|new| new.word.as_str()).collect();
                let rows = now.new;
                let message =
                    format!("{name:?} has {rows} rows with words not seen in training: {some:?}.");
                found(FindingCode::NewValues, message);
            }
            let many = |counts: &[u64]| counts.iter().filter(|&&count| count > 0).count() > 1;
            let single = !many(&now.counts) && now.rest == 0 && now.new_words.len() <= 1;
            if now.count() > 1 && single && many(&then.counts) && !(now.new > 0 && many_of(now)) {
                found(
                    FindingCode::ConstantColumn,
                    format!("{name:?} has the same word in every row."),
                );
            }
        }
        _ => {}
    }
}

/// Whether there are known words beside new ones.
fn many_of(words: &hedgerow_profile::Words) -> bool {
    words.count() > words.new
}
