//! The column to predict, as numbers to learn from.

use hedgerow_data::{Column, Table, Values, distinct_numbers, sort_indices};
use hedgerow_model::{Field, Kind, Task};
use serde::{Deserialize, Serialize};

use crate::forest::Target;
use crate::{CHUNK, LearnError, Learner, TrainOptions};

/// The most classes a target may have.
pub const MAX_CLASSES: usize = 1_000;

/// The most distinct whole numbers that are taken for classes when the task is not given.
const MAX_NUMBERS_AS_CLASSES: usize = 10;

/// The largest number that is learned where all rows together weigh 1: sums of squares of such can
/// still be held, with something to spare.
const LARGEST: f64 = 1e150;

/// What kind of prediction is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum TaskChoice {
    /// Anomaly for the learner that finds such; else classification for categories, booleans, text
    /// and at most 10 distinct whole numbers, and regression for other numbers.
    #[default]
    Auto,
    Classification,
    Regression,
    /// What is unlike all else; needs no target.
    Anomaly,
}

/// A target read off a column.
#[derive(Debug)]
pub struct ReadTarget {
    pub field: Field,
    pub task: Task,
    pub target: Target,
}

/// Reads the target that is to be learned, or the labels of what is learned without one.
///
/// # Errors
/// [`LearnError::NoTarget`], [`LearnError::WrongTask`]; as [`read_target`].
pub(crate) fn read(table: &Table, options: &TrainOptions) -> Result<ReadTarget, LearnError> {
    let TrainOptions { learner, task, .. } = options;
    let column = options.target.as_deref().map(|name| table.column(name)).transpose()?;
    match (column, learner.finds_anomalies(), task) {
        (column, true, TaskChoice::Auto | TaskChoice::Anomaly) => read_labels(table, column),
        (None, _, _) => Err(LearnError::NoTarget { user: learner.kind().to_owned() }),
        (Some(column), _, _) => {
            let target = read_target(column, *task)?;
            check_task(learner, &target)?;
            Ok(target)
        }
    }
}

/// Whether the squares of numbers, times the weights of all rows, can be summed up.
///
/// # Errors
/// [`LearnError::TargetTooLarge`].
pub(crate) fn check_size(
    table: &Table,
    target: &ReadTarget,
    weights: Option<&[f64]>,
) -> Result<(), LearnError> {
    let Target::Values(values) = &target.target else { return Ok(()) };
    let total = weights.map_or(values.len() as f64, |weights| weights.iter().sum());
    let limit = LARGEST / total.max(1.0).sqrt();
    let Some(row) = first_beyond(values, limit) else { return Ok(()) };
    let column = target.field.name.clone();
    let value = table.column(&column)?.text(row).unwrap_or_default();
    Err(LearnError::TargetTooLarge { column, row: row as u64 + 1, value })
}

#[inline(never)]
fn first_beyond(values: &[f64], limit: f64) -> Option<usize> {
    values.iter().position(|value| value.abs() > limit)
}

/// # Errors
/// [`LearnError::WrongTask`].
pub(crate) fn check_task(learner: &Learner, target: &ReadTarget) -> Result<(), LearnError> {
    let (task, name) = match target.task {
        Task::Classification { .. } => (TaskChoice::Classification, "class"),
        Task::Regression => (TaskChoice::Regression, "number"),
    };
    if learner.tasks().contains(&task) {
        return Ok(());
    }
    let can = match name {
        _ if learner.finds_anomalies() => "anomalies, which need no target",
        "class" => "numbers",
        _ => "classes",
    };
    let column = target.field.name.clone();
    Err(LearnError::WrongTask { learner: learner.kind().to_owned(), can, column, task: name })
}

/// The classes that an isolation forest tells apart: the rarer of two is the anomaly. Without a
/// column all rows pass for normal, and the target gets a name that no column has.
fn read_labels(table: &Table, column: Option<&Column>) -> Result<ReadTarget, LearnError> {
    let Some(column) = column else {
        let rows = table.rows();
        if rows < 2 {
            return Err(LearnError::TooFewRows { rows, needed: 2 });
        }
        let mut name = "anomaly".to_owned();
        while table.column(&name).is_ok() {
            name.push('_');
        }
        let classes = vec!["normal".to_owned(), "anomaly".to_owned()];
        let field = Field { categories: classes.clone(), ..Field::new(name, Kind::Category) };
        let target = Target::Classes { codes: vec![0; rows], n: 2 };
        return Ok(ReadTarget { field, task: Task::Classification { classes }, target });
    };
    let mut read = read_target(column, TaskChoice::Classification)?;
    let (Task::Classification { classes }, Target::Classes { codes, .. }) =
        (&mut read.task, &mut read.target)
    else {
        return Err(wrong_kind(column, TaskChoice::Classification));
    };
    if classes.len() > 2 {
        let (column, classes) = (column.name.clone(), classes.len());
        return Err(LearnError::TargetTooManyClasses { column, classes, limit: 2 });
    }
    let second = codes.iter().filter(|&&code| code == 1).count();
    if second > codes.len() - second {
        classes.reverse();
        read.field.categories.clone_from(classes);
        codes.iter_mut().for_each(|code| *code = 1 - *code);
    }
    Ok(read)
}

/// Reads the target.
///
/// # Errors
/// [`LearnError::TargetMissing`], [`LearnError::TargetOneClass`],
/// [`LearnError::TargetTooManyClasses`], [`LearnError::TargetKind`], [`LearnError::TooFewRows`];
/// [`LearnError::BadParameter`] for the task of finding anomalies, which no target is learned for.
pub fn read_target(column: &Column, choice: TaskChoice) -> Result<ReadTarget, LearnError> {
    if choice == TaskChoice::Anomaly {
        return Err(LearnError::BadParameter {
            name: "task",
            value: "anomaly".to_owned(),
            expected: "classification or regression where a target is learned".into(),
        });
    }
    if column.len() < 2 {
        return Err(LearnError::TooFewRows { rows: column.len(), needed: 2 });
    }
    if let Some(row) = first_missing(column) {
        let row = row as u64 + 1;
        return Err(LearnError::TargetMissing { column: column.name.clone(), row });
    }
    match &column.values {
        Values::Numbers(_) if column.kind == Kind::Date => Err(wrong_kind(column, choice)),
        Values::Numbers(values) => match choice {
            TaskChoice::Regression => read_regression(column, values),
            TaskChoice::Classification | TaskChoice::Anomaly => read_number_classes(column, values),
            TaskChoice::Auto if column.kind == Kind::Boolean || look_like_classes(values) => {
                read_number_classes(column, values)
            }
            TaskChoice::Auto => read_regression(column, values),
        },
        Values::Strings { .. } if choice == TaskChoice::Regression => {
            Err(wrong_kind(column, choice))
        }
        Values::Strings { codes, dictionary } => {
            let mut used = used_codes(codes, dictionary.len());
            sort_indices(&mut used, &|a, b| dictionary.get(a).cmp(&dictionary.get(b)));
            let mut class_of = vec![0; dictionary.len()];
            for (class, &code) in used.iter().enumerate() {
                class_of[code as usize] = class as u32;
            }
            let labels = used.into_iter().filter_map(|code| dictionary.get(code));
            let classes = labels.map(str::to_owned).collect();
            let codes = codes.iter().map(|&code| class_of[code as usize]).collect();
            classification(column, classes, codes)
        }
    }
}

#[inline(never)]
fn first_missing(column: &Column) -> Option<usize> {
    match &column.values {
        Values::Numbers(values) => values.iter().position(|value| value.is_nan()),
        Values::Strings { .. } => (0..column.len()).find(|&row| column.is_missing(row)),
    }
}

fn wrong_kind(column: &Column, choice: TaskChoice) -> LearnError {
    let task = if choice == TaskChoice::Regression { "number" } else { "class or a number" };
    LearnError::TargetKind { column: column.name.clone(), kind: column.kind.name(), task }
}

/// The codes that occur, ascending.
fn used_codes(codes: &[u32], n: usize) -> Vec<u32> {
    let mut used = vec![false; n];
    codes.iter().for_each(|&code| used[code as usize] = true);
    (0..n as u32).filter(|&code| used[code as usize]).collect()
}

fn look_like_classes(values: &[f64]) -> bool {
    let mut seen: Vec<f64> = Vec::new();
    values.chunks(CHUNK).all(|values| are_classes(values, &mut seen))
}

#[inline(never)]
fn are_classes(values: &[f64], seen: &mut Vec<f64>) -> bool {
    values.iter().all(|&value| {
        if !seen.contains(&value) {
            seen.push(value);
        }
        value.fract() == 0.0 && seen.len() <= MAX_NUMBERS_AS_CLASSES
    })
}

fn read_number_classes(column: &Column, values: &[f64]) -> Result<ReadTarget, LearnError> {
    let known = distinct_numbers(values);
    let mut codes = Vec::with_capacity(values.len());
    values.chunks(CHUNK).for_each(|values| add_places(values, &known, &mut codes));
    let label = |value: &f64| match column.kind {
        Kind::Boolean if *value == 1.0 => "true".to_owned(),
        Kind::Boolean => "false".to_owned(),
        _ => value.to_string(),
    };
    classification(column, known.iter().map(label).collect(), codes)
}

/// Adds how many of `known`, which ascend, are less than each value.
#[inline(never)]
fn add_places(values: &[f64], known: &[f64], codes: &mut Vec<u32>) {
    codes.extend(values.iter().map(|value| known.partition_point(|other| other < value) as u32));
}

fn classification(
    column: &Column,
    classes: Vec<String>,
    codes: Vec<u32>,
) -> Result<ReadTarget, LearnError> {
    let name = column.name.clone();
    if classes.len() > MAX_CLASSES {
        let classes = classes.len();
        return Err(LearnError::TargetTooManyClasses { column: name, classes, limit: MAX_CLASSES });
    }
    if let [only] = classes.as_slice() {
        return Err(LearnError::TargetOneClass { column: name, value: only.clone() });
    }
    let field = Field { categories: classes.clone(), ..Field::new(name, column.kind) };
    let target = Target::Classes { codes, n: classes.len() };
    Ok(ReadTarget { field, task: Task::Classification { classes }, target })
}

#[inline(never)]
fn range(values: &[f64]) -> (f64, f64) {
    let wider = |(low, high): (f64, f64), &x: &f64| (low.min(x), high.max(x));
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), wider)
}

fn read_regression(column: &Column, values: &[f64]) -> Result<ReadTarget, LearnError> {
    let (min, max) = range(values);
    let name = column.name.clone();
    if min == max {
        return Err(LearnError::TargetOneClass { column: name, value: min.to_string() });
    }
    let field =
        Field { min: Some(min), max: Some(max), ..Field::new(column.name.clone(), column.kind) };
    Ok(ReadTarget { field, task: Task::Regression, target: Target::Values(values.to_vec()) })
}
