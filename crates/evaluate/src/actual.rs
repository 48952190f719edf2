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
        let column = column(field, table)?;
        Ok(match &model.schema.task {
            Task::Classification { classes } => {
                Self::Classes { codes: codes(field, classes, column)?, n_classes: classes.len() }
            }
            Task::Regression => Self::Values(all_values(field, column)?),
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

/// What was true of the rows of a table, where they say so.
#[derive(Debug, Clone, PartialEq)]
pub enum Truths {
    /// Indices into the model's classes; none for a row without a label, or with one that the model does not know.
    Classes(Vec<Option<u32>>),
    /// NaN for a row without a value.
    Values(Vec<f64>),
}

/// Reads the target of a model from a table, whatever is missing in it.
///
/// Labels are compared as they are spelled; numbers also as numbers (`1` is `1.0`) and booleans also by meaning
/// (`yes` is `true`), since how the file spelled them is gone.
///
/// # Errors
/// [`EvaluateError::NoTarget`]; as [`column_for`] where a regression's target holds no numbers.
pub fn truths(model: &Model, table: &Table) -> Result<Truths, EvaluateError> {
    let field = &model.schema.target;
    let column = column(field, table)?;
    Ok(match &model.schema.task {
        Task::Classification { classes } => {
            let column = in_words(column)?;
            Truths::Classes(labels(&column, classes))
        }
        Task::Regression => Truths::Values(values(field, column)?),
    })
}

fn column<'a>(field: &Field, table: &'a Table) -> Result<&'a Column, EvaluateError> {
    table.column(&field.name).map_err(|_| EvaluateError::NoTarget { column: field.name.clone() })
}

fn missing(field: &Field, row: usize) -> EvaluateError {
    EvaluateError::TargetMissing { column: field.name.clone(), row: row as u64 + 1 }
}

/// The target of a regression.
fn values(field: &Field, column: &Column) -> Result<Vec<f64>, EvaluateError> {
    match &column_for(field, column)?.values {
        Values::Numbers(values) => Ok(values.clone()),
        Values::Strings { .. } => Err(EvaluateError::WrongKind {
            column: field.name.clone(),
            expected: Kind::Number.name(),
            found: column.kind.name(),
        }),
    }
}

/// The target of a regression, which every row has.
fn all_values(field: &Field, column: &Column) -> Result<Vec<f64>, EvaluateError> {
    let values = values(field, column)?;
    match values.iter().position(|value| value.is_nan()) {
        Some(row) => Err(missing(field, row)),
        None => Ok(values),
    }
}

/// A date has no number that a label could be compared with.
fn in_words(column: &Column) -> Result<Cow<'_, Column>, EvaluateError> {
    Ok(match column.kind {
        Kind::Date => Cow::Owned(column.convert(Kind::Category)?),
        _ => Cow::Borrowed(column),
    })
}

/// The target of a classification: the index of each row's label in `classes`.
fn labels(column: &Column, classes: &[String]) -> Vec<Option<u32>> {
    let labels = Labels::new(classes);
    match &column.values {
        Values::Strings { codes, dictionary } => {
            let known: Vec<Option<u32>> =
                dictionary.iter().map(|text| labels.of_text(text)).collect();
            codes.iter().map(|&own| known.get(own as usize).copied().flatten()).collect()
        }
        Values::Numbers(values) => {
            let known = [labels.of_boolean(false), labels.of_boolean(true)];
            let class = |&value: &f64| match column.kind {
                Kind::Boolean if value.is_nan() => None,
                Kind::Boolean => known[usize::from(value != 0.0)],
                _ => labels.of_number(value),
            };
            values.iter().map(class).collect()
        }
    }
}

/// The target of a classification, whose label every row has.
fn codes(field: &Field, classes: &[String], column: &Column) -> Result<Vec<u32>, EvaluateError> {
    let column = in_words(column)?;
    let code = |(row, class): (usize, Option<u32>)| {
        class.ok_or_else(|| match column.text(row) {
            None => missing(field, row),
            Some(value) => EvaluateError::UnknownLabel {
                column: field.name.clone(),
                row: row as u64 + 1,
                value,
            },
        })
    };
    labels(&column, classes).into_iter().enumerate().map(code).collect()
}
