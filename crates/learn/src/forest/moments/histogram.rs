//! Sums by code, and which codes occur.

use super::super::ids::Members;
use super::super::split::CODES;
use super::super::sums::Sums;

/// Sums by code.
pub(super) type Histogram<S> = [S; CODES];

/// 1 by code that occurs.
pub(super) type Seen = [u8; CODES];

/// The codes below `n_codes` with rows, ascending.
pub(super) fn occurring<'a, S: Sums>(
    histogram: &Histogram<S>,
    n_codes: usize,
    codes: &'a mut [u8; CODES],
) -> &'a mut [u8] {
    let mut len = 0;
    for (code, sums) in histogram.iter().enumerate().take(n_codes) {
        codes[len] = code as u8;
        len += usize::from(!sums.is_empty());
        if len == CODES {
            break;
        }
    }
    &mut codes[..len]
}

/// Adds rows to a histogram for each column; if `NOTE`, sets 1 in `seen` for every code that occurs.
#[inline(never)]
pub(super) fn fill<S: Sums, const N: usize, const NOTE: bool>(
    rows: Members<S::Row>,
    columns: [&[u8]; N],
    histograms: &mut [Histogram<S>],
    seen: &mut [Seen],
    shift: f64,
) {
    for (codes, row) in rows.codes(columns) {
        let sums = S::of(row, shift);
        for ((histogram, seen), code) in histograms.iter_mut().zip(&mut *seen).zip(codes) {
            histogram[code].add(sums);
            if NOTE {
                seen[code] = 1;
            }
        }
    }
}

/// Adds a few rows to a histogram; the codes that occur, ascending.
#[inline(never)]
pub(super) fn fill_few<'a, S: Sums>(
    rows: Members<S::Row>,
    codes: &[u8],
    histogram: &mut Histogram<S>,
    present: &'a mut [u8; CODES],
    shift: f64,
) -> &'a mut [u8] {
    let mut len = 0;
    for ([code], row) in rows.codes([codes]) {
        if histogram[code].is_empty() {
            let mut place = len;
            while place > 0 && usize::from(present[place - 1]) > code {
                present[place] = present[place - 1];
                place -= 1;
            }
            present[place] = code as u8;
            len += 1;
        }
        histogram[code].add(S::of(row, shift));
    }
    &mut present[..len]
}
