//! scikit-learn's figures, which tests compare with; see tests/golden/learn/make.py.

use ndarray::Array2;
use serde_json::Value;

use crate::forest::Target;

/// All figures.
pub(crate) fn figures() -> Value {
    serde_json::from_str(include_str!("../../../tests/golden/learn/neural.json")).unwrap()
}

/// Numbers.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// Rows of `width` numbers.
pub(crate) fn matrix(value: &Value, width: usize) -> Array2<f64> {
    let numbers = numbers(value);
    Array2::from_shape_vec((numbers.len() / width, width), numbers).unwrap()
}

/// Classes where all are whole numbers, else numbers.
pub(crate) fn target(value: &Value) -> Target {
    let values = numbers(value);
    if values.iter().any(|value| value.fract() != 0.0) {
        return Target::Values(values);
    }
    let codes: Vec<u32> = values.iter().map(|&value| value as u32).collect();
    let n = codes.iter().max().map_or(0, |&most| most as usize + 1);
    Target::Classes { codes, n }
}

/// Weights, where there are some.
pub(crate) fn weights(value: &Value) -> Option<Vec<f64>> {
    (!value.is_null()).then(|| numbers(value))
}

/// Fails where a number is not as scikit-learn has it.
#[track_caller]
pub(crate) fn assert_close(ours: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = numbers(theirs);
    assert_eq!(ours.len(), theirs.len());
    for (at, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        assert!((a - b).abs() < tolerance * (1.0 + b.abs()), "{at}: {a} where it has {b}");
    }
}
