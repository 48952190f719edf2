//! Tests and orders to SQL. Whatever a user wrote is bound as a value, never part of the text.

use rusqlite::types::Value;

use super::Query;
use super::filter::{Attribute, Check, Comparison, Constant, DatasetField, Field, Filter};
use super::parse;
use crate::error::Result;

/// A query, and the values of its question marks.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    pub text: String,
    pub values: Vec<Value>,
}

/// The SQL function that tells whether a row number is among the runs that were found.
pub const FOUND: &str = "found";

/// The runs of a query's experiment and parent; none where it names neither.
pub fn of_place(query: &Query) -> Option<Sql> {
    let mut sql = Sql::new("SELECT number FROM runs WHERE TRUE");
    if let Some(name) = &query.experiment {
        let is_of = " AND experiment = (SELECT number FROM experiments WHERE name = ?)";
        sql.push(is_of, [text(name)]);
    }
    match query.parent.as_deref() {
        Some("") => sql.push(" AND parent IS NULL", []),
        Some(id) => sql.push(" AND parent = (SELECT number FROM runs WHERE id = ?)", [text(id)]),
        None if query.experiment.is_none() => return None,
        None => {}
    }
    Some(sql)
}

/// The runs of a filter that looks at their own rows only.
pub fn of_rows(filter: &Filter) -> Sql {
    let mut sql = Sql::new("SELECT number FROM runs WHERE ");
    sql.filter(filter);
    sql
}

/// The runs of a test of what has rows of its own, and whether it is all others that are meant.
pub fn of_test(field: &Field, check: &Check) -> (Sql, bool) {
    match field {
        Field::Metric(key) => keyed("series", key, check),
        Field::Param(key) => keyed("params", key, check),
        Field::Tag(key) => keyed("tags", key, check),
        Field::Dataset(field) => {
            let mut sql = Sql::new(
                "SELECT run FROM inputs JOIN datasets ON datasets.number = dataset WHERE ",
            );
            sql.check(dataset_column(*field), check);
            (sql, false)
        }
        Field::Attribute(_) => (of_rows(&Filter::Test(field.clone(), check.clone())), false),
    }
}

fn keyed(table: &str, key: &str, check: &Check) -> (Sql, bool) {
    let mut sql = Sql::new(&format!("SELECT run FROM {table} WHERE key = ?"));
    sql.values.push(text(key));
    let absent = matches!(check, Check::Null);
    if !absent {
        sql.push(" AND ", []);
        // A text that is compared with a number is taken for one.
        let cast = table != "series" && matches!(check, Check::Compare(_, Constant::Number(_)));
        sql.check(if cast { "CAST(value AS REAL)" } else { "value" }, check);
    }
    (sql, absent)
}

/// Which runs an order is made of: of all, of a few, or of those that [`FOUND`] tells.
pub enum Among {
    All,
    Few(Vec<i64>),
    Found,
}

impl Among {
    fn condition(&self, column: &str) -> String {
        match self {
            Self::All => "TRUE".into(),
            Self::Few(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
                format!("{column} IN ({})", numbers.join(", "))
            }
            Self::Found => format!("{FOUND}({column})"),
        }
    }
}

/// Queries for the row numbers, whose results come one after the other: with an order by what not all
/// runs have, those that have it come first, as an index gives them.
///
/// # Errors
/// [`TrackError::Filter`](crate::TrackError::Filter) for the order.
pub fn ordered(order_by: &str, among: &Among) -> Result<Vec<Sql>> {
    if order_by.trim().is_empty() {
        return Ok(vec![by_column(among, "started", true)]);
    }
    let (field, down) = parse::order(order_by)?;
    Ok(match field {
        Field::Metric(key) => by_value(among, "series", &key, down),
        Field::Param(key) => by_value(among, "params", &key, down),
        Field::Tag(key) => by_value(among, "tags", &key, down),
        Field::Attribute(attribute) => vec![by_column(among, column(attribute), down)],
        Field::Dataset(field) => {
            let name = format!(
                "(SELECT min({}) FROM inputs JOIN datasets ON datasets.number = dataset \
                 WHERE run = runs.number)",
                dataset_column(field)
            );
            vec![by_column(among, &name, down)]
        }
    })
}

fn by_column(among: &Among, column: &str, down: bool) -> Sql {
    let (among, direction) = (among.condition("number"), direction(down));
    Sql::new(&format!(
        "SELECT number FROM runs WHERE {among} ORDER BY {column} {direction}, number {direction}"
    ))
}

fn by_value(among: &Among, table: &str, key: &str, down: bool) -> Vec<Sql> {
    let with = format!(
        "SELECT run FROM {table} WHERE key = ? AND {} ORDER BY value {1}, run {1}",
        among.condition("run"),
        direction(down)
    );
    let without = format!(
        "SELECT number FROM runs WHERE {} AND NOT EXISTS \
         (SELECT 1 FROM {table} AS o WHERE o.run = runs.number AND o.key = ?) \
         ORDER BY started DESC, number DESC",
        among.condition("number")
    );
    [with, without].map(|sql| Sql { text: sql, values: vec![text(key)] }).into()
}

const fn direction(down: bool) -> &'static str {
    if down { "DESC" } else { "ASC" }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

impl Sql {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    fn push(&mut self, text: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(text);
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
            Filter::Test(Field::Attribute(attribute), check) => {
                self.push("coalesce(", []);
                self.check(column(*attribute), check);
                self.push(", FALSE)", []);
            }
            // Asked of rows of their own.
            Filter::Test(..) => self.push("FALSE", []),
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
