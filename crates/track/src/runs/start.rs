//! How a run begins.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{Row, Status, edit, log, number, subject};
use crate::audit::{self, Action};
use crate::error::Result;
use crate::id::id_of;
use crate::limits;
use crate::workspace::{Stamp, Workspace};

/// A run to begin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRun {
    /// Made where there is none of the name.
    #[serde(default = "default_experiment")]
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub experiment: String,
    #[serde(default)]
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub name: String,
    /// Id of the run this one is part of.
    #[serde(default)]
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub parent: Option<String>,
    /// What was asked for: enough to train again.
    #[serde(default)]
    #[cfg_attr(feature = "ts", tsify(optional, type = "unknown"))]
    pub recipe: serde_json::Value,
    #[serde(default)]
    #[cfg_attr(feature = "ts", tsify(optional, type = "Record<string, string>"))]
    pub params: BTreeMap<String, String>,
    #[serde(default)]
    #[cfg_attr(feature = "ts", tsify(optional, type = "Record<string, string>"))]
    pub tags: BTreeMap<String, String>,
    /// Any text that no other run has: the same one begins the same run once.
    pub nonce: String,
}

/// Where runs go that name no experiment; MLflow's name.
pub const DEFAULT_EXPERIMENT: &str = "Default";

fn default_experiment() -> String {
    DEFAULT_EXPERIMENT.to_owned()
}

impl NewRun {
    fn id(&self, started: i64, recipe: &str) -> String {
        id_of(&["run", &self.experiment, &self.name, &started.to_string(), recipe, &self.nonce])
    }

    fn check(&self, recipe: &str) -> Result<()> {
        limits::name("the name of the experiment", &self.experiment)?;
        limits::text("the name of the run", &self.name, limits::KEY)?;
        limits::text("the recipe", recipe, limits::DOCUMENT)
    }
}

impl Workspace {
    /// Begins a run and gives its id.
    ///
    /// # Errors
    /// [`TrackError::Missing`](crate::TrackError::Missing) for the parent; names and values that are
    /// too long; what storage refuses.
    pub fn start_run(&mut self, stamp: &Stamp, run: &NewRun) -> Result<String> {
        let db = self.write()?;
        let id = begin(&db, stamp, run)?;
        db.commit()?;
        Ok(id)
    }
}

fn begin(db: &Connection, stamp: &Stamp, run: &NewRun) -> Result<String> {
    let recipe = run.recipe.to_string();
    run.check(&recipe)?;
    let id = run.id(stamp.at, &recipe);
    if db.prepare_cached("SELECT 1 FROM runs WHERE id = ?")?.exists([&id])? {
        return Ok(id);
    }
    if let Some(parent) = &run.parent {
        number(db, parent)?;
    }
    let row = Row {
        id: &id,
        experiment: &run.experiment,
        parent: run.parent.as_deref(),
        name: &run.name,
        status: Status::Running,
        started: stamp.at,
        ended: None,
        note: "",
        recipe: &recipe,
    };
    let row = row.insert(db)?;
    log::params(db, row, &run.params)?;
    log::tags(db, row, &run.tags)?;
    audit::append(db, stamp, Action::StartRun, &subject(&id), "", String::new())?;
    Ok(id)
}

/// A run that has ended already, with those that are part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunTree {
    pub run: NewRun,
    pub log: super::Log,
    pub status: Status,
    /// Milliseconds since 1970, UTC; it ended at the stamp's time.
    pub started: i64,
    pub children: Vec<RunTree>,
}

impl Workspace {
    /// Keeps runs that have ended, all or none, as parts of a run that is there; gives their ids, without
    /// those of their children.
    ///
    /// # Errors
    /// As [`Workspace::start_run`] and [`Workspace::log`].
    pub fn keep_runs(
        &mut self,
        stamp: &Stamp,
        parent: &str,
        runs: &[RunTree],
    ) -> Result<Vec<String>> {
        let db = self.write()?;
        let ids = keep(&db, stamp, parent, runs)?;
        db.commit()?;
        Ok(ids)
    }
}

fn keep(db: &Connection, stamp: &Stamp, parent: &str, runs: &[RunTree]) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for RunTree { run, log, status, started, children } in runs {
        let run = NewRun { parent: Some(parent.to_owned()), ..run.clone() };
        let begun = Stamp { at: (*started).min(stamp.at), ..stamp.clone() };
        let id = begin(db, &begun, &run)?;
        let row = number(db, &id)?;
        log::all(db, row, log)?;
        keep(db, stamp, &id, children)?;
        edit::end(db, stamp, &id, *status, "")?;
        ids.push(id);
    }
    Ok(ids)
}
