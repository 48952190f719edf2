//! Scores by round or epoch: arrays of the file, whose names its header tells with empty lists.
//!
//! A list of hundreds of numbers in JSON takes longer to read than all else about a small model: the
//! engine that runs a parser begins to optimise it. Files before version 4 have the lists there.

use super::read;
use crate::arrays::{Array, Packed};
use crate::{ModelError, Provenance};

/// From this version on there are arrays.
pub(super) const VERSION: u64 = 4;

fn name(of: &str) -> String {
    format!("provenance.history.{of}")
}

/// What the header says, and the arrays.
pub(super) fn store(provenance: &Provenance) -> (Provenance, Vec<Array<'_>>) {
    let mut described = provenance.clone();
    described.history.values_mut().for_each(Vec::clear);
    let arrays = provenance.history.iter();
    let arrays = arrays.map(|(of, scores)| Array::new::<f64>(name(of), scores.as_slice()));
    (described, arrays.collect())
}

/// Fills the lists of a header with the arrays.
pub(super) fn restore(described: &mut Provenance, packed: &Packed) -> Result<(), ModelError> {
    for (of, scores) in &mut described.history {
        *scores = read(packed, &name(of))?;
    }
    Ok(())
}
