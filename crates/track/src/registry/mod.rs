//! The registry: named models, their numbered versions, and aliases that say which version is used
//! for what.

mod alias;
mod read;
mod register;

pub use alias::Move;
pub(crate) use read::load;
pub use read::{Alias, Export, RegisteredModel, Version};
pub(crate) use register::{LARGEST, next, registered};
pub use register::{MODEL_PATH, NewVersion};

use rusqlite::{Connection, params};

use crate::audit::{self, Action};
use crate::digest;
use crate::error::{Result, Thing, TrackError};
use crate::workspace::Stamp;

/// The row number of a registered model.
pub(crate) fn model(db: &Connection, name: &str) -> Result<i64> {
    let mut statement = db.prepare_cached("SELECT number FROM models WHERE name = ?")?;
    match statement.query([name])?.next()? {
        Some(row) => Ok(row.get(0)?),
        None => Err(TrackError::missing(Thing::Model, name)),
    }
}

/// The row number of a version.
pub(crate) fn version(db: &Connection, name: &str, version: i64) -> Result<i64> {
    let sql = "SELECT number FROM versions WHERE model = ? AND version = ?";
    let mut statement = db.prepare_cached(sql)?;
    match statement.query(params![model(db, name)?, version])?.next()? {
        Some(row) => Ok(row.get(0)?),
        None => Err(TrackError::missing(Thing::Version, format!("{name} {version}"))),
    }
}

fn audited(db: &Connection, stamp: &Stamp, action: Action, name: &str, reason: &str) -> Result<()> {
    let subject = format!("model:{name}");
    let digest = digest::of_subject(db, &subject)?;
    audit::append(db, stamp, action, &subject, reason, digest)
}
