//! The parameters of a random forest.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use super::choices::{NameOrNumber, NameOrWeights};
use crate::LearnError;
use crate::binning::MAX_BINS;

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

/// Random forest (Breiman 2001): the mean of many decision trees, each grown on a bootstrap sample
/// with a random choice of features at every split.
///
/// Splits minimise the Gini impurity in classification and the squared error in regression.
/// Missing values and categories are taken as they are. The defaults are scikit-learn's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RandomForest {
    /// Number of trees, 1 to 10,000. Default 100.
    #[serde(alias = "n_estimators")]
    pub n_estimators: u32,
    /// Splits between the root and a leaf at most, from 1; `null` for no limit. Default `null`.
    #[serde(alias = "max_depth")]
    #[cfg_attr(feature = "ts", tsify(type = "number | null"))]
    pub max_depth: Option<u32>,
    /// Rows that a leaf must hold, from 1; a row drawn twice by the bootstrap is one row, as in
    /// scikit-learn. Default 1.
    #[serde(alias = "min_samples_leaf")]
    pub min_samples_leaf: u32,
    /// Features a split chooses from: `auto` (`sqrt` for classification, `all` for regression),
    /// `sqrt`, `log2`, `all`, a number from 1, or a fraction between 0 and 1. Default `auto`.
    #[serde(alias = "max_features")]
    #[cfg_attr(feature = "ts", tsify(type = "'auto' | 'sqrt' | 'log2' | 'all' | number"))]
    pub max_features: MaxFeatures,
    /// Whether each tree sees rows drawn with replacement; without, all trees see all rows, and
    /// there is no out-of-bag score. Default `true`.
    pub bootstrap: bool,
    /// Bins of a numeric feature at most, 2 to 255. Default 255.
    #[serde(alias = "max_bins")]
    pub max_bins: u32,
    /// How much the rows of each class count: `none`, `balanced`, or weights by label. Default
    /// `none`.
    #[serde(alias = "class_weight")]
    #[cfg_attr(feature = "ts", tsify(type = "'none' | 'balanced' | Record<string, number>"))]
    pub class_weight: ClassWeight,
}

impl Default for RandomForest {
    fn default() -> Self {
        Self {
            n_estimators: 100,
            max_depth: None,
            min_samples_leaf: 1,
            max_features: MaxFeatures::Auto,
            bootstrap: true,
            max_bins: MAX_BINS as u32,
            class_weight: ClassWeight::None,
        }
    }
}

impl RandomForest {
    /// Checks the ranges of all parameters.
    ///
    /// # Errors
    /// [`LearnError::BadParameter`] for the first that is out of its range.
    pub fn check(&self) -> Result<(), LearnError> {
        const FROM_1: &str = "a whole number from 1";
        let whole = |name, value: u32, range: RangeInclusive<u32>, expected| {
            let bad = LearnError::BadParameter { name, value: value.to_string(), expected };
            if range.contains(&value) { Ok(()) } else { Err(bad) }
        };
        whole("n_estimators", self.n_estimators, 1..=10_000, "a whole number from 1 to 10000")?;
        whole("max_depth", self.max_depth.unwrap_or(1), 1..=u32::MAX, FROM_1)?;
        whole("min_samples_leaf", self.min_samples_leaf, 1..=u32::MAX, FROM_1)?;
        whole("max_bins", self.max_bins, 2..=MAX_BINS as u32, "a whole number from 2 to 255")?;
        self.max_features.check()?;
        self.class_weight.check()
    }

    /// The parameters with a seed, as linfa's `Fit` wants them.
    pub fn params(self, seed: u64) -> RandomForestParams {
        RandomForestParams(RandomForestValid { forest: self, seed })
    }
}

/// Parameters and seed, not checked yet; linfa's `Fit` is implemented for them.
#[derive(Debug, Clone, PartialEq)]
pub struct RandomForestParams(RandomForestValid);

/// Parameters whose ranges were checked, and the seed.
#[derive(Debug, Clone, PartialEq)]
pub struct RandomForestValid {
    forest: RandomForest,
    seed: u64,
}

impl RandomForestValid {
    /// The parameters.
    pub fn forest(&self) -> &RandomForest {
        &self.forest
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

impl ParamGuard for RandomForestParams {
    type Checked = RandomForestValid;
    type Error = LearnError;

    fn check_ref(&self) -> Result<&RandomForestValid, LearnError> {
        self.0.forest.check()?;
        Ok(&self.0)
    }

    fn check(self) -> Result<RandomForestValid, LearnError> {
        self.0.forest.check()?;
        Ok(self.0)
    }
}
