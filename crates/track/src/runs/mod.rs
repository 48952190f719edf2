//! Runs: what was tried, with its parameters, metrics, tags, files and data.
//!
//! A run is `RUNNING` until it is ended; only a running run is logged to. What was logged stands, also
//! when its process is gone: then the run stays `RUNNING` until [`Workspace::interrupt`] ends it as
//! `FAILED`.

mod artifacts;
mod edit;
mod family;
mod log;
mod read;
mod row;
mod start;
mod take;

pub(crate) use artifacts::keep;
pub(crate) use family::{above, below};
pub use log::{Log, Point};
pub use read::{Artifact, Input, Run, Series};
pub(crate) use read::{load, rows};
pub(crate) use row::Row;
pub(crate) use start::DEFAULT_EXPERIMENT;
pub use start::{NewRun, RunTree};
pub(crate) use take::{After, Taken};

use serde::{Deserialize, Serialize};

use crate::error::{Result, Thing, TrackError};

/// How a run stands, as MLflow spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    Running,
    Finished,
    Failed,
    /// Cancelled.
    Killed,
}

impl Status {
    /// As it is stored and filtered by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Finished => "FINISHED",
            Self::Failed => "FAILED",
            Self::Killed => "KILLED",
        }
    }

    pub(crate) fn from_name(name: &str) -> Result<Self> {
        [Self::Running, Self::Finished, Self::Failed, Self::Killed]
            .into_iter()
            .find(|status| status.name() == name)
            .ok_or_else(|| TrackError::Damaged { reason: format!("a run has the status {name}") })
    }
}

/// The tag of runs that were ended because their process was gone.
pub const INTERRUPTED: &str = "hedgerow.interrupted";

pub(crate) fn subject(id: &str) -> String {
    format!("run:{id}")
}

/// The row number of a run.
pub(crate) fn number(db: &rusqlite::Connection, id: &str) -> Result<i64> {
    let mut statement = db.prepare_cached("SELECT number FROM runs WHERE id = ?")?;
    let mut rows = statement.query([id])?;
    match rows.next()? {
        Some(row) => Ok(row.get(0)?),
        None => Err(TrackError::missing(Thing::Run, id)),
    }
}

/// The row number of a run that can be logged to.
pub(crate) fn running(db: &rusqlite::Connection, id: &str) -> Result<i64> {
    let mut statement = db.prepare_cached("SELECT number, status FROM runs WHERE id = ?")?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Err(TrackError::missing(Thing::Run, id)) };
    let (number, status): (i64, String) = (row.get(0)?, row.get(1)?);
    if status == Status::Running.name() {
        return Ok(number);
    }
    Err(TrackError::Ended { run: id.to_owned(), status })
}
