//! A classifier's probabilities calibrated, and its threshold chosen, on out-of-fold predictions.

use hedgerow_model::Model;
use serde::{Deserialize, Serialize};

use super::calibrate::{CalibrationMethod, calibrate};
use super::plan::FoldTask;
use super::study::Study;
use super::threshold::ThresholdChoice;
use crate::LearnError;
use crate::forest::Target;
use crate::target::ReadTarget;

/// What to adjust of a classifier, by predictions for rows of folds it was not trained on. Every row
/// counts the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AdjustOptions {
    /// How to make probabilities come true as often as they say. Default: they are left alone.
    pub calibrate: Option<CalibrationMethod>,
    /// What to choose the threshold between two classes for. Default: the more probable class is
    /// predicted.
    pub threshold: Option<ThresholdChoice>,
}

impl AdjustOptions {
    /// Whether there is anything to do.
    pub fn is_needed(&self) -> bool {
        self.calibrate.is_some() || self.threshold.is_some()
    }

    pub(super) fn check(&self) -> Result<(), LearnError> {
        self.threshold.map_or(Ok(()), |threshold| threshold.check())
    }

    /// # Errors
    /// [`LearnError::NotAdjustable`] for numbers, and for a threshold between more than two classes.
    pub(super) fn check_target(&self, target: &ReadTarget) -> Result<(), LearnError> {
        let column = || target.field.name.clone();
        match target.task.classes().len() {
            0 => Err(LearnError::NotAdjustable {
                column: column(),
                reason: "is a number, which has no probabilities",
            }),
            2 => Ok(()),
            _ if self.threshold.is_none() => Ok(()),
            _ => Err(LearnError::NotAdjustable {
                column: column(),
                reason: "has more than two classes, between which no one threshold decides",
            }),
        }
    }
}

impl Study {
    /// Adjusts a model that was trained with the same options on the same table.
    ///
    /// # Errors
    /// [`LearnError::NothingWorked`] where a fold failed, or no threshold has what is asked for;
    /// [`LearnError::BadJob`] for a study or model that is not for this.
    pub fn adjust(&self, model: &mut Model) -> Result<(), LearnError> {
        let super::StudyKind::Adjustment(options) = &self.plan.options.study else {
            return Err(LearnError::BadJob { reason: "the study keeps no predictions".to_owned() });
        };
        let Target::Classes { codes, n } = &self.plan.target.target else {
            return Err(LearnError::BadJob { reason: "the target has no classes".to_owned() });
        };
        if model.schema.task != self.plan.target.task {
            return Err(LearnError::BadJob { reason: "the model is of another target".to_owned() });
        }
        let (rows, mut values) = self.out_of_fold(*n)?;
        let actual: Vec<u32> = rows.iter().map(|&row| codes[row as usize]).collect();
        model.calibration = options.calibrate.map(|how| calibrate(how, &values, &actual, *n));
        if let Some(calibration) = &model.calibration {
            calibration.apply(&mut values, *n);
        }
        let Some(choice) = options.threshold else { return Ok(()) };
        let second: Vec<f64> = values.iter().skip(1).step_by(2).copied().collect();
        let positive: Vec<bool> = actual.iter().map(|&code| code == 1).collect();
        model.threshold = Some(choice.pick(&second, &positive).ok_or_else(|| {
            let reason = "no threshold has what was asked for; ask for less".to_owned();
            LearnError::NothingWorked { reason }
        })?);
        Ok(())
    }

    /// The rows tested, and what was predicted for them, fold by fold.
    fn out_of_fold(&self, n: usize) -> Result<(Vec<u32>, Vec<f64>), LearnError> {
        let mut all = (Vec::new(), Vec::new());
        for (fold, rows) in self.plan.folds.iter().enumerate() {
            let entry = self.results.get(&FoldTask { candidate: 0, level: 0, fold });
            let unknown = || "a fold was not trained".to_owned();
            let outcome = match entry.map(|entry| &entry.result) {
                Some(Ok(outcome)) => outcome,
                failed => {
                    let told = failed.and_then(|failed| failed.as_ref().err());
                    let reason = told.map_or_else(unknown, |failure| failure.message.clone());
                    return Err(LearnError::NothingWorked { reason });
                }
            };
            if outcome.predictions.len() != rows.test.len() * n {
                let reason = "predictions are not of this plan".to_owned();
                return Err(LearnError::BadJob { reason });
            }
            all.0.extend(&rows.test);
            all.1.extend(&outcome.predictions);
        }
        Ok(all)
    }
}
