//! What can go wrong, by the numbers that the exports return.

use std::fmt;

use hedgerow_monitor::MonitorError;

/// Why nothing was counted, added or said. The numbers are part of the ABI: they never change meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No baseline is embedded.
    NoBaseline,
    /// What is embedded is not one, or not whole.
    Damaged,
    /// There is no memory for so much.
    TooLarge,
    /// No input was asked for, or it is not as long as was said.
    NoInput,
    /// Bytes that are no profile.
    NoProfile,
    /// A profile of another model.
    OtherModel,
    /// Rules that cannot be used; why, in a sentence.
    BadRules(String),
    /// There are no rows to report on.
    NoRows,
}

impl Fault {
    /// The status; 0 is none of these.
    pub fn status(&self) -> u32 {
        match self {
            Self::NoBaseline => 1,
            Self::Damaged => 2,
            Self::TooLarge => 3,
            Self::NoInput => 4,
            Self::NoProfile => 5,
            Self::OtherModel => 6,
            Self::BadRules(_) => 7,
            Self::NoRows => 8,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoBaseline => "There is no training profile: export the model again.",
            Self::Damaged => "The training profile is damaged: export the model again.",
            Self::TooLarge => "These are too many: record fewer rows at a time.",
            Self::NoInput => "There are no rows: ask for an input first.",
            Self::NoProfile => "These bytes are no profile: take one that a worker made.",
            Self::OtherModel => "The profile is of another model: take one that this model made.",
            Self::BadRules(reason) => reason,
            Self::NoRows => "There are no rows to look at: wait for some.",
        })
    }
}

impl std::error::Error for Fault {}

impl From<hedgerow_profile::Fault> for Fault {
    fn from(fault: hedgerow_profile::Fault) -> Self {
        match fault {
            hedgerow_profile::Fault::OtherLayout => Self::OtherModel,
            hedgerow_profile::Fault::Damaged(_) => Self::NoProfile,
        }
    }
}

impl From<MonitorError> for Fault {
    fn from(error: MonitorError) -> Self {
        match error {
            MonitorError::BadRules { reason } => Self::BadRules(reason),
            MonitorError::Profile(fault) => fault.into(),
            MonitorError::NoRows => Self::NoRows,
            _ => Self::Damaged,
        }
    }
}
