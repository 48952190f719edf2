//! Changes in a stream of numbers, such as a model's errors, found value by value in little memory.
//!
//! [`Adwin`] finds any change of the mean and needs no idea of its size; [`PageHinkley`] is cheaper, and is told how
//! large a change matters. Both have river's parameters and defaults (0.26) and find changes where it does.

mod adwin;
mod page_hinkley;
#[cfg(test)]
mod tests;

pub use adwin::{Adwin, AdwinOptions};
pub use page_hinkley::{Mode, PageHinkley, PageHinkleyOptions};

use serde::Serialize;

/// A change of the mean that was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The value with which it was found, as its number from 0 in the stream; values that were passed over have no
    /// number.
    pub found: u64,
    /// The value with which it began, as far as can be told: by [`Adwin`] to a few values, by [`PageHinkley`] where
    /// its delta is not so small that chance alone adds up.
    pub began: u64,
    /// The mean before that, since the last change.
    pub before: f64,
    /// The mean since.
    pub after: f64,
}

/// Whether a value can be added up; others, infinite ones and those that are none are passed over.
fn is_usable(value: f64) -> bool {
    value.abs() <= 1e100
}
