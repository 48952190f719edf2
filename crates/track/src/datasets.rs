//! Versions of data sets: known by the content hash of the table, so the same rows are one version
//! wherever they came from.

use hedgerow_data::ColumnSummary;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::audit::{self, Action};
use crate::digest;
use crate::error::{Result, Thing, TrackError};
use crate::limits;
use crate::runs;
use crate::workspace::{Stamp, Workspace};

/// A version of a data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Dataset {
    /// Content hash of the table, hexadecimal.
    pub id: String,
    /// Such as the file's.
    pub name: String,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub rows: i64,
    /// Names, types and distributions of its columns.
    pub profile: Vec<ColumnSummary>,
}

/// A version of a data set that is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct KeptDataset {
    pub id: String,
    pub name: String,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub created: i64,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub rows: i64,
    /// Size of the file in bytes, where that is kept.
    #[cfg_attr(feature = "ts", tsify(type = "number | null"))]
    pub size: Option<i64>,
    /// How many runs it went into.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub runs: i64,
}

const KEPT: &str = "SELECT datasets.id, name, created, n_rows, length(bytes), \
    (SELECT count(DISTINCT run) FROM inputs WHERE dataset = datasets.number) \
    FROM datasets LEFT JOIN blobs ON blobs.number = blob";

/// What is there stays; bytes that come later are added.
pub(crate) const KEEP: &str = "INSERT INTO datasets (id, name, created, n_rows, profile, blob) \
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET blob = excluded.blob \
    WHERE blob IS NULL AND excluded.blob IS NOT NULL";

impl Workspace {
    /// Keeps a version of a data set, with the file's bytes where they are given. What is there
    /// stays; bytes that come later are added.
    ///
    /// # Errors
    /// [`TrackError::TooLong`], [`TrackError::Empty`]; what storage refuses.
    pub fn keep_dataset(
        &mut self,
        stamp: &Stamp,
        dataset: &Dataset,
        bytes: Option<&[u8]>,
    ) -> Result<()> {
        let profile = profile_text(&dataset.profile);
        limits::name("the name of the data set", &dataset.name)?;
        limits::name("the hash of the data set", &dataset.id)?;
        limits::text("the profile", &profile, limits::DOCUMENT)?;
        let db = self.write()?;
        let blob = bytes.map(|bytes| runs::keep(&db, bytes)).transpose()?;
        let changed = db.prepare_cached(KEEP)?.execute(params![
            dataset.id,
            dataset.name,
            stamp.at,
            dataset.rows,
            profile,
            blob
        ])?;
        if changed > 0 {
            let subject = format!("dataset:{}", dataset.id);
            let digest = digest::of_subject(&db, &subject)?;
            audit::append(&db, stamp, Action::KeepDataset, &subject, "", digest)?;
        }
        Ok(db.commit()?)
    }

    /// Says that a kept data set went into a running run, as `train`, `test` or the like.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::Ended`]; what storage refuses.
    pub fn log_input(&mut self, run: &str, dataset: &str, context: &str) -> Result<()> {
        limits::name("the context of the data set", context)?;
        let db = self.write()?;
        let row = runs::running(&db, run)?;
        let dataset = number(&db, dataset)?;
        db.prepare_cached("INSERT OR IGNORE INTO inputs VALUES (?, ?, ?)")?
            .execute(params![row, dataset, context])?;
        Ok(db.commit()?)
    }

    /// All versions of data sets, the latest first.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn datasets(&self) -> Result<Vec<KeptDataset>> {
        let mut statement = self
            .db
            .prepare_cached(&format!("{KEPT} ORDER BY created DESC, datasets.number DESC"))?;
        Ok(statement.query_map([], kept)?.collect::<rusqlite::Result<_>>()?)
    }

    /// A version of a data set, by its hash.
    ///
    /// # Errors
    /// [`TrackError::Missing`], [`TrackError::Damaged`]; what storage refuses.
    pub fn dataset(&self, id: &str) -> Result<Dataset> {
        let row = number(&self.db, id)?;
        let sql = "SELECT id, name, n_rows, profile FROM datasets WHERE number = ?";
        let (id, name, rows, text): (_, _, _, String) = self.db.query_row(sql, [row], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        let profile = serde_json::from_str(&text).map_err(|error| TrackError::Damaged {
            reason: format!("the profile of data set {id}: {error}"),
        })?;
        Ok(Dataset { id, name, rows, profile })
    }

    /// The file of a data set, where its bytes are kept.
    ///
    /// # Errors
    /// [`TrackError::Missing`] for the version; what storage refuses.
    pub fn dataset_bytes(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let row = number(&self.db, id)?;
        let sql = "SELECT bytes FROM datasets LEFT JOIN blobs ON blobs.number = blob \
                   WHERE datasets.number = ?";
        Ok(self.db.query_row(sql, [row], |row| row.get(0))?)
    }

    /// What differs from one version of a data set to another.
    ///
    /// # Errors
    /// As [`Workspace::dataset`].
    pub fn dataset_difference(&self, from: &str, to: &str) -> Result<DatasetDifference> {
        Ok(DatasetDifference::between(&self.dataset(from)?, &self.dataset(to)?))
    }
}

fn profile_text(profile: &[ColumnSummary]) -> String {
    serde_json::to_string(profile).expect("summaries are numbers and texts")
}

pub(crate) fn number(db: &Connection, id: &str) -> Result<i64> {
    let mut statement = db.prepare_cached("SELECT number FROM datasets WHERE id = ?")?;
    match statement.query([id])?.next()? {
        Some(row) => Ok(row.get(0)?),
        None => Err(TrackError::missing(Thing::Dataset, id)),
    }
}

fn kept(row: &Row<'_>) -> rusqlite::Result<KeptDataset> {
    Ok(KeptDataset {
        id: row.get(0)?,
        name: row.get(1)?,
        created: row.get(2)?,
        rows: row.get(3)?,
        size: row.get(4)?,
        runs: row.get(5)?,
    })
}

/// What differs between two versions of a data set.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct DatasetDifference {
    #[cfg_attr(feature = "ts", tsify(type = "[number, number]"))]
    pub rows: (i64, i64),
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// Columns that both have, but not alike.
    pub changed: Vec<ColumnDifference>,
}

/// A column before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct ColumnDifference {
    pub from: ColumnSummary,
    pub to: ColumnSummary,
    /// Whether its type is another.
    pub kind: bool,
}

impl DatasetDifference {
    fn between(from: &Dataset, to: &Dataset) -> Self {
        let names_only_in = |here: &Dataset, there: &Dataset| {
            here.profile
                .iter()
                .filter(|column| find(there, &column.name).is_none())
                .map(|column| column.name.clone())
                .collect()
        };
        let changed = from.profile.iter().filter_map(|before| {
            let after = find(to, &before.name).filter(|after| *after != before)?;
            Some(ColumnDifference {
                from: before.clone(),
                to: after.clone(),
                kind: before.kind != after.kind,
            })
        });
        Self {
            rows: (from.rows, to.rows),
            added: names_only_in(to, from),
            removed: names_only_in(from, to),
            changed: changed.collect(),
        }
    }
}

fn find<'d>(dataset: &'d Dataset, name: &str) -> Option<&'d ColumnSummary> {
    dataset.profile.iter().find(|column| column.name == name)
}
