//! How a run ends, and what may be changed after that.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::{INTERRUPTED, Status, below, log, number, running, subject};
use crate::audit::{self, Action};
use crate::digest;
use crate::error::{Result, Thing, TrackError};
use crate::limits;
use crate::workspace::{Stamp, Workspace};

impl Workspace {
    /// Ends a run. Ending it again as it ended changes nothing.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; [`TrackError::Ended`] with another status; [`TrackError::Value`] for
    /// [`Status::Running`]; what storage refuses.
    pub fn end_run(&mut self, stamp: &Stamp, run: &str, status: Status) -> Result<()> {
        if status == Status::Running {
            return Err(TrackError::Value {
                what: "the status of a run that ends".into(),
                value: status.name().into(),
                expected: "FINISHED, FAILED or KILLED is".into(),
            });
        }
        let db = self.write()?;
        match running(&db, run) {
            Err(TrackError::Ended { status: ended, .. }) if ended == status.name() => return Ok(()),
            found => found?,
        };
        end(&db, stamp, run, status, "")?;
        Ok(db.commit()?)
    }

    /// Ends as `FAILED` those of the runs that are still `RUNNING`, and tags them [`INTERRUPTED`]: for who
    /// knows that whoever logged to them is gone. A run that another has ended meanwhile, or deleted, is left.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn interrupt(&mut self, stamp: &Stamp, runs: &[String]) -> Result<()> {
        let db = self.write()?;
        for id in runs {
            let row = match running(&db, id) {
                Err(TrackError::Missing { .. } | TrackError::Ended { .. }) => continue,
                found => found?,
            };
            log::tags(&db, row, &BTreeMap::from([(INTERRUPTED.to_owned(), "true".to_owned())]))?;
            end(&db, stamp, id, Status::Failed, "who logged to it was gone")?;
        }
        Ok(db.commit()?)
    }

    /// Sets tags of a run, whether it runs or not; an empty value takes a tag away.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::TooLong`]; what storage refuses.
    pub fn tag_run(
        &mut self,
        stamp: &Stamp,
        run: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<()> {
        self.edit(stamp, run, |db, row| {
            log::tags(db, row, tags)?;
            db.execute("DELETE FROM tags WHERE run = ? AND value = ''", [row])?;
            Ok(())
        })
    }

    /// Sets the note of a run.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::TooLong`]; what storage refuses.
    pub fn note_run(&mut self, stamp: &Stamp, run: &str, note: &str) -> Result<()> {
        limits::text("the note", note, limits::TEXT)?;
        self.edit(stamp, run, |db, row| {
            db.execute("UPDATE runs SET note = ? WHERE number = ?", params![note, row])?;
            Ok(())
        })
    }

    /// Renames a run.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::TooLong`]; what storage refuses.
    pub fn rename_run(&mut self, stamp: &Stamp, run: &str, name: &str) -> Result<()> {
        limits::text("the name of the run", name, limits::KEY)?;
        self.edit(stamp, run, |db, row| {
            db.execute("UPDATE runs SET name = ? WHERE number = ?", params![name, row])?;
            Ok(())
        })
    }

    fn edit(
        &mut self,
        stamp: &Stamp,
        run: &str,
        change: impl FnOnce(&Connection, i64) -> Result<()>,
    ) -> Result<()> {
        let db = self.write()?;
        change(&db, number(&db, run)?)?;
        audited(&db, stamp, Action::EditRun, run, "")?;
        Ok(db.commit()?)
    }

    /// Deletes a run, and the runs that are part of it, for good. Data sets stay.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; [`TrackError::Running`]; [`TrackError::Exists`] for a run that a
    /// registered version came from; what storage refuses.
    pub fn delete_run(&mut self, stamp: &Stamp, run: &str, reason: &str) -> Result<()> {
        let db = self.write()?;
        // All of a family goes, so it does not matter in which order.
        db.pragma_update(None, "defer_foreign_keys", "ON")?;
        let family = below(&db, &BTreeSet::from([number(&db, run)?]))?;
        for row in family.into_iter().rev() {
            delete(&db, stamp, row, reason)?;
        }
        db.execute(UNUSED_BLOBS, [])?;
        Ok(db.commit()?)
    }
}

/// Bytes that nothing refers to.
const UNUSED_BLOBS: &str = "DELETE FROM blobs WHERE number NOT IN \
    (SELECT blob FROM artifacts UNION SELECT blob FROM versions \
     UNION SELECT blob FROM datasets WHERE blob IS NOT NULL)";

fn delete(db: &Connection, stamp: &Stamp, row: i64, reason: &str) -> Result<()> {
    let sql = "SELECT id, status FROM runs WHERE number = ?";
    let (id, status): (String, String) =
        db.prepare_cached(sql)?.query_row([row], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if status == Status::Running.name() {
        return Err(TrackError::Running { run: id });
    }
    let sql = "SELECT models.name || ' ' || version FROM versions \
               JOIN models ON models.number = model WHERE run = ?";
    if let Some(version) = db.prepare_cached(sql)?.query([row])?.next()? {
        return Err(TrackError::Exists { what: Thing::Version, name: version.get(0)? });
    }
    db.execute("DELETE FROM runs WHERE number = ?", [row])?;
    audit::append(db, stamp, Action::DeleteRun, &subject(&id), reason, String::new())
}

pub(super) fn end(
    db: &Connection,
    stamp: &Stamp,
    id: &str,
    status: Status,
    reason: &str,
) -> Result<()> {
    let sql = "UPDATE runs SET status = ?, ended = max(started, ?) WHERE id = ?";
    db.prepare_cached(sql)?.execute(params![status.name(), stamp.at, id])?;
    audited(db, stamp, Action::EndRun, id, reason)
}

fn audited(db: &Connection, stamp: &Stamp, action: Action, id: &str, reason: &str) -> Result<()> {
    let subject = subject(id);
    let digest = digest::of_subject(db, &subject)?;
    audit::append(db, stamp, action, &subject, reason, digest)
}
