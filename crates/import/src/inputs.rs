//! The graph's inputs as a schema's columns.

use hedgerow_model::{Field, Kind};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::message::tensor_shape_proto::{Dimension, dimension};
use hedgerow_onnx::message::{ValueInfoProto, type_proto};

use crate::ImportError;
use crate::budget::Budget;
use crate::feature::{Feature, Precision, Source};

/// An input: its columns, and how it holds them.
pub struct Input {
    pub features: Vec<Feature>,
    pub precision: Precision,
}

/// Adds an input's columns to the fields: one of its own name, or numbered from 0 where it has several.
pub fn read(
    info: &ValueInfoProto,
    fields: &mut Vec<Field>,
    budget: &Budget,
) -> Result<Input, ImportError> {
    let name = info.name();
    let unsupported = |reason: &str| ImportError::UnsupportedInput {
        input: name.to_owned(),
        reason: reason.to_owned(),
    };
    let kind = info.r#type.as_ref().and_then(|kind| kind.value.as_ref());
    let Some(type_proto::Value::TensorType(tensor)) = kind else {
        return Err(unsupported("it is no tensor"));
    };
    let dims = tensor.shape.as_ref().map_or(&[][..], |shape| &shape.dim);
    let columns = width(dims).ok_or_else(|| {
        unsupported("how many columns it has is not known; convert the model with that")
    })?;
    let (kind, precision) = match DataType::try_from(tensor.elem_type()) {
        Ok(DataType::Float) => (Kind::Number, Precision::Single),
        Ok(DataType::Double | DataType::Int64 | DataType::Int32) => {
            (Kind::Number, Precision::Double)
        }
        Ok(DataType::Bool) => (Kind::Boolean, Precision::Double),
        Ok(DataType::String) => (Kind::Category, Precision::Double),
        _ => return Err(unsupported("its type is neither of numbers nor of texts")),
    };
    // Each column has the input's name again, which can be long.
    budget.take(columns, name.len().saturating_add(64))?;
    let first = fields.len();
    fields.extend((0..columns).map(|column| {
        let name = if columns == 1 { name.to_owned() } else { format!("{name}_{column}") };
        Field::new(name, kind)
    }));
    let feature = |column| match kind {
        Kind::Category => Feature { column, source: Source::Text },
        _ => Feature::number(column),
    };
    Ok(Input { features: (first..fields.len()).map(feature).collect(), precision })
}

/// Columns of rows of any number.
fn width(dims: &[Dimension]) -> Option<usize> {
    match dims {
        [_] => Some(1),
        [_, Dimension { value: Some(dimension::Value::DimValue(width)), .. }] => {
            usize::try_from(*width).ok().filter(|&width| width > 0)
        }
        _ => None,
    }
}
