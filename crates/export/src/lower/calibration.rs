//! The calibration, as the scorer reads it.

use hedgerow_model::Calibration;
use hedgerow_scorer::calibration_tag as tag;

use crate::ExportError;
use crate::writer::{Writer, fits};

/// A tag, and the numbers that belong to it.
pub fn write(calibration: Option<&Calibration>, writer: &mut Writer) -> Result<(), ExportError> {
    match calibration {
        None => writer.array(&[tag::NONE]),
        Some(Calibration::Sigmoid { curves }) => {
            writer.array(&[tag::SIGMOID])?;
            let pairs: Vec<f64> =
                curves.iter().flat_map(|curve| [curve.slope, curve.intercept]).collect();
            writer.array(&pairs)
        }
        Some(Calibration::Isotonic { curves }) => {
            writer.array(&[tag::ISOTONIC])?;
            writer.array(&[fits(curves.len())?])?;
            for curve in curves {
                writer.array(&curve.from)?;
                writer.array(&curve.to)?;
            }
            Ok(())
        }
    }
}
