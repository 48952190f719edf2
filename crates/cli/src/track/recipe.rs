//! What a training was asked for: enough to do it again.

use hedgerow_data::SplitOptions;
use hedgerow_learn::TrainOptions;
use hedgerow_learn::choose::AdjustOptions;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::files::ReadOptions;

/// The record of a training, as it is kept with its run. The package writes the same, without what it
/// does not do itself: reading and splitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipe {
    pub train: TrainOptions,
    #[serde(default)]
    pub adjust: Option<AdjustOptions>,
    /// Rows are kept out to test on.
    #[serde(default)]
    pub split: Option<SplitOptions>,
    #[serde(default)]
    pub read: ReadOptions,
    /// Content hash of the table as it was read.
    pub data: String,
}

impl Recipe {
    /// The recipe of a run.
    pub fn from_json(run: &str, recipe: serde_json::Value) -> Result<Self, Failure> {
        serde_json::from_value(recipe)
            .map_err(|error| Failure::not_a_training(run, &error.to_string()))
    }

    pub fn to_json(&self) -> serde_json::Value {
        // Plain data with string keys.
        serde_json::to_value(self).unwrap_or_default()
    }
}
