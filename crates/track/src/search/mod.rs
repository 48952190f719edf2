//! Finding runs: a filter as MLflow's, an order, a page.

mod filter;
mod found;
mod parse;
mod set;
mod sql;

#[cfg(test)]
mod tests;

use rusqlite::params_from_iter;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use filter::Filter;
pub(crate) use found::Found;
use set::RunSet;
use sql::{Among, Sql};

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

/// So many runs are looked up one by one; of more, an index is walked through until a page is full.
const FEW: usize = 200;

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
        let _read = self.read()?;
        let found = self.find(query)?;
        let all = self.db.query_row("SELECT count(*) FROM runs", [], |row| row.get(0))?;
        let total = found.len(all);
        let numbers = self.page(query, found, total)?;
        let runs = numbers.into_iter().map(|number| load(&self.db, number));
        Ok(Page { runs: runs.collect::<Result<_>>()?, total })
    }

    /// Each test is one walk over an index: what several have in common is a matter of bits.
    fn find(&self, query: &Query) -> Result<RunSet> {
        let found = self.fulfilling(&parse::filter(&query.filter)?)?;
        match sql::of_place(query) {
            Some(sql) => Ok(found.and(self.set(&sql)?)),
            None => Ok(found),
        }
    }

    fn fulfilling(&self, filter: &Filter) -> Result<RunSet> {
        match filter {
            Filter::All(parts) => self.all(parts),
            filter if filter.is_of_row() => self.set(&sql::of_rows(filter)),
            Filter::Any(parts) => parts
                .iter()
                .try_fold(RunSet::default(), |found, part| Ok(found.or(self.fulfilling(part)?))),
            // What a run does not have fulfils no comparison, so the opposite of each.
            Filter::Not(part) => Ok(self.fulfilling(part)?.not()),
            Filter::Test(field, check) => {
                let (sql, others) = sql::of_test(field, check);
                let found = self.set(&sql)?;
                Ok(if others { found.not() } else { found })
            }
        }
    }

    /// Those of all parts; what is to be read from the same rows is read at once.
    fn all(&self, parts: &[Filter]) -> Result<RunSet> {
        let (of_row, others): (Vec<_>, Vec<_>) = parts.iter().cloned().partition(Filter::is_of_row);
        let found = if of_row.is_empty() {
            RunSet::all()
        } else {
            self.set(&sql::of_rows(&Filter::All(of_row)))?
        };
        others.iter().try_fold(found, |found, part| Ok(found.and(self.fulfilling(part)?)))
    }

    fn set(&self, sql: &Sql) -> Result<RunSet> {
        let mut statement = self.db.prepare_cached(&sql.text)?;
        let mut rows = statement.query(params_from_iter(&sql.values))?;
        let mut set = RunSet::default();
        while let Some(row) = rows.next()? {
            set.insert(row.get(0)?);
        }
        Ok(set)
    }

    fn page(&self, query: &Query, found: RunSet, total: i64) -> Result<Vec<i64>> {
        let among = match found.few(FEW) {
            Some(numbers) => Among::Few(numbers),
            None if found.is_all() => Among::All,
            None => Among::Found,
        };
        self.found.keep(found);
        let mut numbers = Vec::new();
        let mut skip = query.offset as i64;
        let mut left = (query.limit as i64).min(total - skip);
        for part in sql::ordered(&query.order_by, &among)? {
            if left <= 0 {
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
        Ok(numbers)
    }

    fn numbers(&self, part: &Sql, limit: i64, offset: i64) -> Result<Vec<i64>> {
        let mut statement = self.db.prepare(&format!("{} LIMIT ? OFFSET ?", part.text))?;
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
