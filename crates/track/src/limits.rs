//! How long names and values may be: MLflow's limits, so that whatever is kept can be handed on.

use crate::error::{Result, TrackError};

/// Characters of a key of a parameter, metric or tag, and of a name.
pub const KEY: usize = 250;
/// Characters of a parameter's value.
pub const PARAM: usize = 6_000;
/// Characters of a tag's value.
pub const TAG: usize = 8_000;
/// Characters of a note or a description.
pub const TEXT: usize = 100_000;
/// Bytes of a recipe and of a profile.
pub const DOCUMENT: usize = 16_000_000;

/// A key or a name: not empty, not too long.
pub fn name(what: &str, name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(TrackError::Empty { what: what.into() });
    }
    text(what, name, KEY)
}

/// A text of at most so many characters.
pub fn text(what: &str, text: &str, limit: usize) -> Result<()> {
    // Characters are at most as many as bytes.
    let found = if text.len() <= limit { 0 } else { text.chars().count() };
    if found > limit {
        return Err(TrackError::TooLong { what: what.into(), limit, found });
    }
    Ok(())
}
