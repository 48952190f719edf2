//! Codes row by row: what a histogram of all features reads.

use crate::CHUNK;
use crate::forest::Binned;

/// The codes of some features, one row after the other.
#[derive(Debug, Default)]
pub(super) struct Rows {
    codes: Vec<u8>,
    features: Vec<u16>,
}

impl Rows {
    /// Copies the codes of `features` out of the columns.
    pub fn fill(&mut self, binned: &Binned, features: &[u16]) {
        let width = features.len();
        self.features.clear();
        self.features.extend_from_slice(features);
        self.codes.resize(binned.rows() * width, 0);
        if width == 0 {
            return;
        }
        // A few rows of all columns at a time stay in the cache.
        for (part, rows) in self.codes.chunks_mut(CHUNK * width).enumerate() {
            let count = rows.len() / width;
            for (at, &feature) in features.iter().enumerate() {
                let column = &binned.codes(usize::from(feature))[part * CHUNK..][..count];
                spread(column, &mut rows[at..], width);
            }
        }
    }

    /// Which features they are.
    pub fn features(&self) -> &[u16] {
        &self.features
    }

    pub fn codes(&self) -> &[u8] {
        &self.codes
    }
}

#[inline(never)]
fn spread(column: &[u8], rows: &mut [u8], width: usize) {
    rows.iter_mut().step_by(width).zip(column).for_each(|(to, &code)| *to = code);
}
