//! Files of a run.

use rusqlite::{Connection, params};

use hedgerow_model::sha256_hex;

use super::{number, running};
use crate::error::{Result, Thing, TrackError};
use crate::limits;
use crate::workspace::Workspace;

impl Workspace {
    /// Keeps a file of a running run under a path such as `model.safetensors`; one of the same path
    /// is replaced.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::Ended`], [`TrackError::Value`] for a path that leads
    /// out of a folder; what storage refuses.
    pub fn log_artifact(&mut self, run: &str, path: &str, bytes: &[u8]) -> Result<()> {
        check_path(path)?;
        let db = self.write()?;
        let row = running(&db, run)?;
        let blob = keep(&db, bytes)?;
        db.prepare_cached("INSERT OR REPLACE INTO artifacts VALUES (?, ?, ?)")?
            .execute(params![row, path, blob])?;
        Ok(db.commit()?)
    }

    /// A file of a run.
    ///
    /// # Errors
    /// [`TrackError::Missing`] for the run or the path; what storage refuses.
    pub fn artifact(&self, run: &str, path: &str) -> Result<Vec<u8>> {
        let row = number(&self.db, run)?;
        let sql = "SELECT bytes FROM artifacts JOIN blobs ON blobs.number = blob \
                   WHERE run = ? AND path = ?";
        let mut statement = self.db.prepare_cached(sql)?;
        match statement.query(params![row, path])?.next()? {
            Some(row) => Ok(row.get(0)?),
            None => Err(TrackError::missing(Thing::Artifact, path)),
        }
    }
}

/// A relative path whose parts are names.
fn check_path(path: &str) -> Result<()> {
    limits::name("the path of an artifact", path)?;
    let odd = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.split('/').any(odd) || path.contains(['\\', '\0']) {
        return Err(TrackError::Value {
            what: "the path of an artifact".into(),
            value: path.into(),
            expected: "names joined by / are".into(),
        });
    }
    Ok(())
}

/// Keeps bytes, once whatever refers to them; the row number.
pub(crate) fn keep(db: &Connection, bytes: &[u8]) -> Result<i64> {
    let sha256 = sha256_hex(bytes);
    let mut statement = db.prepare_cached("SELECT number FROM blobs WHERE sha256 = ?")?;
    if let Some(row) = statement.query([&sha256])?.next()? {
        return Ok(row.get(0)?);
    }
    let sql = "INSERT INTO blobs (sha256, bytes) VALUES (?, ?)";
    db.prepare_cached(sql)?.execute(params![sha256, bytes])?;
    Ok(db.last_insert_rowid())
}
