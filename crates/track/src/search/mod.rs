//! Finding runs: a filter as MLflow's, an order, a page.

mod filter;
mod parse;
mod sql;

#[cfg(test)]
mod tests;

use rusqlite::params_from_iter;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use crate::error::{Result, TrackError};
use crate::runs::{Run, load};
use crate::workspace::Workspace;

/// Which runs, in which order, and how many of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Query {
    /// As `metrics.auc > 0.9 and params.learner = 'random-forest'`; none for all.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub filter: String,
    /// As `metrics.auc DESC`; without one, the latest first.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub order_by: String,
    /// Only of this experiment.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub experiment: Option<String>,
    /// Only those that are part of this run; with an empty id, only those that are part of none.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub parent: Option<String>,
    /// 1 to 1,000. Default: 100.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub limit: usize,
    /// How many to leave out before.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub offset: usize,
}

/// Most runs that are given at a time.
const MOST: usize = 1_000;

impl Default for Query {
    fn default() -> Self {
        Self {
            filter: String::new(),
            order_by: String::new(),
            experiment: None,
            parent: None,
            limit: 100,
            offset: 0,
        }
    }
}

/// Some of the runs that were found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Page {
    pub runs: Vec<Run>,
    /// How many there are on all pages.
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub total: i64,
}

impl Workspace {
    /// The runs of a query.
    ///
    /// # Errors
    /// [`TrackError::Filter`], [`TrackError::Value`]; what storage refuses.
    pub fn runs(&self, query: &Query) -> Result<Page> {
        check_limit(query.limit)?;
        let chosen = sql::chosen(query)?;
        let total = format!("SELECT count(*) FROM runs WHERE {}", chosen.sql);
        let total = self
            .db
            .prepare_cached(&total)?
            .query_row(params_from_iter(&chosen.values), |row| row.get(0))?;
        let runs = self.page(query, chosen)?;
        Ok(Page { runs, total })
    }

    fn page(&self, query: &Query, chosen: sql::Chosen) -> Result<Vec<Run>> {
        let mut numbers = Vec::new();
        let (mut skip, mut left) = (query.offset as i64, query.limit as i64);
        for part in sql::ordered(query, chosen)? {
            if left == 0 {
                break;
            }
            let found = self.numbers(&part, left, skip)?;
            if found.is_empty() && skip > 0 {
                // All of this part is before the page.
                skip -= self.numbers(&part, -1, 0)?.len() as i64;
            } else if !found.is_empty() {
                skip = 0;
            }
            left -= found.len() as i64;
            numbers.extend(found);
        }
        numbers.into_iter().map(|number| load(&self.db, number)).collect()
    }

    fn numbers(&self, part: &sql::Chosen, limit: i64, offset: i64) -> Result<Vec<i64>> {
        let mut statement = self.db.prepare_cached(&format!("{} LIMIT ? OFFSET ?", part.sql))?;
        let page = [Value::Integer(limit), Value::Integer(offset)];
        let rows = statement
            .query_map(params_from_iter(part.values.iter().chain(&page)), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn check_limit(limit: usize) -> Result<()> {
    if (1..=MOST).contains(&limit) {
        return Ok(());
    }
    Err(TrackError::Value {
        what: "limit".into(),
        value: limit.to_string(),
        expected: format!("1 to {MOST} are"),
    })
}
