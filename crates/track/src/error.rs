//! What can be wrong with a workspace, or with what it is asked.

use hedgerow_model::{Coded, Details};
use rusqlite::ErrorCode;

/// Result of all that a workspace does.
pub type Result<T> = std::result::Result<T, TrackError>;

/// An error of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrackError {
    #[error("this file is not a Hedgerow workspace: {reason}. Choose a file that Hedgerow wrote.")]
    NotAWorkspace { reason: String },
    #[error(
        "the workspace has schema version {found}, this library reads up to {supported}. Update hedgerow to open it."
    )]
    LaterVersion { found: i64, supported: i64 },
    #[error("the workspace is damaged: {reason}. Restore a copy, or export what can be read.")]
    Damaged { reason: String },
    #[error("another process is writing to the workspace. Try again when it is done.")]
    Busy,
    #[error(
        "there is no room left for the workspace; the last change was not saved, all before it is. Free some space, then try again."
    )]
    Full,
    #[error("the workspace cannot be read or written: {reason}.")]
    Storage { reason: String },
    #[error("there is no {what} {name:?} in this workspace.")]
    Missing { what: Thing, name: String },
    #[error("{n} runs have an id that begins with {prefix:?}. Give more of it.")]
    Ambiguous { prefix: String, n: usize },
    #[error("run {run} has ended with {status}: nothing can be logged to it any more.")]
    Ended { run: String, status: String },
    #[error("run {run} is still running. Wait until it ends.")]
    Running { run: String },
    #[error("the {what} {name:?} is there already.")]
    Exists { what: Thing, name: String },
    #[error(
        "parameter {key:?} of the run has the value {value:?} already: parameters do not change."
    )]
    ParamChanged { key: String, value: String },
    #[error("{what} has {found} characters where at most {limit} are kept. Shorten it.")]
    TooLong { what: String, limit: usize, found: usize },
    #[error("{what} must not be empty.")]
    Empty { what: String },
    #[error("the filter cannot be read at character {at}: {reason}.")]
    Filter { at: usize, reason: String },
    #[error("{what} cannot be {value:?}: {expected}.")]
    Value { what: String, value: String, expected: String },
    #[error("the audit log does not fit at entry {entry}: {reason}.")]
    Tampered { entry: i64, reason: String },
}

/// What a workspace has of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Run,
    Experiment,
    Artifact,
    Dataset,
    Model,
    Version,
    Alias,
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Run => "run",
            Self::Experiment => "experiment",
            Self::Artifact => "artifact",
            Self::Dataset => "data set",
            Self::Model => "registered model",
            Self::Version => "model version",
            Self::Alias => "alias",
        })
    }
}

impl TrackError {
    /// Whether it is the file that cannot be used, not what was asked of it.
    pub fn is_of_file(&self) -> bool {
        matches!(
            self,
            Self::NotAWorkspace { .. }
                | Self::LaterVersion { .. }
                | Self::Damaged { .. }
                | Self::Busy
                | Self::Full
                | Self::Storage { .. }
                | Self::Tampered { .. }
        )
    }

    pub(crate) fn missing(what: Thing, name: impl Into<String>) -> Self {
        Self::Missing { what, name: name.into() }
    }
}

/// `SQLITE_IOERR_WRITE`.
const NOT_WRITTEN: i32 = rusqlite::ffi::SQLITE_IOERR_WRITE;

impl From<rusqlite::Error> for TrackError {
    fn from(error: rusqlite::Error) -> Self {
        let reason = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotAWorkspace { reason },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { reason },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            // A quota, or a limit of a file's size: SQLite tells only of a full disk by name.
            _ if error.sqlite_error().is_some_and(|error| error.extended_code == NOT_WRITTEN) => {
                Self::Full
            }
            _ => Self::Storage { reason },
        }
    }
}

impl Coded for TrackError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAWorkspace { .. } => "not_a_workspace",
            Self::LaterVersion { .. } => "workspace_later_version",
            Self::Damaged { .. } => "workspace_damaged",
            Self::Busy => "workspace_busy",
            Self::Full => "workspace_full",
            Self::Storage { .. } => "workspace_storage",
            Self::Missing { what, .. } => match what {
                Thing::Run => "no_run",
                Thing::Experiment => "no_experiment",
                Thing::Artifact => "no_artifact",
                Thing::Dataset => "no_dataset",
                Thing::Model => "no_registered_model",
                Thing::Version => "no_version",
                Thing::Alias => "no_alias",
            },
            Self::Ambiguous { .. } => "ambiguous_run",
            Self::Ended { .. } => "run_ended",
            Self::Running { .. } => "run_running",
            Self::Exists { .. } => "exists",
            Self::ParamChanged { .. } => "param_changed",
            Self::TooLong { .. } => "too_long",
            Self::Empty { .. } => "empty",
            Self::Filter { .. } => "bad_filter",
            Self::Value { .. } => "bad_value",
            Self::Tampered { .. } => "audit_tampered",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Value { value, .. } | Self::ParamChanged { value, .. } => {
                Details { value: Some(value.chars().take(80).collect()), ..Details::default() }
            }
            _ => Details::default(),
        }
    }
}
