//! Runs that belong together, by their row numbers.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::rows;
use crate::error::Result;

/// The runs and all that they are part of.
pub(crate) fn above(db: &Connection, runs: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    reached(db, "SELECT parent FROM runs WHERE number = ? AND parent IS NOT NULL", runs)
}

/// The runs and all that is part of them.
pub(crate) fn below(db: &Connection, runs: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    reached(db, "SELECT number FROM runs WHERE parent = ?", runs)
}

/// Each is looked at once: in a stranger's file parents may go in a circle.
fn reached(db: &Connection, next: &str, runs: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    let mut seen = runs.clone();
    let mut open: Vec<i64> = runs.iter().copied().collect();
    while let Some(number) = open.pop() {
        for number in rows(db, next, number, |row| row.get(0))? {
            if seen.insert(number) {
                open.push(number);
            }
        }
    }
    Ok(seen)
}
