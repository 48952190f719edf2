//! What growing a tree begins with, and what comes of it.

use super::ids::Along;

/// A grown tree: node arrays as in [`hedgerow_model::TreeEnsemble`], with its own leaf rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tree {
    pub feature: Vec<u16>,
    pub split: Vec<u32>,
    pub child: Vec<u32>,
    pub category_sets: Vec<u32>,
    pub values: Vec<f64>,
    /// The decrease of the weighted impurity by feature.
    pub importances: Vec<f64>,
}

/// What is known of every node, leaf or not, as if it were a leaf.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Kept {
    /// Rows in it.
    pub rows: Vec<u32>,
    /// Its impurity times the weight of its rows.
    pub risks: Vec<f64>,
    /// Its outputs, a row of [`Tree::values`].
    pub values: Vec<u32>,
}

/// Rows to grow a tree from.
pub(super) struct Sample<R: Along> {
    /// Rows drawn, with what is kept with their numbers.
    pub words: Vec<u32>,
    /// What is kept beside.
    pub beside: Vec<R::Beside>,
    /// Rows not drawn.
    pub others: Vec<u32>,
}

/// A tree fresh from growing.
pub(crate) struct Grown {
    pub(super) tree: Tree,
    /// Rows not drawn, and the leaf of each.
    pub(super) reached: Vec<(u32, u32)>,
    /// Of every node, if wanted.
    pub(super) kept: Option<Kept>,
}

impl Grown {
    /// What was kept of all nodes, if wanted.
    pub(super) fn kept(&self) -> &Kept {
        static NONE: Kept = Kept { rows: Vec::new(), risks: Vec::new(), values: Vec::new() };
        self.kept.as_ref().unwrap_or(&NONE)
    }
}
