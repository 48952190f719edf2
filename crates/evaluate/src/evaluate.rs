//! Measuring a model on a table.

use hedgerow_data::Table;
use hedgerow_model::{Model, ModelError, Prediction, Task};
use serde::{Deserialize, Serialize};

use crate::{
    ClassificationCase, ClassificationReport, EvaluateError, RegressionCase, RegressionReport,
    Report, actual, columns_for, metrics::Probabilities,
};

/// How detailed a report is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct EvaluateOptions {
    /// Intervals of a calibration curve, 1 to 1,000. Default 10.
    pub calibration_bins: usize,
    /// Points of a ROC or precision-recall curve; longer ones are thinned. At least 4. Default 200.
    pub max_curve_points: usize,
    /// Classes that get curves, the most frequent first. Default 100.
    pub max_curve_classes: usize,
    /// Rows in the scatter of a regression. Default 2,000.
    pub max_scatter_points: usize,
}

impl Default for EvaluateOptions {
    fn default() -> Self {
        Self {
            calibration_bins: 10,
            max_curve_points: 200,
            max_curve_classes: 100,
            max_scatter_points: 2_000,
        }
    }
}

impl EvaluateOptions {
    fn check(&self) -> Result<(), EvaluateError> {
        let bad = |option, value: usize, expected| {
            Err(EvaluateError::BadOption { option, value: value.to_string(), expected })
        };
        if !(1..=1_000).contains(&self.calibration_bins) {
            return bad("calibrationBins", self.calibration_bins, "from 1 to 1,000");
        }
        if self.max_curve_points < 4 {
            return bad("maxCurvePoints", self.max_curve_points, "at least 4");
        }
        Ok(())
    }
}

/// Measures `model` on the rows of `table`, which must hold the target; columns the model does not
/// know are left alone.
///
/// ```
/// use hedgerow_data::{CsvOptions, read_csv};
/// use hedgerow_evaluate::{EvaluateOptions, evaluate};
/// use hedgerow_model::Model;
///
/// /// How much better than guessing a model is on a CSV that holds its target.
/// fn gain(model: &[u8], csv: &[u8]) -> Result<f64, Box<dyn std::error::Error>> {
///     let model = Model::from_bytes(model)?;
///     let table = read_csv(csv, &CsvOptions::default())?;
///     let headline = evaluate(&model, &table, &EvaluateOptions::default())?.headline();
///     Ok(headline.value - headline.baseline)
/// }
/// # assert!(gain(b"no model", b"a\n1\n").is_err());
/// ```
///
/// # Errors
/// As [`columns_for`]; [`EvaluateError::NoRows`]; where the target is not to be used,
/// [`EvaluateError::NoTarget`], [`EvaluateError::TargetMissing`],
/// [`EvaluateError::UnknownLabel`] or [`DataError::BadValue`](hedgerow_data::DataError::BadValue); [`EvaluateError::BadOption`].
pub fn evaluate(
    model: &Model,
    table: &Table,
    options: &EvaluateOptions,
) -> Result<Report, EvaluateError> {
    options.check()?;
    if table.rows() == 0 {
        return Err(EvaluateError::NoRows);
    }
    let target = model.schema.target.name.as_str();
    let baseline = &model.provenance.baseline;
    match &model.schema.task {
        Task::Classification { classes } => {
            let actual = actual::codes(&model.schema.target, classes, table)?;
            let prediction = predict(model, table)?;
            let case = ClassificationCase {
                target,
                classes,
                actual: &actual,
                probabilities: Probabilities::new(&prediction.values, prediction.n_outputs)
                    .decided_at(prediction.threshold),
                baseline: Probabilities::constant(baseline, actual.len()),
            };
            Ok(Report::Classification(ClassificationReport::new(&case, options)))
        }
        Task::Regression => {
            let actual = actual::values(&model.schema.target, table)?;
            let prediction = predict(model, table)?;
            let case = RegressionCase {
                target,
                actual: &actual,
                predicted: &prediction.values,
                baseline: baseline.first().copied().unwrap_or(f64::NAN),
            };
            Ok(Report::Regression(RegressionReport::new(&case, options)))
        }
    }
}

fn predict(model: &Model, table: &Table) -> Result<Prediction, EvaluateError> {
    let prediction = model.predict(&columns_for(model, table)?.raw())?;
    if prediction.rows() == table.rows() {
        return Ok(prediction);
    }
    let reason = "it reads no column, so it cannot tell how many rows to predict".to_owned();
    Err(ModelError::Damaged { reason }.into())
}
