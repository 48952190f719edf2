//! What raw rows look like.

use serde::{Deserialize, Serialize};

/// The type of a raw column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `f64`; missing is NaN.
    Number,
    /// 0 or 1 as `f64`; missing is NaN.
    Boolean,
    /// One of a limited set of strings.
    Category,
    /// Milliseconds since 1970-01-01T00:00:00Z as `f64`; missing is NaN.
    Date,
    /// Free text: kept and shown, never learned from.
    Text,
}

impl Kind {
    /// Whether a column of this kind is held as `f64`.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Boolean | Self::Date)
    }

    /// The lower-case name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Category => "category",
            Self::Date => "date",
            Self::Text => "text",
        }
    }
}

/// A raw column by name and kind, with what is needed to offer a form for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// The values seen in training, sorted; for categories only, at most 1,000 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// The smallest value seen in training, for numeric kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The largest value seen in training, for numeric kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// A typical value seen in training: the median, or the index of the most frequent category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typical: Option<f64>,
}

impl Field {
    /// A field of which nothing but name and kind is known.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            categories: Vec::new(),
            min: None,
            max: None,
            typical: None,
        }
    }
}

/// What is predicted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Task {
    /// A number.
    Regression,
    /// One of `classes`: sorted by number where the target is numeric, else by code point; of an
    /// isolation forest the usual one, then the anomaly.
    Classification { classes: Vec<String> },
}

impl Task {
    /// Outputs of an estimator: one a class, or one value.
    pub fn n_outputs(&self) -> usize {
        match self {
            Self::Regression => 1,
            Self::Classification { classes } => classes.len(),
        }
    }

    /// The class labels; none for regression.
    pub fn classes(&self) -> &[String] {
        match self {
            Self::Regression => &[],
            Self::Classification { classes } => classes,
        }
    }
}

/// The raw columns a model reads, in order, and what it predicts from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Schema {
    pub features: Vec<Field>,
    pub target: Field,
    pub task: Task,
}
