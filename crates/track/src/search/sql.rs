//! [`Filter`] and order to SQL. Whatever a user wrote is bound as a value, never part of the text.

use rusqlite::types::Value;

use super::Query;
use super::filter::{Attribute, Check, Comparison, Constant, DatasetField, Field, Filter};
use super::parse;
use crate::error::Result;

/// A condition or a query, and the values of its question marks.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    pub sql: String,
    pub values: Vec<Value>,
}

/// The condition of a query's runs.
///
/// # Errors
/// [`TrackError::Filter`](crate::TrackError::Filter).
pub fn chosen(query: &Query) -> Result<Chosen> {
    let mut chosen = Chosen::default();
    chosen.filter(&parse::filter(&query.filter)?);
    if let Some(name) = &query.experiment {
        chosen.push(
            " AND experiment = (SELECT number FROM experiments WHERE name = ?)",
            [text(name)],
        );
    }
    match query.parent.as_deref() {
        Some("") => chosen.push(" AND parent IS NULL", []),
        Some(id) => {
            chosen.push(" AND parent = (SELECT number FROM runs WHERE id = ?)", [text(id)]);
        }
        None => {}
    }
    Ok(chosen)
}

/// Queries for the row numbers, whose results come one after the other: with an order by what not all
/// runs have, those that have it come first, as an index gives them.
///
/// # Errors
/// [`TrackError::Filter`](crate::TrackError::Filter) for the order.
pub fn ordered(query: &Query, chosen: Chosen) -> Result<Vec<Chosen>> {
    if query.order_by.trim().is_empty() {
        return Ok(vec![by_column(&chosen, "started", true)]);
    }
    let (field, down) = parse::order(&query.order_by)?;
    Ok(match field {
        Field::Metric(key) => by_value(&chosen, "series", &key, down),
        Field::Param(key) => by_value(&chosen, "params", &key, down),
        Field::Tag(key) => by_value(&chosen, "tags", &key, down),
        Field::Attribute(attribute) => vec![by_column(&chosen, column(attribute), down)],
        Field::Dataset(field) => {
            let name = format!(
                "(SELECT min({}) FROM inputs JOIN datasets ON datasets.number = dataset \
                 WHERE run = runs.number)",
                dataset_column(field)
            );
            vec![by_column(&chosen, &name, down)]
        }
    })
}

fn by_column(chosen: &Chosen, column: &str, down: bool) -> Chosen {
    let direction = direction(down);
    Chosen {
        sql: format!(
            "SELECT number FROM runs WHERE {} ORDER BY {column} {direction}, number {direction}",
            chosen.sql
        ),
        values: chosen.values.clone(),
    }
}

fn by_value(chosen: &Chosen, table: &str, key: &str, down: bool) -> Vec<Chosen> {
    let Chosen { sql, values } = chosen;
    // CROSS JOIN keeps SQLite to the order of the index, which ends with the page.
    let with = format!(
        "SELECT runs.number FROM {table} AS o CROSS JOIN runs ON runs.number = o.run \
         WHERE o.key = ? AND {sql} ORDER BY o.value {0}, o.run {0}",
        direction(down)
    );
    let without = format!(
        "SELECT number FROM runs WHERE {sql} AND NOT EXISTS \
         (SELECT 1 FROM {table} AS o WHERE o.run = runs.number AND o.key = ?) \
         ORDER BY started DESC, number DESC"
    );
    let key = || std::iter::once(text(key));
    vec![
        Chosen { sql: with, values: key().chain(values.iter().cloned()).collect() },
        Chosen { sql: without, values: values.iter().cloned().chain(key()).collect() },
    ]
}

const fn direction(down: bool) -> &'static str {
    if down { "DESC" } else { "ASC" }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

impl Chosen {
    fn push(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    fn filter(&mut self, filter: &Filter) {
        match filter {
            Filter::All(parts) => self.joined(parts, " AND ", "TRUE"),
            Filter::Any(parts) => self.joined(parts, " OR ", "FALSE"),
            Filter::Not(part) => {
                // What a run does not have fulfils no comparison, so the opposite of each.
                self.push("NOT ", []);
                self.filter(part);
            }
            Filter::Test(field, check) => self.test(field, check),
        }
    }

    fn joined(&mut self, parts: &[Filter], separator: &str, none: &str) {
        self.push("(", []);
        if parts.is_empty() {
            self.push(none, []);
        }
        for (index, part) in parts.iter().enumerate() {
            self.push(if index == 0 { "" } else { separator }, []);
            self.filter(part);
        }
        self.push(")", []);
    }

    fn test(&mut self, field: &Field, check: &Check) {
        match field {
            Field::Metric(key) => self.keyed("series", key, check),
            Field::Param(key) => self.keyed("params", key, check),
            Field::Tag(key) => self.keyed("tags", key, check),
            Field::Attribute(attribute) => {
                self.push("coalesce(", []);
                self.check(column(*attribute), check);
                self.push(", FALSE)", []);
            }
            Field::Dataset(field) => {
                let sql = "runs.number IN (SELECT run FROM inputs JOIN datasets \
                           ON datasets.number = dataset WHERE ";
                self.push(sql, []);
                self.check(dataset_column(*field), check);
                self.push(")", []);
            }
        }
    }

    /// A test of what has a row of its own, or none.
    fn keyed(&mut self, table: &str, key: &str, check: &Check) {
        let absent = matches!(check, Check::Null);
        let not = if absent { "NOT " } else { "" };
        let sql = format!("runs.number {not}IN (SELECT run FROM {table} WHERE key = ?");
        self.push(&sql, [text(key)]);
        if !absent {
            self.push(" AND ", []);
            // A text that is compared with a number is taken for one.
            let cast = table != "series" && matches!(check, Check::Compare(_, Constant::Number(_)));
            self.check(if cast { "CAST(value AS REAL)" } else { "value" }, check);
        }
        self.push(")", []);
    }

    fn check(&mut self, column: &str, check: &Check) {
        match check {
            Check::Null => self.push(&format!("{column} IS NULL"), []),
            Check::In(constants) => {
                let marks = vec!["?"; constants.len()].join(", ");
                self.push(&format!("{column} IN ({marks})"), constants.iter().map(value));
            }
            Check::Compare(comparison, constant) => self.compare(column, *comparison, constant),
        }
    }

    fn compare(&mut self, column: &str, comparison: Comparison, constant: &Constant) {
        let sql = match comparison {
            Comparison::Equal => format!("{column} = ?"),
            Comparison::Unequal => format!("{column} != ?"),
            Comparison::Above => format!("{column} > ?"),
            Comparison::AtLeast => format!("{column} >= ?"),
            Comparison::Below => format!("{column} < ?"),
            Comparison::AtMost => format!("{column} <= ?"),
            Comparison::Like => format!("{column} GLOB ?"),
            Comparison::ILike => format!("{column} LIKE ?"),
        };
        let value = match (comparison, constant) {
            (Comparison::Like, Constant::Text(pattern)) => Value::Text(glob(pattern)),
            _ => value(constant),
        };
        self.push(&sql, [value]);
    }
}

fn value(constant: &Constant) -> Value {
    match constant {
        Constant::Number(number) => Value::Real(*number),
        Constant::Text(text) => Value::Text(text.clone()),
    }
}

/// SQL's pattern as SQLite's `GLOB`, which minds case.
fn glob(pattern: &str) -> String {
    let mut glob = String::new();
    for c in pattern.chars() {
        match c {
            '%' => glob.push('*'),
            '_' => glob.push('?'),
            '*' | '?' | '[' => glob.extend(['[', c, ']']),
            c => glob.push(c),
        }
    }
    glob
}

const fn column(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Id => "runs.id",
        Attribute::Name => "runs.name",
        Attribute::Status => "status",
        Attribute::Experiment => "(SELECT e.name FROM experiments e WHERE e.number = experiment)",
        Attribute::Parent => "(SELECT p.id FROM runs p WHERE p.number = runs.parent)",
        Attribute::Note => "note",
        Attribute::Started => "started",
        Attribute::Ended => "ended",
        Attribute::Duration => "(ended - started)",
    }
}

const fn dataset_column(field: DatasetField) -> &'static str {
    match field {
        DatasetField::Name => "datasets.name",
        DatasetField::Digest => "datasets.id",
        DatasetField::Context => "context",
    }
}
