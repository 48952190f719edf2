//! New rows in two parts: one to train the challenger on, one to judge it and the champion by.

use hedgerow_data::{
    DEFAULT_SEED, SplitOptions, Table, rows_in_time, sort_indices, train_test_split,
};
use hedgerow_evaluate::EvaluateError;
use hedgerow_model::{Model, Task};
use serde::{Deserialize, Serialize};

use crate::RenewError;

/// Rows that two models are told apart by at least.
const LEAST_ROWS: usize = 20;

/// Which of the new rows are kept out of training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct HoldOutOptions {
    /// Their share, more than 0 and less than 1. Default 0.3.
    pub share: f64,
    /// Which rows are drawn. Default 42.
    pub seed: u64,
    /// A column of dates or numbers by which the last rows are kept out, instead of drawn ones: the fairer way
    /// where rows near in time are alike, since of drawn rows the challenger was trained on the neighbours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

impl Default for HoldOutOptions {
    fn default() -> Self {
        Self { share: 0.3, seed: DEFAULT_SEED, time: None }
    }
}

impl HoldOutOptions {
    pub(crate) fn check(&self) -> Result<(), RenewError> {
        if self.share > 0.0 && self.share < 1.0 {
            return Ok(());
        }
        let (value, expected) = (self.share.to_string(), "more than 0 and less than 1");
        Err(RenewError::BadOption { option: "share", value, expected })
    }

    /// The split that draws rows, where time does not decide: of classes in equal shares.
    pub fn drawn(&self, model: &Model) -> SplitOptions {
        let has_classes = matches!(model.schema.task, Task::Classification { .. });
        let stratify = has_classes.then(|| model.schema.target.name.clone());
        SplitOptions { test_size: self.share, seed: self.seed, stratify }
    }
}

/// New rows in two parts.
#[derive(Debug, Clone)]
pub struct HeldOut {
    pub train: Table,
    pub test: Table,
}

/// The rows that have a target.
///
/// # Errors
/// [`EvaluateError::NoTarget`] where the column is not there.
pub fn labelled(model: &Model, rows: &Table) -> Result<Table, RenewError> {
    let target = model.schema.target.name.as_str();
    rows.drop_missing(Some(&[target]))
        .map_err(|_| EvaluateError::NoTarget { column: target.to_owned() }.into())
}

/// Keeps part of labelled rows out: drawn by the seed, of each class its share; or the last ones.
///
/// # Errors
/// [`RenewError::BadOption`], [`RenewError::Data`] for a time that has no order; [`RenewError::TooFewRows`] where
/// less than 20 rows are kept out, or trained on.
pub fn hold_out(
    model: &Model,
    rows: &Table,
    options: &HoldOutOptions,
) -> Result<HeldOut, RenewError> {
    options.check()?;
    let n = rows.rows();
    let test = (n as f64 * options.share) as usize;
    if test.min(n - test) < LEAST_ROWS {
        let least = (LEAST_ROWS as f64 / options.share.min(1.0 - options.share)) as usize + 1;
        let what = "new rows with a target";
        return Err(RenewError::TooFewRows { what, rows: n, needed: least });
    }
    let (train, test) = match &options.time {
        Some(time) => by_time(rows, time, n - test)?,
        None => train_test_split(rows, &options.drawn(model))?,
    };
    Ok(HeldOut { train, test })
}

/// The first rows by time, so many, and those that are left.
fn by_time(rows: &Table, time: &str, first: usize) -> Result<(Table, Table), RenewError> {
    let order = rows_in_time(rows.column(time)?)?;
    let part = |part: &[u32]| {
        let mut part = part.to_vec();
        sort_indices(&mut part, &|a, b| a.cmp(&b));
        rows.take(&part)
    };
    Ok((part(&order[..first]), part(&order[first..])))
}
