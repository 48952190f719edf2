//! The workspace that commands write to and read from.

mod again;
mod args;
mod lock;
mod models;
mod orphans;
mod recipe;
mod record;
mod reproduce;
mod runs;
mod share;
mod show;
mod study;

pub use args::{
    AuditArgs, BundleArgs, DatasetsArgs, ExperimentsArgs, ModelsArgs, PromoteArgs, RecordArgs,
    RegisterArgs, ReproduceArgs, RestoreArgs, RollbackArgs, RunsArgs, StoreArgs, VerifyArgs,
};
pub use models::{models, note_export, promote, register, resolve, rollback};
pub use recipe::Recipe;
pub use record::{Facts, Recording, figures, learner_params, read_data};
pub use reproduce::reproduce;
pub use runs::{datasets, experiments, runs};
pub use share::{audit, bundle, restore, verify};
pub use study::{record_comparison, record_tuning};

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use hedgerow_track::{Result as TrackResult, Stamp, Workspace};

use crate::failure::Failure;

/// A workspace's file, which is opened for a moment at a time, so that others can write to it, too.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    author: String,
}

impl Store {
    pub fn new(args: &StoreArgs) -> Self {
        Self { path: args.track.clone(), author: args.author.clone() }
    }

    /// Has the workspace for a while; it is made where there is none.
    pub fn with<T>(
        &self,
        work: impl FnOnce(&mut Workspace, &Stamp) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let _lock = lock::Lock::take(&self.path)?;
        let mut workspace = open(&self.path)?;
        work(&mut workspace, &self.stamp())
    }

    /// Changes the workspace, which is made where there is none.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut Workspace, &Stamp) -> TrackResult<T>,
    ) -> Result<T, Failure> {
        self.with(|workspace, stamp| {
            change(workspace, stamp).map_err(|error| Failure::workspace(&self.path, &error))
        })
    }

    /// Who does something, and now.
    pub fn stamp(&self) -> Stamp {
        Stamp { at: now(), author: self.author.clone() }
    }

    /// Reads the workspace, which must be there.
    pub fn read<T>(&self, read: impl FnOnce(&Workspace) -> TrackResult<T>) -> Result<T, Failure> {
        self.edit(|workspace, _| read(workspace))
    }

    /// Changes the workspace, which must be there.
    pub fn edit<T>(
        &self,
        change: impl FnOnce(&mut Workspace, &Stamp) -> TrackResult<T>,
    ) -> Result<T, Failure> {
        self.must_exist()?;
        self.change(change)
    }

    /// # Errors
    /// [`Failure::no_workspace`].
    pub fn must_exist(&self) -> Result<(), Failure> {
        if self.path.exists() { Ok(()) } else { Err(Failure::no_workspace(&self.path)) }
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

fn open(path: &Path) -> Result<Workspace, Failure> {
    Workspace::open(path).map_err(|error| Failure::workspace(path, &error))
}

/// Milliseconds since 1970, UTC.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
