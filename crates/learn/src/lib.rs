//! Fitting: a [`Table`](hedgerow_data::Table) becomes a [`Model`](hedgerow_model::Model).
//!
//! [`train`] does it in one call, [`Training`] part by part, for whoever spreads the work.
//! [`Learner`] says how; [`choose`] which, and with which parameters; [`preparation`] how columns
//! become features; [`forest`] and [`boosting`] are the tree engines.

mod as_linfa;
mod bayes;
pub mod binning;
pub mod boosting;
pub mod choose;
mod declare;
mod error;
#[cfg(test)]
mod figures;
mod fitting;
pub mod forest;
mod isolation;
mod learner;
mod linear;
mod linfa_cart;
mod mlp;
mod neighbors;
pub mod preparation;
mod sides;
mod target;
mod training;
#[cfg(feature = "twins")]
mod twins;

pub use as_linfa::{ArrayTarget, FittedOn, Params, ValidParams};
pub use bayes::{NaiveBayes, Priors};
pub use declare::{Choice, Declaration, Parameter, Search};
pub use error::LearnError;
pub use fitting::Score;
pub use isolation::IsolationForest;
pub use learner::Learner;
pub use linear::{ElasticNet, LinearRegression, LogisticRegression, Ridge};
pub use linfa_cart::LinfaCart;
pub use mlp::Mlp;
pub use neighbors::KNearestNeighbors;
pub use preparation::PreparationOptions;
pub use target::{MAX_CLASSES, TaskChoice};
pub use training::{Preparing, TrainOptions, Training, train};

/// Rows or values that one call of a hot loop handles: engines of WebAssembly swap in optimised code
/// only at the next call.
const CHUNK: usize = 4_096;
