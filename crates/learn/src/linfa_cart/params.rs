//! The parameters of linfa-trees' decision tree.

use crate::declare::parameters;

parameters! {
    /// Decision tree of linfa-trees: the same method as `decision-tree`, written by others, for a
    /// second opinion. Slow: at most 50,000 rows, 1,000,000 cells and 28 classes. linfa fits in one
    /// call, so without workers a fit can only be cancelled before or after it.
    ///
    /// Classes only. Missing values are filled, and categories ordered by name. Splits minimise the
    /// Gini impurity; splits that change no answer are taken back. Importances are the mean
    /// decrease of impurity of a feature's splits, as linfa has it.
    pub struct LinfaCart = "linfa-cart", "Decision tree of linfa" {
        /// Splits between the root and a leaf at most, 1 to 64. Default 10.
        max_depth: u32 = 10, whole(1, 64).label("Greatest depth").basic()
            .tune_each(&["3", "5", "8", "12", "16"]);
        /// Weight of rows that a leaf must hold, from 1. Default 1. More is smoother.
        min_weight_leaf: f64 = 1.0,
            number(1.0, 1e9).label("Smallest leaf").basic().tune_log(1.0, 100.0);
        /// Rows that a node must hold to be split, from 2. Default 2.
        min_weight_split: u32 = 2, whole(2, u32::MAX).label("Smallest node that is split");
        /// Decrease of the impurity that a split must bring, 1e-7 to 1. Default 1e-5.
        min_impurity_decrease: f64 = 1e-5,
            number(1e-7, 1.0).label("Smallest gain").tune_log(1e-6, 1e-2);
    }
}
