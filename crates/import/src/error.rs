//! What can be wrong with a file that is to be imported.

use hedgerow_model::{Coded, Details, ModelError};

/// Why a file cannot become a model.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportError {
    #[error("this is not an ONNX file, or it is damaged: {reason}. Convert the model again.")]
    Damaged { reason: String },
    #[error("the operator {operator} cannot be imported (node {node:?}): {reason}.")]
    UnsupportedOperator { operator: String, node: String, reason: String },
    #[error("the input {input:?} cannot be imported: {reason}.")]
    UnsupportedInput { input: String, reason: String },
    #[error("the model cannot be imported: {reason}.")]
    UnsupportedModel { reason: String },
    #[error("the model is too large to be imported: {reason}.")]
    TooLarge { reason: String },
    #[error("{option} does not fit the model: {reason}.")]
    Option { option: &'static str, reason: String },
}

impl ImportError {
    pub(crate) fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged { reason: reason.into() }
    }
}

/// The checks of a model find what the reading of a file left unchecked.
impl From<ModelError> for ImportError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Damaged { reason } => Self::Damaged { reason },
            other => Self::damaged(other.to_string()),
        }
    }
}

impl Coded for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "onnx_damaged",
            Self::UnsupportedOperator { .. } => "onnx_unsupported_operator",
            Self::UnsupportedInput { .. } => "onnx_unsupported_input",
            Self::UnsupportedModel { .. } => "onnx_unsupported_model",
            Self::TooLarge { .. } => "onnx_too_large",
            Self::Option { .. } => "onnx_option",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::UnsupportedOperator { operator, .. } => {
                Details { value: Some(operator.clone()), ..Details::default() }
            }
            Self::UnsupportedInput { input, .. } => Details::column(input.clone()),
            _ => Details::default(),
        }
    }
}
