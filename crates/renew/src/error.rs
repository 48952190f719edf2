//! What can go wrong.

use hedgerow_data::DataError;
use hedgerow_evaluate::EvaluateError;
use hedgerow_learn::LearnError;
use hedgerow_model::{Coded, Details, ModelError};

/// Why nothing can be learned for a watched model.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    #[error(
        "there are {rows} {what}, but at least {needed} are needed. Wait for more, or give another file."
    )]
    TooFewRows { what: &'static str, rows: usize, needed: usize },
    #[error(
        "the new rows have none of the columns that the model reads, as it reads them. Give the rows that it \
         is asked about, or set the columns' types."
    )]
    NothingInCommon,
    #[error(
        "errors without labels are estimated for models of numbers, but {target:?} has classes. Give a model of \
         a number."
    )]
    NotARegression { target: String },
    #[error(
        "these are the rows that the model was trained on, where its errors are smaller than elsewhere. Give \
         labelled rows that it was not trained on, such as those that were kept out to test it."
    )]
    TrainedOn,
    #[error("the option {option} is {value}, but must be {expected}.")]
    BadOption { option: &'static str, value: String, expected: &'static str },
    #[error(
        "the policy cannot be used: {reason}. Mend it: it is an object such as {{\"maxAgeDays\": 30}}."
    )]
    BadPolicy { reason: String },
    #[error(
        "row {row} has {value:?} in the target {column:?}, a class that the champion does not know, so the two \
         cannot be compared. Train a model for it with `hedgerow train` and register that, or leave those rows \
         out."
    )]
    NewClass { column: String, row: u64, value: String },
    #[error(
        "the rows to train on have none of the class {value:?} of {column:?}, which the champion predicts: the \
         challenger never would. Add rows that have it, such as those the champion was trained on."
    )]
    LostClass { column: String, value: String },
    #[error(
        "the target {column:?} is {found} in the new rows, but the champion predicts {wanted}. Set the column's \
         type or the task as it was in the champion's training."
    )]
    OtherTask { column: String, found: &'static str, wanted: &'static str },
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Learn(#[from] LearnError),
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl Coded for RenewError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooFewRows { .. } => "too_few_rows",
            Self::NothingInCommon => "nothing_in_common",
            Self::NotARegression { .. } => "not_a_regression",
            Self::TrainedOn => "trained_on",
            Self::BadOption { .. } => "bad_option",
            Self::BadPolicy { .. } => "bad_policy",
            Self::NewClass { .. } => "new_class",
            Self::LostClass { .. } => "lost_class",
            Self::OtherTask { .. } => "other_task",
            Self::Data(error) => error.code(),
            Self::Learn(error) => error.code(),
            Self::Evaluate(error) => error.code(),
            Self::Model(error) => error.code(),
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::NewClass { column, row, value } => Details {
                row: Some(*row),
                value: Some(value.chars().take(80).collect()),
                ..Details::column(column.clone())
            },
            Self::LostClass { column, value } => Details {
                value: Some(value.chars().take(80).collect()),
                ..Details::column(column.clone())
            },
            Self::OtherTask { column, .. } | Self::NotARegression { target: column } => {
                Details::column(column.clone())
            }
            Self::Data(error) => error.details(),
            Self::Learn(error) => error.details(),
            Self::Evaluate(error) => error.details(),
            Self::Model(error) => error.details(),
            _ => Details::default(),
        }
    }
}
