//! The parameters of a random forest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::choices::{NameOrNumber, NameOrWeights};
use crate::LearnError;
use crate::binning::MAX_BINS;
use crate::declare::parameters;

/// How many features a split chooses from, drawn anew at every node.
///
/// In JSON `"auto"`, `"sqrt"`, `"log2"`, `"all"`, a whole number of at least 1, or a fraction
/// between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "NameOrNumber", into = "NameOrNumber")]
pub enum MaxFeatures {
    /// `Sqrt` for classification, `All` for regression.
    #[default]
    Auto,
    /// The square root of the number of features, rounded down.
    Sqrt,
    /// The binary logarithm of the number of features, rounded down.
    Log2,
    /// Every feature.
    All,
    /// So many.
    Count(u32),
    /// So large a part of all features, rounded down.
    Fraction(f64),
}

/// How much the rows of each class count.
///
/// In JSON `"none"`, `"balanced"`, or an object from label to weight.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "NameOrWeights", into = "NameOrWeights")]
pub enum ClassWeight {
    /// All the same.
    #[default]
    None,
    /// In inverse proportion to the class's frequency: `rows / (classes * rows of the class)`.
    Balanced,
    /// By label; classes that are not named count 1.
    ByLabel(BTreeMap<String, f64>),
}

parameters! {
    /// Random forest (Breiman 2001): the mean of many decision trees, each grown on a bootstrap
    /// sample with a random choice of features at every split.
    ///
    /// Splits minimise the Gini impurity in classification and the squared error in regression.
    /// Missing values and categories are taken as they are. The defaults are scikit-learn's.
    pub struct RandomForest = "random-forest", "Random forest" {
        /// Number of trees, 1 to 10,000. Default 100. More are steadier and take longer.
        n_estimators: u32 = 100, whole(1, 10_000).label("Trees").basic().tune_log(50.0, 500.0);
        /// Splits between the root and a leaf at most, from 1; `null` for no limit. Default `null`.
        max_depth: Option<u32> as "number | null" = None,
            whole(1, u32::MAX).label("Greatest depth").basic().optional("no limit")
                .tune_each(&["null", "8", "12", "16", "24"]);
        /// Rows that a leaf must hold, from 1; a row drawn twice by the bootstrap is one row, as in
        /// scikit-learn. Default 1. More is smoother.
        min_samples_leaf: u32 = 1,
            whole(1, u32::MAX).label("Smallest leaf").basic().tune_log(1.0, 30.0);
        /// Features a split chooses from: `auto` (`sqrt` for classification, `all` for regression),
        /// `sqrt`, `log2`, `all`, a number from 1, or a fraction between 0 and 1. Default `auto`.
        /// Fewer make the trees differ more.
        max_features: MaxFeatures as "'auto' | 'sqrt' | 'log2' | 'all' | number" = MaxFeatures::Auto,
            choice(MAX_FEATURES).or(MAX_FEATURES_OR).label("Features a split looks at")
                .tune_each(&["\"sqrt\"", "0.3", "0.5", "0.8", "\"all\""]);
        /// Whether each tree sees rows drawn with replacement; without, all trees see all rows, and
        /// there is no out-of-bag score. Default `true`.
        bootstrap: bool = true, switch().label("Each tree sees a random sample of the rows");
        /// Whether the forest is judged by the rows that its trees did not see, while it grows too.
        /// Default `true`; `false`, scikit-learn's default, is a little faster.
        oob_score: bool = true, switch().label("Judge by the rows that trees did not see");
        /// Bins of a numeric feature at most, 2 to 255. Default 255. Fewer are faster and coarser.
        max_bins: u32 = MAX_BINS as u32,
            whole(2, MAX_BINS as u32).label("Bins a number is cut into");
        /// How much the rows of each class count: `none`, `balanced`, or weights by label. Default
        /// `none`.
        class_weight: ClassWeight as "'none' | 'balanced' | Record<string, number>" = ClassWeight::None,
            choice(CLASS_WEIGHTS).or("weights by label").label("Class weights");
    }
}

/// What [`MaxFeatures`] has a word for.
pub(crate) const MAX_FEATURES: &[(&str, &str)] = &[
    ("auto", "automatic"),
    ("sqrt", "square root of all"),
    ("log2", "logarithm of all"),
    ("all", "all"),
];
pub(crate) const MAX_FEATURES_OR: &str = "a whole number from 1 or a fraction between 0 and 1";
/// What [`ClassWeight`] has a word for.
pub(crate) const CLASS_WEIGHTS: &[(&str, &str)] = &[("none", "none"), ("balanced", "balanced")];

impl RandomForest {
    /// Checks the ranges of all parameters.
    ///
    /// # Errors
    /// [`LearnError::BadParameter`] for the first that is out of its range.
    pub fn check(&self) -> Result<(), LearnError> {
        crate::learner::check(self)
    }
}
