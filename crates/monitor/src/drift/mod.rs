//! Whether new rows are spread as the training rows were, column by column.

mod distance;
mod odd;
mod picture;
mod test;

pub use picture::{Picture, Side};
pub use test::{Test, TestResult};

use hedgerow_profile::Profile;
use serde::{Deserialize, Serialize};

use crate::error::check_option;
use crate::performance::{self, Performance};
use crate::{Baseline, Finding, MonitorError};

/// How drift is looked for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DriftOptions {
    /// The share of tested features that must have drifted for the data to have drifted, 0 to 1. Default 0.5,
    /// as Evidently has it.
    pub drift_share: f64,
    /// The p-value below which a test finds drift, 0 to 1. Default 0.05.
    pub significance: f64,
    /// The distance from which on one is found. Default 0.1.
    pub distance: f64,
    /// A test for all columns that it fits, instead of the one by type and number of rows.
    pub test: Option<Test>,
}

impl DriftOptions {
    /// # Errors
    /// [`MonitorError::BadOption`].
    pub(crate) fn check(&self) -> Result<(), MonitorError> {
        let Self { drift_share, significance, distance, .. } = *self;
        let share = |name, value: f64| {
            check_option(name, value, (0.0..=1.0).contains(&value), "from 0 to 1")
        };
        share("driftShare", drift_share)?;
        share("significance", significance)?;
        check_option("distance", distance, distance >= 0.0, "0 or more")
    }
}

impl Default for DriftOptions {
    fn default() -> Self {
        Self { drift_share: 0.5, significance: 0.05, distance: 0.1, test: None }
    }
}

/// All columns, and what that says of the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
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
    /// Metrics of the rows whose truth is known, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performance: Option<Performance>,
    /// What may be expected of all rows by the probabilities that were answered; of classes only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_performance: Option<Performance>,
    pub findings: Vec<Finding>,
}

/// A column then and now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ColumnDrift {
    pub name: String,
    /// `feature`, `prediction`, `probability` or `target`.
    pub role: &'static str,
    /// What was tested; nothing where a side has no values.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", tsify(type = "Partial<TestResult>"))]
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
    let rows = new.rows();
    if rows == 0 {
        return Err(MonitorError::NoRows);
    }
    let mut findings = Vec::new();
    let all = baseline.layout.columns().iter().zip(then.iter().zip(now));
    let columns: Vec<ColumnDrift> = all
        .map(|(column, (then, now))| {
            findings.extend(odd::odd(column, then, now));
            ColumnDrift {
                name: column.name.clone(),
                role: column.role.name(),
                test: test::test(&column.shape, then, now, options),
                picture: picture::picture(&column.shape, then, now),
            }
        })
        .collect();
    let tested = columns.iter().filter(|column| column.role == "feature" && column.test.is_some());
    let (tested, drifted) = (tested.clone().count(), tested.filter(|one| one.drifted()).count());
    let drifted_share = drifted as f64 / tested.max(1) as f64;
    Ok(DriftReport {
        reference_rows: baseline.profile.rows(),
        rows,
        tested,
        drifted,
        drifted_share,
        data_drift: tested > 0 && drifted_share >= options.drift_share,
        columns,
        performance: performance::of_outcomes(baseline, new),
        estimated_performance: performance::estimated(baseline, new),
        findings,
    })
}
