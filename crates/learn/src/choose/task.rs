//! One training of a plan, and what came of it.

use std::mem::replace;

use hedgerow_data::Table;
use hedgerow_evaluate::Predicting;
use hedgerow_evaluate::metrics::Areas;
use hedgerow_model::{Model, Prediction};

use super::metric::{Metrics, Outputs};
use super::plan::{FoldTask, Plan};
use crate::forest::Target;
use crate::{LearnError, Preparing, TrainOptions, Training};

/// A task under way.
pub struct TaskFit {
    task: FoldTask,
    options: TrainOptions,
    /// Rows trained on.
    rows: Vec<u32>,
    stage: Stage,
    outcome: Outcome,
}

/// What is done in turn, each in short steps.
enum Stage {
    /// The rows to train on become a table.
    Taking(Table),
    Preparing(Box<Preparing>, Table),
    Training(Box<Training>),
    /// The test rows, then maybe those trained on.
    Predicting(Box<Model>, Predicting, Part),
    /// Outputs are scored, class by class.
    Measuring(Box<Model>, Vec<f64>, Vec<Areas>, Part),
    Ended,
}

/// Rows that are predicted.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Test,
    Train,
}

/// What came of a task.
#[derive(Debug, Clone, Default, PartialEq)]
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
    /// [`LearnError::BadJob`] for a task of another plan; [`LearnError`] for a parameter that gets too small.
    pub fn begin(&self, task: FoldTask) -> Result<TaskFit, LearnError> {
        let (options, rows) = self.training(task)?;
        let outcome = Outcome { rows: rows.len(), ..Outcome::default() };
        Ok(TaskFit { task, options, rows, stage: Stage::Taking(Table::default()), outcome })
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

    /// What a model says of rows, in the order of all the target's classes: a fold may not have held
    /// every one.
    fn outputs(&self, model: &Model, prediction: Prediction) -> Vec<f64> {
        let (all, known) = (self.target.task.classes(), model.schema.task.classes());
        if all.len() == known.len() {
            return prediction.values;
        }
        let place = |label| all.iter().position(|other| other == label).unwrap_or(0);
        let places: Vec<usize> = known.iter().map(place).collect();
        let mut values = vec![0.0; prediction.rows() * all.len()];
        let cells = values.chunks_exact_mut(all.len().max(1));
        for (cells, own) in cells.zip(prediction.values.chunks_exact(known.len().max(1))) {
            places.iter().zip(own).for_each(|(&place, &value)| cells[place] = value);
        }
        values
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
    /// Goes on by some milliseconds: a step, or a part of one that takes long, or a prediction for at most so
    /// many rows. How many were predicted; `None` when the task has ended.
    ///
    /// # Errors
    /// [`LearnError`] where it cannot go on.
    pub fn advance(
        &mut self,
        plan: &Plan,
        table: &Table,
        most: usize,
    ) -> Result<Option<usize>, LearnError> {
        let mut predicted = 0;
        self.stage = match replace(&mut self.stage, Stage::Ended) {
            Stage::Taking(mut train) => {
                if train.take_next(table, &self.rows) {
                    Stage::Taking(train)
                } else {
                    let preparing = Preparing::begin(&train, self.options.clone(), None)?;
                    Stage::Preparing(Box::new(preparing), train)
                }
            }
            Stage::Preparing(mut preparing, train) => {
                if preparing.advance(&train)? {
                    Stage::Preparing(preparing, train)
                } else {
                    Stage::Training(Box::new(preparing.finish()?))
                }
            }
            Stage::Training(mut training) => {
                if training.ended() {
                    self.predict(plan, table, Box::new(training.finish()?), Part::Test)?
                } else {
                    training.advance()?;
                    Stage::Training(training)
                }
            }
            Stage::Predicting(model, mut predicting, part) => {
                if let Some(rows) = predicting.advance(&model, table, most)? {
                    predicted = rows;
                    Stage::Predicting(model, predicting, part)
                } else {
                    let outputs = plan.outputs(&model, predicting.finish(&model));
                    Stage::Measuring(model, outputs, Vec::new(), part)
                }
            }
            Stage::Measuring(model, outputs, mut areas, part) => {
                let rows = self.part(plan, part);
                match Metrics::area(&plan.target.target, rows, &outputs, &areas) {
                    Some(area) => {
                        areas.push(area);
                        Stage::Measuring(model, outputs, areas, part)
                    }
                    None if self.note(plan, outputs, &areas, part) => {
                        self.predict(plan, table, model, Part::Train)?
                    }
                    None => Stage::Ended,
                }
            }
            Stage::Ended => return Ok(None),
        };
        Ok(Some(predicted))
    }

    fn predict(
        &self,
        plan: &Plan,
        table: &Table,
        model: Box<Model>,
        part: Part,
    ) -> Result<Stage, LearnError> {
        let predicting = Predicting::new(&model, table, self.part(plan, part).to_vec())?;
        Ok(Stage::Predicting(model, predicting, part))
    }

    fn part<'a>(&'a self, plan: &'a Plan, part: Part) -> &'a [u32] {
        match part {
            Part::Test => &plan.folds[self.task.fold].test,
            Part::Train => &self.rows,
        }
    }

    /// Notes how good outputs are; whether the training rows come next.
    fn note(&mut self, plan: &Plan, outputs: Vec<f64>, areas: &[Areas], part: Part) -> bool {
        let (target, rows) = (&plan.target.target, self.part(plan, part));
        let scores = plan.metrics.measure(target, rows, Outputs::Rows(&outputs, areas));
        if part == Part::Train {
            self.outcome.train = scores;
            return false;
        }
        self.outcome.test = scores;
        if plan.keeps_predictions() {
            self.outcome.predictions = outputs;
        }
        plan.scores_training()
    }

    /// What came out.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] before the task has ended.
    pub fn finish(self) -> Result<Outcome, LearnError> {
        match self.stage {
            Stage::Ended => Ok(self.outcome),
            _ => Err(LearnError::BadJob { reason: "steps are missing".to_owned() }),
        }
    }
}
