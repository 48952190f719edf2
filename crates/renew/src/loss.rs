//! How large a regressor's errors are on rows without labels.

use hedgerow_data::{Column, DEFAULT_SEED, Table, Values};
use hedgerow_evaluate::{EvaluateError, column_for, columns_for};
use hedgerow_learn::boosting::GradientBoosting;
use hedgerow_learn::{TaskChoice, TrainOptions, train};
use hedgerow_model::{Kind, Model, Task};
use serde::{Deserialize, Serialize};

use crate::RenewError;
use crate::rows::{evenly, known, unused};

/// Labelled rows that errors can be learned from at least.
const LEAST_ROWS: usize = 100;

/// Standard errors on either side of an estimate, as NannyML has it.
const WIDTH: f64 = 3.0;

/// How errors are learned.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LossOptions {
    /// Labelled rows to learn from at most: an even sample of more. At least 100, default 50,000.
    pub max_rows: usize,
    /// Default 42.
    pub seed: u64,
}

impl Default for LossOptions {
    fn default() -> Self {
        Self { max_rows: 50_000, seed: DEFAULT_SEED }
    }
}

/// Errors over rows, in the unit of the target, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Losses {
    pub rows: usize,
    pub mae: f64,
    pub rmse: f64,
}

/// What the errors on rows without labels are estimated to be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LossEstimate {
    #[serde(flatten)]
    pub estimated: Losses,
    /// Three standard errors on either side of the estimates, from 0: what chance in so many rows makes of
    /// them. Not what the estimator itself has wrong.
    pub mae_interval: [f64; 2],
    pub rmse_interval: [f64; 2],
    /// The errors on the labelled rows.
    pub reference: Losses,
}

/// Knows where a regressor errs: NannyML's direct loss estimation (DLE). One gradient boosting learns the size of
/// the model's errors from what the model reads and predicts, another their squares.
///
/// It follows a change of the rows, since errors differ from row to row. A change of what the target depends on
/// shows in labels alone.
#[derive(Debug, Clone)]
pub struct LossEstimator {
    absolute: Model,
    squared: Model,
    /// What the model's prediction is called among the columns.
    prediction: String,
    reference: Losses,
    /// Standard deviations of the sizes of errors, and of their squares, over the labelled rows.
    deviations: [f64; 2],
}

impl LossEstimator {
    /// Learns from labelled rows that the model was not trained on. Rows without a label are left out.
    ///
    /// # Errors
    /// [`RenewError::NotARegression`], [`RenewError::TrainedOn`], [`RenewError::TooFewRows`] for less than 100
    /// labelled rows, [`RenewError::BadOption`]; [`RenewError::Evaluate`] where the rows do not fit the model.
    pub fn learn(model: &Model, rows: &Table, options: &LossOptions) -> Result<Self, RenewError> {
        let target = &model.schema.target.name;
        if model.schema.task != Task::Regression {
            return Err(RenewError::NotARegression { target: target.clone() });
        }
        if options.max_rows < LEAST_ROWS {
            let value = options.max_rows.to_string();
            return Err(RenewError::BadOption {
                option: "maxRows",
                value,
                expected: "at least 100",
            });
        }
        if rows.sha256() == model.provenance.training_data.sha256 {
            return Err(RenewError::TrainedOn);
        }
        let rows = crate::labelled(model, rows)?;
        if rows.rows() < LEAST_ROWS {
            let (what, rows) = ("rows with a label", rows.rows());
            return Err(RenewError::TooFewRows { what, rows, needed: LEAST_ROWS });
        }
        let rows = evenly(&rows, options.max_rows);
        let prediction = free_name(model, "prediction");
        let columns = read(model, &rows, &prediction)?;
        let errors = errors(model, &rows, &columns)?;
        let squares: Vec<f64> = errors.iter().map(|error| error * error).collect();
        let learned = |losses: &[f64]| learn(model, &columns, losses, options.seed);
        Ok(Self {
            absolute: learned(&errors)?,
            squared: learned(&squares)?,
            prediction,
            reference: Losses::of(&errors, &squares),
            deviations: [deviation(&errors), deviation(&squares)],
        })
    }

    /// The errors that `model`, the same as learned from, makes on rows without labels.
    ///
    /// # Errors
    /// [`RenewError::TooFewRows`] without rows; [`RenewError::Evaluate`] where they do not fit the model.
    pub fn estimate(&self, model: &Model, rows: &Table) -> Result<LossEstimate, RenewError> {
        if rows.rows() == 0 {
            return Err(RenewError::TooFewRows { what: "rows", rows: 0, needed: 1 });
        }
        let table = Table::new(read(model, rows, &self.prediction)?)?;
        let losses = |learned: &Model| -> Result<Vec<f64>, RenewError> {
            let said = learned.predict(&columns_for(learned, &table)?.raw())?;
            // Errors have a size of at least 0, which trees that are added up do not know.
            Ok(said.values.into_iter().map(|loss| loss.max(0.0)).collect())
        };
        let estimated = Losses::of(&losses(&self.absolute)?, &losses(&self.squared)?);
        let root = (rows.rows() as f64).sqrt();
        let [absolute, squared] = self.deviations.map(|deviation| WIDTH * deviation / root);
        let mse = estimated.rmse * estimated.rmse;
        Ok(LossEstimate {
            estimated,
            mae_interval: around(estimated.mae, absolute),
            rmse_interval: around(mse, squared).map(f64::sqrt),
            reference: self.reference,
        })
    }
}

impl Losses {
    fn of(absolute: &[f64], squared: &[f64]) -> Self {
        Self { rows: absolute.len(), mae: mean(absolute), rmse: mean(squared).sqrt() }
    }
}

fn around(value: f64, width: f64) -> [f64; 2] {
    [(value - width).max(0.0), value + width]
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let center = mean(values);
    let squares: Vec<f64> =
        values.iter().map(|value| (value - center) * (value - center)).collect();
    mean(&squares).sqrt()
}

/// A name that no column of the model has.
fn free_name(model: &Model, name: &str) -> String {
    unused(name, |name| {
        model.schema.features.iter().any(|field| field.name == name)
            || model.schema.target.name == name
    })
}

/// What the model reads, and what it predicts.
fn read(model: &Model, rows: &Table, prediction: &str) -> Result<Vec<Column>, RenewError> {
    let said = model.predict(&columns_for(model, rows)?.raw())?;
    let fields = model.schema.features.iter().filter(|field| field.kind != Kind::Text);
    let mut columns = fields.map(|field| known(field, rows)).collect::<Result<Vec<_>, _>>()?;
    columns.push(Column::numbers(prediction, said.values));
    Ok(columns)
}

/// The sizes of the errors.
fn errors(model: &Model, rows: &Table, columns: &[Column]) -> Result<Vec<f64>, RenewError> {
    let field = &model.schema.target;
    let actual = column_for(field, rows.column(&field.name)?)?;
    let said = columns.last().map(|column| &column.values);
    let (Values::Numbers(actual), Some(Values::Numbers(said))) = (&actual.values, said) else {
        let (expected, found) = (Kind::Number.name(), actual.kind.name());
        return Err(EvaluateError::WrongKind { column: field.name.clone(), expected, found }.into());
    };
    Ok(actual.iter().zip(said).map(|(actual, said)| (actual - said).abs()).collect())
}

fn learn(
    model: &Model,
    columns: &[Column],
    losses: &[f64],
    seed: u64,
) -> Result<Model, RenewError> {
    let target = free_name(model, "loss");
    let mut columns = columns.to_vec();
    columns.push(Column::numbers(&*target, losses.to_vec()));
    let options = TrainOptions {
        target: Some(target),
        task: TaskChoice::Regression,
        seed,
        ..TrainOptions::without_target(GradientBoosting::default())
    };
    Ok(train(&Table::new(columns)?, options)?)
}
