//! Rows of one workspace into another.

use rusqlite::{Connection, OptionalExtension, params};

use super::Merged;
use crate::audit::{self, Action};
use crate::datasets;
use crate::digest;
use crate::error::Result;
use crate::registry;
use crate::runs;
use crate::workspace::Stamp;

/// One going into the other.
pub(super) struct Taking<'d> {
    pub(super) from: &'d Connection,
    pub(super) to: &'d Connection,
    pub(super) stamp: &'d Stamp,
    pub(super) merged: Merged,
}

impl Taking<'_> {
    pub(super) fn run(&mut self, id: &str) -> Result<()> {
        if here(self.to, id)?.is_some() {
            return Ok(());
        }
        let from = runs::number(self.from, id)?;
        let to = self.run_row(id)?;
        for table in ["params", "tags"] {
            self.pairs(table, from, to)?;
        }
        self.series(from, to)?;
        self.artifacts(from, to)?;
        self.inputs(from, to)?;
        self.audited(Action::Merge, &runs::subject(id))?;
        self.merged.runs += 1;
        Ok(())
    }

    fn run_row(&self, id: &str) -> Result<i64> {
        let run = runs::load(self.from, runs::number(self.from, id)?)?;
        let recipe: String =
            self.from.query_row("SELECT recipe FROM runs WHERE id = ?", [id], |row| row.get(0))?;
        let row = runs::Row {
            id,
            experiment: &run.experiment,
            parent: run.parent.as_deref(),
            name: &run.name,
            status: run.status,
            started: run.started,
            ended: run.ended,
            note: &run.note,
            recipe: &recipe,
        };
        row.insert(self.to)
    }

    fn pairs(&self, table: &str, from: i64, to: i64) -> Result<()> {
        let mut insert =
            self.to.prepare_cached(&format!("INSERT INTO {table} VALUES (?, ?, ?)"))?;
        let sql = format!("SELECT key, value FROM {table} WHERE run = ?");
        for (key, value) in texts(self.from, &sql, from)? {
            insert.execute(params![to, key, value])?;
        }
        Ok(())
    }

    fn series(&self, from: i64, to: i64) -> Result<()> {
        let sql = "SELECT number, key, step, at, value FROM series WHERE run = ? ORDER BY number";
        let insert = "INSERT INTO series (run, key, step, at, value) VALUES (?, ?, ?, ?, ?)";
        let mut statement = self.from.prepare_cached(sql)?;
        let mut rows = statement.query([from])?;
        while let Some(row) = rows.next()? {
            let (key, step, at): (String, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let value: Option<f64> = row.get(4)?;
            self.to.prepare_cached(insert)?.execute(params![to, key, step, at, value])?;
            self.points(row.get(0)?, self.to.last_insert_rowid())?;
        }
        Ok(())
    }

    fn points(&self, from: i64, to: i64) -> Result<()> {
        let mut insert = self.to.prepare_cached("INSERT INTO points VALUES (?, ?, ?, ?)")?;
        let sql = "SELECT step, at, value FROM points WHERE series = ?";
        let mut statement = self.from.prepare_cached(sql)?;
        let mut rows = statement.query([from])?;
        while let Some(row) = rows.next()? {
            let (step, at, value): (i64, i64, Option<f64>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            insert.execute(params![to, step, at, value])?;
        }
        Ok(())
    }

    fn artifacts(&self, from: i64, to: i64) -> Result<()> {
        let artifacts: Vec<(String, i64)> =
            runs::rows(self.from, "SELECT path, blob FROM artifacts WHERE run = ?", from, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        for (path, blob) in artifacts {
            let blob = self.blob(blob)?;
            let sql = "INSERT INTO artifacts VALUES (?, ?, ?)";
            self.to.prepare_cached(sql)?.execute(params![to, path, blob])?;
        }
        Ok(())
    }

    fn blob(&self, number: i64) -> Result<i64> {
        let sql = "SELECT bytes FROM blobs WHERE number = ?";
        let bytes: Vec<u8> = self.from.query_row(sql, [number], |row| row.get(0))?;
        runs::keep(self.to, &bytes)
    }

    fn inputs(&mut self, from: i64, to: i64) -> Result<()> {
        let sql = "SELECT id, context FROM inputs JOIN datasets ON datasets.number = dataset \
                   WHERE run = ?";
        for (id, context) in texts(self.from, sql, from)? {
            let dataset = self.dataset(&id)?;
            let sql = "INSERT INTO inputs VALUES (?, ?, ?)";
            self.to.prepare_cached(sql)?.execute(params![to, dataset, context])?;
        }
        Ok(())
    }

    /// A data set, or the bytes of one that is here without.
    pub(super) fn dataset(&mut self, id: &str) -> Result<i64> {
        let sql = "SELECT number, blob IS NOT NULL FROM datasets WHERE id = ?";
        let here: Option<(i64, bool)> = self
            .to
            .prepare_cached(sql)?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let sql = "SELECT name, created, n_rows, profile, blob FROM datasets WHERE id = ?";
        let (name, created, rows, profile, blob): (String, i64, i64, String, Option<i64>) =
            self.from.query_row(sql, [id], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?;
        if let Some((number, kept)) = here
            && (kept || blob.is_none())
        {
            return Ok(number);
        }
        let blob = blob.map(|blob| self.blob(blob)).transpose()?;
        let values = params![id, name, created, rows, profile, blob];
        self.to.prepare_cached(datasets::KEEP)?.execute(values)?;
        let number = datasets::number(self.to, id)?;
        self.audited(Action::Merge, &format!("dataset:{id}"))?;
        self.merged.datasets += 1;
        Ok(number)
    }

    /// Versions that are not here yet, with their tags and exports; aliases where here there are none
    /// of the name, since which version is used is decided here.
    pub(super) fn model(&mut self, name: &str) -> Result<()> {
        let from = registry::model(self.from, name)?;
        let sql = "INSERT OR IGNORE INTO models (name, description, created) \
                   VALUES (?1, ?2, ?3)";
        let (description, created): (String, i64) = self.from.query_row(
            "SELECT description, created FROM models WHERE number = ?",
            [from],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut changed = self.to.execute(sql, params![name, description, created])?;
        let to = registry::model(self.to, name)?;
        let versions: Vec<(i64, String)> = runs::rows(
            self.from,
            "SELECT number, id FROM versions WHERE model = ? ORDER BY version",
            from,
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (number, id) in versions {
            if registry::registered(self.to, &id)?.is_none() {
                self.version(number, to)?;
                changed += 1;
            }
        }
        changed += self.moves(from, to)?;
        if changed > 0 {
            self.audited(Action::Merge, &format!("model:{name}"))?;
        }
        Ok(())
    }

    fn version(&mut self, from: i64, model: i64) -> Result<()> {
        let sql = "SELECT id, version, (SELECT id FROM runs WHERE runs.number = run), blob, \
                   description, created FROM versions WHERE number = ?";
        let (id, number, run, blob, description, created): (
            String,
            i64,
            Option<String>,
            i64,
            String,
            i64,
        ) = self.from.query_row(sql, [from], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })?;
        let run = match run {
            Some(run) => here(self.to, &run)?,
            None => None,
        };
        let taken = self
            .to
            .prepare_cached("SELECT 1 FROM versions WHERE model = ? AND version = ?")?
            .exists(params![model, number])?;
        let fits = !taken && (1..=registry::LARGEST).contains(&number);
        let number = if fits { number } else { registry::next(self.to, model)? };
        let blob = self.blob(blob)?;
        let sql = "INSERT INTO versions (id, model, version, run, blob, description, created) \
                   VALUES (?, ?, ?, ?, ?, ?, ?)";
        self.to.execute(sql, params![id, model, number, run, blob, description, created])?;
        let to = self.to.last_insert_rowid();
        for (key, value) in
            texts(self.from, "SELECT key, value FROM version_tags WHERE version = ?", from)?
        {
            self.to
                .execute("INSERT INTO version_tags VALUES (?, ?, ?)", params![to, key, value])?;
        }
        self.exports(from, to)?;
        self.merged.versions += 1;
        Ok(())
    }

    fn exports(&self, from: i64, to: i64) -> Result<()> {
        let exports: Vec<(String, String, i64)> = runs::rows(
            self.from,
            "SELECT target, sha256, at FROM exports WHERE version = ?",
            from,
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for (target, sha256, at) in exports {
            let sql = "INSERT INTO exports VALUES (?, ?, ?, ?)";
            self.to.execute(sql, params![to, target, sha256, at])?;
        }
        Ok(())
    }

    fn moves(&self, from: i64, to: i64) -> Result<usize> {
        let sql = "SELECT alias, (SELECT id FROM versions v WHERE v.number = version), at, author, \
                   reason, back FROM moves WHERE model = ? ORDER BY number";
        type Row = (String, Option<String>, i64, String, String, i64);
        let all: Vec<Row> = runs::rows(self.from, sql, from, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })?;
        let here: Vec<String> =
            runs::rows(self.to, "SELECT DISTINCT alias FROM moves WHERE model = ?", to, |row| {
                row.get(0)
            })?;
        let insert = "INSERT INTO moves (model, alias, version, at, author, reason, back) \
                      VALUES (?1, ?2, (SELECT number FROM versions WHERE model = ?1 AND id = ?3), \
                      ?4, ?5, ?6, ?7)";
        let mut count = 0;
        for (alias, version, at, author, reason, back) in all {
            if !here.contains(&alias) {
                let values = params![to, alias, version, at, author, reason, back];
                count += self.to.execute(insert, values)?;
            }
        }
        Ok(count)
    }

    fn audited(&self, action: Action, subject: &str) -> Result<()> {
        let digest = digest::of_subject(self.to, subject)?;
        audit::append(self.to, self.stamp, action, subject, "", digest)
    }
}

/// The row number of a run that is there.
fn here(db: &Connection, id: &str) -> Result<Option<i64>> {
    let sql = "SELECT number FROM runs WHERE id = ?";
    Ok(db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}

fn texts(db: &Connection, sql: &str, number: i64) -> Result<Vec<(String, String)>> {
    runs::rows(db, sql, number, |row| Ok((row.get(0)?, row.get(1)?)))
}
