//! How large a regressor's errors are on the new rows of each file, which have no labels.

use std::path::{Path, PathBuf};

use hedgerow_monitor::Profile;
use hedgerow_renew::{LossEstimate, LossEstimator, LossOptions};
use serde::Serialize;

use super::Watched;
use crate::failure::Failure;
use crate::files;
use crate::track::resolve;

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

/// Of every file of rows; profiles have none.
pub fn look(
    watched: &Watched,
    labelled: &Path,
    data: &[PathBuf],
) -> Result<Vec<Estimated>, Failure> {
    let model = resolve(&watched.model, &watched.store)?;
    let read = (&watched.read).into();
    let labelled = files::read_table(labelled, &read)?;
    let estimator = LossEstimator::learn(&model, &labelled, &LossOptions::default())?;
    let mut found = Vec::new();
    for path in data {
        let bytes = files::read(path)?;
        if Profile::is_begun_by(&bytes) {
            continue;
        }
        let table = files::parse_table(bytes.as_slice(), path, &read)?;
        let file = path.display().to_string();
        found.push(match estimator.estimate(&model, &table) {
            Ok(estimate) => Estimated { file, estimate: Some(estimate), quiet: None },
            Err(error) => Estimated { file, estimate: None, quiet: Some(error.to_string()) },
        });
    }
    Ok(found)
}
