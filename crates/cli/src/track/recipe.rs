//! What a training was asked for: enough to do it again.

use hedgerow_data::{SplitOptions, Table, train_test_split};
use hedgerow_learn::TrainOptions;
use hedgerow_learn::choose::{AdjustOptions, Folding, StudyKind, StudyOptions};
use hedgerow_model::Model;
use hedgerow_monitor::Baseline;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::files::ReadOptions;
use crate::{fit, study};

/// The record of a training, as it is kept with its run. The package writes the same, without what it
/// does not do itself: reading and splitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recipe {
    pub train: TrainOptions,
    #[serde(default)]
    pub adjust: Option<AdjustOptions>,
    /// Rows are kept out to test on.
    #[serde(default)]
    pub split: Option<SplitOptions>,
    /// Instead of a split: so many rows, the last ones, are kept out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<usize>,
    /// The study that was done, or the search that the learner of the model came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudyKind>,
    /// What the study was measured on, and by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<Folding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The model file has a profile of the rows trained on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub profile: bool,
    #[serde(default)]
    pub read: ReadOptions,
    /// Content hash of the table as it was read.
    pub data: String,
}

impl Recipe {
    /// The recipe of a run.
    pub fn from_json(run: &str, recipe: serde_json::Value) -> Result<Self, Failure> {
        if recipe.is_null() {
            let reason = "it has no recipe. What is part of a study is done again with the study";
            return Err(Failure::not_a_training(run, reason));
        }
        serde_json::from_value(recipe)
            .map_err(|error| Failure::not_a_training(run, &error.to_string()))
    }

    pub fn to_json(&self) -> serde_json::Value {
        // Plain data with string keys.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The study to do again. Of a search none is: what it found stands in its model.
    pub fn study(&self) -> Option<StudyOptions> {
        let study = self.study.clone().filter(|study| !matches!(study, StudyKind::Tuning(_)))?;
        let (folds, metric) = (self.folds.clone().unwrap_or_default(), self.metric.clone());
        Some(StudyOptions { folds, metric, ..StudyOptions::new(self.train.clone(), study) })
    }

    /// Rows to train on, and those that are kept out.
    pub fn split(&self, table: &Table) -> Result<(Table, Option<Table>), Failure> {
        if let Some(last) = self.last {
            let first = table.rows().saturating_sub(last);
            return Ok((table.slice(0..first), Some(table.slice(first..table.rows()))));
        }
        let Some(options) = &self.split else { return Ok((table.clone(), None)) };
        let (fit_rows, test_rows) = train_test_split(table, options)?;
        Ok((fit_rows, Some(test_rows)))
    }

    /// Trains; where that is asked for, calibrates probabilities and chooses the threshold, and adds a profile of
    /// the rows, with how good the answers are for those that were kept out.
    pub fn train(
        &self,
        rows: &Table,
        held_out: Option<&Table>,
        jobs: usize,
        watch: fit::Watch<'_>,
    ) -> Result<Model, Failure> {
        let mut model = fit::train(rows, self.train.clone(), jobs, watch)?;
        if let Some(adjust) = self.adjust.filter(AdjustOptions::is_needed) {
            let options = StudyOptions::new(self.train.clone(), StudyKind::Adjustment(adjust));
            study::run(rows, options, jobs, None)?.adjust(&mut model)?;
        }
        if self.profile {
            model.training_profile = Some(Baseline::of(&model, rows, held_out)?.to_bytes());
        }
        Ok(model)
    }
}
