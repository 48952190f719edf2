//! Brings points into an order in which near ones lie together.

use std::ops::Range;

use hedgerow_model::{NEIGHBORS_LEAF as LEAF, NeighborLeaves as Leaves};

use crate::CHUNK;

/// Numbers looked at in a step, roughly: some milliseconds.
const STEP: usize = 1 << 21;

/// Points being ordered: cut in halves, again and again, by the feature in which they are spread
/// most, until a piece is a leaf. Then they are copied in that order.
pub(super) struct Ordering {
    features: usize,
    /// Row-major.
    points: Vec<f32>,
    pub order: Vec<u32>,
    /// Pieces of `order` still to be cut, and how far that is.
    pieces: Vec<(Range<usize>, Option<Cut>)>,
    /// Numbers looked at in the step that goes on.
    work: usize,
    /// The first points in that order, once there is one.
    leaves: Leaves,
}

/// A piece being cut in halves.
struct Cut {
    feature: usize,
    /// Rows of the piece that may be on the wrong side yet.
    open: Range<usize>,
}

impl Ordering {
    pub fn new(points: Vec<f32>, features: usize) -> Self {
        let rows = points.len() / features.max(1);
        let whole = (0..rows, None);
        let order = (0..rows as u32).collect();
        Self {
            features,
            points,
            order,
            pieces: vec![whole],
            work: 0,
            leaves: Leaves::new(features, rows),
        }
    }

    /// Steps there are at most.
    pub fn total(&self) -> usize {
        let levels = self.order.len().div_ceil(LEAF).next_power_of_two().ilog2() as usize;
        2 + ((levels + 1) * self.points.len() + levels * self.order.len()) / STEP
    }

    pub fn ended(&self) -> bool {
        self.pieces.is_empty() && self.leaves.rows() == self.order.len()
    }

    pub fn step(&mut self) {
        while !self.advance() {}
    }

    /// Goes on by a part of a step; whether it was the last.
    pub fn advance(&mut self) -> bool {
        let mut part = 0;
        while part < STEP / 4 && self.work < STEP {
            let Some((piece, cut)) = self.pieces.pop() else {
                self.copy(STEP - self.work);
                self.work = STEP;
                break;
            };
            part += self.cut(piece, cut);
        }
        let ended = self.work >= STEP;
        self.work = if ended { 0 } else { self.work };
        ended
    }

    /// Goes on cutting a piece: finds the feature, or goes through the open rows once. Numbers looked at.
    fn cut(&mut self, piece: Range<usize>, cut: Option<Cut>) -> usize {
        let rows = piece.len();
        if rows <= LEAF {
            return 0;
        }
        let Some(Cut { feature, open }) = cut else {
            let feature = self.widest(&self.order[piece.clone()]);
            self.pieces.push((piece, Some(Cut { feature, open: 0..rows })));
            self.work += rows * self.features;
            return rows * self.features;
        };
        // The last leaf alone may be smaller than the others.
        let lower = (rows / 2).next_multiple_of(LEAF);
        let looked = open.len();
        let open = self.narrow(piece.clone(), lower, feature, open);
        if is_cut(&open, lower) {
            let middle = piece.start + lower;
            self.pieces.extend([(middle..piece.end, None), (piece.start..middle, None)]);
            self.work += rows;
        } else {
            self.pieces.push((piece, Some(Cut { feature, open })));
        }
        looked
    }

    /// Copies about so many numbers.
    fn copy(&mut self, numbers: usize) {
        let leaves = numbers.div_ceil(self.features * LEAF);
        let mut points = Vec::with_capacity(LEAF * self.features);
        for rows in self.order[self.leaves.rows()..].chunks(LEAF).take(leaves) {
            points.clear();
            gather(&self.points, self.features, rows, &mut points);
            self.leaves.add(&points);
        }
    }

    /// Brings more of a piece's `lower` points that are lowest in a feature before the others.
    fn narrow(
        &mut self,
        piece: Range<usize>,
        lower: usize,
        feature: usize,
        open: Range<usize>,
    ) -> Range<usize> {
        let value = |row: u32| self.points[row as usize * self.features + feature];
        narrow(&mut self.order[piece], lower, open, &value)
    }

    /// The feature of the largest spread, the first of equals.
    fn widest(&self, rows: &[u32]) -> usize {
        let mut ends = vec![(f32::INFINITY, f32::NEG_INFINITY); self.features];
        rows.chunks(CHUNK).for_each(|rows| widen(&mut ends, &self.points, rows));
        let spread = |feature: usize| ends[feature].1 - ends[feature].0;
        (1..self.features)
            .fold(0, |best, other| if spread(other) > spread(best) { other } else { best })
    }

    /// The points, in their order, and the order.
    pub fn finish(self) -> (Leaves, Vec<u32>) {
        (self.leaves, self.order)
    }
}

/// Makes room between the ends of each feature for some points.
#[inline(never)]
fn widen(ends: &mut [(f32, f32)], points: &[f32], rows: &[u32]) {
    for &row in rows {
        let point = &points[row as usize * ends.len()..][..ends.len()];
        for ((low, high), &x) in ends.iter_mut().zip(point) {
            *low = if x < *low { x } else { *low };
            *high = if x > *high { x } else { *high };
        }
    }
}

#[inline(never)]
fn gather(points: &[f32], features: usize, rows: &[u32], out: &mut Vec<f32>) {
    for &row in rows {
        out.extend_from_slice(&points[row as usize * features..][..features]);
    }
}

/// Whether the `n` lowest rows are before the others, where all but `open` ones are on their side.
fn is_cut(open: &Range<usize>, n: usize) -> bool {
    open.len() <= 1 || n <= open.start || n >= open.end
}

/// Goes once through the open rows, to have the `n` rows of the lowest values before the others, equals by row
/// (Hoare 1961: the pivot is the median of three). The rows that are open then.
fn narrow(
    rows: &mut [u32],
    n: usize,
    open: Range<usize>,
    value: &dyn Fn(u32) -> f32,
) -> Range<usize> {
    if is_cut(&open, n) {
        return n..n;
    }
    let less = |a: u32, b: u32| {
        let (x, y) = (value(a), value(b));
        x < y || (x == y && a < b)
    };
    let Range { start, end } = open;
    let pivot = median([rows[start], rows[(start + end) / 2], rows[end - 1]], &less);
    let (mut low, mut high) = (start, end - 1);
    while !part(rows, (&mut low, &mut high), pivot, &less) {}
    // The pivot is at `low`, lower ones before, higher ones behind.
    if n <= low { start..low } else { low + 1..end }
}

/// Goes on bringing lower rows before the pivot and higher ones behind, for some swaps; whether all are there.
/// V8 swaps in optimised code only at the next call.
#[inline(never)]
fn part(
    rows: &mut [u32],
    (low, high): (&mut usize, &mut usize),
    pivot: u32,
    less: &dyn Fn(u32, u32) -> bool,
) -> bool {
    for _ in 0..CHUNK {
        // Rows are distinct: exactly one of them is the pivot, and both walks stop at it.
        while less(rows[*low], pivot) {
            *low += 1;
        }
        while less(pivot, rows[*high]) {
            *high -= 1;
        }
        if *low >= *high {
            return true;
        }
        rows.swap(*low, *high);
    }
    false
}

fn median([a, b, c]: [u32; 3], less: &dyn Fn(u32, u32) -> bool) -> u32 {
    let (low, high) = if less(a, b) { (a, b) } else { (b, a) };
    if less(c, low) {
        low
    } else if less(high, c) {
        high
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_lowest_come_first(values in prop::collection::vec(0u8..9, 1..80), n in 0usize..80) {
            let n = n.min(values.len());
            let value = |row: u32| f32::from(values[row as usize]);
            let mut rows: Vec<u32> = (0..values.len() as u32).rev().collect();
            let mut open = 0..rows.len();
            while !is_cut(&open, n) {
                open = narrow(&mut rows, n, open, &value);
            }
            let mut sorted: Vec<u32> = (0..values.len() as u32).collect();
            sorted.sort_by_key(|&row| values[row as usize]);
            let mut first = rows[..n].to_vec();
            first.sort_by_key(|&row| (values[row as usize], row));
            prop_assert_eq!(&first, &sorted[..n]);
        }

        #[test]
        fn an_order_holds_every_row_once(rows in 1usize..1_000, features in 1usize..4) {
            let cell = |at: usize| ((at * 7_919) % 101) as f32;
            let points: Vec<f32> = (0..rows * features).map(cell).collect();
            let mut ordering = Ordering::new(points.clone(), features);
            let (total, mut steps) = (ordering.total(), 0);
            while !ordering.ended() {
                ordering.step();
                steps += 1;
            }
            prop_assert!(steps <= total);
            let (leaves, order) = ordering.finish();
            let ordered = leaves.points();
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..rows as u32).collect::<Vec<_>>());
            for (point, row) in ordered.chunks(features).zip(order) {
                prop_assert_eq!(point, &points[row as usize * features..][..features]);
            }
        }
    }
}
