//! Aliases: promotion, rollback, and what they pointed at before.

use rusqlite::{Connection, params};
use serde::Serialize;

use super::{audited, model, version};
use crate::audit::Action;
use crate::error::{Result, Thing, TrackError};
use crate::limits;
use crate::workspace::{Stamp, Workspace};

/// A move of an alias.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Move {
    pub alias: String,
    /// None: it was taken away.
    #[cfg_attr(feature = "ts", tsify(type = "number | null"))]
    pub version: Option<i64>,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub at: i64,
    pub author: String,
    pub reason: String,
    /// Whether it took the move before it back.
    pub back: bool,
}

const MOVES: &str = "SELECT alias, (SELECT version FROM versions v WHERE v.number = moves.version), \
    at, author, reason, back FROM moves WHERE model = ? ORDER BY number";

impl Workspace {
    /// Points an alias, such as `champion`, at a version.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; [`TrackError::Empty`] without a reason; what storage refuses.
    pub fn promote(
        &mut self,
        stamp: &Stamp,
        name: &str,
        number: i64,
        alias: &str,
        reason: &str,
    ) -> Result<()> {
        check(alias, reason)?;
        let db = self.write()?;
        let row = version(&db, name, number)?;
        insert(&db, stamp, name, alias, Some(row), reason, false)?;
        Ok(db.commit()?)
    }

    /// Points an alias at the version it pointed at before; which one that is. Again: at the one
    /// before that.
    ///
    /// # Errors
    /// [`TrackError::Missing`] where there is no such alias or nothing before; [`TrackError::Empty`]
    /// without a reason; what storage refuses.
    pub fn rollback(
        &mut self,
        stamp: &Stamp,
        name: &str,
        alias: &str,
        reason: &str,
    ) -> Result<i64> {
        check(alias, reason)?;
        let db = self.write()?;
        let before = before(&moves(&db, name)?, alias).ok_or_else(|| {
            TrackError::missing(Thing::Alias, format!("{alias} with a version before"))
        })?;
        let row = version(&db, name, before)?;
        insert(&db, stamp, name, alias, Some(row), reason, true)?;
        db.commit()?;
        Ok(before)
    }

    /// Takes an alias away.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; [`TrackError::Empty`] without a reason; what storage refuses.
    pub fn remove_alias(
        &mut self,
        stamp: &Stamp,
        name: &str,
        alias: &str,
        reason: &str,
    ) -> Result<()> {
        check(alias, reason)?;
        let db = self.write()?;
        aliased(&db, name, alias)?;
        insert(&db, stamp, name, alias, None, reason, false)?;
        Ok(db.commit()?)
    }

    /// The version number that an alias points at.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn aliased(&self, name: &str, alias: &str) -> Result<i64> {
        aliased(&self.db, name, alias)
    }

    /// All moves of a model's aliases, in order.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn moves(&self, name: &str) -> Result<Vec<Move>> {
        moves(&self.db, name)
    }
}

fn aliased(db: &Connection, name: &str, alias: &str) -> Result<i64> {
    let sql = "SELECT versions.version FROM moves LEFT JOIN versions \
               ON versions.number = moves.version WHERE moves.model = ? AND alias = ? \
               ORDER BY moves.number DESC LIMIT 1";
    let row = model(db, name)?;
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![row, alias])?;
    let number = rows.next()?.map(|row| row.get::<_, Option<i64>>(0)).transpose()?.flatten();
    number.ok_or_else(|| TrackError::missing(Thing::Alias, format!("{name}@{alias}")))
}

fn moves(db: &Connection, name: &str) -> Result<Vec<Move>> {
    crate::runs::rows(db, MOVES, model(db, name)?, |row| {
        Ok(Move {
            alias: row.get(0)?,
            version: row.get(1)?,
            at: row.get(2)?,
            author: row.get(3)?,
            reason: row.get(4)?,
            back: row.get(5)?,
        })
    })
}

fn check(alias: &str, reason: &str) -> Result<()> {
    limits::name("the alias", alias)?;
    if reason.trim().is_empty() {
        return Err(TrackError::Empty { what: "the reason".into() });
    }
    limits::text("the reason", reason, limits::TEXT)
}

/// What an alias pointed at before its last move that was not taken back.
fn before(moves: &[Move], alias: &str) -> Option<i64> {
    let mut stack = Vec::new();
    for one in moves.iter().filter(|one| one.alias == alias) {
        if one.back {
            stack.pop();
        } else {
            stack.push(one.version);
        }
    }
    stack.pop();
    stack.iter().rev().find_map(|version| *version)
}

fn insert(
    db: &Connection,
    stamp: &Stamp,
    name: &str,
    alias: &str,
    version: Option<i64>,
    reason: &str,
    back: bool,
) -> Result<()> {
    let sql = "INSERT INTO moves (model, alias, version, at, author, reason, back) \
               VALUES (?, ?, ?, ?, ?, ?, ?)";
    let Stamp { at, author } = stamp;
    db.prepare_cached(sql)?.execute(params![
        model(db, name)?,
        alias,
        version,
        at,
        author,
        reason,
        back
    ])?;
    audited(db, stamp, Action::MoveAlias, name, reason)
}
