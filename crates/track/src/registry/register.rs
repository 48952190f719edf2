//! How versions come to be, and what is said about them.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Version, audited, load, model, version};
use crate::audit::Action;
use crate::error::{Result, Thing, TrackError};
use crate::id::id_of;
use crate::limits;
use crate::runs;
use crate::workspace::{Stamp, Workspace};

/// A version to register: the model file of a run, or one given as bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct NewVersion {
    /// Made where there is none of the name.
    pub name: String,
    /// The run whose artifact it is.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub run: Option<String>,
    /// The artifact's path. Default: `model.safetensors`.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub path: Option<String>,
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub description: String,
}

/// Where a run keeps its model.
pub const MODEL_PATH: &str = "model.safetensors";

impl Workspace {
    /// Registers a model file as the next version of a name. The same file of the same run is the
    /// version that it is already.
    ///
    /// # Errors
    /// [`TrackError::Missing`] for the run or its artifact; [`TrackError::Running`];
    /// [`TrackError::Empty`] without a name, or with neither a run nor bytes; what storage refuses.
    pub fn register(
        &mut self,
        stamp: &Stamp,
        new: &NewVersion,
        bytes: Option<&[u8]>,
    ) -> Result<Version> {
        limits::name("the name of the model", &new.name)?;
        limits::text("the description", &new.description, limits::TEXT)?;
        let db = self.write()?;
        let (run, blob) = file_of(&db, new, bytes)?;
        let id = version_id(&db, new, blob)?;
        let row = match registered(&db, &id)? {
            Some(row) => row,
            None => {
                let row = insert(&db, stamp, &id, new, (run, blob))?;
                audited(&db, stamp, Action::Register, &new.name, "")?;
                row
            }
        };
        db.commit()?;
        load(&self.db, row)
    }

    /// Describes a model.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::TooLong`]; what storage refuses.
    pub fn describe_model(&mut self, stamp: &Stamp, name: &str, description: &str) -> Result<()> {
        limits::text("the description", description, limits::TEXT)?;
        self.edit_model(stamp, name, |db| {
            let sql = "UPDATE models SET description = ? WHERE number = ?";
            db.execute(sql, params![description, model(db, name)?])?;
            Ok(())
        })
    }

    /// Describes a version.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::TooLong`]; what storage refuses.
    pub fn describe_version(
        &mut self,
        stamp: &Stamp,
        name: &str,
        number: i64,
        description: &str,
    ) -> Result<()> {
        limits::text("the description", description, limits::TEXT)?;
        self.edit_model(stamp, name, |db| {
            let sql = "UPDATE versions SET description = ? WHERE number = ?";
            db.execute(sql, params![description, version(db, name, number)?])?;
            Ok(())
        })
    }

    /// Sets tags of a version, such as `stage`; an empty value takes a tag away.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::TooLong`]; what storage refuses.
    pub fn tag_version(
        &mut self,
        stamp: &Stamp,
        name: &str,
        number: i64,
        tags: &BTreeMap<String, String>,
    ) -> Result<()> {
        for (key, value) in tags {
            limits::name("the key of a tag", key)?;
            limits::text(&format!("tag {key:?}"), value, limits::TAG)?;
        }
        self.edit_model(stamp, name, |db| {
            let row = version(db, name, number)?;
            let mut insert =
                db.prepare_cached("INSERT OR REPLACE INTO version_tags VALUES (?, ?, ?)")?;
            for (key, value) in tags {
                insert.execute(params![row, key, value])?;
            }
            db.execute("DELETE FROM version_tags WHERE version = ? AND value = ''", [row])?;
            Ok(())
        })
    }

    /// Notes that a version was exported: for which target, and the hash of what was made.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn log_export(
        &mut self,
        stamp: &Stamp,
        name: &str,
        number: i64,
        target: &str,
        sha256: &str,
    ) -> Result<()> {
        limits::name("the target", target)?;
        limits::name("the hash of the export", sha256)?;
        let db = self.write()?;
        let row = version(&db, name, number)?;
        let sql = "INSERT OR IGNORE INTO exports VALUES (?, ?, ?, ?)";
        if db.execute(sql, params![row, target, sha256, stamp.at])? > 0 {
            audited(&db, stamp, Action::Export, name, "")?;
        }
        Ok(db.commit()?)
    }

    fn edit_model(
        &mut self,
        stamp: &Stamp,
        name: &str,
        change: impl FnOnce(&Connection) -> Result<()>,
    ) -> Result<()> {
        let db = self.write()?;
        change(&db)?;
        audited(&db, stamp, Action::EditModel, name, "")?;
        Ok(db.commit()?)
    }
}

/// The row numbers of run and bytes.
fn file_of(db: &Connection, new: &NewVersion, bytes: Option<&[u8]>) -> Result<(Option<i64>, i64)> {
    let run = new.run.as_deref().map(|id| ended(db, id)).transpose()?;
    match (run, bytes) {
        (_, Some(bytes)) => Ok((run, runs::keep(db, bytes)?)),
        (Some(run), None) => {
            let path = new.path.as_deref().unwrap_or(MODEL_PATH);
            let sql = "SELECT blob FROM artifacts WHERE run = ? AND path = ?";
            let mut statement = db.prepare_cached(sql)?;
            match statement.query(params![run, path])?.next()? {
                Some(row) => Ok((Some(run), row.get(0)?)),
                None => Err(TrackError::missing(Thing::Artifact, path)),
            }
        }
        (None, None) => Err(TrackError::Empty { what: "the model's run or file".into() }),
    }
}

fn ended(db: &Connection, id: &str) -> Result<i64> {
    match runs::running(db, id) {
        Ok(_) => Err(TrackError::Running { run: id.to_owned() }),
        Err(TrackError::Ended { .. }) => runs::number(db, id),
        Err(error) => Err(error),
    }
}

/// A version is a file of a run under a name.
fn version_id(db: &Connection, new: &NewVersion, blob: i64) -> Result<String> {
    let sql = "SELECT sha256 FROM blobs WHERE number = ?";
    let sha256: String = db.query_row(sql, [blob], |row| row.get(0))?;
    Ok(id_of(&["version", &new.name, &sha256, new.run.as_deref().unwrap_or("")]))
}

/// The row number of a version that is there.
pub(crate) fn registered(db: &Connection, id: &str) -> Result<Option<i64>> {
    let sql = "SELECT number FROM versions WHERE id = ?";
    Ok(db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}

fn insert(
    db: &Connection,
    stamp: &Stamp,
    id: &str,
    new: &NewVersion,
    (run, blob): (Option<i64>, i64),
) -> Result<i64> {
    let sql = "INSERT OR IGNORE INTO models (name, created) VALUES (?, ?)";
    db.prepare_cached(sql)?.execute(params![new.name, stamp.at])?;
    let model = model(db, &new.name)?;
    let number = next(db, model)?;
    db.prepare_cached(
        "INSERT INTO versions (id, model, version, run, blob, description, created) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![id, model, number, run, blob, new.description, stamp.at])?;
    Ok(db.last_insert_rowid())
}

/// The largest version number that is taken over: behind it there is room for more.
pub(crate) const LARGEST: i64 = u32::MAX as i64;

/// The next version number of a model.
pub(crate) fn next(db: &Connection, model: i64) -> Result<i64> {
    let sql = "SELECT coalesce(max(version), 0) + 1 FROM versions WHERE model = ?";
    Ok(db.query_row(sql, [model], |row| row.get(0))?)
}
