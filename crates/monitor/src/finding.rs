//! What is odd about new rows, apart from how their values are spread.

use serde::Serialize;

/// Something that is not as it was in training. None keeps the rest from being looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub code: FindingCode,
    pub column: String,
    /// What is the matter, in a sentence.
    pub message: String,
}

/// What may be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// The model reads a column that is not there.
    MissingColumn,
    /// The model reads a column that is not there, but one with a similar name is.
    RenamedColumn,
    /// A column that the model does not know.
    ExtraColumn,
    /// A column whose values are of another type, and do not convert.
    WrongKind,
    /// A column without any value.
    EmptyColumn,
    /// A column with one value only, which had more in training.
    ConstantColumn,
    /// Words that no training row had.
    NewValues,
    /// Numbers below the smallest or above the largest training value.
    OutOfRange,
    /// Values that are infinite.
    InfiniteValues,
    /// The model cannot predict the rows.
    NoPrediction,
    /// New rows that are rows of training.
    CopiedRows,
    /// A file or a window of time without rows.
    EmptyWindow,
    /// A profile of another model, which adds nothing.
    ForeignProfile,
}

impl Finding {
    pub(crate) fn new(code: FindingCode, column: &str, message: String) -> Self {
        Self { code, column: column.to_owned(), message }
    }
}
