//! Errors as the terminal and scripts see them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use hedgerow_data::DataError;
use hedgerow_evaluate::EvaluateError;
use hedgerow_export::ExportError;
use hedgerow_import::ImportError;
use hedgerow_learn::LearnError;
use hedgerow_model::{Coded, Details, ModelError};
use hedgerow_monitor::{Fault, MonitorError};
use hedgerow_renew::RenewError;
use hedgerow_track::mlflow::MlflowError;
use hedgerow_track::{Status, TrackError};
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
/// Of `monitor check` alone.
const EXIT_ALARM: u8 = 3;
const EXIT_MODEL: u8 = 4;
const EXIT_WORKSPACE: u8 = 5;
const EXIT_DIFFERS: u8 = 6;
const EXIT_SERVER: u8 = 7;
/// As shells have it for what Ctrl-C ended.
const EXIT_INTERRUPTED: u8 = 130;

/// What a run is tagged with that an error ended.
pub fn error_tags(code: &str, message: &str) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("hedgerow.error.code".to_owned(), code.to_owned()),
        ("hedgerow.error.message".to_owned(), message.chars().take(8_000).collect()),
    ])
}

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

    /// Alarms that nobody heard of. Addresses of webhooks are secrets, so it is not told.
    pub fn webhook(why: &str) -> Self {
        let message = format!("the webhook took no alarm: {why}. Look at its address and server.");
        Self { exit: EXIT_SERVER, code: "webhook", message, details: Box::default() }
    }

    /// A command that was built without what exports are made of.
    pub fn without_kit() -> Self {
        let message =
            "this `hedgerow` was built without the scorer that exports need. Run `cargo xtask \
                       build`, then build it again."
                .to_owned();
        Self { exit: EXIT_IO, code: "no_scorer", message, details: Box::default() }
    }

    /// A second model for what takes one.
    pub fn with_without_router() -> Self {
        let message = "--with is the other model of --to router. Leave it out.".to_owned();
        Self { exit: EXIT_DATA, code: "bad_option", message, details: Box::default() }
    }

    /// Its stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// A setting that there is not, or that is of another type.
    pub fn bad_setting(reason: &str) -> Self {
        let message = format!("--set cannot be used: {reason}. `--help` lists the settings.");
        Self { exit: EXIT_DATA, code: "bad_option", message, details: Box::default() }
    }

    /// A column of words where numbers are needed.
    pub fn not_numbers(column: &str) -> Self {
        let message = format!(
            "the column {column:?} has words. Name one of numbers, or say --type {column}=number."
        );
        Self { exit: EXIT_DATA, code: "not_numbers", message, details: Box::default() }
    }

    /// A file of another format that cannot become a model.
    pub fn import(path: &Path, error: &ImportError) -> Self {
        // The library names the option, which is spelled like this here.
        let dashes = if matches!(error, ImportError::Option { .. }) { "--" } else { "" };
        let message = format!("{}: {dashes}{error}", path.display());
        Self { exit: EXIT_MODEL, message, ..Self::coded(error) }
    }

    /// A workspace that cannot be used, or does not have what is asked for.
    pub fn workspace(path: &Path, error: &TrackError) -> Self {
        let mut failure = Self { exit: EXIT_WORKSPACE, ..Self::coded(error) };
        // What is wrong with what was asked for is not the file's matter.
        if error.is_of_file() {
            failure.message = format!("{}: {error}", path.display());
        }
        failure
    }

    /// A file beside a workspace that cannot be written.
    pub fn beside_workspace(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => Self::workspace(path, &TrackError::Full),
            _ => Self::io(path, error),
        }
    }

    fn of_workspace(exit: u8, code: &'static str, message: String) -> Self {
        Self { exit, code, message, details: Box::default() }
    }

    /// A workspace that is not there.
    pub fn no_workspace(path: &Path) -> Self {
        let message = format!(
            "{}: there is no workspace. Train a model first, or name another with --track.",
            path.display()
        );
        Self::of_workspace(EXIT_WORKSPACE, "no_workspace", message)
    }

    /// A workspace that another process keeps for itself.
    pub fn workspace_in_use(path: &Path, lock: &Path, pid: Option<u32>) -> Self {
        let by = pid.map_or(String::new(), |pid| format!(" by process {pid}"));
        let message = format!(
            "{}: it is in use{by}. Try again when that is done; if nothing uses it, remove {}.",
            path.display(),
            lock.display()
        );
        Self::of_workspace(EXIT_WORKSPACE, "workspace_busy", message)
    }

    /// A run that was no training.
    pub fn not_a_training(run: &str, reason: &str) -> Self {
        let message = format!("run {run} cannot be done again: {reason}.");
        Self::of_workspace(EXIT_WORKSPACE, "not_a_training", message)
    }

    /// A run whose data nobody kept.
    pub fn no_data(run: &str) -> Self {
        let message = format!(
            "the data of run {run} was not kept. Give the file with --data; `train --keep-data` keeps it."
        );
        Self::of_workspace(EXIT_WORKSPACE, "no_data", message)
    }

    /// A study that makes no model, which was to be saved.
    pub fn no_model(run: &str) -> Self {
        let message = format!("run {run} is a study that makes no model. Leave --out out.");
        Self::of_workspace(EXIT_WORKSPACE, "no_model", message)
    }

    /// A model that does not say how it was trained.
    pub fn no_recipe(model: &str, reason: &str) -> Self {
        let message = format!(
            "how {model} was trained is not known: {reason}. Train it with `hedgerow train` and register the run."
        );
        Self::of_workspace(EXIT_WORKSPACE, "no_recipe", message)
    }

    /// A model that is to be registered under no name.
    pub fn no_name(model: &str) -> Self {
        let message =
            format!("{model} is not registered, so there is no name. Give one with --name.");
        Self::of_workspace(EXIT_WORKSPACE, "no_name", message)
    }

    /// A champion that is none any more.
    pub fn champion_moved(alias: &str, judged: &str) -> Self {
        let message = format!(
            "{alias} is not {judged} any more, which the challenger was judged by. It is registered, and not \
             promoted. Retrain again."
        );
        Self::of_workspace(EXIT_WORKSPACE, "champion_moved", message)
    }

    /// A run that came out otherwise.
    pub fn not_reproduced(run: &str) -> Self {
        let message = format!("run {run} did not give the same again");
        Self::of_workspace(EXIT_DIFFERS, "not_reproduced", message)
    }

    /// Rules that new rows broke.
    pub fn alarm(n: usize) -> Self {
        let message =
            if n == 1 { "1 rule is broken".into() } else { format!("{n} rules are broken") };
        Self { exit: EXIT_ALARM, code: "alarm", message, details: Box::default() }
    }

    /// A file that is no profile of the model.
    pub fn profile(path: &Path, fault: Fault) -> Self {
        let failure = Self::coded(&MonitorError::Profile(fault));
        Self { message: format!("{}: {}", path.display(), failure.message), ..failure }
    }

    /// Where an alarm has the exit code that data otherwise has which cannot be used.
    pub fn beside_alarms(self) -> Self {
        let is_data = self.exit == EXIT_DATA && self.code != "alarm";
        Self { exit: if is_data { EXIT_IO } else { self.exit }, ..self }
    }

    /// A bundle of nothing.
    pub fn nothing_chosen() -> Self {
        let message =
            "nothing was chosen. Name runs, or a registered model with --model.".to_owned();
        Self::of_workspace(EXIT_WORKSPACE, "nothing_chosen", message)
    }

    /// What Ctrl-C ended.
    pub fn interrupted() -> Self {
        Self::of_workspace(EXIT_INTERRUPTED, "interrupted", "interrupted".to_owned())
    }

    /// How a run ends that this ended.
    pub fn status(&self) -> Status {
        if self.exit == EXIT_INTERRUPTED { Status::Killed } else { Status::Failed }
    }

    /// What a run that this ended is tagged with.
    pub fn tags(&self) -> BTreeMap<String, String> {
        error_tags(self.code, &self.message)
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

impl From<MonitorError> for Failure {
    fn from(error: MonitorError) -> Self {
        Self::coded(&error)
    }
}

impl From<RenewError> for Failure {
    fn from(error: RenewError) -> Self {
        Self::coded(&error)
    }
}

impl From<TrackError> for Failure {
    fn from(error: TrackError) -> Self {
        Self { exit: EXIT_WORKSPACE, ..Self::coded(&error) }
    }
}

impl From<MlflowError> for Failure {
    fn from(error: MlflowError) -> Self {
        let exit =
            if matches!(error, MlflowError::Workspace(_)) { EXIT_WORKSPACE } else { EXIT_SERVER };
        Self { exit, ..Self::coded(&error) }
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::coded(&error)
    }
}
