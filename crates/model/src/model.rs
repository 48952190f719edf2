//! A trained model and what it predicts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Calibration, Estimator, ModelError, Preparation, Raw, Schema};

/// Which learner with which parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct LearnerRecord {
    /// `random-forest`, …
    pub kind: String,
    /// All parameters by their `snake_case` name, defaults included.
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, unknown>"))]
    pub params: BTreeMap<String, serde_json::Value>,
}

/// What the model was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct TrainingData {
    pub rows: u64,
    /// Content hash of the training table, hexadecimal.
    pub sha256: String,
}

/// Where a model came from. Holds no time, host or thread count: the same inputs give the same
/// bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Provenance {
    /// Version of the library that trained it.
    pub library_version: String,
    pub learner: LearnerRecord,
    #[cfg_attr(feature = "ts", tsify(type = "number"))]
    pub seed: u64,
    pub training_data: TrainingData,
    /// Metrics known when the fit ended, such as `oob_accuracy`; by name.
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, number>"))]
    pub metrics: BTreeMap<String, f64>,
    /// Scores by name, one a boosting round or epoch; for learners that go by such.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "ts", tsify(type = "Record<string, number[]>", optional))]
    pub history: BTreeMap<String, Vec<f64>>,
    /// Importance by raw column, in the order of the schema's features; sums to 1, or is
    /// all 0 where the learner tells none (nearest neighbours, naive Bayes, neural networks,
    /// isolation forests) or no tree split. By impurity or gain in trees; others say in their docs.
    /// Permutation importance, which an evaluation measures, there is for all with a target.
    pub feature_importances: Vec<f64>,
    /// What a model that ignores the features predicts: class shares in training, or the mean.
    pub baseline: Vec<f64>,
}

/// A trained model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub schema: Schema,
    pub preparation: Preparation,
    pub estimator: Estimator,
    /// Corrects the estimator's probabilities; classifiers only.
    pub calibration: Option<Calibration>,
    /// The probability from which the second of two classes is predicted, 0 to 1; without one, the
    /// more probable class is.
    pub threshold: Option<f64>,
    pub provenance: Provenance,
    /// What the training rows looked like, as `hedgerow-monitor` writes it: drift is measured from this.
    pub training_profile: Option<Vec<u8>>,
}

/// Predictions, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Numbers a row: one a class (probabilities), or 1.
    pub n_outputs: usize,
    /// `rows * n_outputs` values.
    pub values: Vec<f64>,
    /// The probability from which the second of two classes is predicted.
    pub threshold: Option<f64>,
}

impl Prediction {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() / self.n_outputs.max(1)
    }

    /// The outputs of one row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.n_outputs..(row + 1) * self.n_outputs]
    }

    /// The index of the largest output of a row; the first of equals.
    pub fn class(&self, row: usize) -> usize {
        argmax(self.row(row))
    }

    /// The predicted class of each row: that of the largest output, the first of equals; but by the
    /// threshold where there is one.
    pub fn classes(&self) -> Vec<u32> {
        if let (Some(threshold), 2) = (self.threshold, self.n_outputs) {
            return self.values.chunks_exact(2).map(|row| u32::from(row[1] >= threshold)).collect();
        }
        self.values.chunks_exact(self.n_outputs.max(1)).map(|row| argmax(row) as u32).collect()
    }
}

fn argmax(row: &[f64]) -> usize {
    row.iter()
        .enumerate()
        .fold(0, |best, (index, value)| if *value > row[best] { index } else { best })
}

impl Model {
    /// Predicts from raw columns, one a field of `schema.features`, in that order.
    ///
    /// # Errors
    /// [`ModelError::MissingColumn`], [`ModelError::WrongKind`], [`ModelError::WrongLength`];
    /// [`ModelError::NotFinite`] for a number beyond all others where the estimator calculates with
    /// it.
    pub fn predict(&self, columns: &[Raw]) -> Result<Prediction, ModelError> {
        let rows = columns.first().map_or(0, Raw::len);
        let features = self.features(columns)?;
        let values = self.outputs(&features, rows);
        let n_outputs = self.estimator.n_outputs();
        Ok(Prediction { n_outputs, values, threshold: self.threshold })
    }

    /// Prepares raw columns, as the estimator reads them.
    ///
    /// # Errors
    /// As [`predict`](Self::predict).
    pub fn features<'a>(&self, columns: &[Raw<'a>]) -> Result<Vec<Cow<'a, [f64]>>, ModelError> {
        let features = self.preparation.apply(&self.schema, columns)?;
        if self.estimator.calculates() {
            self.check_finite(&features)?;
        }
        Ok(features)
    }

    /// Outputs from prepared features, row by row: the estimator's, calibrated where that is asked
    /// for.
    pub fn outputs(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let mut values = self.estimator.predict(features, rows);
        if let Some(calibration) = &self.calibration {
            calibration.apply(&mut values, self.estimator.n_outputs());
        }
        values
    }

    fn check_finite(&self, features: &[Cow<[f64]>]) -> Result<(), ModelError> {
        let described = self.preparation.features(&self.schema);
        for (values, feature) in features.iter().zip(&described) {
            if let Some(row) = values.iter().position(|value| value.is_infinite()) {
                let column = self.schema.features[feature.column].name.clone();
                return Err(ModelError::NotFinite { column, row: row as u64 + 1 });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_first_class() {
        let values = vec![0.5, 0.5, 0.1, 0.9];
        let prediction = Prediction { n_outputs: 2, values, threshold: None };
        assert_eq!(prediction.classes(), [0, 1]);
        assert_eq!(prediction.rows(), 2);
        let by = |threshold| Prediction { threshold: Some(threshold), ..prediction.clone() };
        assert_eq!(by(0.5).classes(), [1, 1]);
        assert_eq!(by(0.95).classes(), [0, 0]);
    }
}
