//! What can go wrong while learning.

use std::borrow::Cow;

use hedgerow_data::DataError;
use hedgerow_evaluate::EvaluateError;
use hedgerow_model::{Coded, Details};

/// What can go wrong while learning.
#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    /// A column does not exist, or cannot be read as asked.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A model cannot be measured on the rows kept out.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    #[error(
        "the parameter {name} is {value}, but must be {expected}. Change it, or leave it out for the default."
    )]
    BadParameter { name: &'static str, value: String, expected: Cow<'static, str> },
    #[error(
        "the learner cannot be read: {reason}. Check its kind and the names of its parameters."
    )]
    BadLearner { reason: String },
    #[error(
        "no target is named, but {user} needs one. Name the column to predict; of all learners only isolation-forest is trained without."
    )]
    NoTarget { user: String },
    #[error(
        "the target {column:?} has no value in row {row}. Drop the rows without one before training."
    )]
    TargetMissing { column: String, row: u64 },
    #[error(
        "the target {column:?} has the same value {value:?} in every row, so there is nothing to learn. Choose another target or add rows."
    )]
    TargetOneClass { column: String, value: String },
    #[error(
        "the target {column:?} has {classes} classes, more than the {limit} that can be told apart. Choose another target, or train it as a regression if it is a number."
    )]
    TargetTooManyClasses { column: String, classes: usize, limit: usize },
    #[error(
        "the target {column:?} is {value} in row {row}, too large for squares to be summed up. Bring it to a smaller scale."
    )]
    TargetTooLarge { column: String, row: u64, value: String },
    #[error(
        "the target {column:?} is {kind}, which cannot be predicted as a {task}. Choose another target, or change its type."
    )]
    TargetKind { column: String, kind: &'static str, task: &'static str },
    #[error("there are {rows} rows, but training needs at least {needed}. Add rows.")]
    TooFewRows { rows: usize, needed: usize },
    #[error(
        "no column is left to learn from: only numbers, booleans, categories and dates can be features. Choose other features or change their types."
    )]
    NoFeatures,
    #[error(
        "the column {column:?} is the {role} and cannot be a feature too. Leave it out of the features."
    )]
    NotAFeature { column: String, role: &'static str },
    #[error(
        "there are {features} features, more than the {limit} that this learner can hold. Drop columns that carry nothing."
    )]
    TooManyFeatures { features: usize, limit: usize },
    #[error(
        "the weight in column {column:?}, row {row}, is {value}; a weight is a finite number of at least 0. Correct it or drop the row."
    )]
    BadWeight { column: String, row: u64, value: String },
    #[error(
        "the class weights name {label:?}, which is not a class of the target. The classes are {classes}."
    )]
    UnknownClass { label: String, classes: String },
    #[error(
        "{learner} predicts {can}, but the target {column:?} is a {task}. Choose another learner or target."
    )]
    WrongTask { learner: String, can: &'static str, column: String, task: &'static str },
    #[error(
        "column {column:?} has no value in row {row}, and {learner} cannot learn from missing values. Leave the preparation's choice to the learner, or have them filled."
    )]
    MissingValue { column: String, row: u64, learner: String },
    #[error(
        "column {column:?} is {value} in row {row}, which {learner} cannot learn from. Correct it, or make it a missing value."
    )]
    NotFinite { column: String, row: u64, value: String, learner: String },
    #[error(
        "the numbers of {learner} went beyond what can be held. Bring the target or the features to a smaller scale."
    )]
    Overflow { learner: &'static str },
    #[error(
        "the class {label:?} of {column:?} has {rows} rows, fewer than the {folds} folds, so some fold would have none. Use at most {rows} folds, another split, or more rows."
    )]
    ClassTooSmall { column: String, label: String, rows: usize, folds: usize },
    #[error(
        "there is no metric {name:?}{}. There are: {known}.",
        nearest.as_ref().map(|name| format!(" (the nearest is {name})")).unwrap_or_default()
    )]
    UnknownMetric { name: String, nearest: Option<String>, known: String },
    #[error("the metric {name:?} is not one for predicting a {task}. Choose one of: {known}.")]
    WrongMetric { name: String, task: &'static str, known: String },
    #[error(
        "there is nothing to search: no parameter of {learner} that has its default value declares what tuning tries. Name parameters and what to draw them from."
    )]
    EmptySpace { learner: String },
    #[error("the search space of {name:?} cannot be used: {reason}. Correct it.")]
    BadSpace { name: String, reason: String },
    #[error(
        "the target {column:?} {reason}. Leave the calibration and threshold out, or choose another target."
    )]
    NotAdjustable { column: String, reason: &'static str },
    #[error("nothing worked, so there is nothing to report. The first error was: {reason}")]
    NothingWorked { reason: String },
    #[error(
        "there are {found} {what}, but {learner} takes at most {limit}, as it is slow. Choose another learner, or fewer {what}."
    )]
    TooLarge { learner: &'static str, what: &'static str, found: usize, limit: usize },
    #[error("the training job cannot be read: {reason}. Start the training again.")]
    BadJob { reason: String },
    #[error(
        "the fit ran away in epoch {epoch}: its loss is no number any more. Lower the learning rate, or have the numbers standardised."
    )]
    Diverged { epoch: usize },
    /// From linfa's own traits.
    #[error("the data set is not sound: {0}. Check its shape.")]
    Linfa(#[from] linfa::error::Error),
}

impl Coded for LearnError {
    fn code(&self) -> &'static str {
        match self {
            Self::Data(error) => error.code(),
            Self::Evaluate(error) => error.code(),
            Self::BadParameter { .. } => "bad_parameter",
            Self::BadLearner { .. } => "bad_learner",
            Self::NoTarget { .. } => "no_target",
            Self::TargetMissing { .. } => "target_missing",
            Self::TargetOneClass { .. } => "target_one_class",
            Self::TargetTooManyClasses { .. } => "target_too_many_classes",
            Self::TargetTooLarge { .. } => "target_too_large",
            Self::TargetKind { .. } => "target_kind",
            Self::TooFewRows { .. } => "too_few_rows",
            Self::NoFeatures => "no_features",
            Self::NotAFeature { .. } => "not_a_feature",
            Self::TooManyFeatures { .. } => "too_many_features",
            Self::BadWeight { .. } => "bad_weight",
            Self::UnknownClass { .. } => "unknown_class",
            Self::WrongTask { .. } => "wrong_task",
            Self::MissingValue { .. } => "missing_value",
            Self::NotFinite { .. } => "not_finite",
            Self::Overflow { .. } => "overflow",
            Self::ClassTooSmall { .. } => "class_too_small",
            Self::UnknownMetric { .. } => "unknown_metric",
            Self::WrongMetric { .. } => "wrong_metric",
            Self::EmptySpace { .. } => "empty_space",
            Self::BadSpace { .. } => "bad_space",
            Self::NotAdjustable { .. } => "not_adjustable",
            Self::NothingWorked { .. } => "nothing_worked",
            Self::TooLarge { .. } => "too_large",
            Self::BadJob { .. } => "bad_job",
            Self::Diverged { .. } => "diverged",
            Self::Linfa(_) => "bad_dataset",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Data(error) => error.details(),
            Self::Evaluate(error) => error.details(),
            Self::TargetMissing { column, row } => {
                Details { row: Some(*row), ..Details::column(column.clone()) }
            }
            Self::MissingValue { column, row, .. } => {
                Details { row: Some(*row), ..Details::column(column.clone()) }
            }
            Self::NotFinite { column, row, value, .. } => Details {
                row: Some(*row),
                value: Some(value.clone()),
                ..Details::column(column.clone())
            },
            Self::BadWeight { column, row, value }
            | Self::TargetTooLarge { column, row, value } => Details {
                row: Some(*row),
                value: Some(value.clone()),
                ..Details::column(column.clone())
            },
            Self::TargetOneClass { column, value } => {
                Details { value: Some(value.clone()), ..Details::column(column.clone()) }
            }
            Self::TargetTooManyClasses { column, .. }
            | Self::TargetKind { column, .. }
            | Self::WrongTask { column, .. }
            | Self::NotAdjustable { column, .. }
            | Self::NotAFeature { column, .. } => Details::column(column.clone()),
            Self::ClassTooSmall { column, label, .. } => {
                Details { value: Some(label.clone()), ..Details::column(column.clone()) }
            }
            Self::UnknownMetric { name: value, .. }
            | Self::WrongMetric { name: value, .. }
            | Self::BadSpace { name: value, .. }
            | Self::BadParameter { value, .. }
            | Self::UnknownClass { label: value, .. } => {
                Details { value: Some(value.clone()), ..Details::default() }
            }
            _ => Details::default(),
        }
    }
}
