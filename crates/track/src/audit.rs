//! The audit log: what changed, when, by whom and why, each entry chained to the one before it.

use rusqlite::{Connection, params};
use serde::Serialize;

use crate::digest;
use crate::error::{Result, TrackError};
use crate::id::digest_of;
use crate::workspace::{Stamp, Workspace};

/// What was done. Stored by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    StartRun,
    EndRun,
    EditRun,
    DeleteRun,
    KeepDataset,
    Register,
    EditModel,
    MoveAlias,
    Export,
    Merge,
    Pull,
}

impl Action {
    const fn name(self) -> &'static str {
        match self {
            Self::StartRun => "start_run",
            Self::EndRun => "end_run",
            Self::EditRun => "edit_run",
            Self::DeleteRun => "delete_run",
            Self::KeepDataset => "keep_dataset",
            Self::Register => "register",
            Self::EditModel => "edit_model",
            Self::MoveAlias => "move_alias",
            Self::Export => "export",
            Self::Merge => "merge",
            Self::Pull => "pull",
        }
    }
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Entry {
    /// 1 for the first.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub number: i64,
    /// Milliseconds since 1970, UTC.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub at: i64,
    pub author: String,
    /// `start_run`, `end_run`, `edit_run`, `delete_run`, `keep_dataset`, `register`, `edit_model`,
    /// `move_alias`, `export`, `merge` or `pull`.
    pub action: String,
    /// What it was done to, as `run:ID`, `dataset:ID`, `model:NAME` or `workspace:HASH`.
    pub subject: String,
    pub reason: String,
    /// SHA-256 of the subject's record after the change; empty where it went.
    pub digest: String,
    /// SHA-256 of all this and the hash before.
    pub hash: String,
}

impl Entry {
    fn hash_after(&self, previous: &str) -> String {
        digest_of(&[
            previous,
            &self.number.to_string(),
            &self.at.to_string(),
            &self.author,
            &self.action,
            &self.subject,
            &self.reason,
            &self.digest,
        ])
    }
}

/// What [`Workspace::verify`] has seen to be as it was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Verified {
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub entries: i64,
    /// The hash of the last entry: who keeps it elsewhere finds a log cut short, too.
    pub head: String,
    /// Runs, data sets and models whose records were looked at.
    pub subjects: usize,
    /// Bytes whose content hash was looked at.
    pub blobs: usize,
}

/// Adds an entry. `digest` is of the subject as it is now.
pub(crate) fn append(
    db: &Connection,
    stamp: &Stamp,
    action: Action,
    subject: &str,
    reason: &str,
    digest: String,
) -> Result<()> {
    let (number, previous) = last(db)?;
    let mut entry = Entry {
        number: number + 1,
        at: stamp.at,
        author: stamp.author.clone(),
        action: action.name().to_owned(),
        subject: subject.to_owned(),
        reason: reason.to_owned(),
        digest,
        hash: String::new(),
    };
    entry.hash = entry.hash_after(&previous);
    let sql = "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let Entry { number, at, author, action, subject, reason, digest, hash } = &entry;
    db.prepare_cached(sql)?
        .execute(params![number, at, author, action, subject, reason, digest, hash])?;
    Ok(())
}

/// Number and hash of the last entry.
fn last(db: &Connection) -> Result<(i64, String)> {
    let sql = "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    Ok(match rows.next()? {
        Some(row) => (row.get(0)?, row.get(1)?),
        None => (0, String::new()),
    })
}

impl Workspace {
    /// Entries of the log, the latest first; of one subject (`run:ID`, …) or of all.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn audit(&self, subject: Option<&str>, limit: usize, offset: usize) -> Result<Vec<Entry>> {
        let sql = "SELECT * FROM audit WHERE ?1 IS NULL OR subject = ?1 \
                   ORDER BY number DESC LIMIT ?2 OFFSET ?3";
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map(params![subject, limit as i64, offset as i64], entry)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Finds any edit that did not go through the log: an entry changed, missing or put in, a run,
    /// data set or model that is not as its last entry left it, bytes that are not what they were.
    /// What running runs have logged so far is not in the log yet.
    ///
    /// # Errors
    /// [`TrackError::Tampered`] with the first entry that does not fit.
    pub fn verify(&self) -> Result<Verified> {
        let (entries, head) = self.verify_chain()?;
        let subjects = self.verify_subjects()?;
        Ok(Verified { entries, head, subjects, blobs: self.verify_blobs(entries)? })
    }

    fn verify_chain(&self) -> Result<(i64, String)> {
        let mut statement = self.db.prepare("SELECT * FROM audit ORDER BY number")?;
        let (mut count, mut head) = (0, String::new());
        for found in statement.query_map([], entry)? {
            let found = found?;
            count += 1;
            if found.number != count {
                return Err(tampered(count, "the entry is missing"));
            }
            if found.hash != found.hash_after(&head) {
                return Err(tampered(count, "its hash is of something else"));
            }
            head = found.hash;
        }
        Ok((count, head))
    }

    fn verify_subjects(&self) -> Result<usize> {
        let sql =
            "SELECT max(number), subject, digest, action FROM audit GROUP BY subject ORDER BY 1";
        let mut statement = self.db.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let (entry, subject, left, action): (i64, String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            if digest::of_subject(&self.db, &subject)? != left {
                return Err(tampered(entry, &format!("{subject} was changed since")));
            }
            // Neither a run that runs has a digest, nor one that is gone.
            if let Some(id) = subject.strip_prefix("run:")
                && self.has_run(id)? == (action == Action::DeleteRun.name())
            {
                return Err(tampered(
                    entry,
                    &format!("{subject} was taken away or put back since"),
                ));
            }
            count += 1;
        }
        self.verify_nothing_else()?;
        Ok(count)
    }

    /// Runs, data sets and models that no entry is about.
    fn verify_nothing_else(&self) -> Result<()> {
        let sql = "SELECT subject FROM (SELECT 'run:' || id AS subject FROM runs \
                   UNION ALL SELECT 'dataset:' || id FROM datasets \
                   UNION ALL SELECT 'model:' || name FROM models) \
                   WHERE subject NOT IN (SELECT subject FROM audit) LIMIT 1";
        let mut statement = self.db.prepare(sql)?;
        let mut rows = statement.query([])?;
        match rows.next()? {
            Some(row) => {
                let subject: String = row.get(0)?;
                Err(tampered(0, &format!("{subject} is in no entry")))
            }
            None => Ok(()),
        }
    }

    fn verify_blobs(&self, entry: i64) -> Result<usize> {
        let mut statement = self.db.prepare("SELECT sha256, bytes FROM blobs")?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            if hedgerow_model::sha256_hex(bytes) != name {
                return Err(tampered(entry, &format!("the bytes {name} were changed")));
            }
            count += 1;
        }
        Ok(count)
    }
}

fn tampered(entry: i64, reason: &str) -> TrackError {
    TrackError::Tampered { entry, reason: reason.to_owned() }
}

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        number: row.get(0)?,
        at: row.get(1)?,
        author: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        reason: row.get(5)?,
        digest: row.get(6)?,
        hash: row.get(7)?,
    })
}
