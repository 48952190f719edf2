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
    /// Pieces of `order` still to be cut, and by which feature, once that is known.
    pieces: Vec<(Range<usize>, Option<usize>)>,
    /// The first points in that order, once there is one.
    leaves: Leaves,
}

impl Ordering {
    pub fn new(points: Vec<f32>, features: usize) -> Self {
        let rows = points.len() / features.max(1);
        let whole = (0..rows, None);
        let order = (0..rows as u32).collect();
        Self { features, points, order, pieces: vec![whole], leaves: Leaves::new(features, rows) }
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
        let mut work = 0;
        while work < STEP {
            let Some((piece, feature)) = self.pieces.pop() else { return self.copy(STEP - work) };
            match feature {
                _ if piece.len() <= LEAF => {}
                None => {
                    work += piece.len() * self.features;
                    let feature = self.widest(&self.order[piece.clone()]);
                    self.pieces.push((piece, Some(feature)));
                }
                Some(feature) => {
                    work += piece.len();
                    // The last leaf alone may be smaller than the others.
                    let middle = piece.start + (piece.len() / 2).next_multiple_of(LEAF);
                    self.halve(piece.clone(), middle - piece.start, feature);
                    self.pieces.extend([(middle..piece.end, None), (piece.start..middle, None)]);
                }
            }
        }
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

    /// Puts the `middle` points of a piece that are lowest in a feature before the others.
    fn halve(&mut self, piece: Range<usize>, middle: usize, feature: usize) {
        let value = |row: u32| self.points[row as usize * self.features + feature];
        select(&mut self.order[piece], middle, &value);
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

/// Puts the `n` rows of the lowest values first, equals by row (Hoare 1961: the pivot is the median
/// of three).
fn select(rows: &mut [u32], n: usize, value: &dyn Fn(u32) -> f32) {
    let less = |a: u32, b: u32| {
        let (x, y) = (value(a), value(b));
        x < y || (x == y && a < b)
    };
    let (mut start, mut end) = (0, rows.len());
    while end - start > 1 && n > start && n < end {
        let pivot = median([rows[start], rows[(start + end) / 2], rows[end - 1]], &less);
        let (mut low, mut high) = (start, end - 1);
        // Rows are distinct: exactly one of them is the pivot, and both walks stop at it.
        loop {
            while less(rows[low], pivot) {
                low += 1;
            }
            while less(pivot, rows[high]) {
                high -= 1;
            }
            if low >= high {
                break;
            }
            rows.swap(low, high);
        }
        // The pivot is at `low`, lower ones before, higher ones behind.
        if n <= low {
            end = low;
        } else {
            start = low + 1;
        }
    }
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
            select(&mut rows, n, &value);
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
