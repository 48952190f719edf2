//! The best split of a feature whose codes have no order.

use super::pairs::{Pair, gradient, hessian};
use super::search::Profile;
use super::split::{Criterion, Node, Split};
use crate::forest::{CODES, Rule};

/// With so many categories at most each is tried against all others, as in LightGBM.
const MAX_ONE_HOT: usize = 4;

/// Rows that a group of categories must have before it is cut off, as in LightGBM.
const MIN_GROUP_ROWS: f64 = 100.0;

/// A side being filled, category by category.
#[derive(Default)]
struct Side {
    /// A bit a code.
    words: [u32; CODES / 32],
    sum: Pair,
    rows: f64,
}

/// The best subset of categories against the rest, if it is worth more than `least`; `floor` is the
/// leaf's own worth.
///
/// In the order of gradient over Hessian the best subset is a run from one of the ends (Fisher 1958;
/// Ke et al. 2017, section 3.2 of the LightGBM documentation's "Optimal Split for Categorical
/// Features"). The run is the left side; missing values are a category of their own, and categories
/// that the leaf does not have go right, with the rest.
#[inline(never)]
pub(super) fn search_categories(
    profile: Profile,
    node: &Node,
    criterion: &Criterion,
    floor: f64,
    least: f64,
) -> Option<Split> {
    let per_hessian = node.rows as f64 / hessian(node.total).max(1.0);
    let mut finder = Finder {
        profile,
        node,
        criterion,
        per_hessian,
        l2: criterion.l2,
        worth: least,
        best: None,
    };
    if profile.cells.len() - 1 <= MAX_ONE_HOT {
        finder.singles();
    } else {
        finder.l2 += criterion.cat_l2;
        // Nothing is allocated: this runs for every leaf and feature.
        let mut order = [0; CODES];
        let known = finder.sorted(&mut order);
        finder.runs(&order[..known]);
    }
    finder.best.map(|mut split| {
        split.gain -= floor;
        split
    })
}

impl Side {
    fn add(&mut self, code: usize, cell: Pair, rows: f64) {
        self.words[code / 32] |= 1 << (code % 32);
        self.sum = self.sum.wrapping_add(cell);
        self.rows += rows;
    }
}

struct Finder<'a> {
    profile: Profile<'a>,
    node: &'a Node,
    criterion: &'a Criterion,
    /// Rows, where their number is not known.
    per_hessian: f64,
    l2: f64,
    worth: f64,
    /// Its gain is still its worth.
    best: Option<Split>,
}

impl Finder<'_> {
    fn rows(&self, code: usize) -> f64 {
        match self.profile.counts {
            Some(counts) => f64::from(counts[code]),
            None => hessian(self.profile.cells[code]) * self.per_hessian,
        }
    }

    fn is_there(&self, code: usize) -> bool {
        self.profile.cells[code] != 0 || self.rows(code) > 0.0
    }

    /// Puts the categories with enough rows to be told apart in the order of their gradients; their
    /// number.
    #[inline(never)]
    fn sorted(&self, order: &mut [u32; CODES]) -> usize {
        let mut keys = [0.0; CODES];
        let mut known = 0;
        for (code, &cell) in self.profile.cells.iter().enumerate() {
            if self.is_there(code) && self.rows(code) >= self.criterion.min_cat_rows {
                keys[code] = gradient(cell) / (hessian(cell) + self.criterion.cat_smooth).max(1.0);
                order[known] = code as u32;
                known += 1;
            }
        }
        let compare = |a: u32, b: u32| keys[a as usize].total_cmp(&keys[b as usize]);
        hedgerow_data::sort_indices(&mut order[..known], &compare);
        known
    }

    /// Tries each category.
    #[inline(never)]
    fn singles(&mut self) {
        for code in 0..self.profile.cells.len() {
            if self.is_there(code) {
                let mut side = Side::default();
                side.add(code, self.profile.cells[code], self.rows(code));
                self.offer(&side);
            }
        }
    }

    /// Tries runs from both ends of `order`.
    #[inline(never)]
    fn runs(&mut self, order: &[u32]) {
        let longest = self.criterion.max_cat_threshold.min(order.len().div_ceil(2));
        for backward in [false, true] {
            let mut side = Side::default();
            let mut group = 0.0;
            for at in 0..longest {
                let code = order[if backward { order.len() - 1 - at } else { at }] as usize;
                let rows = self.rows(code);
                side.add(code, self.profile.cells[code], rows);
                group += rows;
                if self.node.rows as f64 - side.rows < MIN_GROUP_ROWS {
                    break;
                }
                if group >= MIN_GROUP_ROWS && self.offer(&side) {
                    group = 0.0;
                }
            }
        }
    }

    /// Takes a left side if it is better than the best so far; whether it is large enough.
    #[inline(never)]
    fn offer(&mut self, side: &Side) -> bool {
        let criterion = self.criterion;
        let sums = [side.sum, self.node.total.wrapping_sub(side.sum)];
        let rows = [side.rows, self.node.rows as f64 - side.rows];
        let small = |at: usize| {
            hessian(sums[at]) < criterion.min_hessian || rows[at] < criterion.min_rows - 0.5
        };
        if small(0) || small(1) {
            return false;
        }
        let values = sums.map(|sum| criterion.value(sum, self.l2, self.node.bounds));
        let worth = criterion.worth(sums[0], self.l2, values[0])
            + criterion.worth(sums[1], self.l2, values[1]);
        if worth > self.worth {
            self.worth = worth;
            self.best = Some(Split {
                gain: worth,
                feature: self.profile.feature,
                rule: Rule::Set(side.words),
                left: side.sum,
                values,
            });
        }
        true
    }
}
