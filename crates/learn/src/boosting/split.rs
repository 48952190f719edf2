//! What a split of a leaf is, and what it is worth.

use super::pairs::{Pair, gradient, hessian};
use crate::forest::Rule;

/// Where and how a leaf is split.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    /// By how much the loss falls, in quanta; above 0.
    pub gain: f64,
    pub feature: u16,
    pub rule: Rule,
    /// Sums of the rows that go left.
    pub left: Pair,
    /// What the children hold, in quanta.
    pub values: [f64; 2],
}

/// The parameters that say what a split is worth, in quanta of one tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Criterion {
    pub l1: f64,
    pub l2: f64,
    /// What [`Split::gain`] must exceed.
    pub min_gain: f64,
    /// Of a child; at least 1, so that nothing is divided by 0.
    pub min_hessian: f64,
    /// Of a child.
    pub min_rows: f64,
    pub cat_l2: f64,
    /// A Hessian added to each category's, so that few rows do not put it first or last.
    pub cat_smooth: f64,
    /// Rows that a category must have to be told apart.
    pub min_cat_rows: f64,
    pub max_cat_threshold: usize,
    /// Whether any feature is constrained, so that leaves have bounds.
    pub bounded: bool,
}

/// A leaf that is to be split.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub total: Pair,
    pub rows: usize,
    /// What its value, and those of all leaves below it, must be between, in quanta.
    pub bounds: [f64; 2],
}

impl Criterion {
    /// The value of a leaf with these sums (Friedman 2001; Chen & Guestrin 2016, equation 5).
    pub fn value(&self, sums: Pair, l2: f64, bounds: [f64; 2]) -> f64 {
        let value = -self.shrunk(gradient(sums)) / (hessian(sums) + l2);
        value.max(bounds[0]).min(bounds[1])
    }

    /// How much a leaf of that value lowers the loss, twice.
    pub fn worth(&self, sums: Pair, l2: f64, value: f64) -> f64 {
        -(2.0 * self.shrunk(gradient(sums)) * value + (hessian(sums) + l2) * value * value)
    }

    fn shrunk(&self, gradient: f64) -> f64 {
        if gradient > self.l1 {
            gradient - self.l1
        } else if gradient < -self.l1 {
            gradient + self.l1
        } else {
            0.0
        }
    }

    /// Whether leaves have the value and worth that only their sums give.
    pub fn is_plain(&self) -> bool {
        self.l1 == 0.0 && !self.bounded
    }

    /// What the leaf is worth as it is, which a split must exceed.
    pub fn floor(&self, node: &Node) -> f64 {
        let value = self.value(node.total, self.l2, node.bounds);
        self.worth(node.total, self.l2, value) + self.min_gain
    }

    /// The Hessian that a child needs, to weigh enough and to have about enough rows: as in
    /// LightGBM, rows are taken to have the leaf's mean Hessian.
    pub fn least(&self, node: &Node) -> f64 {
        let a_row = hessian(node.total) / node.rows.max(1) as f64;
        self.min_hessian.max((self.min_rows - 0.5) * a_row)
    }
}
