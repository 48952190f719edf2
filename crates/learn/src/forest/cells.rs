//! What rows weigh: whole numbers where the only weights are those of the bootstrap, else `f64`.
//!
//! Whole numbers are exact in any order and half as wide, so a histogram takes half the room and
//! twice as many cells are handled at once.

use std::array::from_fn;
use std::ops::{AddAssign, Sub, SubAssign};

use super::ids::{Along, kept_beside};

/// Additions side by side, in the same order everywhere.
pub(super) const LANES: usize = 4;

/// A sum of weights.
pub(super) trait Cell:
    Copy + Default + PartialOrd + AddAssign + Sub<Output = Self> + Send + 'static
{
    /// What a row brings along: its class and weight.
    type Row: Along<Beside = Self::Row> + Copy + Default + Send + 'static;
    /// A sum of products of weights.
    type Square: Copy + Default + AddAssign + SubAssign + Send;

    fn class(row: Self::Row) -> usize;
    fn weight(row: Self::Row) -> Self;
    /// The row with another class, which is not larger than its own.
    fn relabel(row: Self::Row, class: usize) -> Self::Row;
    fn times(self, other: Self) -> Self::Square;
    /// Moves `cells` to the left of a cut of rows that weigh `all`. Gives the weight on the left
    /// and the sums of squares left and right. All slices are as long, in whole lanes.
    fn pass(
        left: &mut [Self],
        total: &[Self],
        cells: &[Self],
        all: Self,
    ) -> (Self, Self::Square, Self::Square);
    fn number(self) -> f64;
    fn square_number(square: Self::Square) -> f64;
}

#[inline(always)]
fn pass_lanes<W: Cell, S: Copy + Default + AddAssign>(
    left: &mut [W],
    total: &[W],
    cells: &[W],
    square: impl Fn(W) -> S,
) -> (W, S, S) {
    let mut weight = [W::default(); LANES];
    let (mut squares, mut others) = ([S::default(); LANES], [S::default(); LANES]);
    let left = left.as_chunks_mut::<LANES>().0;
    let parts = left.iter_mut().zip(total.as_chunks::<LANES>().0);
    for ((left, total), cells) in parts.zip(cells.as_chunks::<LANES>().0) {
        let mut moved = *left;
        (0..LANES).for_each(|lane| moved[lane] += cells[lane]);
        *left = moved;
        let right: [W; LANES] = from_fn(|lane| total[lane] - moved[lane]);
        (0..LANES).for_each(|lane| weight[lane] += moved[lane]);
        (0..LANES).for_each(|lane| squares[lane] += square(moved[lane]));
        (0..LANES).for_each(|lane| others[lane] += square(right[lane]));
    }
    (sum(weight), sum(squares), sum(others))
}

#[inline(always)]
fn sum<T: Copy + AddAssign>([mut a, b, mut c, d]: [T; LANES]) -> T {
    a += b;
    c += d;
    a += c;
    a
}

/// Class and times drawn of a row, 16 bits each.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct WholeRow(u32);

impl WholeRow {
    /// Classes and times drawn must be below this.
    pub const LIMIT: usize = 1 << 16;

    pub fn new(class: u32, times: u32) -> Self {
        Self((class << 16) | times)
    }
}

impl Cell for u32 {
    type Row = WholeRow;
    type Square = u64;

    #[inline]
    fn class(row: WholeRow) -> usize {
        (row.0 >> 16) as usize
    }
    #[inline]
    fn weight(row: WholeRow) -> Self {
        row.0 & 0xFFFF
    }
    #[inline]
    fn relabel(row: WholeRow, class: usize) -> WholeRow {
        WholeRow::new(class as Self, Self::weight(row))
    }
    #[inline]
    fn times(self, other: Self) -> u64 {
        u64::from(self) * u64::from(other)
    }
    #[inline]
    fn pass(left: &mut [Self], total: &[Self], cells: &[Self], all: Self) -> (Self, u64, u64) {
        // The square of `all` is at least the sum of squares. Where that fits into 32 bits, four of
        // them are multiplied at once.
        if all < 1 << 16 {
            let (weight, squares, others) =
                pass_lanes(left, total, cells, |weight: Self| weight.wrapping_mul(weight));
            return (weight, u64::from(squares), u64::from(others));
        }
        pass_lanes(left, total, cells, |weight| weight.times(weight))
    }
    #[inline]
    fn number(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn square_number(square: u64) -> f64 {
        // Rows are fewer than 2^32, and half of the square of that many fits. Signed, since no
        // instruction of WebAssembly's hosts converts unsigned ones.
        square as i64 as f64
    }
}

/// Class and weight of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ClassRow {
    pub class: u32,
    pub weight: f64,
}

kept_beside!(WholeRow, ClassRow);

impl Cell for f64 {
    type Row = ClassRow;
    type Square = Self;

    #[inline]
    fn class(row: ClassRow) -> usize {
        row.class as usize
    }
    #[inline]
    fn weight(row: ClassRow) -> Self {
        row.weight
    }
    #[inline]
    fn relabel(row: ClassRow, class: usize) -> ClassRow {
        ClassRow { class: class as u32, ..row }
    }
    #[inline]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline]
    fn pass(left: &mut [Self], total: &[Self], cells: &[Self], _: Self) -> (Self, Self, Self) {
        pass_lanes(left, total, cells, |weight| weight * weight)
    }
    #[inline]
    fn number(self) -> f64 {
        self
    }
    #[inline]
    fn square_number(square: Self) -> f64 {
        square
    }
}

#[cfg(test)]
mod tests {
    use hedgerow_model::Bins;
    use proptest::prelude::*;

    use super::super::{Binned, ForestJob, RandomForest, Target};

    proptest! {
        #[test]
        fn whole_weights_and_numbers_grow_the_same_trees(
            rows in prop::collection::vec((0..5u8, 0..40u8, 0..4u8, 0..9u32), 2..300),
            min_samples_leaf in 1..4u32,
        ) {
            let numeric = |n: u32| Bins::Numeric { edges: (0..n).map(f64::from).collect() };
            let bins = vec![numeric(3), numeric(38), Bins::Categorical { n: 3 }];
            let codes = vec![
                rows.iter().map(|row| row.0).collect(),
                rows.iter().map(|row| row.1).collect(),
                rows.iter().map(|row| row.2).collect(),
            ];
            let binned = Binned::new(codes, bins, rows.len()).unwrap();
            let codes = rows.iter().map(|row| row.3).collect();
            let target = Target::Classes { codes, n: 9 };
            let forest =
                RandomForest { n_estimators: 3, min_samples_leaf, ..RandomForest::default() };
            let fit = |weights| {
                ForestJob::new(binned.clone(), target.clone(), weights, forest.clone(), 7)
                    .unwrap()
                    .fit()
                    .unwrap()
            };
            let (whole, numbers) = (fit(None), fit(Some(vec![1.0; rows.len()])));
            prop_assert_eq!(whole.trees, numbers.trees);
            prop_assert_eq!(whole.importances, numbers.importances);
            prop_assert_eq!(whole.oob_score, numbers.oob_score);
        }
    }
}
