//! What is registered.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde::Serialize;

use super::{model, registered, version};
use crate::error::{Result, Thing, TrackError};
use crate::runs::rows;
use crate::workspace::Workspace;

/// A registered model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct RegisteredModel {
    pub name: String,
    pub description: String,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub created: i64,
    /// The latest first.
    pub versions: Vec<Version>,
    pub aliases: Vec<Alias>,
}

/// An alias and the version number it points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Alias {
    pub alias: String,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub version: i64,
}

/// A version of a registered model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Version {
    pub id: String,
    pub name: String,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub version: i64,
    /// The run it came from.
    pub run: Option<String>,
    /// Of the model file.
    pub sha256: String,
    /// Bytes of the model file.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub size: i64,
    pub description: String,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub created: i64,
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, string>"))]
    pub tags: BTreeMap<String, String>,
    pub exports: Vec<Export>,
}

/// What was made of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Export {
    pub target: String,
    /// Of all that was made.
    pub sha256: String,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub at: i64,
}

const ALIASES: &str = "SELECT alias, versions.version, max(moves.number) FROM moves \
    LEFT JOIN versions ON versions.number = moves.version WHERE moves.model = ? GROUP BY alias";

impl Workspace {
    /// All registered models, by name.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn models(&self) -> Result<Vec<RegisteredModel>> {
        let mut statement = self.db.prepare_cached("SELECT name FROM models ORDER BY name")?;
        let names: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        names.iter().map(|name| self.model(name)).collect()
    }

    /// A registered model.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn model(&self, name: &str) -> Result<RegisteredModel> {
        let row = model(&self.db, name)?;
        let sql = "SELECT number FROM versions WHERE model = ? ORDER BY version DESC";
        let numbers: Vec<i64> = rows(&self.db, sql, row, |row| row.get(0))?;
        let sql = "SELECT description, created FROM models WHERE number = ?";
        let (description, created) =
            self.db.query_row(sql, [row], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(RegisteredModel {
            name: name.to_owned(),
            description,
            created,
            versions: numbers.into_iter().map(|row| load(&self.db, row)).collect::<Result<_>>()?,
            aliases: aliases(&self.db, row)?,
        })
    }

    /// A version by its number.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn version(&self, name: &str, number: i64) -> Result<Version> {
        load(&self.db, version(&self.db, name, number)?)
    }

    /// A version by `name`, `name/3` or `name@champion`: by a name alone its latest one.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn find_version(&self, text: &str) -> Result<Version> {
        if let Some((name, alias)) = text.rsplit_once('@') {
            return self.version(name, self.aliased(name, alias)?);
        }
        if let Some((name, number)) = text.rsplit_once('/')
            && let Ok(number) = number.parse()
        {
            return self.version(name, number);
        }
        let latest = self.model(text)?.versions.into_iter().next();
        latest.ok_or_else(|| TrackError::missing(Thing::Version, text))
    }

    /// Whether there is a version of an id.
    pub(crate) fn has_version(&self, id: &str) -> Result<bool> {
        Ok(registered(&self.db, id)?.is_some())
    }

    /// How many versions a model has; none where there is no such model.
    pub(crate) fn n_versions(&self, name: &str) -> Result<i64> {
        let sql = "SELECT count(*) FROM versions JOIN models ON models.number = model \
                   WHERE name = ?";
        Ok(self.db.prepare_cached(sql)?.query_row([name], |row| row.get(0))?)
    }

    /// The model file of a version.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn version_bytes(&self, name: &str, number: i64) -> Result<Vec<u8>> {
        let sql = "SELECT bytes FROM versions JOIN blobs ON blobs.number = blob \
                   WHERE versions.number = ?";
        let row = version(&self.db, name, number)?;
        Ok(self.db.query_row(sql, params![row], |row| row.get(0))?)
    }
}

fn aliases(db: &Connection, model: i64) -> Result<Vec<Alias>> {
    let mut aliases: Vec<(String, Option<i64>)> =
        rows(db, ALIASES, model, |row| Ok((row.get(0)?, row.get(1)?)))?;
    aliases.retain(|(_, version)| version.is_some());
    let aliases = aliases.into_iter();
    Ok(aliases.filter_map(|(alias, version)| Some(Alias { alias, version: version? })).collect())
}

const VERSION: &str = "SELECT versions.id, name, version, \
    (SELECT id FROM runs WHERE runs.number = run), sha256, length(bytes), versions.description, \
    versions.created FROM versions JOIN models ON models.number = model \
    JOIN blobs ON blobs.number = blob WHERE versions.number = ?";
const EXPORTS: &str =
    "SELECT target, sha256, at FROM exports WHERE version = ? ORDER BY at, target";
const TAGS: &str = "SELECT key, value FROM version_tags WHERE version = ?";

/// The version of a row number.
pub(crate) fn load(db: &Connection, number: i64) -> Result<Version> {
    let mut version = db.prepare_cached(VERSION)?.query_row([number], |row| {
        Ok(Version {
            id: row.get(0)?,
            name: row.get(1)?,
            version: row.get(2)?,
            run: row.get(3)?,
            sha256: row.get(4)?,
            size: row.get(5)?,
            description: row.get(6)?,
            created: row.get(7)?,
            tags: BTreeMap::new(),
            exports: Vec::new(),
        })
    })?;
    version.tags.extend(rows(db, TAGS, number, |row| Ok((row.get(0)?, row.get(1)?)))?);
    version.exports = rows(db, EXPORTS, number, |row| {
        Ok(Export { target: row.get(0)?, sha256: row.get(1)?, at: row.get(2)? })
    })?;
    Ok(version)
}
