//! Reading JSON text, in one place for all crates.
//!
//! Every crate that reads text with a type of its own brings a parser of its own into the training
//! module. So text is parsed to a [`Value`] here, and types are read from that.

use serde::Deserialize;
use serde_json::{Error, Value};

/// The value of a text.
///
/// # Errors
/// A text that is not JSON.
#[inline(never)]
pub fn parse(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text)
}

/// Plain data from its text.
///
/// # Errors
/// A text that is not JSON, and a value that is not as `T` has it.
pub fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    T::deserialize(&parse(text)?)
}
