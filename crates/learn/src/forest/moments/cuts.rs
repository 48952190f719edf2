//! The best cut of codes in their order.

use super::super::bar::{BLOCK, fraction};
use super::super::split::Cut;
use super::super::sums::Sums;
use super::histogram::Histogram;

/// A division and what led to it round by a few of the last bit; this is some more.
const NEARLY: f64 = 1.0 - 8.0 * f64::EPSILON;

/// The best end of a prefix of `order`, by the decrease of the weighted sum of squares times the
/// node's weight: `(s_l W - S w_l)^2 / (w_l w_r)`; and what is left of it. Divides only where that may
/// be the best so far.
#[inline(never)]
pub(super) fn cut<S: Sums>(
    histogram: &Histogram<S>,
    mut left: S,
    order: &[u8],
    mut search: CutSearch<S>,
) -> Option<(Cut, S)> {
    let (blocks, rest) = order.as_chunks::<BLOCK>();
    let mut end = 0;
    for block in blocks {
        let lefts = block.map(|code| {
            left.add(histogram[usize::from(code)]);
            left
        });
        if S::may_exceed(search.bar, &lefts, &search.all) {
            lefts.iter().enumerate().for_each(|(place, &left)| search.offer(end + place + 1, left));
        }
        end += BLOCK;
    }
    for (place, &code) in rest.iter().enumerate() {
        left.add(histogram[usize::from(code)]);
        search.offer(end + place + 1, left);
    }
    search.best()
}

/// The search for the best cut.
pub(super) struct CutSearch<S> {
    all: S,
    min_rows: u32,
    score: f64,
    /// A little less than the score.
    bar: f64,
    /// The end and what is left of it.
    found: Option<(usize, S)>,
}

impl<S: Sums> CutSearch<S> {
    /// A search in a node with these sums for a score above `floor`.
    #[inline(always)]
    pub fn new(all: S, min_rows: u32, floor: f64) -> Self {
        Self { all, min_rows, score: floor, bar: floor * NEARLY, found: None }
    }

    /// Looks at a cut after place `end`, with `left` on its left.
    #[inline(always)]
    pub fn offer(&mut self, end: usize, left: S) {
        let (squared, both) = fraction(&left, &self.all);
        if squared > self.bar * both {
            let this = squared / both;
            if this > self.score && both > 0.0 && left.leaves_enough(&self.all, self.min_rows) {
                self.score = this;
                self.bar = this * NEARLY;
                self.found = Some((end, left));
            }
        }
    }

    /// The best cut, and what is left of it.
    pub fn best(self) -> Option<(Cut, S)> {
        let (end, left) = self.found?;
        let (weight, right) = (left.weight(), self.all.weight() - left.weight());
        let right_sum = self.all.sum() - left.sum();
        let right_pure = self.all.sum() == left.sum() || right_sum == right;
        let perfect = left.is_pure() && right_pure;
        Some((Cut { score: self.score, end, left_heavier: weight > right, perfect }, left))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::split::CODES;
    use super::super::super::sums::Packed;
    use super::*;

    proptest! {
        #[test]
        fn a_cut_is_the_first_of_the_best_by_division(
            cells in prop::collection::vec((1..50u32, 0..2u32), 2..60),
        ) {
            let cells: Vec<Packed> =
                cells.iter().map(|&(weight, class)| Packed::row(class, weight)).collect();
            let mut all = Packed::default();
            cells.iter().for_each(|&cell| all.add(cell));
            let order: Vec<u8> = (0..cells.len() as u8 - 1).collect();
            let mut histogram = [Packed::default(); CODES];
            histogram[..cells.len()].copy_from_slice(&cells);
            let search = CutSearch::new(all, 1, f64::NEG_INFINITY);
            let (found, its_left) = cut(&histogram, Packed::default(), &order, search).unwrap();
            let (mut score, mut end, mut left) = (f64::NEG_INFINITY, 0, Packed::default());
            for &code in &order {
                left.add(cells[usize::from(code)]);
                let difference = left.sum() * all.weight() - all.sum() * left.weight();
                let this = difference * difference / (left.weight() * (all.weight() - left.weight()));
                if this > score {
                    (score, end) = (this, usize::from(code) + 1);
                }
            }
            let mut to_end = Packed::default();
            cells[..end].iter().for_each(|&cell| to_end.add(cell));
            prop_assert_eq!(its_left, to_end);
            prop_assert_eq!((found.score.to_bits(), found.end), (score.to_bits(), end));
        }
    }
}
