//! A whole run from elsewhere, and what is handed on of one.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Point, Row, Status, log, number, subject};
use crate::audit::{self, Action};
use crate::digest;
use crate::error::{Result, Thing, TrackError};
use crate::workspace::{Stamp, Workspace};

/// A run that ended elsewhere.
#[derive(Debug, Clone)]
pub struct Taken {
    pub id: String,
    pub experiment: String,
    /// Left out where it is not here.
    pub parent: Option<String>,
    pub name: String,
    pub status: Status,
    pub started: i64,
    pub ended: i64,
    pub note: String,
    pub recipe: serde_json::Value,
    pub params: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    pub points: Vec<Point>,
}

/// The last of the points that were handed on, and how many those are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    pub key: String,
    pub step: i64,
    pub at: i64,
    pub points: usize,
}

impl Workspace {
    /// Whether there is such a run.
    pub(crate) fn has_run(&self, id: &str) -> Result<bool> {
        Ok(self.db.prepare_cached("SELECT 1 FROM runs WHERE id = ?")?.exists([id])?)
    }

    /// Takes a run in, all of it or nothing; one that is here stays as it is.
    pub(crate) fn take_run(&mut self, stamp: &Stamp, run: &Taken) -> Result<()> {
        let db = self.write()?;
        if db.prepare_cached("SELECT 1 FROM runs WHERE id = ?")?.exists([&run.id])? {
            return Ok(());
        }
        let row = Row {
            id: &run.id,
            experiment: &run.experiment,
            parent: run.parent.as_deref(),
            name: &run.name,
            status: run.status,
            started: run.started,
            ended: Some(run.ended.max(run.started)),
            note: &run.note,
            recipe: &run.recipe.to_string(),
        };
        let row = row.insert(&db)?;
        log::params(&db, row, &run.params)?;
        log::tags(&db, row, &run.tags)?;
        log::points(&db, row, &run.points)?;
        let subject = subject(&run.id);
        let digest = digest::of_subject(&db, &subject)?;
        audit::append(&db, stamp, Action::Pull, &subject, "", digest)?;
        Ok(db.commit()?)
    }

    /// The name of a run's experiment.
    pub(crate) fn run_experiment(&self, id: &str) -> Result<String> {
        let sql = "SELECT experiments.name FROM runs JOIN experiments \
                   ON experiments.number = experiment WHERE runs.id = ?";
        let name = self.db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        name.ok_or_else(|| TrackError::missing(Thing::Run, id))
    }

    /// Who began a run, by the audit log.
    pub(crate) fn author(&self, id: &str) -> Result<Option<String>> {
        let sql = "SELECT author FROM audit WHERE subject = ? ORDER BY number LIMIT 1";
        let found: Option<String> =
            self.db.prepare_cached(sql)?.query_row([subject(id)], |row| row.get(0)).optional()?;
        Ok(found.filter(|author| !author.trim().is_empty()))
    }

    /// At most so many points of a run after those that were handed on, by key, step and time.
    pub(crate) fn points_after(
        &self,
        id: &str,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Point>> {
        let sql = "SELECT number, key FROM series WHERE run = ? AND key >= ? ORDER BY key";
        let first = after.map_or("", |after| after.key.as_str());
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query(params![number(&self.db, id)?, first])?;
        let mut points = Vec::new();
        while let Some(row) = rows.next()? {
            let (series, key): (i64, String) = (row.get(0)?, row.get(1)?);
            let from = after.filter(|after| after.key == key).map(|after| (after.step, after.at));
            self.series_points(series, &key, from, limit, &mut points)?;
            if points.len() == limit {
                break;
            }
        }
        Ok(points)
    }

    fn series_points(
        &self,
        series: i64,
        key: &str,
        after: Option<(i64, i64)>,
        limit: usize,
        points: &mut Vec<Point>,
    ) -> Result<()> {
        let sql = "SELECT step, at, value FROM points WHERE series = ?1 \
                   AND (?2 IS NULL OR (step, at) > (?2, ?3)) ORDER BY step, at LIMIT ?4";
        let (step, at) = after.unzip();
        let rest = limit - points.len();
        let mut statement = self.db.prepare_cached(sql)?;
        let found = statement.query_map(params![series, step, at, rest as i64], |row| {
            let value = row.get::<_, Option<f64>>(2)?.unwrap_or(f64::NAN);
            Ok(Point { key: key.to_owned(), step: row.get(0)?, at: row.get(1)?, value })
        })?;
        for point in found {
            points.push(point?);
        }
        Ok(())
    }

    /// Bytes that are kept, by their hash.
    pub(crate) fn blob(&self, sha256: &str) -> Result<Vec<u8>> {
        let sql = "SELECT bytes FROM blobs WHERE sha256 = ?";
        let bytes =
            self.db.prepare_cached(sql)?.query_row([sha256], |row| row.get(0)).optional()?;
        bytes.ok_or_else(|| TrackError::missing(Thing::Artifact, sha256))
    }
}
