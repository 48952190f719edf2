//! Images of every learner's models, scored as the edge scores them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod hostile;
mod models;
mod same_answers;
