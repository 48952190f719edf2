//! What a node is told beside its inputs.

use crate::Tensor;
use crate::message::attribute_proto::AttributeType;
use crate::message::{AttributeProto, GraphProto, NodeProto, TensorProto};

/// A value for an attribute.
pub struct Attribute(AttributeProto);

impl Attribute {
    /// The attribute of that name with this value.
    pub fn named(mut self, name: &str) -> AttributeProto {
        self.0.name = Some(name.to_owned());
        self.0
    }

    fn new(kind: AttributeType, value: AttributeProto) -> Self {
        Self(AttributeProto { r#type: Some(kind.into()), ..value })
    }
}

impl From<i64> for Attribute {
    fn from(value: i64) -> Self {
        Self::new(AttributeType::Int, AttributeProto { i: Some(value), ..Default::default() })
    }
}

impl From<Vec<i64>> for Attribute {
    fn from(ints: Vec<i64>) -> Self {
        Self::new(AttributeType::Ints, AttributeProto { ints, ..Default::default() })
    }
}

impl From<TensorProto> for Attribute {
    fn from(tensor: TensorProto) -> Self {
        Self::new(AttributeType::Tensor, AttributeProto { t: Some(tensor), ..Default::default() })
    }
}

impl From<GraphProto> for Attribute {
    fn from(graph: GraphProto) -> Self {
        Self::new(AttributeType::Graph, AttributeProto { g: Some(graph), ..Default::default() })
    }
}

/// The attributes of a node that was read, by name; what is not there, or of another type, is `None` or
/// empty.
#[derive(Clone, Copy)]
pub struct Attributes<'a>(&'a NodeProto);

impl<'a> Attributes<'a> {
    pub fn of(node: &'a NodeProto) -> Self {
        Self(node)
    }

    fn get(self, name: &str) -> Option<&'a AttributeProto> {
        self.0.attribute.iter().find(|attribute| attribute.name() == name)
    }

    pub fn int(self, name: &str) -> Option<i64> {
        self.get(name)?.i
    }

    pub fn float(self, name: &str) -> Option<f64> {
        self.get(name)?.f.map(f64::from)
    }

    pub fn ints(self, name: &str) -> &'a [i64] {
        self.get(name).map_or(&[], |attribute| &attribute.ints)
    }

    pub fn text(self, name: &str) -> Option<&'a str> {
        std::str::from_utf8(self.get(name)?.s.as_deref()?).ok()
    }

    /// Texts; `None` where one is not UTF-8.
    pub fn texts(self, name: &str) -> Option<Vec<&'a str>> {
        let bytes = self.get(name).map_or(&[][..], |attribute| &attribute.strings);
        bytes.iter().map(|bytes| std::str::from_utf8(bytes).ok()).collect()
    }

    pub fn tensor(self, name: &str) -> Option<Tensor> {
        Tensor::read(self.get(name)?.t.as_ref()?)
    }

    /// Numbers, from a list of floats or from the tensor that stands for it where they are doubles:
    /// `name` with `_as_tensor`.
    pub fn numbers(self, name: &str) -> Option<Vec<f64>> {
        if let Some(tensor) = self.get(&format!("{name}_as_tensor")) {
            return Tensor::read(tensor.t.as_ref()?)?.numbers();
        }
        let floats = self.get(name).map_or(&[][..], |attribute| &attribute.floats);
        Some(floats.iter().map(|&value| f64::from(value)).collect())
    }
}
