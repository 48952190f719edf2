//! From a model to its image: array by array in the order in which the scorer reads them.

mod calibration;
mod form;
mod steps;

use hedgerow_model::Model;

use crate::writer::Writer;
use crate::{Description, ExportError};

/// The image of a model, which has its description in it.
///
/// # Errors
/// [`ExportError::TooLarge`] for a tree of more than 16,777,216 nodes, a forest of more than 8,388,608
/// different leaves, or a feature of more than 65,532 thresholds.
pub fn image(model: &Model, description: &Description) -> Result<Vec<u8>, ExportError> {
    let mut writer = Writer::default();
    let description = serde_json::to_vec(description).expect("plain data with string keys is JSON");
    writer.array(&description)?;
    steps::write(model, &mut writer)?;
    form::write(&model.estimator, &mut writer)?;
    calibration::write(model.calibration.as_ref(), &mut writer)?;
    writer.array(model.threshold.as_slice())?;
    writer.finish()
}
