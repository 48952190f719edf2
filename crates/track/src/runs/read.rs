//! What is known of a run.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use super::{Point, Status, number};
use crate::error::{Result, Thing, TrackError};
use crate::workspace::Workspace;

/// A run with its latest metrics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Run {
    pub id: String,
    pub experiment: String,
    pub parent: Option<String>,
    pub name: String,
    pub status: Status,
    /// Milliseconds since 1970, UTC.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub started: i64,
    #[cfg_attr(feature = "ts", tsify(type = "number | null"))]
    pub ended: Option<i64>,
    pub note: String,
    /// How many runs are part of it.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub children: i64,
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, string>"))]
    pub params: BTreeMap<String, String>,
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, string>"))]
    pub tags: BTreeMap<String, String>,
    /// The last point of each metric.
    pub metrics: Vec<Point>,
    pub inputs: Vec<Input>,
    /// Path and SHA-256 of its files, and their size.
    pub artifacts: Vec<Artifact>,
    /// Registered versions that came from it, as `name/version`.
    pub versions: Vec<String>,
}

/// A data set that went into a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Input {
    /// Content hash of the table.
    pub dataset: String,
    pub name: String,
    /// `train`, `test`, …
    pub context: String,
}

/// A file of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Artifact {
    pub path: String,
    pub sha256: String,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub size: i64,
}

/// All points of a metric, by step and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Series {
    pub run: String,
    pub key: String,
    pub points: Vec<Point>,
}

impl Run {
    /// The last value of a metric.
    pub fn metric(&self, key: &str) -> Option<f64> {
        self.metrics.iter().find(|point| point.key == key).map(|point| point.value)
    }
}

impl Workspace {
    /// A run by its id.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn run(&self, id: &str) -> Result<Run> {
        let _read = self.read()?;
        load(&self.db, number(&self.db, id)?)
    }

    /// The id that begins with `prefix`, which is enough where no other does.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::Ambiguous`]; what storage refuses.
    pub fn run_id(&self, prefix: &str) -> Result<String> {
        let sql = "SELECT id FROM runs WHERE id >= ?1 AND id < ?1 || 'g'";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut ids: Vec<String> =
            statement.query_map([prefix], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        match (ids.pop(), ids.len()) {
            (Some(id), 0) => Ok(id),
            (None, _) => Err(TrackError::missing(Thing::Run, prefix)),
            (Some(_), others) => {
                Err(TrackError::Ambiguous { prefix: prefix.to_owned(), n: others + 1 })
            }
        }
    }

    /// What the run was asked to do.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::Damaged`]; what storage refuses.
    pub fn recipe(&self, id: &str) -> Result<serde_json::Value> {
        let row = number(&self.db, id)?;
        let sql = "SELECT recipe FROM runs WHERE number = ?";
        let text: String = self.db.query_row(sql, [row], |row| row.get(0))?;
        serde_json::from_str(&text)
            .map_err(|error| TrackError::Damaged { reason: format!("the recipe of {id}: {error}") })
    }

    /// The points of a metric of a run; none where it has no such metric.
    ///
    /// # Errors
    /// [`TrackError::Missing`] for the run; what storage refuses.
    pub fn series(&self, run: &str, key: &str) -> Result<Series> {
        let row = number(&self.db, run)?;
        let sql = "SELECT points.step, points.at, points.value FROM series \
                   JOIN points ON points.series = series.number WHERE run = ? AND key = ? \
                   ORDER BY points.step, points.at";
        let mut statement = self.db.prepare_cached(sql)?;
        let point = |row: &Row<'_>| {
            Ok(Point {
                key: key.to_owned(),
                step: row.get(0)?,
                at: row.get(1)?,
                value: real(row, 2)?,
            })
        };
        let points =
            statement.query_map(params![row, key], point)?.collect::<rusqlite::Result<_>>()?;
        Ok(Series { run: run.to_owned(), key: key.to_owned(), points })
    }
}

/// A number of which NULL is what is not one.
fn real(row: &Row<'_>, column: usize) -> rusqlite::Result<f64> {
    Ok(row.get::<_, Option<f64>>(column)?.unwrap_or(f64::NAN))
}

const RUN: &str = "SELECT id, (SELECT name FROM experiments e WHERE e.number = experiment), \
    (SELECT id FROM runs p WHERE p.number = runs.parent), name, status, started, ended, note, \
    (SELECT count(*) FROM runs c WHERE c.parent = runs.number) FROM runs WHERE number = ?";
const METRICS: &str = "SELECT key, value, step, at FROM series WHERE run = ? ORDER BY key";
const INPUTS: &str = "SELECT id, name, context FROM inputs JOIN datasets \
    ON datasets.number = dataset WHERE run = ? ORDER BY context, id";
const ARTIFACTS: &str = "SELECT path, sha256, length(bytes) FROM artifacts JOIN blobs \
    ON blobs.number = blob WHERE run = ? ORDER BY path";
const VERSIONS: &str = "SELECT models.name || '/' || version FROM versions JOIN models \
    ON models.number = model WHERE run = ? ORDER BY 1";

/// The run of a row number.
pub(crate) fn load(db: &Connection, number: i64) -> Result<Run> {
    let mut run = db
        .prepare_cached(RUN)?
        .query_row([number], |row| Ok((row.get::<_, String>(4)?, header(row)?)))?;
    run.1.status = Status::from_name(&run.0)?;
    let mut run = run.1;
    run.params = texts(db, "SELECT key, value FROM params WHERE run = ?", number)?;
    run.tags = texts(db, "SELECT key, value FROM tags WHERE run = ?", number)?;
    run.metrics = rows(db, METRICS, number, |row| {
        Ok(Point { key: row.get(0)?, value: real(row, 1)?, step: row.get(2)?, at: row.get(3)? })
    })?;
    run.inputs = rows(db, INPUTS, number, |row| {
        Ok(Input { dataset: row.get(0)?, name: row.get(1)?, context: row.get(2)? })
    })?;
    run.artifacts = rows(db, ARTIFACTS, number, |row| {
        Ok(Artifact { path: row.get(0)?, sha256: row.get(1)?, size: row.get(2)? })
    })?;
    run.versions = rows(db, VERSIONS, number, |row| row.get(0))?;
    Ok(run)
}

fn header(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        experiment: row.get(1)?,
        parent: row.get(2)?,
        name: row.get(3)?,
        status: Status::Running,
        started: row.get(5)?,
        ended: row.get(6)?,
        note: row.get(7)?,
        children: row.get(8)?,
        params: BTreeMap::new(),
        tags: BTreeMap::new(),
        metrics: Vec::new(),
        inputs: Vec::new(),
        artifacts: Vec::new(),
        versions: Vec::new(),
    })
}

fn texts(db: &Connection, sql: &str, run: i64) -> Result<BTreeMap<String, String>> {
    let mut map = BTreeMap::new();
    map.extend(rows(db, sql, run, |row| Ok((row.get(0)?, row.get(1)?)))?);
    Ok(map)
}

pub(crate) fn rows<T>(
    db: &Connection,
    sql: &str,
    number: i64,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_map([number], read)?.collect::<rusqlite::Result<_>>()?)
}
