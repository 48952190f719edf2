//! The calibration in an image: `[tag]`, then numbers by tag.

use alloc::vec::Vec;

use hedgerow_score::{Calibration, Isotonic, Sigmoid};

use crate::Fault;
use crate::image::Reader;

/// Which kind of calibration follows.
pub mod tag {
    /// None: no arrays.
    pub const NONE: u32 = 0;
    /// Slopes and intercepts, `f64` by turns.
    pub const SIGMOID: u32 = 1;
    /// The number of curves, `u32`; then of each where it is from and where it leads, `f64` each.
    pub const ISOTONIC: u32 = 2;
}

/// Reads what may correct probabilities. These are few numbers, so they are copied.
///
/// # Errors
/// [`Fault::Damaged`].
#[inline(never)]
pub fn read(reader: &mut Reader) -> Result<Option<Calibration>, Fault> {
    let [tag] = reader.values::<u32, 1>()?;
    match tag {
        tag::NONE => Ok(None),
        tag::SIGMOID => {
            let (pairs, _) = reader.array::<f64>()?.as_chunks();
            let curve = |&[slope, intercept]: &[f64; 2]| Sigmoid { slope, intercept };
            Ok(Some(Calibration::Sigmoid { curves: pairs.iter().map(curve).collect() }))
        }
        tag::ISOTONIC => {
            let [n] = reader.values::<u32, 1>()?;
            let mut curves = Vec::new();
            for _ in 0..n {
                let from = reader.array()?.to_vec();
                curves.push(Isotonic { from, to: reader.array()?.to_vec() });
            }
            Ok(Some(Calibration::Isotonic { curves }))
        }
        _ => Err(Fault::Damaged),
    }
}
