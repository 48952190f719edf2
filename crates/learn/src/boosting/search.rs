//! The best split of a leaf, feature by feature.

use super::categories::search_categories;
use super::cut::{Cut, best_careful_cut, best_cut};
use super::pairs::{Pair, hessian};
use super::split::{Criterion, Node, Split};
use crate::forest::{Rule, middle};

/// A feature's histogram in a leaf.
#[derive(Clone, Copy)]
pub(super) struct Profile<'a> {
    pub feature: u16,
    /// One a code; code 0 is for missing values.
    pub cells: &'a [Pair],
    /// Rows by code, where they must be known exactly.
    pub counts: Option<&'a [u32]>,
    /// What a larger value must do to the prediction: 1 raise, -1 lower, 0 either.
    pub order: i8,
    pub categorical: bool,
}

/// Searches one feature and remembers its best split if it gains more than `best`; `floor` is the
/// leaf's own worth.
pub(super) fn search(
    profile: Profile,
    node: &Node,
    criterion: &Criterion,
    floor: f64,
    best: &mut Option<Split>,
) {
    let least = floor + best.map_or(0.0, |split| split.gain);
    if profile.categorical {
        if let Some(split) = search_categories(profile, node, criterion, floor, least) {
            *best = Some(split);
        }
        return;
    }
    let right = cut(profile, node, criterion, false, least);
    let mut chosen = right.map(|cut| (cut, heavier_left(cut.left, node.total)));
    if profile.cells[0] != 0 || profile.counts.is_some_and(|counts| counts[0] > 0) {
        chosen = right.map(|cut| (cut, false));
        let least = right.map_or(least, |cut| cut.worth);
        chosen = cut(profile, node, criterion, true, least).map(|cut| (cut, true)).or(chosen);
    }
    if let Some((cut, missing_left)) = chosen {
        *best = Some(numeric_split(profile, node, criterion, cut, missing_left, floor));
    }
}

/// Missing values that no row has shown go with the heavier side.
fn heavier_left(left: Pair, total: Pair) -> bool {
    hessian(left) >= hessian(total.wrapping_sub(left))
}

fn cut(
    profile: Profile,
    node: &Node,
    criterion: &Criterion,
    missing_left: bool,
    floor: f64,
) -> Option<Cut> {
    let (missing, cells) = profile.cells.split_first()?;
    let start = if missing_left { *missing } else { 0 };
    if criterion.is_plain() && profile.counts.is_none() {
        let least = criterion.least(node);
        return best_cut(cells, start, node.total, (criterion.l2, least, floor));
    }
    let counts = profile.counts.map(|counts| &counts[1..]);
    let start_count = profile.counts.filter(|_| missing_left).map_or(0, |counts| counts[0]);
    let rows = (profile.order, counts, start_count);
    best_careful_cut(cells, start, node, criterion, rows, floor)
}

#[inline(never)]
fn numeric_split(
    profile: Profile,
    node: &Node,
    criterion: &Criterion,
    cut: Cut,
    missing_left: bool,
    floor: f64,
) -> Split {
    // Codes are one more than places among the cells of values.
    let low = cut.last + 1;
    let next = profile.cells[low + 1..].iter().position(|&cell| cell != 0);
    let threshold = match next {
        Some(gap) => middle(low as u8, (low + 1 + gap) as u8),
        None => (profile.cells.len() - 1) as u8,
    };
    let sides = [cut.left, node.total.wrapping_sub(cut.left)];
    Split {
        gain: cut.worth - floor,
        feature: profile.feature,
        rule: Rule::Threshold { threshold, missing_left },
        left: cut.left,
        values: sides.map(|side| criterion.value(side, criterion.l2, node.bounds)),
    }
}
