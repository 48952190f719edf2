//! Files made by hand, of what no converter writes.

use hedgerow_onnx::Message;
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::message::tensor_shape_proto::{Dimension, dimension};
use hedgerow_onnx::message::type_proto::{self, Value};
use hedgerow_onnx::message::{
    AttributeProto, GraphProto, ModelProto, NodeProto, TensorShapeProto, TypeProto, ValueInfoProto,
};

/// A file with these nodes.
pub fn file(inputs: &[ValueInfoProto], nodes: &[NodeProto], outputs: &[&str]) -> Vec<u8> {
    let output =
        |name: &&str| ValueInfoProto { name: Some((*name).to_owned()), ..Default::default() };
    let graph = GraphProto {
        input: inputs.to_vec(),
        node: nodes.to_vec(),
        output: outputs.iter().map(output).collect(),
        ..GraphProto::default()
    };
    ModelProto { graph: Some(graph), ..ModelProto::default() }.encode_to_vec()
}

/// An input of so many columns.
pub fn input(name: &str, element: DataType, columns: i64) -> ValueInfoProto {
    let columns =
        Dimension { value: Some(dimension::Value::DimValue(columns)), ..Dimension::default() };
    let tensor = type_proto::Tensor {
        elem_type: Some(element.into()),
        shape: Some(TensorShapeProto { dim: vec![Dimension::default(), columns] }),
    };
    let kind = TypeProto { value: Some(Value::TensorType(tensor)), ..TypeProto::default() };
    ValueInfoProto { name: Some(name.to_owned()), r#type: Some(kind), ..ValueInfoProto::default() }
}

/// A node, of no domain.
pub fn node(
    operator: &str,
    inputs: &[&str],
    outputs: &[&str],
    attributes: &[AttributeProto],
) -> NodeProto {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    NodeProto {
        op_type: Some(operator.to_owned()),
        input: owned(inputs),
        output: owned(outputs),
        attribute: attributes.to_vec(),
        ..NodeProto::default()
    }
}

fn named(name: &str) -> AttributeProto {
    AttributeProto { name: Some(name.to_owned()), ..AttributeProto::default() }
}

pub fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto { i: Some(value), ..named(name) }
}

pub fn ints(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto { ints: values.to_vec(), ..named(name) }
}

pub fn floats(name: &str, values: &[f32]) -> AttributeProto {
    AttributeProto { floats: values.to_vec(), ..named(name) }
}

pub fn text(name: &str, value: &str) -> AttributeProto {
    AttributeProto { s: Some(value.as_bytes().to_vec()), ..named(name) }
}

pub fn texts(name: &str, values: &[String]) -> AttributeProto {
    let strings = values.iter().map(|value| value.as_bytes().to_vec()).collect();
    AttributeProto { strings, ..named(name) }
}
