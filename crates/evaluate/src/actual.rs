//! The target of a table, as the model counts it.

use std::borrow::Cow;

use hedgerow_data::{Column, Table, Values};
use hedgerow_model::{Field, Kind, Model, Task};

use crate::{EvaluateError, align::column_for, labels::Labels};

/// What is to be predicted.
#[derive(Debug, Clone)]
pub(crate) enum Actual {
    Classes { codes: Vec<u32>, n_classes: usize },
    Values(Vec<f64>),
}

impl Actual {
    pub(crate) fn new(model: &Model, table: &Table, rows: &[u32]) -> Result<Self, EvaluateError> {
        if rows.is_empty() {
            return Err(EvaluateError::NoRows);
        }
        let field = &model.schema.target;
        Ok(match &model.schema.task {
            Task::Classification { classes } => {
                Self::Classes { codes: codes(field, classes, table)?, n_classes: classes.len() }
            }
            Task::Regression => Self::Values(values(field, table)?),
        }
        .take(rows))
    }

    /// The rows named, in the order named.
    pub(crate) fn take(&self, rows: &[u32]) -> Self {
        match self {
            Self::Classes { codes, n_classes } => {
                let codes = rows.iter().map(|&row| codes[row as usize]).collect();
                Self::Classes { codes, n_classes: *n_classes }
            }
            Self::Values(values) => {
                Self::Values(rows.iter().map(|&row| values[row as usize]).collect())
            }
        }
    }

    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Classes { codes, .. } => codes.len(),
            Self::Values(values) => values.len(),
        }
    }
}

fn column<'a>(field: &Field, table: &'a Table) -> Result<&'a Column, EvaluateError> {
    table.column(&field.name).map_err(|_| EvaluateError::NoTarget { column: field.name.clone() })
}

fn missing(field: &Field, row: usize) -> EvaluateError {
    EvaluateError::TargetMissing { column: field.name.clone(), row: row as u64 + 1 }
}

/// The target of a regression.
fn values(field: &Field, table: &Table) -> Result<Vec<f64>, EvaluateError> {
    let column = column_for(field, column(field, table)?)?;
    let Values::Numbers(values) = &column.values else {
        return Err(EvaluateError::WrongKind {
            column: field.name.clone(),
            expected: Kind::Number.name(),
            found: column.kind.name(),
        });
    };
    match values.iter().position(|value| value.is_nan()) {
        Some(row) => Err(missing(field, row)),
        None => Ok(values.clone()),
    }
}

/// The target of a classification: the index of each row's label in `classes`.
///
/// Labels are compared as they are spelled; numbers also as numbers (`1` is `1.0`) and booleans
/// also by meaning (`yes` is `true`), since how the file spelled them is gone.
fn codes(field: &Field, classes: &[String], table: &Table) -> Result<Vec<u32>, EvaluateError> {
    let column = match column(field, table)? {
        // A date has no number that a label could be compared with.
        date if date.kind == Kind::Date => Cow::Owned(date.convert(Kind::Category)?),
        column => Cow::Borrowed(column),
    };
    let labels = Labels::new(classes);
    let code = |row: usize, class: Option<u32>| {
        class.ok_or_else(|| match column.text(row) {
            None => missing(field, row),
            Some(value) => EvaluateError::UnknownLabel {
                column: field.name.clone(),
                row: row as u64 + 1,
                value,
            },
        })
    };
    match &column.values {
        Values::Strings { codes, dictionary } => {
            let known: Vec<Option<u32>> =
                dictionary.iter().map(|text| labels.of_text(text)).collect();
            let class = |own: u32| known.get(own as usize).copied().flatten();
            codes.iter().enumerate().map(|(row, &own)| code(row, class(own))).collect()
        }
        Values::Numbers(values) => {
            let known = [labels.of_boolean(false), labels.of_boolean(true)];
            let class = |value: f64| match column.kind {
                Kind::Boolean if value.is_nan() => None,
                Kind::Boolean => known[usize::from(value != 0.0)],
                _ => labels.of_number(value),
            };
            values.iter().enumerate().map(|(row, &value)| code(row, class(value))).collect()
        }
    }
}
