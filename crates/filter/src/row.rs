//! A row of JSON as a scorer takes it.

use hedgerow_data::parse_date;
use hedgerow_scorer::MISSING_TEXT;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A column that the model reads.
#[derive(Deserialize)]
pub struct Feature {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Number,
    Boolean,
    Date,
    Category,
    Text,
}

/// A cell a feature, and the texts that cells tell of. What a row does not have is missing.
///
/// # Errors
/// `bad_value` where a value is of another kind than its feature.
pub fn cells(
    features: &[Feature],
    row: &Map<String, Value>,
) -> Result<(Vec<u64>, Vec<u8>), &'static str> {
    let (mut cells, mut texts) = (Vec::with_capacity(features.len()), Vec::new());
    for Feature { name, kind } in features {
        let value = row.get(name).unwrap_or(&Value::Null);
        cells.push(match kind {
            Kind::Category | Kind::Text => span(value, &mut texts)?,
            _ => number(*kind, value).ok_or("bad_value")?.to_bits(),
        });
    }
    Ok((cells, texts))
}

/// Where a text starts and how long it is, as the two halves of a cell.
fn span(value: &Value, texts: &mut Vec<u8>) -> Result<u64, &'static str> {
    let start = texts.len() as u64;
    let length = match value {
        Value::Null => MISSING_TEXT,
        Value::String(text) => {
            texts.extend(text.as_bytes());
            text.len() as u32
        }
        _ => return Err("bad_value"),
    };
    Ok(start | u64::from(length) << 32)
}

fn number(kind: Kind, value: &Value) -> Option<f64> {
    match (kind, value) {
        (_, Value::Null) => Some(f64::NAN),
        (Kind::Number | Kind::Date, Value::Number(number)) => number.as_f64(),
        (Kind::Date, Value::String(text)) => parse_date(text),
        (Kind::Boolean, Value::Bool(yes)) => Some(f64::from(u8::from(*yes))),
        (Kind::Boolean, Value::Number(number)) => {
            number.as_f64().filter(|&value| value == 0.0 || value == 1.0)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
