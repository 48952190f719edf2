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
struct Side {
    codes: [bool; CODES],
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
    let rows = |code: usize| match profile.counts {
        Some(counts) => f64::from(counts[code]),
        None => hessian(profile.cells[code]) * per_hessian,
    };
    let is_there = |code: &usize| rows(*code) > 0.0 || profile.cells[*code] != 0;
    let present: Vec<usize> = (0..profile.cells.len()).filter(is_there).collect();
    let mut finder =
        Finder { profile, node, criterion, l2: criterion.l2, worth: least, best: None };
    if profile.cells.len() - 1 <= MAX_ONE_HOT {
        for &code in &present {
            let mut side = Side::new();
            side.add(code, profile.cells[code], rows(code));
            finder.offer(&side);
        }
    } else {
        finder.l2 += criterion.cat_l2;
        finder.runs(&sorted(&present, profile.cells, criterion, &rows), &rows);
    }
    finder.best.map(|mut split| {
        split.gain -= floor;
        split
    })
}

/// The categories with enough rows to be told apart, in the order of their gradients.
fn sorted(
    present: &[usize],
    cells: &[Pair],
    criterion: &Criterion,
    rows: &dyn Fn(usize) -> f64,
) -> Vec<usize> {
    let key = |code: u32| {
        let cell = cells[code as usize];
        gradient(cell) / (hessian(cell) + criterion.cat_smooth).max(1.0)
    };
    let mut codes: Vec<u32> = present
        .iter()
        .filter(|&&code| rows(code) >= criterion.min_cat_rows)
        .map(|&code| code as u32)
        .collect();
    hedgerow_data::sort_indices(&mut codes, &|a, b| key(a).total_cmp(&key(b)));
    codes.into_iter().map(|code| code as usize).collect()
}

impl Side {
    fn new() -> Self {
        Self { codes: [false; CODES], sum: 0, rows: 0.0 }
    }

    fn add(&mut self, code: usize, cell: Pair, rows: f64) {
        self.codes[code] = true;
        self.sum = self.sum.wrapping_add(cell);
        self.rows += rows;
    }

    fn words(&self) -> [u32; CODES / 32] {
        std::array::from_fn(|word| {
            (0..32).fold(0, |bits, bit| bits | u32::from(self.codes[word * 32 + bit]) << bit)
        })
    }
}

struct Finder<'a> {
    profile: Profile<'a>,
    node: &'a Node,
    criterion: &'a Criterion,
    l2: f64,
    worth: f64,
    /// Its gain is still its worth.
    best: Option<Split>,
}

impl Finder<'_> {
    /// Tries runs from both ends of `order`.
    fn runs(&mut self, order: &[usize], rows: &dyn Fn(usize) -> f64) {
        let longest = self.criterion.max_cat_threshold.min(order.len().div_ceil(2));
        for backward in [false, true] {
            let mut side = Side::new();
            let mut group = 0.0;
            for at in 0..longest {
                let code = order[if backward { order.len() - 1 - at } else { at }];
                side.add(code, self.profile.cells[code], rows(code));
                group += rows(code);
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
                rule: Rule::Set(side.words()),
                left: side.sum,
                values,
            });
        }
        true
    }
}
