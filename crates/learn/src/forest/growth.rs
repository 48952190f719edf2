//! How trees grow, whatever they are grown for.

use serde::{Deserialize, Serialize};

use super::{MaxFeatures, RandomForest};

/// What the tree engine has to know of a learner's parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// Number of trees.
    pub n_trees: u32,
    /// Splits between the root and a leaf at most.
    pub max_depth: Option<u32>,
    /// Rows that a leaf must hold.
    pub min_samples_leaf: u32,
    /// Rows that a node must hold to be split.
    pub min_samples_split: u32,
    /// Features a split chooses from.
    pub max_features: MaxFeatures,
    /// Whether each tree sees rows drawn with replacement.
    pub bootstrap: bool,
    /// Whether the leaves are kept that rows reach which a tree did not see.
    pub out_of_bag: bool,
    /// Whether a feature is cut in one place drawn at random, not in the best.
    pub random_cuts: bool,
}

impl From<&RandomForest> for Growth {
    fn from(forest: &RandomForest) -> Self {
        Self {
            n_trees: forest.n_estimators,
            max_depth: forest.max_depth,
            min_samples_leaf: forest.min_samples_leaf,
            min_samples_split: 2,
            max_features: forest.max_features,
            bootstrap: forest.bootstrap,
            out_of_bag: forest.bootstrap && forest.oob_score,
            random_cuts: false,
        }
    }
}
