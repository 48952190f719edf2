//! The file: opening, migrating and checking it, and its bytes.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{Result, TrackError};
use crate::search::Found;

/// The schema this library writes, and how many migrations lead to it.
pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// One a schema version; what was released is never changed.
const MIGRATIONS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// "HDGR": what SQLite's header says the file is for.
const APPLICATION_ID: i64 = 0x4844_4752;

/// Who changes something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Milliseconds since 1970, UTC.
    pub at: i64,
    /// The name the user gave.
    pub author: String,
}

/// An open workspace.
#[derive(Debug)]
pub struct Workspace {
    pub(crate) db: Connection,
    pub(crate) found: Found,
}

impl Workspace {
    /// Opens a workspace, or makes one where there is none.
    ///
    /// # Errors
    /// [`TrackError::NotAWorkspace`], [`TrackError::LaterVersion`], [`TrackError::Damaged`]; what
    /// storage refuses.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::new(Connection::open(path)?)
    }

    /// A workspace in memory, which is gone when dropped.
    ///
    /// # Errors
    /// None but for want of memory.
    pub fn in_memory() -> Result<Self> {
        Self::new(Connection::open_in_memory()?)
    }

    /// A workspace of a file's bytes, in memory; nothing about the file is trusted.
    ///
    /// # Errors
    /// As [`Workspace::open`]; [`TrackError::Damaged`] also for what only a whole reading finds.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            return Err(TrackError::NotAWorkspace { reason: "it is empty".into() });
        }
        let mut db = Connection::open_in_memory()?;
        let bytes = without_log(bytes);
        db.deserialize_read_exact("main", &*bytes, bytes.len(), false)?;
        let workspace = Self::new(db)?;
        workspace.check()?;
        Ok(workspace)
    }

    /// The whole file, as any SQLite tool opens it.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut copy = Connection::open_in_memory()?;
        rusqlite::backup::Backup::new(&self.db, &mut copy)?.step(-1)?;
        Ok(copy.serialize("main")?.to_vec())
    }

    fn new(mut db: Connection) -> Result<Self> {
        configure(&db)?;
        migrate(&mut db)?;
        Ok(Self { found: Found::of(&db)?, db })
    }

    /// Reads all there is: `PRAGMA integrity_check`, references, and that tables, indices and
    /// nothing else are as this library makes them.
    ///
    /// # Errors
    /// [`TrackError::Damaged`], [`TrackError::NotAWorkspace`].
    pub fn check(&self) -> Result<()> {
        same_schema(&self.db)?;
        let found: String = self.db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if found != "ok" {
            return Err(TrackError::Damaged { reason: found });
        }
        let dangling = self.db.prepare("PRAGMA foreign_key_check")?.exists([])?;
        if dangling {
            return Err(TrackError::Damaged { reason: "something refers to what is gone".into() });
        }
        Ok(())
    }

    /// One look for several statements, which see the same: each alone asks the file anew whether another
    /// process wrote to it, which takes longer than what it reads.
    pub(crate) fn read(&self) -> Result<Transaction<'_>> {
        Ok(self.db.unchecked_transaction()?)
    }

    pub(crate) fn write(&mut self) -> Result<Transaction<'_>> {
        Ok(self.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

/// A file that a tool set to write-ahead logging, set back: such cannot be opened in memory.
fn without_log(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    // The versions of the file format for writing and for reading, in SQLite's header.
    match bytes.get(18..20) {
        Some([2, 2]) => {
            let mut bytes = bytes.to_vec();
            bytes[18..20].fill(1);
            bytes.into()
        }
        _ => bytes.into(),
    }
}

fn configure(db: &Connection) -> Result<()> {
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    db.set_prepared_statement_cache_capacity(64);
    // A stranger's file cannot call functions from its schema, nor change that schema.
    db.pragma_update(None, "trusted_schema", "OFF")?;
    db.pragma_update(None, "cell_size_check", "ON")?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    // What was reported saved is on the disk, whatever happens next.
    db.pragma_update(None, "synchronous", "FULL")?;
    // 32 MB of the file at most: where browsers keep files, reading is slow.
    db.pragma_update(None, "cache_size", -32_000)?;
    // One file that is complete by itself, wherever it lies; also what another tool made a log of.
    db.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0))?;
    Ok(())
}

fn migrate(db: &mut Connection) -> Result<()> {
    let version = version(db)?;
    if version == SCHEMA_VERSION {
        return same_schema(db);
    }
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    let version = self::version(&transaction)?;
    for migration in MIGRATIONS.iter().skip(version as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    same_schema(db)
}

/// The schema version: 0 of an empty file.
fn version(db: &Connection) -> Result<i64> {
    let application: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION_ID, 1..=SCHEMA_VERSION) => Ok(version),
        (APPLICATION_ID, found) if found > SCHEMA_VERSION => {
            Err(TrackError::LaterVersion { found, supported: SCHEMA_VERSION })
        }
        _ => Err(TrackError::NotAWorkspace { reason: "it is a database of something else".into() }),
    }
}

/// A stranger's file has the tables, indices and nothing else that this library makes.
fn same_schema(db: &Connection) -> Result<()> {
    let expected = Connection::open_in_memory()?;
    for migration in MIGRATIONS {
        expected.execute_batch(migration)?;
    }
    if schema_of(db)? == schema_of(&expected)? {
        return Ok(());
    }
    Err(TrackError::NotAWorkspace { reason: "its tables are not those of a workspace".into() })
}

fn schema_of(db: &Connection) -> Result<Vec<(String, String)>> {
    // What `ANALYZE` of some tool leaves, and nothing else under such a name: not a trigger.
    let sql = "SELECT name, coalesce(sql, '') FROM sqlite_schema \
               WHERE coalesce(sql, '') NOT IN ('CREATE TABLE sqlite_stat1(tbl,idx,stat)', \
               'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)') ORDER BY name";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
