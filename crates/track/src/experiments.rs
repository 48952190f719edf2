//! Experiments: what runs belong to.

use serde::Serialize;

use crate::error::Result;
use crate::workspace::Workspace;

/// An experiment, and what was done in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Experiment {
    pub name: String,
    /// Milliseconds since 1970, UTC.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub created: i64,
    /// How many runs it has, without those that are part of another.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub runs: i64,
    /// When the last of them began; none where all were deleted.
    #[cfg_attr(feature = "ts", tsify(type = "number | null"))]
    pub last_start: Option<i64>,
}

const EXPERIMENTS: &str = "SELECT experiments.name, created, count(runs.number), max(started) \
    FROM experiments LEFT JOIN runs ON experiment = experiments.number AND parent IS NULL \
    GROUP BY experiments.number ORDER BY max(started) DESC NULLS LAST, experiments.name";

impl Workspace {
    /// All experiments, that of the latest run first.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn experiments(&self) -> Result<Vec<Experiment>> {
        let mut statement = self.db.prepare_cached(EXPERIMENTS)?;
        let experiment = |row: &rusqlite::Row<'_>| {
            Ok(Experiment {
                name: row.get(0)?,
                created: row.get(1)?,
                runs: row.get(2)?,
                last_start: row.get(3)?,
            })
        };
        Ok(statement.query_map([], experiment)?.collect::<rusqlite::Result<_>>()?)
    }
}
