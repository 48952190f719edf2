//! How large a regressor's errors are on the new rows of each file, which have no labels.

use hedgerow_data::Table;
use hedgerow_renew::{LossEstimate, LossEstimator};
use serde::Serialize;

use super::watch::Watch;

/// What was estimated of a file of rows.
#[derive(Serialize)]
pub struct Estimated {
    file: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    estimate: Option<LossEstimate>,
    /// Why nothing was estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet: Option<String>,
}

impl Estimated {
    pub fn text(&self) -> String {
        let Self { file, estimate, quiet } = self;
        let Some(LossEstimate { estimated, mae_interval, rmse_interval, reference }) = estimate
        else {
            let why = quiet.as_deref().unwrap_or_default();
            return format!("note: the errors on {file} are not estimated: {why}");
        };
        let told = |value: f64, [low, high]: [f64; 2], labelled: f64| {
            format!("{value:.4} ({low:.4} to {high:.4}), {labelled:.4} on the labelled rows")
        };
        format!(
            "{file} has an estimated MAE of {}; an estimated RMSE of {}.",
            told(estimated.mae, *mae_interval, reference.mae),
            told(estimated.rmse, *rmse_interval, reference.rmse)
        )
    }
}

/// Of the rows of a file.
pub fn look(estimator: &LossEstimator, watch: &Watch, file: String, rows: &Table) -> Estimated {
    match estimator.estimate(&watch.model, rows) {
        Ok(estimate) => Estimated { file, estimate: Some(estimate), quiet: None },
        Err(error) => Estimated { file, estimate: None, quiet: Some(error.to_string()) },
    }
}
