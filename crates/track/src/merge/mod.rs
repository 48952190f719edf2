//! A workspace taken into another, and bundles: workspaces with some of the runs and models.
//!
//! Ids are hashes of what things are, so nothing is in conflict: what both have is left as it is here.
//! Version numbers count up per workspace; a version whose number is taken gets the next.

mod taking;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::audit::{self, Action};
use crate::error::Result;
use crate::registry;
use crate::runs;
use crate::workspace::{Stamp, Workspace};
use taking::Taking;

/// How much came in that was not there; a data set counts, too, whose bytes were not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Merged {
    pub runs: usize,
    pub datasets: usize,
    pub versions: usize,
}

/// What goes into a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Selection {
    /// Ids of runs; with each come the runs above and below it.
    pub runs: Vec<String>,
    /// Names of registered models; with each come all versions and their runs.
    pub models: Vec<String>,
}

/// What is taken: ids of runs, parents first, and of data sets beside theirs; names of models.
struct What {
    runs: Vec<String>,
    datasets: Vec<String>,
    models: Vec<String>,
}

impl Workspace {
    /// Takes all ended runs, data sets and models of another workspace in; one that was edited behind its
    /// audit log is refused.
    ///
    /// # Errors
    /// What is wrong with either workspace, as [`Workspace::verify`] finds it in the other; what storage
    /// refuses. Then nothing was taken in.
    pub fn merge(&mut self, stamp: &Stamp, other: &Self) -> Result<Merged> {
        other.verify()?;
        let all = What {
            runs: other.ended()?,
            datasets: other.names("SELECT id FROM datasets ORDER BY number")?,
            models: other.names("SELECT name FROM models ORDER BY number")?,
        };
        self.take(stamp, other, &all)
    }

    /// A new workspace in memory with the runs and models that were chosen, to hand on as one file.
    ///
    /// # Errors
    /// [`TrackError::Missing`](crate::TrackError::Missing) for what was chosen; what storage refuses.
    pub fn bundle(&self, stamp: &Stamp, selection: &Selection) -> Result<Self> {
        let mut bundle = Self::in_memory()?;
        let (runs, models) = (self.chosen_runs(selection)?, selection.models.clone());
        bundle.take(stamp, self, &What { runs, models, datasets: Vec::new() })?;
        Ok(bundle)
    }

    fn take(&mut self, stamp: &Stamp, other: &Self, what: &What) -> Result<Merged> {
        let head = other.audit(None, 1, 0)?.pop().map_or_else(String::new, |entry| entry.hash);
        let db = self.write()?;
        let mut taking = Taking { from: &other.db, to: &db, stamp, merged: Merged::default() };
        for id in &what.runs {
            taking.run(id)?;
        }
        for id in &what.datasets {
            taking.dataset(id)?;
        }
        for name in &what.models {
            taking.model(name)?;
        }
        let merged = taking.merged;
        if merged != Merged::default() {
            let subject = format!("workspace:{head}");
            audit::append(&db, stamp, Action::Merge, &subject, "", String::new())?;
        }
        db.commit()?;
        Ok(merged)
    }

    pub(crate) fn ended(&self) -> Result<Vec<String>> {
        self.names("SELECT id FROM runs WHERE status != 'RUNNING' ORDER BY number")
    }

    fn names(&self, sql: &str) -> Result<Vec<String>> {
        let mut statement = self.db.prepare(sql)?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Ids of the chosen runs and those that belong with them, parents first.
    pub(crate) fn chosen_runs(&self, selection: &Selection) -> Result<Vec<String>> {
        let mut chosen = BTreeSet::new();
        for id in &selection.runs {
            chosen.insert(runs::number(&self.db, id)?);
        }
        for name in &selection.models {
            let model = registry::model(&self.db, name)?;
            let sql = "SELECT run FROM versions WHERE model = ? AND run IS NOT NULL";
            chosen.extend(runs::rows(&self.db, sql, model, |row| row.get::<_, i64>(0))?);
        }
        let mut all = runs::above(&self.db, &chosen)?;
        all.append(&mut runs::below(&self.db, &chosen)?);
        // A parent was there before its children, so its number is lower.
        let mut ids = Vec::new();
        for number in all {
            let sql = "SELECT id FROM runs WHERE number = ? AND status != 'RUNNING'";
            ids.extend(runs::rows(&self.db, sql, number, |row| row.get::<_, String>(0))?);
        }
        Ok(ids)
    }
}
