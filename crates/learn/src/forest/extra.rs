//! Extremely randomised trees: the same engine, other cuts.

use super::fitting::begin;
use super::growth::Growth;
use super::params::{CLASS_WEIGHTS, MAX_FEATURES, MAX_FEATURES_OR};
use super::{ClassWeight, MaxFeatures};
use crate::LearnError;
use crate::binning::MAX_BINS;
use crate::declare::parameters;
use crate::fitting::{Fitting, Needs, Work};
use crate::learner::Recipe;

parameters! {
    /// Extra trees (Geurts, Ernst & Wehenkel 2006): the mean of many decision trees, each split
    /// the best of one random cut a feature.
    ///
    /// Of a number the cut is drawn evenly from the bins that the node's rows span, so results do
    /// not depend on its scale; of a category a random part of those present goes left. The cuts
    /// differ so much that all trees can see all rows, as they do by default. Missing values are
    /// tried on both sides. The other defaults are scikit-learn's.
    pub struct ExtraTrees = "extra-trees", "Extra trees" {
        /// Number of trees, 1 to 10,000. Default 100. More are steadier and take longer.
        n_estimators: u32 = 100, whole(1, 10_000).label("Trees").basic().tune_log(50.0, 500.0);
        /// Splits between the root and a leaf at most, from 1; `null` for no limit. Default `null`.
        max_depth: Option<u32> as "number | null" = None,
            whole(1, u32::MAX).label("Greatest depth").basic().optional("no limit")
                .tune_each(&["null", "8", "12", "16", "24"]);
        /// Rows that a leaf must hold, from 1. Default 1. More is smoother.
        min_samples_leaf: u32 = 1,
            whole(1, u32::MAX).label("Smallest leaf").basic().tune_log(1.0, 30.0);
        /// Features a split chooses from: `auto` (`sqrt` for classification, `all` for regression),
        /// `sqrt`, `log2`, `all`, a number from 1, or a fraction between 0 and 1. Default `auto`.
        max_features: MaxFeatures as "'auto' | 'sqrt' | 'log2' | 'all' | number" = MaxFeatures::Auto,
            choice(MAX_FEATURES).or(MAX_FEATURES_OR).label("Features a split looks at")
                .tune_each(&["\"sqrt\"", "0.3", "0.5", "0.8", "\"all\""]);
        /// Whether each tree sees rows drawn with replacement; without, all trees see all rows, and
        /// there is no out-of-bag score. Default `false`.
        bootstrap: bool = false, switch().label("Each tree sees a random sample of the rows");
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

impl Recipe for ExtraTrees {
    const SHARED: bool = true;

    fn check_rest(&self) -> Result<(), LearnError> {
        self.max_features.check()?;
        self.class_weight.check()
    }

    fn class_weight(&self) -> &ClassWeight {
        &self.class_weight
    }

    fn needs(&self) -> Needs {
        Needs::Binned { max_bins: self.max_bins as usize }
    }

    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        begin(work, Growth::from(self))
    }
}

impl From<&ExtraTrees> for Growth {
    fn from(trees: &ExtraTrees) -> Self {
        Self {
            n_trees: trees.n_estimators,
            max_depth: trees.max_depth,
            min_samples_leaf: trees.min_samples_leaf,
            min_samples_split: 2,
            max_features: trees.max_features,
            bootstrap: trees.bootstrap,
            out_of_bag: trees.bootstrap && trees.oob_score,
            random_cuts: true,
        }
    }
}
