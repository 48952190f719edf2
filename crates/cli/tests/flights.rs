//! Flights of July to December beside those of January to June that a model was trained on. Which rows they are
//! is `tests/golden/monitor/flights_sample.py`'s choice; `flights.py` made what Evidently says of them.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::ops::RangeInclusive;

use serde::Deserialize;
use serde_json::Value;

mod folder;

use folder::Folder;

const FLIGHTS: &str = include_str!("../../../tests/golden/monitor/flights.csv");
const EVIDENTLY: &str = include_str!("../../../tests/golden/monitor/flights.json");

#[derive(Deserialize)]
struct Month {
    month: u32,
    columns: Vec<Column>,
}

/// What a test said of a column; in the command's report, beside more.
#[derive(Deserialize)]
struct Column {
    name: String,
    test: String,
    score: f64,
    threshold: f64,
    drifted: bool,
}

impl Column {
    /// What a column is tested by.
    fn tested(&self) -> String {
        format!("{} {} from {}", self.name, self.test, self.threshold)
    }

    /// How far a profile may be off, as in `crates/monitor/tests/oracle.rs`: words are counted one by one, numbers
    /// by bins.
    fn allowed(&self) -> f64 {
        if self.test == "wasserstein" { 0.002 + 0.03 * self.score } else { 1e-9 }
    }
}

/// Writes the flights of some months, without the month: it alone would say that others are later.
fn write(folder: &Folder, name: &str, months: RangeInclusive<u32>) {
    let (header, rows) = FLIGHTS.split_once('\n').unwrap();
    let mut csv = header.strip_prefix("month,").unwrap().to_owned() + "\n";
    for row in rows.lines() {
        let (month, row) = row.split_once(',').unwrap();
        if months.contains(&month.parse().unwrap()) {
            csv += &format!("{row}\n");
        }
    }
    fs::write(folder.path.join(name), csv).unwrap();
}

/// Trains on all flights of January to June: of rows that were kept out, the profile would know nothing.
fn trained(name: &str) -> Folder {
    let folder = Folder::new(name);
    write(&folder, "train.csv", 1..=6);
    folder.text(
        "train train.csv --target delayed --task classification --set n_estimators=20 --test-size 0 \
         --no-track --out m.safetensors",
    );
    folder
}

/// What the command finds of a month, features and target, by name.
fn checked(folder: &Folder, month: u32) -> Vec<Column> {
    write(folder, "new.csv", month..=month);
    let output = folder.run("monitor check m.safetensors new.csv --json");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let columns = report["columns"].as_array().unwrap().iter();
    let told = columns.filter(|column| column["role"] == "feature" || column["role"] == "target");
    let mut told: Vec<Column> = told.map(|column| Column::deserialize(column).unwrap()).collect();
    by_name(&mut told);
    told
}

fn by_name(columns: &mut [Column]) {
    columns.sort_by(|a, b| a.name.cmp(&b.name));
}

fn months() -> Vec<Month> {
    let mut months: Vec<Month> = serde_json::from_str(EVIDENTLY).unwrap();
    assert_eq!(months.iter().map(|one| one.month).collect::<Vec<_>>(), [7, 8, 9, 10, 11, 12]);
    months.iter_mut().for_each(|month| by_name(&mut month.columns));
    months
}

#[test]
fn later_flights_have_drifted_where_evidently_says_so() {
    let folder = trained("flights");
    for Month { month, columns: wanted } in months() {
        let found = checked(&folder, month);
        let tested = |columns: &[Column]| columns.iter().map(Column::tested).collect::<Vec<_>>();
        assert_eq!(tested(&found), tested(&wanted), "month {month}");
        assert!(found.iter().any(|column| column.drifted), "month {month}");
        for (found, wanted) in found.into_iter().zip(wanted) {
            let off = (found.score - wanted.score).abs();
            let Column { name, score, drifted, .. } = found;
            let which = format!("{name}, month {month}: {score} {}", wanted.score);
            assert!(off <= wanted.allowed(), "{which}");
            assert_eq!(drifted, wanted.drifted, "{which}");
        }
    }
}
