//! What is wrong with bytes or profiles from elsewhere.

use core::fmt;

/// Why a layout or profile cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The bytes are not what they should be; a clause for a sentence.
    Damaged(&'static str),
    /// The profile was made by another layout, so of another model.
    OtherLayout,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(reason) => write!(f, "these bytes are no profile: {reason}"),
            Self::OtherLayout => f.write_str("the profile is of another model"),
        }
    }
}

impl core::error::Error for Fault {}
