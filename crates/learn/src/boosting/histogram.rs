//! Histograms: the sums of the pairs of a node's rows by code, for all features at once.

use std::ops::Range;

use super::pairs::Pair;
use super::rows::Rows;
use crate::CHUNK;
use crate::forest::CODES;

/// Features that one call of a kernel handles at most: with more, their cells would not stay in the
/// first cache.
const BAND: usize = 10;

/// Where the kernels read and write.
#[derive(Clone, Copy)]
struct Places<'a> {
    /// All below the number of rows.
    ids: &'a [u32],
    /// One an id.
    pairs: &'a [Pair],
    /// `width` a row.
    codes: &'a [u8],
    width: usize,
}

/// Sums `pairs`, one a row of the data, of the rows `ids` into `cells`, [`CODES`] a feature, which
/// hold zeros. `room` is scratch.
pub(super) fn build(
    ids: &[u32],
    pairs: &[Pair],
    rows: &Rows,
    cells: &mut [Pair],
    room: &mut Vec<Pair>,
) {
    let width = rows.features().len();
    let bands = width.div_ceil(BAND).max(1);
    assert!(pairs.len() * width <= rows.codes().len(), "every row has all codes");
    assert!(cells.len() >= width * CODES, "there is room for all codes");
    room.resize(CHUNK, 0);
    for ids in ids.chunks(CHUNK) {
        // Either way every id was one of a row.
        let pairs = match run(ids, pairs.len()) {
            Some(rows) => &pairs[rows],
            None => gather(ids, pairs, room),
        };
        let places = Places { ids, pairs, codes: rows.codes(), width };
        for band in 0..bands {
            let (start, end) = (width * band / bands, width * (band + 1) / bands);
            let cells = &mut cells[start * CODES..end * CODES];
            // SAFETY: the ids were checked, and with them and `end <= width` all codes are there,
            // by the first assertion; `cells` is as long as the number of features says.
            unsafe { add_band(end - start, places, start, cells) };
        }
    }
}

/// The rows `ids`, below `limit`, where they are one after another: all of a root are.
fn run(ids: &[u32], limit: usize) -> Option<Range<usize>> {
    let (first, last) = (*ids.first()? as usize, *ids.last()? as usize);
    let is_run = first <= last && last - first + 1 == ids.len() && last < limit;
    (is_run && ascends(ids)).then_some(first..last + 1)
}

/// Whether each number is one more than that before.
#[inline(never)]
fn ascends(ids: &[u32]) -> bool {
    let (first, n) = (ids[0], ids.len() as u32);
    let odd = ids.iter().zip(0..n).map(|(&id, at)| id ^ first.wrapping_add(at));
    odd.fold(0, |all, odd| all | odd) == 0
}

/// The pairs of some rows, side by side.
#[inline(never)]
fn gather<'a>(ids: &[u32], pairs: &[Pair], room: &'a mut [Pair]) -> &'a [Pair] {
    let room = &mut room[..ids.len()];
    room.iter_mut().zip(ids).for_each(|(to, &id)| *to = pairs[id as usize]);
    room
}

/// Makes a function of its own for every number of features in a band.
macro_rules! bands {
    ($($n:literal $name:ident,)*) => {
        $(#[inline(never)]
        unsafe fn $name(places: Places, at: usize, cells: &mut [Pair]) {
            // SAFETY: what is asked for is asked for here.
            unsafe { add::<$n>(places, at, cells) };
        })*

        /// Adds the `n` features from `at` on.
        ///
        /// # Safety
        /// For every id, `codes` has `width` codes from `id * width` on; `at + n <= width`; `cells`
        /// has `n * CODES` of them.
        unsafe fn add_band(n: usize, places: Places, at: usize, cells: &mut [Pair]) {
            match n {
                // SAFETY: as asked for.
                $($n => unsafe { $name(places, at, cells) },)*
                _ => {}
            }
        }
    };
}

bands! {
    1 add_1, 2 add_2, 3 add_3, 4 add_4, 5 add_5, 6 add_6, 7 add_7, 8 add_8, 9 add_9, 10 add_10,
}

/// One addition of 64 bits a row and feature: measured, 0.6 ns in WebAssembly as natively.
///
/// # Safety
/// As [`add_band`].
#[inline(always)]
unsafe fn add<const N: usize>(places: Places, at: usize, cells: &mut [Pair]) {
    let Places { ids, pairs, codes, width } = places;
    for (&id, &pair) in ids.iter().zip(pairs) {
        // SAFETY: the row's codes from `at` on are there, as asked for. A code is below `CODES`, so
        // its cell is among the `N * CODES`. Measured: bounds checks make it half as quick.
        unsafe {
            let row = codes.as_ptr().add(id as usize * width + at);
            for feature in 0..N {
                let code = usize::from(*row.add(feature));
                let cell = cells.get_unchecked_mut(feature * CODES + code);
                *cell = cell.wrapping_add(pair);
            }
        }
    }
}

/// Leaves in `cells` what the sibling with `other` has not.
#[inline(never)]
pub(super) fn subtract(cells: &mut [Pair], other: &[Pair]) {
    cells.iter_mut().zip(other).for_each(|(cell, &other)| *cell = cell.wrapping_sub(other));
}

#[cfg(test)]
mod tests {
    use hedgerow_model::Bins;
    use proptest::prelude::*;

    use super::*;
    use crate::forest::Binned;

    /// The same without any trick.
    fn checked(ids: &[u32], pairs: &[Pair], columns: &[Vec<u8>]) -> Vec<Pair> {
        let mut cells = vec![0u64; columns.len() * CODES];
        for (feature, column) in columns.iter().enumerate() {
            for &id in ids {
                let cell = &mut cells[feature * CODES + usize::from(column[id as usize])];
                *cell = cell.wrapping_add(pairs[id as usize]);
            }
        }
        cells
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn kernels_sum_as_their_checked_twin_and_siblings_by_subtraction(
            width in 1..20usize,
            rows in 1..9_000usize,
            seed in any::<u64>(),
        ) {
            let mut state = seed | 1;
            let mut next = move || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state
            };
            let columns: Vec<Vec<u8>> =
                (0..width).map(|_| (0..rows).map(|_| next() as u8).collect()).collect();
            let pairs: Vec<Pair> =
                (0..rows).map(|_| (next() >> 44) << 32 | (next() >> 44)).collect();
            let bins = vec![Bins::Categorical { n: 255 }; width];
            let binned = Binned::new(columns.clone(), bins, rows).unwrap();
            let mut row_major = Rows::default();
            row_major.fill(&binned, &(0..width as u16).collect::<Vec<_>>());
            let (left, right): (Vec<u32>, Vec<u32>) =
                (0..rows as u32).partition(|&id| columns[0][id as usize] < 100);
            let all: Vec<u32> = (0..rows as u32).collect();
            let turned: Vec<u32> = all.iter().rev().copied().collect();
            let build = |ids: &[u32]| {
                let mut cells = vec![0; width * CODES];
                build(ids, &pairs, &row_major, &mut cells, &mut Vec::new());
                cells
            };
            let mut sibling = build(&all);
            prop_assert_eq!(&sibling, &checked(&all, &pairs, &columns));
            prop_assert_eq!(&sibling, &build(&turned));
            subtract(&mut sibling, &build(&left));
            prop_assert_eq!(sibling, checked(&right, &pairs, &columns));
        }
    }
}
