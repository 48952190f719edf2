//! How good a model is: metrics, curves, confusion, calibration and permutation importance.
//!
//! [`evaluate`] measures a [`Model`](hedgerow_model::Model) on a
//! [`Table`](hedgerow_data::Table) that holds the target, and says it in a [`Report`] with a
//! baseline beside it. [`PermutationImportance`] says how much each column matters to the model.
//! [`compare_on`] says which of two models is better on the same rows, and how sure that is.
//! [`metrics`] has every metric as a function over slices, and [`columns_for`] brings a table into
//! the shape a model reads, for whoever only predicts.
//!
//! Definitions are scikit-learn's; where they differ, the item says so.

mod actual;
mod align;
mod error;
mod evaluate;
mod importance;
mod labels;
pub mod metrics;
mod paired;
mod predicting;
mod random;
mod report;

pub use actual::{Truths, truths};
pub use align::{Aligned, column_for, columns_for};
pub use error::EvaluateError;
pub use evaluate::{EvaluateOptions, Evaluating, evaluate};
pub use importance::{
    ColumnImportance, Importance, ImportanceMetric, ImportanceOptions, PermutationImportance,
    permutation_importance,
};
pub use paired::{Paired, PairedOptions, compare_on};
pub use predicting::Predicting;
pub use report::*;
