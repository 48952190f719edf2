//! One training of a plan, and what came of it.

use hedgerow_data::Table;
use hedgerow_evaluate::columns_for;
use hedgerow_model::Model;

use super::metric::Outputs;
use super::plan::{FoldTask, Plan};
use crate::forest::Target;
use crate::{LearnError, Preparing, Training};

/// A task under way: steps, as in a [`Training`].
pub struct TaskFit {
    /// The rows to train on, until they are prepared.
    preparing: Option<(Preparing, Table)>,
    training: Option<Training>,
    task: FoldTask,
    rows: Vec<u32>,
}

/// What came of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Rows trained on.
    pub rows: usize,
    /// Metrics on the fold's test rows, in the plan's order; NaN where undefined.
    pub test: Vec<f64>,
    /// Metrics on the training rows, where they are asked for; else empty.
    pub train: Vec<f64>,
    /// What was predicted for the test rows, where it is asked for; else empty.
    pub predictions: Vec<f64>,
}

impl Outcome {
    /// As numbers, to come back from wherever the task was done.
    pub fn to_numbers(&self) -> Vec<f64> {
        [&[self.rows as f64], self.test.as_slice(), &self.train, &self.predictions].concat()
    }
}

fn foreign() -> LearnError {
    LearnError::BadJob { reason: "an outcome is not of this plan".to_owned() }
}

impl Plan {
    /// Begins a task.
    ///
    /// # Errors
    /// [`LearnError`], as a [`Training`].
    pub fn begin(&self, table: &Table, task: FoldTask) -> Result<TaskFit, LearnError> {
        let (options, rows) = self.training(task)?;
        let train = table.take(&rows);
        let preparing = Preparing::begin(&train, options, None)?;
        Ok(TaskFit { preparing: Some((preparing, train)), training: None, task, rows })
    }

    /// Reads what [`Outcome::to_numbers`] wrote.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for numbers of another plan.
    pub fn outcome(&self, numbers: &[f64]) -> Result<Outcome, LearnError> {
        let n = self.metrics.all.len();
        let scores = if self.scores_training() { 2 * n } else { n };
        let (Some((rows, rest)), keeps) = (numbers.split_first(), self.keeps_predictions()) else {
            return Err(foreign());
        };
        let Some((scores, predictions)) = rest.split_at_checked(scores) else {
            return Err(foreign());
        };
        if !keeps && !predictions.is_empty() {
            return Err(foreign());
        }
        Ok(Outcome {
            rows: *rows as usize,
            test: scores[..n].to_vec(),
            train: scores[n..].to_vec(),
            predictions: predictions.to_vec(),
        })
    }

    /// What the model says of rows of the table, in the order of all the target's classes: a fold
    /// may not have held every one.
    fn outputs(&self, model: &Model, table: &Table, rows: &[u32]) -> Result<Vec<f64>, LearnError> {
        let part = table.take(rows);
        let columns = columns_for(model, &part)?;
        let prediction =
            model.predict(&columns.raw()).map_err(hedgerow_evaluate::EvaluateError::from)?;
        let (all, known) = (self.target.task.classes(), model.schema.task.classes());
        if all.len() == known.len() {
            return Ok(prediction.values);
        }
        let place = |label| all.iter().position(|other| other == label).unwrap_or(0);
        let places: Vec<usize> = known.iter().map(place).collect();
        let mut values = vec![0.0; rows.len() * all.len()];
        let cells = values.chunks_exact_mut(all.len().max(1));
        for (cells, own) in cells.zip(prediction.values.chunks_exact(known.len().max(1))) {
            places.iter().zip(own).for_each(|(&place, &value)| cells[place] = value);
        }
        Ok(values)
    }

    /// What a model that ignores the features scores in a fold.
    pub(super) fn baseline(&self, fold: usize) -> Vec<f64> {
        let rows = &self.folds[fold];
        let n = rows.train.len().max(1) as f64;
        let constant = match &self.target.target {
            Target::Classes { codes, n: classes } => {
                let mut counts = vec![0.0; *classes];
                rows.train.iter().for_each(|&row| counts[codes[row as usize] as usize] += 1.0);
                counts.iter().map(|count| count / n).collect()
            }
            Target::Values(values) => {
                vec![rows.train.iter().map(|&row| values[row as usize]).sum::<f64>() / n]
            }
        };
        self.metrics.measure(&self.target.target, &rows.test, Outputs::Constant(&constant))
    }
}

impl TaskFit {
    /// Whether no more steps are needed.
    pub fn ended(&self) -> bool {
        self.preparing.is_none() && self.training.as_ref().is_none_or(Training::ended)
    }

    /// Goes on by some milliseconds: a step, or a part of one that takes long.
    ///
    /// # Errors
    /// [`LearnError`] where the fit cannot go on.
    pub fn step(&mut self) -> Result<(), LearnError> {
        let Some((preparing, table)) = &mut self.preparing else {
            return self.training.as_mut().map_or(Ok(()), Training::advance);
        };
        if !preparing.advance(table)? {
            let prepared = self.preparing.take().map(|(preparing, _)| preparing.finish());
            self.training = prepared.transpose()?;
        }
        Ok(())
    }

    /// Scores what came out.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] before the fit has ended; [`LearnError::Evaluate`].
    pub fn finish(self, plan: &Plan, table: &Table) -> Result<Outcome, LearnError> {
        let missing = || LearnError::BadJob { reason: "steps are missing".to_owned() };
        let model = self.training.ok_or_else(missing)?.finish()?;
        let measure = |rows: &[u32], outputs: &[f64]| {
            plan.metrics.measure(&plan.target.target, rows, Outputs::Rows(outputs))
        };
        let rows = &plan.folds[self.task.fold].test;
        let outputs = plan.outputs(&model, table, rows)?;
        let test = measure(rows, &outputs);
        let train = if plan.scores_training() {
            measure(&self.rows, &plan.outputs(&model, table, &self.rows)?)
        } else {
            Vec::new()
        };
        let predictions = if plan.keeps_predictions() { outputs } else { Vec::new() };
        Ok(Outcome { rows: self.rows.len(), test, train, predictions })
    }
}
