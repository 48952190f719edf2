//! Matrix products in `f32` whose every sum has one order on all platforms.
//!
//! A matrix is a panel: one row a unit, one column a sample, see [`Columns`]. Samples lie side by side,
//! so that they fill SIMD lanes whatever the width of a layer. Products and sums round one
//! by one, never fused; the tiles decide only how many sums run at a time, not their order.

use alloc::vec;
use alloc::vec::Vec;

/// Samples that are computed side by side: two SIMD registers.
const LANES: usize = 8;

/// How the rows of a panel lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// Columns that are computed: whole SIMD registers.
    used: usize,
    /// Distance of two rows: whole cache lines, and an odd number of them, so that the rows of a
    /// column do not fall into the same few sets of the cache.
    stride: usize,
}

impl Columns {
    /// For so many samples. The columns behind the last sample are computed too, and mean nothing.
    pub fn of(samples: usize) -> Self {
        let used = samples.next_multiple_of(LANES);
        Self { used, stride: (used.div_ceil(16) | 1) * 16 }
    }

    /// Distance of two rows.
    pub fn stride(self) -> usize {
        self.stride
    }

    /// A panel of zeros.
    pub fn panel(self, rows: usize) -> Vec<f32> {
        vec![0.0; rows * self.stride]
    }
}

/// A matrix of weights read by rows or by columns: element `(i, p)` is at `i * row + p * column`.
#[derive(Clone, Copy)]
pub struct Strided<'a> {
    pub values: &'a [f32],
    pub row: usize,
    pub column: usize,
}

/// `out[i][j] = start[i] + sum over p of a[i][p] * b[p][j]`, added in the order of `p`; an empty
/// `start` is zeros. `out` is a panel of `rows` rows, `b` one of a row for each `p`; `packed` is scratch
/// space.
pub fn multiply(
    a: Strided,
    rows: usize,
    start: &[f32],
    b: &[f32],
    columns: Columns,
    packed: &mut Vec<f32>,
    out: &mut [f32],
) {
    let stride = columns.stride;
    let inner = b.len() / stride;
    for (tile, out) in out[..rows * stride].chunks_mut(4 * stride).enumerate() {
        let first = tile * 4;
        let start: [f32; 4] =
            core::array::from_fn(|row| start.get(first + row).copied().unwrap_or(0.0));
        if out.len() == 4 * stride {
            pack::<4>(a, first, inner, packed);
            multiply_rows::<4>(packed, &start, b, columns, out);
        } else {
            for (row, out) in out.chunks_exact_mut(stride).enumerate() {
                pack::<1>(a, first + row, inner, packed);
                multiply_rows::<1>(packed, &start[row..], b, columns, out);
            }
        }
    }
}

/// Rows `first..first + ROWS` side by side, so that a tile reads them forwards.
fn pack<const ROWS: usize>(a: Strided, first: usize, inner: usize, packed: &mut Vec<f32>) {
    packed.clear();
    for p in 0..inner {
        for row in first..first + ROWS {
            packed.push(a.values[row * a.row + p * a.column]);
        }
    }
}

#[inline(never)]
fn multiply_rows<const ROWS: usize>(
    packed: &[f32],
    start: &[f32],
    b: &[f32],
    columns: Columns,
    out: &mut [f32],
) {
    let Columns { used, stride } = columns;
    let (packed, _) = packed.as_chunks::<ROWS>();
    for column in (0..used).step_by(LANES) {
        let mut sums: [[f32; LANES]; ROWS] = core::array::from_fn(|row| [start[row]; LANES]);
        for (weights, values) in packed.iter().zip(b.chunks_exact(stride)) {
            let values: &[f32; LANES] = lanes(&values[column..]);
            for (sums, weight) in sums.iter_mut().zip(weights) {
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += weight * value;
                }
            }
        }
        for (row, sums) in out.chunks_exact_mut(stride).zip(&sums) {
            row[column..column + LANES].copy_from_slice(sums);
        }
    }
}

#[inline(always)]
fn lanes<const N: usize>(values: &[f32]) -> &[f32; N] {
    values.first_chunk().expect("a stride is a multiple of the lanes")
}

/// Adds to `out[i][k]` the sum over all samples of `a[i][j] * b[k][j]`: every fourth sample into one
/// of four sums, then the four in order. `out` has one row for each row of `a` and one column for
/// each of `b`.
pub fn add_products(a: &[f32], b: &[f32], columns: Columns, out: &mut [f32]) {
    let stride = columns.stride;
    let width = b.len() / stride;
    for (a, out) in a.chunks(4 * stride).zip(out.chunks_mut(4 * width)) {
        if a.len() == 4 * stride {
            add_products_of::<4>(a, b, columns, width, out);
        } else {
            for (a, out) in a.chunks_exact(stride).zip(out.chunks_exact_mut(width)) {
                add_products_of::<1>(a, b, columns, width, out);
            }
        }
    }
}

#[inline(never)]
fn add_products_of<const ROWS: usize>(
    a: &[f32],
    b: &[f32],
    columns: Columns,
    width: usize,
    out: &mut [f32],
) {
    let stride = columns.stride;
    for (pair, b) in b.chunks(2 * stride).enumerate() {
        let column = pair * 2;
        if b.len() == 2 * stride {
            let sums = products::<ROWS, 2>(a, b, columns);
            for (row, sums) in out.chunks_exact_mut(width).zip(&sums) {
                row[column] += sums[0];
                row[column + 1] += sums[1];
            }
        } else {
            let sums = products::<ROWS, 1>(a, b, columns);
            for (row, sums) in out.chunks_exact_mut(width).zip(&sums) {
                row[column] += sums[0];
            }
        }
    }
}

#[inline(always)]
fn products<const ROWS: usize, const WIDTH: usize>(
    a: &[f32],
    b: &[f32],
    columns: Columns,
) -> [[f32; WIDTH]; ROWS] {
    let left: [&[[f32; 4]]; ROWS] = core::array::from_fn(|row| quads(a, row, columns));
    let right: [&[[f32; 4]]; WIDTH] = core::array::from_fn(|row| quads(b, row, columns));
    let mut sums = [[[0.0f32; 4]; WIDTH]; ROWS];
    for quad in 0..columns.used / 4 {
        for (sums, a) in sums.iter_mut().zip(&left) {
            for (sums, b) in sums.iter_mut().zip(&right) {
                for (lane, sum) in sums.iter_mut().enumerate() {
                    *sum += a[quad][lane] * b[quad][lane];
                }
            }
        }
    }
    sums.map(|row| row.map(|sums| (sums[0] + sums[1]) + (sums[2] + sums[3])))
}

#[inline(always)]
fn quads(panel: &[f32], row: usize, columns: Columns) -> &[[f32; 4]] {
    let (quads, _) = panel[row * columns.stride..][..columns.used].as_chunks();
    // Said again, so that no index into it is checked.
    &quads[..columns.used / 4]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same sums, one number at a time.
    fn multiply_plainly(
        a: Strided,
        rows: usize,
        start: &[f32],
        b: &[f32],
        at: Columns,
    ) -> Vec<f32> {
        let (mut out, n) = (Vec::new(), at.stride);
        for i in 0..rows {
            for j in 0..n {
                if j >= at.used {
                    out.push(7.0);
                    continue;
                }
                let mut sum = start.get(i).copied().unwrap_or(0.0);
                for p in 0..b.len() / n {
                    sum += a.values[i * a.row + p * a.column] * b[p * n + j];
                }
                out.push(sum);
            }
        }
        out
    }

    fn numbers(n: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from((state >> 16) as u16) / 20_000.0 - 1.6
        };
        (0..n).map(|_| next()).collect()
    }

    proptest! {
        #[test]
        fn tiles_change_no_bit(rows in 1usize..14, inner in 0usize..9, samples in 1usize..40, seed: u32) {
            let at = Columns::of(samples);
            let n = at.stride;
            let (weights, start) = (numbers(rows * inner, seed), numbers(rows, seed ^ 1));
            let b = numbers(inner * n, seed ^ 2);
            for a in [
                Strided { values: &weights, row: inner, column: 1 },
                Strided { values: &weights, row: 1, column: rows },
            ] {
                let mut out = vec![7.0; rows * n];
                multiply(a, rows, &start, &b, at, &mut Vec::new(), &mut out);
                prop_assert_eq!(&out, &multiply_plainly(a, rows, &start, &b, at));
            }
        }

        #[test]
        fn products_are_summed_in_one_order(rows in 1usize..10, columns in 1usize..6, seed: u32) {
            let at = Columns::of(30);
            let n = at.stride;
            let (a, b) = (numbers(rows * n, seed), numbers(columns * n, seed ^ 1));
            let mut out = vec![0.5f32; rows * columns];
            add_products(&a, &b, at, &mut out);
            for (cell, out) in out.iter().enumerate() {
                let (a, b) = (&a[cell / columns * n..], &b[cell % columns * n..]);
                let mut sums = [0.0f32; 4];
                (0..at.used).for_each(|j| sums[j % 4] += a[j] * b[j]);
                prop_assert_eq!(*out, 0.5 + ((sums[0] + sums[1]) + (sums[2] + sums[3])));
            }
        }
    }
}
