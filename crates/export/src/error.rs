//! What can stand in the way of an export.

use hedgerow_model::{Coded, Details};

/// Why a model could not be exported.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ExportError {
    #[error(
        "the model is too large to be served at the edge: {reason}. Train fewer or smaller trees."
    )]
    TooLarge { reason: String },
    #[error(
        "this is not a scorer that a model can be put into: {reason}. Take the one of this version."
    )]
    NotAScorer { reason: String },
    #[error(
        "{name:?} is no name for a service: use lower-case letters, digits and hyphens, at most 54."
    )]
    BadName { name: String },
    #[error("there is no target {name:?}. Choose one of {known}.")]
    UnknownTarget { name: String, known: String },
    #[error("a router cannot have both models: {reason}. Take two that predict the same.")]
    NotAlike { reason: String },
    #[error("the weight is no share of units. Choose one from 0 to 1.")]
    BadWeight,
    #[error("{what} cannot be told in ONNX's operators. Export to another target.")]
    NotInOnnx { what: String },
}

impl Coded for ExportError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "model_too_large",
            Self::NotAScorer { .. } => "not_a_scorer",
            Self::BadName { .. } => "bad_name",
            Self::UnknownTarget { .. } => "unknown_target",
            Self::NotAlike { .. } => "models_differ",
            Self::BadWeight => "bad_weight",
            Self::NotInOnnx { .. } => "not_in_onnx",
        }
    }

    fn details(&self) -> Details {
        Details::default()
    }
}
