//! A row that a model would take, for its documents.

use hedgerow_model::{CivilDate, Field, Kind, MILLIS_PER_DAY, Model};
use serde_json::{Map, Value};

/// A row of typical values, as JSON on one line.
pub fn row(model: &Model) -> String {
    let cells = model.schema.features.iter().map(|field| (field.name.clone(), typical(field)));
    let mut row = Map::new();
    row.extend(cells);
    Value::from(row).to_string()
}

fn typical(field: &Field) -> Value {
    let typical = field.typical.unwrap_or(0.0);
    match field.kind {
        Kind::Number => number(typical),
        Kind::Boolean => Value::from(typical >= 0.5),
        Kind::Date => Value::from(date(typical)),
        Kind::Category | Kind::Text => {
            let known = field.categories.get(typical as usize).or(field.categories.first());
            Value::from(known.map_or("text", String::as_str))
        }
    }
}

/// Whole numbers without a fraction, as people write them.
fn number(value: f64) -> Value {
    let whole = libm::trunc(value) == value && libm::fabs(value) < 1e15;
    if whole { Value::from(value as i64) } else { Value::from(value) }
}

fn date(millis: f64) -> String {
    let CivilDate { year, month, day } =
        CivilDate::from_days(libm::floor(millis / MILLIS_PER_DAY) as i64);
    format!("{year:04}-{month:02}-{day:02}")
}
