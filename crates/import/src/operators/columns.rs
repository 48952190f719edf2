//! Columns put together, taken apart and converted.

use hedgerow_onnx::message::tensor_proto::DataType;

use crate::ImportError;
use crate::feature::{Feature, Precision, RAW, Source};
use crate::graph::{Flow, Step, Walk};

/// Numbers of another precision. Whole ones stay so: only categories' numbers are rounded.
pub fn cast(walk: &Walk, step: &Step) -> Result<Flow, ImportError> {
    let (features, precision) = walk.features(step, 0)?;
    let to = step.attributes.int("to").and_then(|to| i32::try_from(to).ok());
    let to = to.and_then(|to| DataType::try_from(to).ok());
    let untouched = |feature: &Feature| match &feature.source {
        Source::Text => false,
        Source::Number { .. } => true,
        Source::Mapped(mapped) => mapped.values.iter().all(|value| value.trunc() == *value),
    };
    let raw = |feature: &Feature| match feature.source {
        Source::Number { fill, scale } => fill.is_none() && scale == RAW,
        _ => true,
    };
    let (text, whole) = (
        features.iter().any(|feature| matches!(feature.source, Source::Text)),
        features.iter().all(|feature| untouched(feature) && raw(feature)),
    );
    match to {
        Some(DataType::String) if features.iter().all(|f| matches!(f.source, Source::Text)) => {
            Ok(Flow::Features(features.to_vec(), precision))
        }
        _ if text => Err(step.refuse("it makes numbers of texts")),
        Some(DataType::Float) => Ok(Flow::Features(features.to_vec(), Precision::Single)),
        Some(DataType::Double) => Ok(Flow::Features(features.to_vec(), precision)),
        // Columns of whole numbers, and what encoders make, stay what they are.
        Some(DataType::Int64 | DataType::Int32) if whole && precision == Precision::Double => {
            Ok(Flow::Features(features.to_vec(), precision))
        }
        _ => Err(step.refuse("it converts to a type that loses something")),
    }
}

/// Columns side by side.
pub fn concat(walk: &Walk, step: &Step) -> Result<Flow, ImportError> {
    if !matches!(step.attributes.int("axis"), None | Some(1 | -1)) {
        return Err(step.refuse("it puts rows below each other"));
    }
    let (mut all, mut precision) = (Vec::new(), Precision::Double);
    for index in 0..step.node.input.len() {
        let (features, own) = walk.features(step, index)?;
        walk.budget.take(features.len(), 8)?;
        all.extend_from_slice(features);
        // All have one type; encoders' numbers are exact in any.
        if own == Precision::Single {
            precision = own;
        }
    }
    Ok(Flow::Features(all, precision))
}

/// Rows that stay what they are.
pub fn reshape(walk: &Walk, step: &Step) -> Result<Flow, ImportError> {
    let (features, precision) = walk.features(step, 0)?;
    if step.operator() == "Reshape" {
        let shape = walk.constant(step, 1)?.integers().unwrap_or(&[]);
        let width = features.len() as i64;
        if !matches!(shape, [-1 | 0, columns] if *columns == width) {
            return Err(step.refuse("it changes what a row is"));
        }
    }
    Ok(Flow::Features(features.to_vec(), precision))
}

/// Some of the columns.
pub fn pick(walk: &Walk, step: &Step) -> Result<Flow, ImportError> {
    let by_rows =
        step.operator() == "Gather" && !matches!(step.attributes.int("axis"), Some(1 | -1));
    if by_rows {
        return Err(step.refuse("it picks rows"));
    }
    let places = walk.constant(step, 1)?.integers().unwrap_or(&[]);
    let (features, precision) = walk.features(step, 0)?;
    let picked: Option<Vec<Feature>> =
        places.iter().map(|&place| features.get(usize::try_from(place).ok()?).cloned()).collect();
    Ok(Flow::Features(picked.ok_or_else(|| step.damaged("it picks no column"))?, precision))
}
