//! A filter as it was read.

/// What a run must fulfil.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Test(Field, Check),
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    Metric(String),
    Param(String),
    Tag(String),
    Attribute(Attribute),
    /// Of a data set that went into the run.
    Dataset(DatasetField),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    Id,
    Name,
    Status,
    Experiment,
    Parent,
    Note,
    Started,
    Ended,
    /// Milliseconds; of what runs, none.
    Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatasetField {
    Name,
    Digest,
    Context,
}

/// How it is looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    Compare(Comparison, Constant),
    In(Vec<Constant>),
    Null,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Above,
    AtLeast,
    Below,
    AtMost,
    /// `%` is any text, `_` any character.
    Like,
    /// The same without regard to case.
    ILike,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    Number(f64),
    Text(String),
}

impl Filter {
    /// Whether only what stands in a run's own row is looked at.
    pub fn is_of_row(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::is_of_row),
            Self::Not(part) => part.is_of_row(),
            Self::Test(field, _) => matches!(field, Field::Attribute(_)),
        }
    }
}

impl Field {
    /// Whether it is compared with numbers only.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Metric(_)
                | Self::Attribute(Attribute::Started | Attribute::Ended | Attribute::Duration)
        )
    }
}
