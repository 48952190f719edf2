//! SHA-256 of the records that the audit log vouches for.

use hedgerow_model::sha256_hex;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

use crate::error::Result;

/// What a run's record is made of, one query a part; rows in a fixed order, and nothing in them
/// that differs between workspaces.
const RUN: [&str; 7] = [
    "SELECT runs.id, experiments.name, (SELECT id FROM runs p WHERE p.number = runs.parent), \
     runs.name, status, started, ended, note, recipe \
     FROM runs JOIN experiments ON experiments.number = experiment WHERE runs.id = ?1",
    "SELECT key, value FROM params WHERE run = (SELECT number FROM runs WHERE id = ?1) ORDER BY key",
    "SELECT key, value FROM tags WHERE run = (SELECT number FROM runs WHERE id = ?1) ORDER BY key",
    "SELECT key, step, at, value FROM series \
     WHERE run = (SELECT number FROM runs WHERE id = ?1) ORDER BY key",
    "SELECT key, points.step, points.at, points.value FROM series \
     JOIN points ON points.series = series.number \
     WHERE run = (SELECT number FROM runs WHERE id = ?1) ORDER BY key, points.step, points.at",
    "SELECT path, sha256 FROM artifacts JOIN blobs ON blobs.number = blob \
     WHERE run = (SELECT number FROM runs WHERE id = ?1) ORDER BY path",
    "SELECT datasets.id, context FROM inputs JOIN datasets ON datasets.number = dataset \
     WHERE run = (SELECT number FROM runs WHERE id = ?1) ORDER BY datasets.id, context",
];

const DATASET: [&str; 1] = ["SELECT datasets.id, name, created, n_rows, profile, sha256 \
     FROM datasets LEFT JOIN blobs ON blobs.number = blob WHERE datasets.id = ?1"];

const MODEL: [&str; 5] = [
    "SELECT name, description, created FROM models WHERE name = ?1",
    "SELECT versions.id, version, (SELECT id FROM runs WHERE runs.number = run), sha256, description, \
     created FROM versions JOIN blobs ON blobs.number = blob \
     WHERE model = (SELECT number FROM models WHERE name = ?1) ORDER BY version",
    "SELECT versions.id, key, value FROM version_tags \
     JOIN versions ON versions.number = version_tags.version \
     WHERE model = (SELECT number FROM models WHERE name = ?1) ORDER BY versions.version, key",
    "SELECT alias, (SELECT id FROM versions WHERE versions.number = version), at, author, reason, back \
     FROM moves WHERE model = (SELECT number FROM models WHERE name = ?1) ORDER BY number",
    "SELECT versions.id, target, sha256, at FROM exports \
     JOIN versions ON versions.number = exports.version \
     WHERE model = (SELECT number FROM models WHERE name = ?1) ORDER BY 1, 2, 3",
];

/// The digest of `run:ID`, `dataset:ID` or `model:NAME`; empty for what is not there, and for a
/// run that still runs.
pub fn of_subject(db: &Connection, subject: &str) -> Result<String> {
    match subject.split_once(':') {
        Some(("run", id)) if !is_running(db, id)? => of_record(db, &RUN, id),
        Some(("dataset", id)) => of_record(db, &DATASET, id),
        Some(("model", name)) => of_record(db, &MODEL, name),
        _ => Ok(String::new()),
    }
}

fn is_running(db: &Connection, id: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM runs WHERE id = ? AND status = 'RUNNING'";
    Ok(db.prepare_cached(sql)?.exists([id])?)
}

fn of_record(db: &Connection, queries: &[&str], name: &str) -> Result<String> {
    let mut bytes = Vec::new();
    for query in queries {
        let rows = push_rows(db, query, name, &mut bytes)?;
        if bytes.is_empty() && rows == 0 {
            return Ok(String::new());
        }
        bytes.extend_from_slice(b"end");
    }
    Ok(sha256_hex(&bytes))
}

fn push_rows(db: &Connection, query: &str, name: &str, out: &mut Vec<u8>) -> Result<usize> {
    let mut statement = db.prepare_cached(query)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params![name])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            push_value(row.get_ref(column)?, out);
        }
        count += 1;
    }
    Ok(count)
}

/// A kind, and the value in bytes that no other value has.
fn push_value(value: ValueRef<'_>, out: &mut Vec<u8>) {
    match value {
        ValueRef::Null => out.push(0),
        ValueRef::Integer(number) => push(1, &number.to_le_bytes(), out),
        ValueRef::Real(number) => push(2, &number.to_le_bytes(), out),
        ValueRef::Text(text) => push(3, text, out),
        ValueRef::Blob(bytes) => push(4, bytes, out),
    }
}

fn push(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    out.extend_from_slice(bytes);
}
