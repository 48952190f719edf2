//! Errors with a stable code, and the trait that carries them across a boundary.

use hedgerow_score::Unsound;
use serde::Serialize;

/// Where an error was found, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Details {
    /// 1-based data row; the header is not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// 1-based line of the text the row came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Name of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The offending value, shortened to 80 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Details {
    /// Details that name a column and nothing else.
    pub fn column(name: impl Into<String>) -> Self {
        Self { column: Some(name.into()), ..Self::default() }
    }
}

/// An error that keeps its meaning on the far side of a language boundary.
pub trait Coded: std::error::Error {
    /// Stable, machine-readable, `snake_case`.
    fn code(&self) -> &'static str;
    /// Where it was found.
    fn details(&self) -> Details {
        Details::default()
    }
}

/// What can be wrong with a model file or with the rows given to a model.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    #[error("this is not a Hedgerow model file: {reason}. Choose a file that `save` wrote.")]
    NotAModel { reason: String },
    #[error("the model file is damaged: {reason}. Fetch it again from where it was saved.")]
    Damaged { reason: String },
    #[error(
        "the model file has format version {found}, this library reads up to {supported}. Update hedgerow to open it."
    )]
    LaterVersion { found: u64, supported: u64 },
    #[error(
        "the model needs the column {column:?}, which the data does not have. Add it, or fill it with missing values."
    )]
    MissingColumn { column: String },
    #[error(
        "column {column:?} is {expected} in the model but {found} in the data. Convert it, or set its type when reading."
    )]
    WrongKind { column: String, expected: String, found: String },
    #[error(
        "column {column:?} is infinite in row {row}, which this model cannot calculate with. Correct it, or make it a missing value."
    )]
    NotFinite { column: String, row: u64 },
    #[error("columns differ in length: {column:?} has {found} rows where {expected} are expected.")]
    WrongLength { column: String, expected: usize, found: usize },
    #[error("there is no tree {index}: the model has {trees} trees, counted from 0.")]
    NoTree { index: usize, trees: usize },
}

impl From<Unsound> for ModelError {
    fn from(unsound: Unsound) -> Self {
        Self::Damaged { reason: unsound.reason().to_owned() }
    }
}

impl Coded for ModelError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAModel { .. } => "model_not_a_model",
            Self::Damaged { .. } => "model_damaged",
            Self::LaterVersion { .. } => "model_later_version",
            Self::MissingColumn { .. } => "missing_column",
            Self::WrongKind { .. } => "wrong_kind",
            Self::NotFinite { .. } => "not_finite",
            Self::WrongLength { .. } => "wrong_length",
            Self::NoTree { .. } => "no_tree",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::NotFinite { column, row } => {
                Details { row: Some(*row), ..Details::column(column.clone()) }
            }
            Self::MissingColumn { column }
            | Self::WrongKind { column, .. }
            | Self::WrongLength { column, .. } => Details::column(column.clone()),
            _ => Details::default(),
        }
    }
}
