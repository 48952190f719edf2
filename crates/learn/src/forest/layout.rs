//! Codes column by column, and of tables with few columns row by row too.
//!
//! Large nodes have rows side by side, so columns are read best. The rows of small ones are scattered
//! over the table, so that every code read is a miss in the processor's cache: one a feature in
//! columns, but one for all of a row where its codes lie together. They are copied from there.

use super::ids::Ids;
use super::job::Binned;

/// Codes of a row that are moved at once.
pub(super) const STEP: usize = 8;

/// Features up to which codes are copied row by row: half a line of the cache.
pub(super) const MOST: usize = 4 * STEP;

/// Rows of which codes are put row by row at a time.
const CHUNK: usize = 4_096;

/// Codes row by row, if they are few.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ByRow {
    codes: Vec<u8>,
    /// From one row to the next; 0 where codes are not copied.
    stride: usize,
}

impl ByRow {
    pub fn new(binned: &Binned) -> Self {
        let stride = binned.bins().len().next_multiple_of(STEP);
        if stride == 0 || stride > MOST {
            return Self::default();
        }
        let mut codes = vec![0; binned.rows() * stride];
        // A few rows of all columns at a time stay in the cache.
        for (part, rows) in codes.chunks_mut(CHUNK * stride).enumerate() {
            for feature in 0..binned.bins().len() {
                spread(&binned.codes(feature)[part * CHUNK..], &mut rows[feature..], stride);
            }
        }
        Self { codes, stride }
    }
}

#[inline(never)]
fn spread(column: &[u8], rows: &mut [u8], stride: usize) {
    rows.iter_mut().step_by(stride).zip(column).for_each(|(to, &code)| *to = code);
}

/// The codes of all rows, and how some are copied.
#[derive(Clone, Copy)]
pub(super) struct Codes<'a> {
    binned: &'a Binned,
    by_row: &'a ByRow,
}

impl<'a> Codes<'a> {
    pub fn new(binned: &'a Binned, by_row: &'a ByRow) -> Self {
        Self { binned, by_row }
    }

    /// The codes of a feature, one a row.
    pub fn column(self, feature: u16) -> &'a [u8] {
        self.binned.codes(usize::from(feature))
    }

    /// How far a copied row is from the next.
    pub fn stride(self) -> usize {
        self.by_row.stride.max(1)
    }

    /// Copies the codes of some rows.
    pub fn copy(self, rows: Ids, out: &mut Vec<u8>) {
        let ByRow { codes, stride } = self.by_row;
        if *stride == 0 {
            out.clear();
            for feature in 0..self.binned.bins().len() {
                let column = self.binned.codes(feature);
                out.extend(rows.numbers().map(|row| column[row as usize]));
            }
            return;
        }
        out.resize(rows.len() * stride, 0);
        match stride / STEP {
            1 => copy_rows::<8>(codes, rows, out),
            2 => copy_rows::<16>(codes, rows, out),
            3 => copy_rows::<24>(codes, rows, out),
            _ => copy_rows::<32>(codes, rows, out),
        }
    }

    /// The codes of a feature in a copy of so many rows: that of row `i` is at `i * stride`.
    pub fn copied(self, copy: &[u8], rows: usize, feature: u16) -> &[u8] {
        let feature = usize::from(feature);
        if self.by_row.stride > 0 { &copy[feature..] } else { &copy[feature * rows..][..rows] }
    }
}

/// Copies rows of so many codes each, a number that the compiler knows.
#[inline(never)]
fn copy_rows<const N: usize>(codes: &[u8], rows: Ids, out: &mut [u8]) {
    let codes = codes.as_chunks::<N>().0;
    for (to, row) in out.as_chunks_mut::<N>().0.iter_mut().zip(rows.numbers()) {
        *to = codes[row as usize];
    }
}
