//! A graph, node by node.

use std::collections::BTreeSet;

use prost::Message;

use crate::message::type_proto::{Tensor as TensorType, Value as TypeValue};
use crate::message::{
    GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto,
    TypeProto, ValueInfoProto, tensor_proto::DataType, tensor_shape_proto::Dimension,
    tensor_shape_proto::dimension,
};
use crate::{Attribute, Element, tensor};

/// The versions of the operators and of the file: those of ONNX 1.16, from which on trees can be of
/// doubles and sets.
const OPERATORS: i64 = 18;
const ML_OPERATORS: i64 = 5;
const ML: &str = "ai.onnx.ml";
const FILE: i64 = 10;

/// What an input, a constant or a node's output is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(String);

/// A graph in the making. What is not named by its maker gets a number for its name, behind `prefix`.
pub struct Graph {
    proto: GraphProto,
    prefix: String,
    count: usize,
    taken: BTreeSet<String>,
}

impl Graph {
    pub fn new(name: &str, prefix: &str) -> Self {
        let proto = GraphProto { name: Some(name.to_owned()), ..GraphProto::default() };
        Self { proto, prefix: prefix.to_owned(), count: 0, taken: BTreeSet::new() }
    }

    /// An input of that name; `None` in its shape is any number, called `N`.
    pub fn input(&mut self, name: &str, element: DataType, shape: &[Option<usize>]) -> Value {
        self.taken.insert(name.to_owned());
        self.proto.input.push(value_info(name, element, shape));
        Value(name.to_owned())
    }

    /// Makes a value an output. It is called `name`, or like that where an input is already.
    pub fn output(
        &mut self,
        value: &Value,
        name: &str,
        element: DataType,
        shape: &[Option<usize>],
    ) {
        let mut name = name.to_owned();
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        let identity = NodeProto {
            input: vec![value.0.clone()],
            output: vec![name.clone()],
            op_type: Some("Identity".to_owned()),
            ..NodeProto::default()
        };
        self.proto.node.push(identity);
        self.proto.output.push(value_info(&name, element, shape));
    }

    /// A constant.
    pub fn constant<T: Element>(&mut self, dims: &[usize], values: &[T]) -> Value {
        let value = self.fresh();
        self.proto
            .initializer
            .push(TensorProto { name: Some(value.0.clone()), ..tensor(dims, values) });
        value
    }

    /// A constant without sizes.
    pub fn scalar<T: Element>(&mut self, value: T) -> Value {
        self.constant(&[], &[value])
    }

    /// What an operator without attributes makes of its inputs.
    pub fn call<const N: usize>(&mut self, operator: &str, inputs: [&Value; N]) -> Value {
        self.node(operator, &inputs).value()
    }

    /// A node in the making.
    pub fn node(&mut self, operator: &str, inputs: &[&Value]) -> Node<'_> {
        let proto = NodeProto {
            input: inputs.iter().map(|value| value.0.clone()).collect(),
            op_type: Some(operator.to_owned()),
            ..NodeProto::default()
        };
        Node { graph: self, proto }
    }

    /// A node of an operator of classical machine learning.
    pub fn ml(&mut self, operator: &str, inputs: &[&Value]) -> Node<'_> {
        let mut node = self.node(operator, inputs);
        node.proto.domain = Some(ML.to_owned());
        node
    }

    /// The same values as another type.
    pub fn cast(&mut self, value: &Value, to: DataType) -> Value {
        self.node("Cast", &[value]).with("to", i64::from(i32::from(to))).value()
    }

    /// The sum over one axis, which goes, or stays with a size of 1.
    pub fn sum(&mut self, value: &Value, axis: i64, keep: bool) -> Value {
        let axes = self.constant(&[1], &[axis]);
        self.node("ReduceSum", &[value, &axes]).with("keepdims", i64::from(keep)).value()
    }

    /// Values side by side.
    pub fn concat(&mut self, values: &[Value]) -> Value {
        match values {
            [single] => single.clone(),
            _ => {
                let values: Vec<&Value> = values.iter().collect();
                self.node("Concat", &values).with("axis", 1).value()
            }
        }
    }

    /// One column of a matrix, as a matrix.
    pub fn column(&mut self, matrix: &Value, index: usize) -> Value {
        self.columns(matrix, &[index])
    }

    /// Some columns of a matrix.
    pub fn columns(&mut self, matrix: &Value, indices: &[usize]) -> Value {
        let indices: Vec<i64> = indices.iter().map(|&index| index as i64).collect();
        let indices = self.constant(&[indices.len()], &indices);
        self.node("Gather", &[matrix, &indices]).with("axis", 1).value()
    }

    fn fresh(&mut self) -> Value {
        loop {
            self.count += 1;
            let name = format!("{}{}", self.prefix, self.count);
            if self.taken.insert(name.clone()) {
                return Value(name);
            }
        }
    }

    /// The graph, as what another's node does.
    pub fn into_body(self) -> GraphProto {
        self.proto
    }

    /// The file, with texts about it by name.
    pub fn into_file(self, producer: (&str, &str), about: &[(&str, String)]) -> Vec<u8> {
        let version = |domain: &str, version| OperatorSetIdProto {
            domain: Some(domain.to_owned()),
            version: Some(version),
        };
        let entry = |(key, value): &(&str, String)| crate::message::StringStringEntryProto {
            key: Some((*key).to_owned()),
            value: Some(value.clone()),
        };
        let model = ModelProto {
            ir_version: Some(FILE),
            opset_import: vec![version("", OPERATORS), version(ML, ML_OPERATORS)],
            producer_name: Some(producer.0.to_owned()),
            producer_version: Some(producer.1.to_owned()),
            graph: Some(self.proto),
            metadata_props: about.iter().map(entry).collect(),
            ..ModelProto::default()
        };
        model.encode_to_vec()
    }
}

/// A node that still takes attributes.
pub struct Node<'a> {
    graph: &'a mut Graph,
    proto: NodeProto,
}

impl Node<'_> {
    /// The node with an attribute.
    pub fn with(mut self, name: &str, value: impl Into<Attribute>) -> Self {
        self.proto.attribute.push(value.into().named(name));
        self
    }

    /// What comes out.
    pub fn value(self) -> Value {
        let [value] = self.values();
        value
    }

    /// What comes out of a node with so many outputs.
    pub fn values<const N: usize>(mut self) -> [Value; N] {
        let values: [Value; N] = std::array::from_fn(|_| self.graph.fresh());
        self.proto.output = values.iter().map(|value| value.0.clone()).collect();
        self.graph.proto.node.push(self.proto);
        values
    }
}

fn value_info(name: &str, element: DataType, shape: &[Option<usize>]) -> ValueInfoProto {
    let dim = |size: &Option<usize>| Dimension {
        value: Some(size.map_or_else(
            || dimension::Value::DimParam("N".to_owned()),
            |size| dimension::Value::DimValue(size as i64),
        )),
        ..Dimension::default()
    };
    let tensor = TensorType {
        elem_type: Some(element.into()),
        shape: Some(TensorShapeProto { dim: shape.iter().map(dim).collect() }),
    };
    ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(TypeProto {
            value: Some(TypeValue::TensorType(tensor)),
            ..Default::default()
        }),
        ..ValueInfoProto::default()
    }
}
