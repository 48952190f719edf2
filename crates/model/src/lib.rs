//! What exists *after* training, as plain data.
//!
//! A [`Model`] is a [`Schema`] (what raw rows look like), a [`Preparation`] (how raw columns become
//! features), an [`Estimator`] (how features become predictions) and a [`Provenance`] (where it all
//! came from). [`Model::predict`] takes raw columns, [`Model::to_bytes`] and [`Model::from_bytes`]
//! are the model file. Nothing in this crate knows how anything was fitted.

pub mod arrays;
mod coefficients;
mod error;
mod estimator;
mod file;
pub mod json;
mod model;
mod picture;
mod preparation;
mod raw;
mod schema;
mod trees;

pub use hedgerow_score::trees::{Bins, Combine, average_path};
pub use hedgerow_score::{
    Activation, Answers, Calibration, CivilDate, DatePart, Dense, Factor, Isotonic, Linear, Link,
    MILLIS_PER_DAY, Metric, Mlp, NEIGHBORS_LEAF, NaiveBayes, NeighborLeaves, NeighborRows,
    Neighbors, Scale, Sigmoid, Votes, days_from_civil, log_odds, mlp,
};

pub use coefficients::Coefficient;
pub use error::{Coded, Details, ModelError};
pub use estimator::Estimator;
pub use file::{FORMAT_VERSION, sha256_hex};
pub use model::{LearnerRecord, Model, Prediction, Provenance, TrainingData};
pub use picture::{TreeNode, TreePicture};
pub use preparation::{Categories, Encoding, Feature, FeatureKind, Preparation, Prepared};
pub use raw::{MISSING_CODE, Raw};
pub use schema::{Field, Kind, Schema, Task};
pub use trees::{LEAF, MISSING_LEFT, TreeEnsemble};
