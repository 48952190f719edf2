//! The best place to cut a numeric feature's histogram in two.

use super::pairs::{Pair, gradient, hessian};
use super::split::{Criterion, Node};

/// A cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// What both sides are worth, twice, in quanta.
    pub worth: f64,
    /// The last cell on the left.
    pub last: usize,
    /// Sums of the left side.
    pub left: Pair,
}

/// Searches `cells`, one a code in ascending order, for the cut that is worth more than `floor`; the
/// first of equals. `start` is on the left from the beginning. `least` is the Hessian that a side
/// needs.
#[inline(never)]
pub(super) fn best_cut(
    cells: &[Pair],
    start: Pair,
    total: Pair,
    (l2, least, floor): (f64, f64, f64),
) -> Option<Cut> {
    // A worth is kept as a fraction: a product takes less time than a division.
    let (mut best, mut best_by) = (floor, 1.0);
    let (mut last, mut left) = (usize::MAX, 0);
    let mut sum = start;
    for (at, &cell) in cells.iter().enumerate() {
        if cell == 0 {
            continue;
        }
        sum = sum.wrapping_add(cell);
        let rest = total.wrapping_sub(sum);
        let (h, other_h) = (hessian(sum), hessian(rest));
        if h < least {
            continue;
        }
        if other_h < least {
            break;
        }
        let (g, other_g) = (gradient(sum), gradient(rest));
        let (h, other_h) = (h + l2, other_h + l2);
        let (worth, by) = (g * g * other_h + other_g * other_g * h, h * other_h);
        if worth * best_by > best * by {
            (best, best_by) = (worth, by);
            (last, left) = (at, sum);
        }
    }
    (last != usize::MAX).then(|| Cut { worth: best / best_by, last, left })
}

/// The same for leaves that L1, bounds or known numbers of rows make more difficult. `order` is what
/// a larger code must do to the value: 1 raise, -1 lower, 0 either. `counts`, if any, are the rows
/// of each cell, and `start_count` those that begin on the left.
#[inline(never)]
pub(super) fn best_careful_cut(
    cells: &[Pair],
    start: Pair,
    node: &Node,
    criterion: &Criterion,
    (order, counts, start_count): (i8, Option<&[u32]>, u32),
    floor: f64,
) -> Option<Cut> {
    let least = if counts.is_some() { criterion.min_hessian } else { criterion.least(node) };
    let mut best: Option<Cut> = None;
    let (mut sum, mut rows) = (start, start_count as usize);
    for (at, &cell) in cells.iter().enumerate() {
        sum = sum.wrapping_add(cell);
        rows += counts.map_or(0, |counts| counts[at] as usize);
        let sides = [sum, node.total.wrapping_sub(sum)];
        let few = |rows: usize| counts.is_some() && (rows as f64) < criterion.min_rows;
        if hessian(sides[0]) < least || few(rows) {
            continue;
        }
        if hessian(sides[1]) < least || few(node.rows.saturating_sub(rows)) {
            break;
        }
        let values = sides.map(|side| criterion.value(side, criterion.l2, node.bounds));
        if f64::from(order) * (values[1] - values[0]) < 0.0 {
            continue;
        }
        let worth = criterion.worth(sides[0], criterion.l2, values[0])
            + criterion.worth(sides[1], criterion.l2, values[1]);
        if worth > best.map_or(floor, |cut| cut.worth) {
            best = Some(Cut { worth, last: at, left: sum });
        }
    }
    best
}
