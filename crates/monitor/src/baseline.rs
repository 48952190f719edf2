//! Tables as profiles: the training rows in few kilobytes, and new rows counted the same way.

use std::borrow::Cow;

use hedgerow_data::{Column as Data, DataError, Table, Values as DataValues, sort_numbers};
use hedgerow_evaluate::{Truths, column_for, columns_for, truths};
use hedgerow_model::{Field, Kind, Model, Prediction, Task};
use hedgerow_profile::{
    Bins, Column, Layout, Outcome, Profile, Role, Shape, Truth, Values, Vocabulary, sureness,
};

use crate::performance::FEW;
use crate::{Baseline, Finding, FindingCode, MonitorError};

/// Numbers that bins are made from at most: an even sample of more.
const SAMPLE: usize = 50_000;

/// New rows, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub profile: Profile,
    pub findings: Vec<Finding>,
}

impl Seen {
    /// Whether there were no rows.
    pub fn is_empty(&self) -> bool {
        self.profile.rows() == 0
    }
}

/// What it is called, what it is to the model, and its values, where it is there.
type FoundColumn<'t> = (String, Role, Option<Cow<'t, Data>>);

impl Baseline {
    /// Looks at the rows a model was trained on; and at rows that were kept out of training, if there are any, for
    /// what it answers and how good that is: of the training rows it is more sure than of any others, and right more
    /// often, so new rows would always seem to have drifted. Where fewer than 30 were kept out, answers are those to
    /// the training rows.
    ///
    /// # Errors
    /// [`MonitorError::NoRows`]; [`MonitorError::Evaluate`] where the rows do not fit the model.
    pub fn of(
        model: &Model,
        training: &Table,
        held_out: Option<&Table>,
    ) -> Result<Self, MonitorError> {
        if training.rows() == 0 {
            return Err(MonitorError::NoRows);
        }
        columns_for(model, training)?;
        let held_out = held_out.filter(|table| table.rows() > 0);
        let predict = |table: &Table| {
            Ok::<_, MonitorError>(model.predict(&columns_for(model, table)?.raw())?)
        };
        let kept_out = held_out.map(predict).transpose()?;
        let answers = match &kept_out {
            Some(prediction) if prediction.rows() as u64 >= FEW => Cow::Borrowed(prediction),
            _ => Cow::Owned(predict(training)?),
        };
        let columns = read(model, training, Some(&answers), &mut Vec::new());
        let shape = |(name, role, column): &FoundColumn| {
            // A class that no training row was answered with is no new word.
            let least = u64::from(*role != Role::Prediction);
            let none = || Shape::Words(Vocabulary::of(&[]));
            let shape = column.as_deref().map_or_else(none, |column| shape_of(column, least));
            Column { name: name.clone(), role: *role, shape }
        };
        let layout = Layout::new(columns.iter().map(shape).collect(), truth(model, &columns));
        let found = columns.into_iter().map(|(.., column)| column).collect();
        let mut profile = count(&layout, found, training.rows());
        if let (Some(held_out), Some(prediction)) = (held_out, &kept_out) {
            judge(&mut profile, &layout, model, prediction, held_out);
        }
        Ok(Self { layout, profile })
    }

    /// Counts rows, whatever is wrong with them: what cannot be read counts as missing, and is told.
    ///
    /// # Errors
    /// [`MonitorError::NoRows`].
    pub fn profile(&self, model: &Model, table: &Table) -> Result<Seen, MonitorError> {
        if table.rows() == 0 {
            return Err(MonitorError::NoRows);
        }
        let (mut findings, mut unpredicted) = (Vec::new(), Vec::new());
        let prediction = predict(model, table, &mut unpredicted);
        let found = read(model, table, prediction.as_ref(), &mut findings);
        findings.append(&mut unpredicted);
        name_extra(model, table, &mut findings);
        let columns = self.layout.columns().iter();
        let by_name = |column: &Column| {
            let same = |one: &&FoundColumn| one.0 == column.name && one.1 == column.role;
            found.iter().find(same).and_then(|(.., column)| column.clone())
        };
        let mut profile = count(&self.layout, columns.map(by_name).collect(), table.rows());
        if let Some(prediction) = &prediction {
            judge(&mut profile, &self.layout, model, prediction, table);
        }
        Ok(Seen { profile, findings })
    }

    /// The baseline that a model file has.
    ///
    /// # Errors
    /// [`MonitorError::NoProfile`], [`MonitorError::TrainingProfile`].
    pub fn of_model(model: &Model) -> Result<Self, MonitorError> {
        let bytes = model.training_profile.as_deref().ok_or(MonitorError::NoProfile)?;
        Self::from_bytes(bytes)
    }
}

/// The columns that are counted: features, predictions, and the target where it is there.
fn read<'t>(
    model: &Model,
    table: &'t Table,
    prediction: Option<&Prediction>,
    findings: &mut Vec<Finding>,
) -> Vec<FoundColumn<'t>> {
    let mut columns: Vec<FoundColumn> = model
        .schema
        .features
        .iter()
        .filter(|field| field.kind != Kind::Text)
        .map(|field| (field.name.clone(), Role::Feature, feature(field, table, findings)))
        .collect();
    columns.extend(answered(model, prediction));
    let target = &model.schema.target;
    let column = table.column(&target.name).ok().and_then(|column| column_for(target, column).ok());
    columns.push((target.name.clone(), Role::Target, column));
    columns
}

/// A column as a model reads it, and what is odd about it; `None` where it is not there or of another kind.
pub fn feature<'t>(
    field: &Field,
    table: &'t Table,
    findings: &mut Vec<Finding>,
) -> Option<Cow<'t, Data>> {
    let name = &field.name;
    let column = match table.column(name) {
        Ok(column) => column,
        Err(error) => {
            findings.push(absent(name, &error));
            return None;
        }
    };
    if column.n_missing() == column.len() {
        let message = format!("The column {name:?} has no value in any row.");
        findings.push(Finding::new(FindingCode::EmptyColumn, name, message));
    }
    column_for(field, column)
        .map_err(|error| {
            let wanted = field.kind.name();
            let message = format!("The column {name:?} should be {wanted}, but is not: {error}");
            findings.push(Finding::new(FindingCode::WrongKind, name, message));
        })
        .ok()
}

fn absent(name: &str, error: &DataError) -> Finding {
    match error {
        DataError::UnknownColumn { nearest: Some(nearest), .. } => {
            let message = format!("The column {name:?} is not there; {nearest:?} might be it.");
            Finding::new(FindingCode::RenamedColumn, name, message)
        }
        _ => {
            let message = format!("The column {name:?} is not there.");
            Finding::new(FindingCode::MissingColumn, name, message)
        }
    }
}

fn name_extra(model: &Model, table: &Table, findings: &mut Vec<Finding>) {
    let target = &model.schema.target.name;
    for name in table.names() {
        let known = model.schema.features.iter().any(|field| field.name == name);
        if !known && name != target {
            let message = format!("The model does not know the column {name:?}.");
            findings.push(Finding::new(FindingCode::ExtraColumn, name, message));
        }
    }
}

/// What the model says of the rows, where it can.
fn predict(model: &Model, table: &Table, findings: &mut Vec<Finding>) -> Option<Prediction> {
    columns_for(model, table)
        .and_then(|columns| Ok(model.predict(&columns.raw())?))
        .map_err(|error| {
            let message = format!("The rows cannot be predicted: {error}");
            let name = &model.schema.target.name;
            findings.push(Finding::new(FindingCode::NoPrediction, name, message));
        })
        .ok()
}

/// What was predicted, as columns.
fn answered(model: &Model, prediction: Option<&Prediction>) -> Vec<FoundColumn<'static>> {
    let name = &model.schema.target.name;
    let classes = model.schema.task.classes();
    let answers = prediction.map(|prediction| Cow::Owned(answers(name, classes, prediction)));
    let mut columns = vec![(name.clone(), Role::Prediction, answers)];
    if classes.len() > 1 {
        let sure = |prediction: &Prediction| {
            let sure = (0..prediction.rows()).map(|row| sureness(prediction.row(row)));
            Cow::Owned(Data::numbers(name, sure.collect()))
        };
        columns.push((name.clone(), Role::Probability, prediction.map(sure)));
    }
    columns
}

/// What can be true of a row: errors of numbers are counted in steps of the target's moments.
fn truth(model: &Model, columns: &[FoundColumn]) -> Option<Truth> {
    if let Task::Classification { classes } = &model.schema.task {
        return Truth::classes(classes.clone());
    }
    let target = columns.iter().find(|(_, role, _)| *role == Role::Target)?.2.as_deref()?;
    match shape_of(target, 1) {
        Shape::Numbers(Bins { middle, step, .. }) => Some(Truth::Numbers { middle, step }),
        Shape::Words(_) => None,
    }
}

/// Counts what turned out to be true of rows, where they say it.
fn judge(
    profile: &mut Profile,
    layout: &Layout,
    model: &Model,
    prediction: &Prediction,
    table: &Table,
) {
    match truths(model, table) {
        Ok(Truths::Classes(truths)) => {
            let predicted = prediction.classes();
            for (row, truth) in truths.iter().enumerate() {
                let Some(truth) = truth.map(|class| class as usize) else { continue };
                let (predicted, probabilities) = (predicted[row] as usize, prediction.row(row));
                let outcome = Outcome::Class { truth, predicted, probabilities };
                profile.record_outcome(layout, outcome);
            }
        }
        Ok(Truths::Values(truths)) => {
            for (&truth, &predicted) in truths.iter().zip(&prediction.values) {
                profile.record_outcome(layout, Outcome::Number { truth, predicted });
            }
        }
        // Rows often come without their target.
        Err(_) => {}
    }
}

fn answers(name: &str, classes: &[String], prediction: &Prediction) -> Data {
    if classes.is_empty() {
        return Data::numbers(name, prediction.values.clone());
    }
    Data::categories(name, prediction.classes(), classes.iter().collect())
}

/// How a column is counted; words are known that have so many rows at least.
fn shape_of(column: &Data, least: u64) -> Shape {
    match &column.values {
        DataValues::Numbers(values) => {
            let every = values.len().div_ceil(SAMPLE).max(1);
            let finite = values.iter().step_by(every).copied().filter(|value| value.is_finite());
            let mut sample: Vec<f64> = finite.map(|value| value + 0.0).collect();
            sort_numbers(&mut sample);
            Shape::Numbers(Bins::of(&sample))
        }
        DataValues::Strings { codes, dictionary } => {
            let mut rows = vec![0u64; dictionary.len()];
            for &code in codes {
                if let Some(rows) = rows.get_mut(code as usize) {
                    *rows += 1;
                }
            }
            let known = dictionary.iter().zip(rows).filter(|(_, rows)| *rows >= least);
            Shape::Words(Vocabulary::of(&known.collect::<Vec<_>>()))
        }
    }
}

fn count(layout: &Layout, found: Vec<Option<Cow<'_, Data>>>, rows: usize) -> Profile {
    let mut profile = Profile::new(layout);
    for (index, column) in found.iter().enumerate() {
        match column.as_deref().map(|column| &column.values) {
            Some(DataValues::Numbers(values)) => {
                profile.record(layout, index, Values::Numbers(values));
            }
            Some(DataValues::Strings { codes, dictionary }) => {
                let words: Vec<&str> = dictionary.iter().collect();
                profile.record(layout, index, Values::Words(codes, &words));
            }
            // A target that is not there is not missing: nobody knows it yet.
            None if layout.columns()[index].role == Role::Target => {}
            None => profile.record(layout, index, Values::Missing(rows as u64)),
        }
    }
    profile
}
