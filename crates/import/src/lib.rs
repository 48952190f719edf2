//! Models that other libraries trained, from the ONNX files that scikit-learn's, LightGBM's and XGBoost's
//! converters write.
//!
//! [`onnx`] follows the file's graph from its inputs, node by node. What flows is columns, each a raw
//! column and what was done to it ([`feature`]); scalers, imputers and encoders change them
//! ([`operators`]), until an estimator reads them and becomes one of Hedgerow's fitted forms
//! ([`estimators`]). So what comes out is a model like any other, which takes raw columns.
//!
//! Nothing in a file is trusted: whatever its bytes, an error comes out, in time and memory in proportion
//! to them.

mod budget;
mod error;
mod estimators;
mod feature;
mod graph;
mod inputs;
mod layout;
mod model;
mod operators;

pub use error::ImportError;
pub use model::{ImportOptions, onnx};
