//! Rows to learn from, and the tables they make.

use hedgerow_data::{Column, Dictionary, Table};
use proptest::prelude::*;

/// Two numbers, a category, what the targets also depend on, and a weight.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    a: f64,
    b: f64,
    job: u32,
    gap: bool,
    noise: f64,
    weight: usize,
}

/// What is predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    Number,
    /// So many.
    Classes(usize),
}

pub const NAMES: [&str; 3] = ["p", "q", "r"];

pub fn rows() -> impl Strategy<Value = Vec<Row>> {
    let gap = prop::bool::weighted(0.1);
    let row = (0.0..6.0f64, 0.0..4.0f64, 0..4u32, gap, -1.0..1.0f64, 1..4usize);
    let row = row.prop_map(|(a, b, job, gap, noise, weight)| Row { a, b, job, gap, noise, weight });
    prop::collection::vec(row, 24..60).prop_map(|mut rows| {
        // Of every class there is some row, and of two never as many of both.
        rows.truncate(rows.len() / 2 * 2);
        let row = |a, b, job| Row { a, b, job, gap: false, noise: 0.0, weight: 1 };
        rows.extend([row(0.3, 0.6, 0), row(2.9, 1.4, 1), row(5.7, 3.1, 2)]);
        rows
    })
}

/// Rows, and the same in another order.
pub fn shuffled() -> impl Strategy<Value = (Vec<Row>, Vec<Row>)> {
    rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
}

/// Rows that are in no table learned from.
pub const QUERIES: [Row; 6] = [
    query(0.5, 0.5),
    query(1.7, 3.3),
    query(2.6, 2.4),
    query(3.9, 0.2),
    query(5.1, 2.8),
    query(9.0, -4.0),
];

const fn query(a: f64, b: f64) -> Row {
    Row { a, b, job: 1, gap: false, noise: 0.0, weight: 1 }
}

/// The same with few values, so that rows with the same features have different targets.
pub fn few_values(rows: &[Row]) -> Vec<Row> {
    rows.iter().map(|row| Row { a: row.a.floor(), b: row.b.floor(), ..*row }).collect()
}

pub fn repeated(rows: &[Row]) -> Vec<Row> {
    rows.iter().flat_map(|row| std::iter::repeat_n(*row, row.weight)).collect()
}

impl Row {
    fn sum(&self) -> f64 {
        self.a + self.b + 1.5 * self.noise
    }

    /// In short fractions, which have the same sum in any order.
    fn number(&self) -> f64 {
        libm::round(64.0 * (self.a - 2.0 * self.b + self.noise)) / 64.0
    }

    fn class(&self, n: usize) -> u32 {
        u32::from(self.sum() > 5.5) + u32::from(n > 2 && self.sum() > 3.5)
    }
}

/// How rows become a table.
pub struct View {
    /// Of the classes.
    pub names: [&'static str; 3],
    /// Of the first feature.
    pub scale: f64,
    pub weighted: bool,
    /// Without gaps and categories.
    pub whole: bool,
}

impl Default for View {
    fn default() -> Self {
        Self { names: NAMES, scale: 1.0, weighted: false, whole: false }
    }
}

impl View {
    pub fn features(&self) -> Vec<String> {
        let names: &[&str] = if self.whole { &["a", "b"] } else { &["a", "b", "job"] };
        names.iter().map(|&name| name.to_owned()).collect()
    }

    pub fn table(&self, rows: &[Row], target: Target) -> Table {
        let numbers = |name: &str, of: &dyn Fn(&Row) -> f64| {
            Column::numbers(name, rows.iter().map(of).collect())
        };
        let categories = |name: &str, of: &dyn Fn(&Row) -> u32, names: &[&str]| {
            let dictionary: Dictionary = names.iter().collect();
            Column::categories(name, rows.iter().map(of).collect(), dictionary)
        };
        let target = match target {
            Target::Number => numbers("target", &Row::number),
            Target::Classes(n) => categories("target", &|row| row.class(n), &self.names[..n]),
        };
        let b = |row: &Row| if row.gap && !self.whole { f64::NAN } else { row.b };
        let columns = vec![
            numbers("a", &|row| row.a * self.scale),
            numbers("b", &b),
            // The fourth is not in the dictionary: it is missing.
            categories("job", &|row| row.job, &["clerk", "miner", "nurse"]),
            numbers("weight", &|row| row.weight as f64),
            target,
        ];
        Table::new(columns).unwrap()
    }
}
