//! Errors as the terminal and scripts see them.

use std::path::Path;
use std::process::ExitCode;

use hedgerow_data::DataError;
use hedgerow_evaluate::EvaluateError;
use hedgerow_export::ExportError;
use hedgerow_import::ImportError;
use hedgerow_learn::LearnError;
use hedgerow_model::{Coded, Details, ModelError};
use hedgerow_track::TrackError;
use hedgerow_track::mlflow::MlflowError;
use serde_json::json;

/// What went wrong, and which exit code tells so.
pub struct Failure {
    exit: u8,
    code: &'static str,
    message: String,
    details: Box<Details>,
}

const EXIT_IO: u8 = 1;
const EXIT_DATA: u8 = 3;
const EXIT_MODEL: u8 = 4;
const EXIT_SERVER: u8 = 5;

impl Failure {
    /// A file that cannot be read or written.
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        let message = format!("{}: {error}", path.display());
        Self { exit: EXIT_IO, code: "io", message, details: Box::default() }
    }

    /// A model file that cannot be used.
    pub fn model(path: &Path, error: &ModelError) -> Self {
        let message = format!("{}: {error}", path.display());
        Self { exit: EXIT_MODEL, message, ..Self::coded(error) }
    }

    /// An address that is none.
    pub fn address(url: &str, reason: &str) -> Self {
        let message = format!("{url:?} is not the address of a server: {reason}.");
        Self { exit: EXIT_DATA, code: "bad_address", message, details: Box::default() }
    }

    /// A command that was built without what exports are made of.
    pub fn without_kit() -> Self {
        let message =
            "this `hedgerow` was built without the scorer that exports need. Run `cargo xtask \
                       build`, then build it again."
                .to_owned();
        Self { exit: EXIT_IO, code: "no_scorer", message, details: Box::default() }
    }

    /// A file of another format that cannot become a model.
    pub fn import(path: &Path, error: &ImportError) -> Self {
        // The library names the option, which is spelled like this here.
        let dashes = if matches!(error, ImportError::Option { .. }) { "--" } else { "" };
        let message = format!("{}: {dashes}{error}", path.display());
        Self { exit: EXIT_MODEL, message, ..Self::coded(error) }
    }

    fn coded(error: &impl Coded) -> Self {
        Self {
            exit: EXIT_DATA,
            code: error.code(),
            message: error.to_string(),
            details: Box::new(error.details()),
        }
    }

    /// Prints to standard error and gives the exit code.
    pub fn report(&self, as_json: bool) -> ExitCode {
        if as_json {
            let Self { code, message, details, .. } = self;
            eprintln!(
                "{}",
                json!({ "error": { "code": code, "message": message, "details": details } })
            );
        } else {
            eprintln!("error[{}]: {}", self.code, self.message);
        }
        ExitCode::from(self.exit)
    }
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        Self::coded(&error)
    }
}

impl From<LearnError> for Failure {
    fn from(error: LearnError) -> Self {
        Self::coded(&error)
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::coded(&error)
    }
}

impl From<EvaluateError> for Failure {
    fn from(error: EvaluateError) -> Self {
        Self::coded(&error)
    }
}

impl From<TrackError> for Failure {
    fn from(error: TrackError) -> Self {
        Self::coded(&error)
    }
}

impl From<MlflowError> for Failure {
    fn from(error: MlflowError) -> Self {
        let exit = if matches!(error, MlflowError::Workspace(_)) { EXIT_DATA } else { EXIT_SERVER };
        Self { exit, ..Self::coded(&error) }
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::coded(&error)
    }
}
