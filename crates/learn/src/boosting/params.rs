//! The parameters of gradient boosting.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::binning::MAX_BINS;
use crate::declare::parameters;
use crate::forest::{CLASS_WEIGHTS, ClassWeight};

/// What the trees lower.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Squared error for numbers, the log loss for classes.
    #[default]
    Auto,
    /// The mean.
    SquaredError,
    /// The median.
    AbsoluteError,
    /// The quantile `alpha`.
    Quantile,
    /// The mean of counts, and of other numbers of at least 0, on a logarithmic scale.
    Poisson,
    /// Two classes by one score.
    Logistic,
    /// Classes by a score each.
    Softmax,
}

parameters! {
    /// Gradient boosting (Friedman 2001): each tree lowers the loss that the trees before it left.
    /// Trees grow leaf by leaf on histograms, as LightGBM's do (Ke et al. 2017).
    ///
    /// Missing values go where they lower the loss most, and categories are split in two sets by
    /// their gradients. The defaults are LightGBM's.
    pub struct GradientBoosting = "gradient-boosting", "Gradient boosting" {
        /// Rounds, 1 to 10,000. A round is a tree, or with `softmax` one a class. Default 100. More
        /// fit closer; with early stopping it is the most there may be.
        n_estimators: u32 = 100, whole(1, 10_000).label("Rounds").basic().tune_log(50.0, 500.0);
        /// What part of a tree's correction is made, above 0 to 1. Default 0.1. Smaller needs more
        /// rounds and often predicts better.
        learning_rate: f64 = 0.1,
            number(0.0, 1.0).above().label("Learning rate").basic().tune_log(0.02, 0.3);
        /// Leaves of a tree at most, 2 to 65,536. Default 31. More fit closer.
        num_leaves: u32 = 31, whole(2, 65_536).label("Leaves a tree").basic().tune_log(7.0, 127.0);
        /// Splits between the root and a leaf at most, from 1; `null` for no limit. Default `null`.
        max_depth: Option<u32> as "number | null" = None,
            whole(1, u32::MAX).label("Greatest depth").optional("no limit");
        /// Rows that a leaf must hold, from 1. Default 20. More is smoother.
        min_samples_leaf: u32 = 20,
            whole(1, u32::MAX).label("Smallest leaf").basic().tune_log(5.0, 100.0);
        /// Sum of second derivatives that a leaf must hold, from 0. Default 0.001.
        min_child_weight: f64 = 1e-3, number(0.0, f64::MAX).label("Smallest weight of a leaf");
        /// L1 penalty on what leaves hold, from 0. Default 0.
        reg_alpha: f64 = 0.0, number(0.0, f64::MAX).label("L1 penalty");
        /// L2 penalty on what leaves hold, from 0. Default 0. More is more careful.
        reg_lambda: f64 = 0.0,
            number(0.0, f64::MAX).label("L2 penalty").basic().tune_log(1e-3, 30.0);
        /// What a split must lower the loss by, from 0. Default 0.
        min_split_gain: f64 = 0.0, number(0.0, f64::MAX).label("Smallest gain of a split");
        /// Part of the rows that each tree sees, above 0 to 1. Default 1.
        subsample: f64 = 1.0,
            number(0.0, 1.0).above().label("Rows a tree sees").tune(0.5, 1.0);
        /// Part of the features that each tree sees, above 0 to 1. Default 1.
        colsample: f64 = 1.0,
            number(0.0, 1.0).above().label("Features a tree sees").tune(0.4, 1.0);
        /// Bins of a numeric feature at most, 2 to 255. Default 255. Fewer are coarser.
        max_bins: u32 = MAX_BINS as u32,
            whole(2, MAX_BINS as u32).label("Bins a number is cut into");
        /// Weight that is added to each category's where categories are put in order, from 0; those
        /// with fewer rows are not told apart. Default 10. More trusts rare ones less.
        cat_smooth: f64 = 10.0, number(0.0, f64::MAX).label("Smoothing of categories");
        /// L2 penalty added where categories are split, from 0. Default 10.
        cat_l2: f64 = 10.0, number(0.0, f64::MAX).label("L2 penalty of categories");
        /// Categories that a split names at most, 1 to 255; all others go the other way. Default 32.
        max_cat_threshold: u32 = 32, whole(1, 255).label("Categories a split names");
        /// What is lowered: for numbers `squared_error`, `absolute_error` (the median), `quantile`
        /// (with `alpha`) or `poisson` (counts); for classes `logistic` (two) or `softmax`. Default
        /// `auto`: `squared_error`, `logistic` or `softmax`.
        objective: Objective
            as "'auto' | 'squared_error' | 'absolute_error' | 'quantile' | 'poisson' | 'logistic' | 'softmax'"
            = Objective::Auto, choice(OBJECTIVES).label("Objective").basic();
        /// Which quantile the objective `quantile` predicts, between 0 and 1. Default 0.5.
        alpha: f64 = 0.5, number(0.0, 1.0).above().below().label("Quantile");
        /// Rounds without a better loss on the validation part after which the fit stops, from 1;
        /// the best round is the last that is kept. `null` for no validation part. Default `null`.
        early_stopping_rounds: Option<u32> as "number | null" = None,
            whole(1, 10_000).label("Rounds until stopping early").basic().optional("never");
        /// Part of the rows that are kept from the trees to see when to stop, above 0 and below 1;
        /// without early stopping there is none. Default 0.1.
        validation_fraction: f64 = 0.1,
            number(0.0, 1.0).above().below().label("Rows kept for early stopping");
        /// By the name of a numeric column what a larger value must do to the prediction: 1 raise
        /// it, -1 lower it, 0 either. For the objectives `squared_error`, `poisson` and `logistic`
        /// (of the second class). Default none.
        monotone_constraints: BTreeMap<String, i8> as "Record<string, number>" = BTreeMap::new(),
            by_name("-1, 0 or 1 by column").label("Monotone constraints");
        /// How much the rows of each class count: `none`, `balanced`, or weights by label. Default
        /// `none`.
        class_weight: ClassWeight as "'none' | 'balanced' | Record<string, number>" = ClassWeight::None,
            choice(CLASS_WEIGHTS).or("weights by label").label("Class weights");
    }
}

/// What [`Objective`] has a word for.
const OBJECTIVES: &[(&str, &str)] = &[
    ("auto", "automatic"),
    ("squared_error", "squared error"),
    ("absolute_error", "absolute error: the median"),
    ("quantile", "a quantile"),
    ("poisson", "Poisson: counts"),
    ("logistic", "log loss of two classes"),
    ("softmax", "log loss of classes"),
];

impl GradientBoosting {
    /// Checks the ranges of all parameters.
    ///
    /// # Errors
    /// [`LearnError::BadParameter`] for the first that is out of its range.
    pub fn check(&self) -> Result<(), LearnError> {
        crate::learner::check(self)
    }
}

impl Objective {
    /// As JSON has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::SquaredError => "squared_error",
            Self::AbsoluteError => "absolute_error",
            Self::Quantile => "quantile",
            Self::Poisson => "poisson",
            Self::Logistic => "logistic",
            Self::Softmax => "softmax",
        }
    }
}
