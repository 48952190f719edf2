//! Experiments, runs, data set versions, the model registry and the audit log, in one SQLite file.
//!
//! A [`Workspace`] is that file. Whatever changes it takes a [`Stamp`]: this crate knows no clock and no
//! entropy. A change that returned is on the disk, and each is one transaction, so there is no half of one.

mod audit;
mod compare;
mod datasets;
mod digest;
mod error;
mod experiments;
mod id;
mod limits;
mod lineage;
mod merge;
pub mod mlflow;
mod real;
mod registry;
mod request;
mod runs;
mod search;
mod workspace;

#[cfg(test)]
mod tests;

pub use audit::{Entry, Verified};
pub use compare::{Comparison, Difference, MetricDifference};
pub use datasets::{ColumnDifference, Dataset, DatasetDifference, KeptDataset};
pub use error::{Result, Thing, TrackError};
pub use experiments::Experiment;
pub use lineage::{Lineage, Node, NodeKind};
pub use merge::{Merged, Selection};
pub use registry::{Alias, Export, MODEL_PATH, Move, NewVersion, RegisteredModel, Version};
pub use request::{Answer, Request};
pub use runs::{Artifact, INTERRUPTED, Input, Log, NewRun, Point, Run, RunTree, Series, Status};
pub use search::{Page, Query};
pub use workspace::{SCHEMA_VERSION, Stamp, Workspace};
