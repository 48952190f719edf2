//! A run's row, whether the run begins here, comes from another workspace or from a server.

use rusqlite::{Connection, params};

use super::Status;
use crate::error::Result;
use crate::id::id_of;

/// A run without what it logged.
pub(crate) struct Row<'r> {
    pub id: &'r str,
    /// Made where there is none of the name.
    pub experiment: &'r str,
    /// Left out where it is not here.
    pub parent: Option<&'r str>,
    pub name: &'r str,
    pub status: Status,
    pub started: i64,
    pub ended: Option<i64>,
    pub note: &'r str,
    pub recipe: &'r str,
}

impl Row<'_> {
    /// Gives the row number.
    pub fn insert(&self, db: &Connection) -> Result<i64> {
        let Self { id, parent, name, status, started, ended, note, recipe, .. } = self;
        let experiment = experiment(db, self.experiment, *started)?;
        let sql = "INSERT INTO runs (id, experiment, parent, name, status, started, ended, note, recipe) \
                   VALUES (?, ?, (SELECT number FROM runs WHERE id = ?), ?, ?, ?, ?, ?, ?)";
        let status = status.name();
        let values = params![id, experiment, parent, name, status, started, ended, note, recipe];
        db.prepare_cached(sql)?.execute(values)?;
        Ok(db.last_insert_rowid())
    }
}

/// The row number of an experiment, which is made where it is missing.
fn experiment(db: &Connection, name: &str, at: i64) -> Result<i64> {
    let mut statement = db.prepare_cached("SELECT number FROM experiments WHERE name = ?")?;
    if let Some(row) = statement.query([name])?.next()? {
        return Ok(row.get(0)?);
    }
    let sql = "INSERT INTO experiments (id, name, created) VALUES (?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![id_of(&["experiment", name]), name, at])?;
    Ok(db.last_insert_rowid())
}
