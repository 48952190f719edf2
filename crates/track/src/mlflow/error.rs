//! What can go wrong between a workspace and a server.

use hedgerow_model::{Coded, Details};

use crate::error::TrackError;

/// An error of a push or a pull. What was acknowledged before it is kept, so doing it again goes on there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MlflowError {
    #[error(transparent)]
    Workspace(#[from] TrackError),
    #[error(
        "the server does not know who asks (401): {message}. Give a token, or a user name and a password."
    )]
    Unauthorized { message: String },
    #[error("the server does not allow this (403): {message}. Ask its owner for the right to it.")]
    Forbidden { message: String },
    #[error(
        "this is not an MLflow server, or not all of its address: {path} is not there (404). Give the address \
         at which its page opens."
    )]
    NotFound { path: String },
    #[error(
        "the server is too busy (429), {tries} times in a row. Try again later: it goes on there."
    )]
    Busy { tries: u32 },
    #[error(
        "the server failed ({status}), {tries} times in a row: {message}. Try again later: it goes on there."
    )]
    Server { status: u16, tries: u32, message: String },
    #[error(
        "no answer from the server, {tries} times in a row: {reason}. Check its address and the network, then \
         try again: it goes on there."
    )]
    Unreachable { tries: u32, reason: String },
    #[error(
        "the server's answer cannot be read: {reason}. Check that the address is of an MLflow server."
    )]
    Answer { reason: String },
    #[error("the server refused this ({code}): {message}.")]
    Refused { code: String, message: String },
    #[error("the server has no {what} {name:?}.")]
    Missing { what: &'static str, name: String },
    #[error(
        "the {what} {name:?} was deleted on the server. Restore it there (`mlflow experiments restore`), or \
         delete it for good."
    )]
    Deleted { what: &'static str, name: String },
    #[error(
        "the server keeps artifacts at {uri}, where only its own clients can write. Start it with \
         --serve-artifacts."
    )]
    Artifacts { uri: String },
    #[error("MLflow allows no {what} with the name {name:?}: {expected}.")]
    Name { what: &'static str, name: String, expected: &'static str },
}

impl Coded for MlflowError {
    fn code(&self) -> &'static str {
        match self {
            Self::Workspace(error) => error.code(),
            Self::Unauthorized { .. } => "mlflow_unauthorized",
            Self::Forbidden { .. } => "mlflow_forbidden",
            Self::NotFound { .. } => "mlflow_not_found",
            Self::Busy { .. } => "mlflow_busy",
            Self::Server { .. } => "mlflow_server",
            Self::Unreachable { .. } => "mlflow_unreachable",
            Self::Answer { .. } => "mlflow_answer",
            Self::Refused { .. } => "mlflow_refused",
            Self::Missing { .. } => "mlflow_missing",
            Self::Deleted { .. } => "mlflow_deleted",
            Self::Artifacts { .. } => "mlflow_artifacts",
            Self::Name { .. } => "mlflow_name",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Workspace(error) => error.details(),
            _ => Details::default(),
        }
    }
}
