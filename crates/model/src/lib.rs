//! What exists *after* training, as plain data.
//!
//! A [`Model`] is a [`Schema`] (what raw rows look like), a [`Preparation`] (how raw columns become
//! features), an [`Estimator`] (how features become predictions) and a [`Provenance`] (where it all
//! came from). [`Model::predict`] takes raw columns, [`Model::to_bytes`] and [`Model::from_bytes`]
//! are the model file. Nothing in this crate knows how anything was fitted.

pub mod arrays;
mod bayes;
mod calibration;
mod coefficients;
mod dates;
mod error;
mod estimator;
mod file;
pub mod json;
mod linear;
mod link;
pub mod mlp;
mod model;
mod neighbors;
mod picture;
mod preparation;
mod raw;
mod schema;
mod trees;

pub use bayes::{Factor, NaiveBayes};
pub use calibration::{Calibration, Isotonic, Sigmoid, log_odds};
pub use coefficients::Coefficient;
pub use dates::{CivilDate, DatePart, MILLIS_PER_DAY, days_from_civil};
pub use error::{Coded, Details, ModelError};
pub use estimator::Estimator;
pub use file::{FORMAT_VERSION, sha256_hex};
pub use linear::Linear;
pub use link::Link;
pub use mlp::{Activation, Dense, Mlp};
pub use model::{LearnerRecord, Model, Prediction, Provenance, TrainingData};
pub use neighbors::{
    Answers, LEAF as NEIGHBORS_LEAF, Leaves as NeighborLeaves, Metric, NeighborRows, Neighbors,
    Votes,
};
pub use picture::{TreeNode, TreePicture};
pub use preparation::{Categories, Encoding, Feature, FeatureKind, Preparation, Prepared, Scale};
pub use raw::{MISSING_CODE, Raw};
pub use schema::{Field, Kind, Schema, Task};
pub use trees::{Bins, Combine, LEAF, MISSING_LEFT, TreeEnsemble, average_path};
