//! What can go wrong when a model meets a table.

use hedgerow_data::DataError;
use hedgerow_model::{Coded, Details, ModelError};

/// What can be wrong with a table that a model is to be measured on or to predict for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvaluateError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(
        "the model needs the column {column:?}, which the table does not have{}. Add it, or fill it with missing values.",
        nearest.as_ref().map(|name| format!(" (the nearest name is {name:?})")).unwrap_or_default()
    )]
    MissingColumn { column: String, nearest: Option<String> },
    #[error(
        "column {column:?} is {expected} in the model but {found} in the table. Set its type to {expected} when reading the data."
    )]
    WrongKind { column: String, expected: &'static str, found: &'static str },
    #[error(
        "the table has no column {column:?}, the target that predictions are compared with. Use data that holds it."
    )]
    NoTarget { column: String },
    #[error(
        "the target {column:?} is missing in row {row}, so there is nothing to compare the prediction with. Drop the rows without a target."
    )]
    TargetMissing { column: String, row: u64 },
    #[error(
        "row {row} has {value:?} in the target {column:?}, a class the model was not trained on. Drop those rows, or train again with them."
    )]
    UnknownLabel { column: String, row: u64, value: String },
    #[error("the table has no rows. Evaluation needs at least one.")]
    NoRows,
    #[error("the option {option} is {value}, but must be {expected}.")]
    BadOption { option: &'static str, value: String, expected: &'static str },
    #[error("the evaluation was cancelled.")]
    Cancelled,
}

/// At most 80 characters of a value.
fn shortened(value: &str) -> String {
    value.chars().take(80).collect()
}

impl Coded for EvaluateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Model(error) => error.code(),
            Self::Data(error) => error.code(),
            Self::MissingColumn { .. } | Self::NoTarget { .. } => "missing_column",
            Self::WrongKind { .. } => "wrong_kind",
            Self::TargetMissing { .. } => "target_missing",
            Self::UnknownLabel { .. } => "unknown_label",
            Self::NoRows => "too_few_rows",
            Self::BadOption { .. } => "bad_option",
            Self::Cancelled => "cancelled",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Model(error) => error.details(),
            Self::Data(error) => error.details(),
            Self::MissingColumn { column, .. }
            | Self::WrongKind { column, .. }
            | Self::NoTarget { column } => Details::column(column.clone()),
            Self::TargetMissing { column, row } => {
                Details { row: Some(*row), ..Details::column(column.clone()) }
            }
            Self::UnknownLabel { column, row, value } => Details {
                row: Some(*row),
                value: Some(shortened(value)),
                ..Details::column(column.clone())
            },
            Self::BadOption { value, .. } => {
                Details { value: Some(shortened(value)), ..Details::default() }
            }
            Self::NoRows | Self::Cancelled => Details::default(),
        }
    }
}
