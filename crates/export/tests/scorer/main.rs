//! Images of every learner's models, scored as the edge scores them; and their ONNX files.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod hostile;
mod models;
mod onnx;
mod same_answers;
