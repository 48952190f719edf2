//! ONNX files: protobuf messages, made and read.
//!
//! [`message`] are the types of the official `onnx-ml.proto`. [`Graph`] puts nodes one behind the other
//! and names what comes out of them, for export; [`Tensor`] and [`Attributes`] read what others wrote, for
//! import. Nothing here knows of models.

mod attributes;
mod element;
mod graph;
#[allow(clippy::all, clippy::pedantic, unused_qualifications)]
#[rustfmt::skip]
pub mod message;
mod tensor;

pub use attributes::{Attribute, Attributes};
pub use element::Element;
pub use graph::{Graph, Node, Value};
pub use prost::Message;
pub use tensor::{Tensor, TensorValues, tensor};
