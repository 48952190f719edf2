//! What a running run logs.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::running;
use crate::error::{Result, TrackError};
use crate::limits;
use crate::workspace::Workspace;

/// A value of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Point {
    pub key: String,
    /// Not a number is `null` in JSON, infinities are texts.
    #[serde(with = "crate::real")]
    #[cfg_attr(feature = "ts", tsify(type = "number | \"Infinity\" | \"-Infinity\" | null"))]
    pub value: f64,
    #[serde(default)]
    #[cfg_attr(feature = "ts", tsify(optional, type = "number"))]
    pub step: i64,
    /// Milliseconds since 1970, UTC.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub at: i64,
}

/// Some of what a run has to say, saved in one go or not at all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub metrics: Vec<Point>,
    /// A parameter is set once.
    #[cfg_attr(feature = "ts", tsify(optional, type = "Record<string, string>"))]
    pub params: BTreeMap<String, String>,
    #[cfg_attr(feature = "ts", tsify(optional, type = "Record<string, string>"))]
    pub tags: BTreeMap<String, String>,
}

/// Bytes of a point: four doubles.
const POINT: usize = 4 * size_of::<f64>();

impl Log {
    /// Points as numbers, of which thousands a second need no text: which of `keys`, value, step and time,
    /// in little-endian doubles.
    ///
    /// # Errors
    /// [`TrackError::Value`].
    pub fn of_points(keys: &[String], bytes: &[u8]) -> Result<Self> {
        let (points, []) = bytes.as_chunks::<POINT>() else { return Err(no_points(bytes.len())) };
        let metrics = points.iter().map(|point| of_numbers(keys, point));
        let metrics = metrics.collect::<Option<_>>().ok_or_else(|| no_points(bytes.len()))?;
        Ok(Self { metrics, ..Self::default() })
    }
}

fn of_numbers(keys: &[String], point: &[u8; POINT]) -> Option<Point> {
    let mut numbers = point.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes));
    let key = keys.get(whole(numbers.next()?)? as usize)?.clone();
    let value = numbers.next()?;
    Some(Point { key, value, step: whole(numbers.next()?)?, at: whole(numbers.next()?)? })
}

/// A whole number that a double has exactly.
fn whole(number: f64) -> Option<i64> {
    (number as i64 as f64 == number).then_some(number as i64)
}

fn no_points(n: usize) -> TrackError {
    TrackError::Value {
        what: "points".into(),
        value: format!("{n} bytes"),
        expected: "four doubles each, of which all but the value are whole, are".into(),
    }
}

impl Workspace {
    /// Logs to a running run. What is logged twice is kept once: a point is known by its key, step
    /// and time.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::Ended`], [`TrackError::ParamChanged`],
    /// [`TrackError::TooLong`]; what storage refuses.
    pub fn log(&mut self, run: &str, log: &Log) -> Result<()> {
        let db = self.write()?;
        let row = running(&db, run)?;
        all(&db, row, log)?;
        Ok(db.commit()?)
    }
}

pub(super) fn all(db: &Connection, run: i64, log: &Log) -> Result<()> {
    params(db, run, &log.params)?;
    tags(db, run, &log.tags)?;
    points(db, run, &log.metrics)
}

pub(super) fn params(db: &Connection, run: i64, params: &BTreeMap<String, String>) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO params VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = value RETURNING value",
    )?;
    for (key, value) in params {
        limits::name("the key of a parameter", key)?;
        limits::text(&format!("parameter {key:?}"), value, limits::PARAM)?;
        let kept: String = insert.query_row(params![run, key, value], |row| row.get(0))?;
        if kept != *value {
            return Err(TrackError::ParamChanged { key: key.clone(), value: kept });
        }
    }
    Ok(())
}

pub(super) fn tags(db: &Connection, run: i64, tags: &BTreeMap<String, String>) -> Result<()> {
    let mut insert = db.prepare_cached("INSERT OR REPLACE INTO tags VALUES (?, ?, ?)")?;
    for (key, value) in tags {
        limits::name("the key of a tag", key)?;
        limits::text(&format!("tag {key:?}"), value, limits::TAG)?;
        insert.execute(params![run, key, value])?;
    }
    Ok(())
}

pub(crate) fn points(db: &Connection, run: i64, points: &[Point]) -> Result<()> {
    let numbers = series(db, run, points)?;
    let mut insert = db.prepare_cached("INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?)")?;
    for Point { key, value, step, at } in points {
        insert.execute(params![numbers[key.as_str()], step, at, value])?;
    }
    Ok(())
}

/// The row number of each metric's series, which remembers its last point: that of the last step, of
/// equals the latest.
fn series<'p>(db: &Connection, run: i64, points: &'p [Point]) -> Result<BTreeMap<&'p str, i64>> {
    let mut last: BTreeMap<&str, &Point> = BTreeMap::new();
    for point in points {
        limits::name("the key of a metric", &point.key)?;
        let known = last.entry(&point.key).or_insert(point);
        if (known.step, known.at) <= (point.step, point.at) {
            *known = point;
        }
    }
    let mut upsert = db.prepare_cached(
        "INSERT INTO series (run, key, step, at, value) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT DO UPDATE SET \
         value = iif((step, at) <= (?3, ?4), ?5, value), \
         at = iif((step, at) <= (?3, ?4), ?4, at), step = max(step, ?3) \
         RETURNING number",
    )?;
    let mut numbers = BTreeMap::new();
    for (key, Point { step, at, value, .. }) in last {
        let number = upsert.query_row(params![run, key, step, at, value], |row| row.get(0))?;
        numbers.insert(key, number);
    }
    Ok(numbers)
}
