//! Measuring a model on a table.

use std::{borrow::Borrow, mem::take};

use hedgerow_data::Table;
use hedgerow_model::Model;
use serde::{Deserialize, Serialize};

use crate::{
    ClassificationCase, ClassificationReport, EvaluateError, Predicting, RegressionCase,
    RegressionMetrics, RegressionReport, Report, actual::Actual, metrics::Probabilities,
    report::JudgedClass,
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
    let mut evaluating = Evaluating::new(model, table, options.clone())?;
    while evaluating.advance(table, usize::MAX)?.is_some() {}
    Ok(evaluating.finish())
}

/// [`evaluate`] in pieces, for callers that must do other things between them. `M` is the model or anything
/// that lends it, such as a reference or an `Rc`.
#[derive(Debug, Clone)]
pub struct Evaluating<M> {
    model: M,
    options: EvaluateOptions,
    actual: Actual,
    predicting: Predicting,
    /// The classes judged so far.
    judged: Vec<JudgedClass>,
    /// Of numbers the metrics of what is predicted, then of the baseline.
    metrics: Vec<RegressionMetrics>,
}

impl<M: Borrow<Model>> Evaluating<M> {
    /// Reads the target.
    ///
    /// # Errors
    /// As [`evaluate`].
    pub fn new(model: M, table: &Table, options: EvaluateOptions) -> Result<Self, EvaluateError> {
        options.check()?;
        let rows: Vec<u32> = (0..table.rows() as u32).collect();
        let actual = Actual::new(model.borrow(), table, &rows)?;
        let predicting = Predicting::new(model.borrow(), table, rows)?;
        Ok(Self { model, options, actual, predicting, judged: Vec::new(), metrics: Vec::new() })
    }

    /// Predicts at most so many rows of the same table, or judges a part of it; how many rows, and `None` when
    /// all is done.
    ///
    /// # Errors
    /// As [`evaluate`].
    pub fn advance(&mut self, table: &Table, most: usize) -> Result<Option<usize>, EvaluateError> {
        let predicted = self.predicting.advance(self.model.borrow(), table, most)?;
        Ok(predicted.or_else(|| self.judge().then_some(0)))
    }

    /// Judges what comes next: a class, or what is predicted of numbers, then the baseline. Whether there was
    /// something.
    fn judge(&mut self) -> bool {
        match &self.actual {
            Actual::Classes { codes, n_classes } => {
                let class = self.judged.len();
                let judged =
                    (class < *n_classes).then(|| self.classes(codes).judge(class, &self.options));
                self.judged.extend(judged);
                class < *n_classes
            }
            Actual::Values(values) => {
                let case = self.values(values);
                let metrics = match self.metrics.len() {
                    0 => Some(case.metrics()),
                    1 => Some(case.baseline()),
                    _ => None,
                };
                self.metrics.extend(metrics);
                metrics.is_some()
            }
        }
    }

    fn classes<'a>(&'a self, actual: &'a [u32]) -> ClassificationCase<'a> {
        let model: &Model = self.model.borrow();
        let classes = model.schema.task.classes();
        ClassificationCase {
            target: &model.schema.target.name,
            classes,
            actual,
            probabilities: Probabilities::new(self.predicting.values(), classes.len())
                .decided_at(model.threshold),
            baseline: Probabilities::constant(&model.provenance.baseline, actual.len()),
        }
    }

    fn values<'a>(&'a self, actual: &'a [f64]) -> RegressionCase<'a> {
        let model: &Model = self.model.borrow();
        RegressionCase {
            target: &model.schema.target.name,
            actual,
            predicted: self.predicting.values(),
            baseline: model.provenance.baseline.first().copied().unwrap_or(f64::NAN),
        }
    }

    /// What was found, once all is predicted.
    pub fn finish(mut self) -> Report {
        while self.judge() {}
        let judged = take(&mut self.judged);
        match &self.actual {
            Actual::Classes { codes, .. } => {
                Report::Classification(ClassificationReport::of(&self.classes(codes), judged))
            }
            Actual::Values(values) => {
                let metrics = (self.metrics[0], self.metrics[1]);
                let case = self.values(values);
                Report::Regression(RegressionReport::of(&case, &self.options, metrics))
            }
        }
    }
}
