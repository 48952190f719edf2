//! Errors on their way to JavaScript.

use hedgerow_model::{Coded, Details};

pub use hedgerow_js::Thrown;

/// What can be wrong with what JavaScript hands over.
#[derive(Debug, thiserror::Error)]
pub enum BindingError {
    #[error(
        "column {column:?} has codes and texts that do not fit together. Build it from strings."
    )]
    BadStrings { column: String },
    #[error(
        "the model has no field {field:?}. {}",
        nearest.as_ref().map_or("Leave it out.".to_owned(), |name| format!("Did you mean {name:?}?"))
    )]
    UnknownField { field: String, nearest: Option<String> },
    #[error("the training has ended. Start another.")]
    Ended,
}

impl Coded for BindingError {
    fn code(&self) -> &'static str {
        match self {
            Self::BadStrings { .. } => "bad_value",
            Self::UnknownField { .. } => "unknown_field",
            Self::Ended => "training_ended",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::BadStrings { column } | Self::UnknownField { field: column, .. } => {
                Details::column(column.clone())
            }
            _ => Details::default(),
        }
    }
}
