//! The golden files, and rows for them.
#![allow(dead_code, reason = "no test needs all of it")]

pub mod graph;

use hedgerow_model::{MISSING_CODE, Model, ModelError, Prediction, Raw};
use serde_json::Value;

macro_rules! files {
    ($($name:literal),+) => {
        &[$(($name, include_bytes!(concat!("../../../../tests/golden/onnx/", $name, ".onnx")))),+]
    };
}

/// Files by name.
pub const FILES: &[(&str, &[u8])] = files!(
    "lightgbm-sets",
    "xgboost-three",
    "boosting-two",
    "linear",
    "one-hot-linear",
    "ordinal-forest"
);

/// The columns of some rows, and what was predicted for them.
pub fn expected(name: &str) -> (Vec<Value>, Vec<f64>) {
    let text = include_str!("../../../../tests/golden/onnx/expected.json");
    let all: Value = serde_json::from_str(text).unwrap();
    let columns = all[name]["columns"].as_array().unwrap().clone();
    let predictions = all[name]["predictions"].as_array().unwrap();
    (columns, predictions.iter().map(|value| value.as_f64().unwrap()).collect())
}

/// Predicts rows given as columns of JSON.
pub fn predict(model: &Model, columns: &[Value]) -> Result<Prediction, ModelError> {
    let number = |cell: &Value| cell.as_f64().unwrap_or(f64::NAN);
    let cells: Vec<&Vec<Value>> = columns.iter().filter_map(Value::as_array).collect();
    let numbers: Vec<Vec<f64>> =
        cells.iter().map(|cells| cells.iter().map(number).collect()).collect();
    let codes: Vec<Vec<u32>> = cells
        .iter()
        .map(|cells| {
            let code = |(row, cell): (usize, &Value)| {
                if cell.is_string() { row as u32 } else { MISSING_CODE }
            };
            cells.iter().enumerate().map(code).collect()
        })
        .collect();
    let raw = model.schema.features.iter().enumerate().map(|(index, field)| {
        if field.kind.is_numeric() {
            return Raw::Numbers(&numbers[index]);
        }
        let dictionary = cells[index].iter().map(|cell| cell.as_str().unwrap_or("")).collect();
        Raw::Strings { codes: &codes[index], dictionary }
    });
    model.predict(&raw.collect::<Vec<_>>())
}
