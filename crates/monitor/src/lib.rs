//! What a deployed model sees beside what it was trained on.
//!
//! [`Baseline::of`] looks at the training rows, once, and goes into the model file: all that comes later needs
//! no raw training data. [`Baseline::profile`] counts new rows, whatever is wrong with them, and says what is.
//! [`drift`] compares two profiles column by column with Evidently's default tests, and [`check`] holds the
//! report to rules. [`experiment`] says which of several versions is better, [`stream`] when a stream of numbers
//! changes.
//!
//! Without the feature `tables` only profiles are known, no rows: so much is in exported models.

#[cfg(feature = "tables")]
mod baseline;
mod digits;
mod drift;
mod error;
pub mod experiment;
mod finding;
mod performance;
mod reference;
mod rules;
#[cfg(feature = "tables")]
mod segments;
mod statistics;
pub mod stream;
#[cfg(test)]
#[cfg(feature = "tables")]
mod tests;
mod watch;

#[cfg(feature = "tables")]
pub use baseline::{Seen, feature};
pub use digits::short;
pub use drift::{ColumnDrift, DriftOptions, DriftReport, Picture, Side, Test, TestResult, drift};
pub use error::MonitorError;
pub use finding::{Finding, FindingCode};
pub use hedgerow_profile::{Fault, Profile, Role};
pub use performance::{MetricFigure, Performance, higher_is_better};
pub use reference::Baseline;
pub use rules::{
    Alarm, Change, Figure, Rule, check, check_names, check_windows, default_rules, read_rules,
};
#[cfg(feature = "tables")]
pub use segments::{Condition, Part, Segment, worst_segments};
pub use watch::watch;
