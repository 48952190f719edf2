//! A trained model, lowered to what the scorer reads and printed as what serves it.
//!
//! [`image`] lowers a model to the flat image of `hedgerow-scorer`; [`module`] puts an image into the
//! scorer, so that a WebAssembly module without imports comes out; [`Target::files`] are whole projects that
//! serve it, and [`router()`] is one that serves two; [`onnx()`] is the same model as an ONNX file. Nothing here reads or writes files.

mod describe;
mod error;
mod lower;
mod module;
mod onnx;
mod targets;
mod writer;

pub use describe::Description;
pub use error::ExportError;
pub use lower::image;
pub use module::module;
pub use onnx::onnx;
pub use targets::{Challenger, File, Kit, Target, TargetFacts, default_name, router};
