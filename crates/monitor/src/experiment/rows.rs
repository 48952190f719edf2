//! Sums from rows, one a unit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hedgerow_data::{Column, Table, Values};
use hedgerow_model::Kind;

use super::arm::bad;
use super::compare::MOST_VARIANTS;
use super::{Arm, Experiment};
use crate::MonitorError;

/// Which columns say what.
#[derive(Debug, Clone, Copy)]
pub struct RowColumns<'a> {
    /// The variant that a unit got.
    pub variant: &'a str,
    /// What came of it: yes or no (booleans, or numbers of which none is other than 0 and 1), or a number.
    pub outcome: &'a str,
    /// For outcomes in other words: the one that is a success. There may be none, as in a day without a sale.
    pub success: Option<&'a str>,
    /// A number that was known before; yes and no count as numbers then, too.
    pub covariate: Option<&'a str>,
}

/// What rows come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Without weights and control.
    pub experiment: Experiment,
    /// Rows without a variant or an outcome, which were left out.
    pub left_out: usize,
}

/// Outcomes of a variant, and covariates.
type Pairs = (Vec<f64>, Vec<f64>);

/// Counts a table that has a row for each unit. A covariate that is missing becomes the mean of the others, of
/// whatever variant: as it was known before the variant, that favours none.
///
/// # Errors
/// [`MonitorError::Data`] for an unknown column; [`MonitorError::BadExperiment`] for columns that cannot be what they
/// are said to be, such as a variant with more than 20 values.
pub fn of_rows(table: &Table, columns: &RowColumns<'_>) -> Result<Rows, MonitorError> {
    let names = table.column(columns.variant)?;
    let outcomes = outcomes(table.column(columns.outcome)?, columns.success)?;
    let covariates = columns
        .covariate
        .map(|name| numbers(table.column(name)?, "covariate").map(filled))
        .transpose()?
        .transpose()?;
    let mut variants = BTreeMap::<String, Pairs>::new();
    let mut left_out = 0;
    for (row, outcome) in outcomes.iter().enumerate() {
        let Some(name) = names.text(row).filter(|_| !outcome.is_nan()) else {
            left_out += 1;
            continue;
        };
        let (known, before) = variants.entry(name).or_default();
        known.push(*outcome);
        before.extend(covariates.as_ref().and_then(|all| all.get(row)));
        if variants.len() > MOST_VARIANTS {
            let name = columns.variant;
            return Err(bad(format!("column {name:?} has more than {MOST_VARIANTS} variants")));
        }
    }
    let is_proportion =
        covariates.is_none() && outcomes.iter().all(|y| *y == 0.0 || *y == 1.0 || y.is_nan());
    let arm = |(name, pairs)| (name, arm(&pairs, is_proportion, covariates.is_some()));
    let variants = variants.into_iter().map(arm).collect();
    Ok(Rows { experiment: Experiment { variants, ..Experiment::default() }, left_out })
}

fn arm((outcomes, covariates): &Pairs, is_proportion: bool, has_covariate: bool) -> Arm {
    if is_proportion {
        let successes = outcomes.iter().filter(|outcome| **outcome == 1.0).count() as u64;
        return Arm::Proportion { n: outcomes.len() as u64, successes };
    }
    Arm::of(outcomes, has_covariate.then_some(covariates.as_slice()))
}

fn outcomes<'a>(column: &'a Column, success: Option<&str>) -> Result<Cow<'a, [f64]>, MonitorError> {
    let Some(success) = success else { return numbers(column, "outcome").map(Cow::from) };
    let is_success = |text: String| f64::from(u8::from(text == success));
    let outcome = |row: usize| column.text(row).map_or(f64::NAN, is_success);
    Ok((0..column.len()).map(outcome).collect())
}

fn numbers<'a>(column: &'a Column, role: &str) -> Result<&'a [f64], MonitorError> {
    match (&column.values, column.kind) {
        (Values::Numbers(values), Kind::Number | Kind::Boolean) => Ok(values),
        (_, kind) => {
            let (name, kind) = (&column.name, kind.name());
            Err(bad(format!("the {role} {name:?} is a {kind}, not a number or a boolean")))
        }
    }
}

/// Covariates with the mean where there was none.
fn filled(values: &[f64]) -> Result<Vec<f64>, MonitorError> {
    let known = values.iter().filter(|value| !value.is_nan());
    let n = known.clone().count();
    if n == 0 {
        return Err(bad("the covariate has no values"));
    }
    let mean = known.map(|value| value / n as f64).sum::<f64>();
    Ok(values.iter().map(|value| if value.is_nan() { mean } else { *value }).collect())
}
