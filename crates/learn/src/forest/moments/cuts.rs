//! The best cut of codes in their order.

use super::super::split::Cut;
use super::super::sums::Sums;
use super::histogram::Histogram;

/// A division and what led to it round by a few of the last bit; this is some more.
const NEARLY: f64 = 1.0 - 8.0 * f64::EPSILON;

/// Cuts looked at together; most of the time none of them is better than the best so far.
const BLOCK: usize = 4;

/// The best end of a prefix of `order`, by the decrease of the weighted sum of squares times the
/// node's weight: `(s_l W - S w_l)^2 / (w_l w_r)`. Divides only where that may be the best so far.
#[inline(never)]
pub(super) fn cut<S: Sums>(
    histogram: &Histogram<S>,
    mut left: S,
    order: &[u8],
    mut search: CutSearch<S>,
) -> Option<Cut> {
    let (blocks, rest) = order.as_chunks::<BLOCK>();
    let mut end = 0;
    for block in blocks {
        let lefts = block.map(|code| {
            left.add(histogram[usize::from(code)]);
            left
        });
        if search.is_one_better(&lefts) {
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

    /// The numerator and denominator of the score of a cut with `left` on its left.
    #[inline(always)]
    fn fraction(&self, left: &S) -> (f64, f64) {
        let (w, s) = (left.weight(), left.sum());
        let difference = s * self.all.weight() - self.all.sum() * w;
        (difference * difference, w * (self.all.weight() - w))
    }

    /// Whether one of them may be better than the best so far: [`Self::fraction`] of two at a time.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline(always)]
    fn is_one_better(&self, [a, b, c, d]: &[S; BLOCK]) -> bool {
        use core::arch::wasm32::*;
        let (weight, sum) = (f64x2_splat(self.all.weight()), f64x2_splat(self.all.sum()));
        let better = |a: &S, b: &S| {
            let (w, s) = (f64x2(a.weight(), b.weight()), f64x2(a.sum(), b.sum()));
            let difference = f64x2_sub(f64x2_mul(s, weight), f64x2_mul(sum, w));
            let both = f64x2_mul(w, f64x2_sub(weight, w));
            f64x2_gt(f64x2_mul(difference, difference), f64x2_mul(f64x2_splat(self.bar), both))
        };
        v128_any_true(v128_or(better(a, b), better(c, d)))
    }

    /// Whether one of them may be better than the best so far.
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    #[inline(always)]
    fn is_one_better(&self, lefts: &[S; BLOCK]) -> bool {
        let fractions: [(f64, f64); BLOCK] =
            std::array::from_fn(|place| self.fraction(&lefts[place]));
        let better = fractions.map(|(squared, both)| squared > self.bar * both);
        better.iter().fold(false, |any, &better| any | better)
    }

    #[inline(always)]
    /// Looks at a cut after place `end`, with `left` on its left.
    pub fn offer(&mut self, end: usize, left: S) {
        let (squared, both) = self.fraction(&left);
        if squared > self.bar * both {
            let this = squared / both;
            if this > self.score && both > 0.0 && left.leaves_enough(&self.all, self.min_rows) {
                self.score = this;
                self.bar = this * NEARLY;
                self.found = Some((end, left));
            }
        }
    }

    pub fn best(self) -> Option<Cut> {
        let (end, left) = self.found?;
        let (weight, right) = (left.weight(), self.all.weight() - left.weight());
        let right_sum = self.all.sum() - left.sum();
        let right_pure = self.all.sum() == left.sum() || right_sum == right;
        let perfect = left.is_pure() && right_pure;
        Some(Cut { score: self.score, end, left_heavier: weight > right, perfect })
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
            let found = cut(&histogram, Packed::default(), &order, search).unwrap();
            let (mut score, mut end, mut left) = (f64::NEG_INFINITY, 0, Packed::default());
            for &code in &order {
                left.add(cells[usize::from(code)]);
                let difference = left.sum() * all.weight() - all.sum() * left.weight();
                let this = difference * difference / (left.weight() * (all.weight() - left.weight()));
                if this > score {
                    (score, end) = (this, usize::from(code) + 1);
                }
            }
            prop_assert_eq!((found.score.to_bits(), found.end), (score.to_bits(), end));
        }
    }
}
