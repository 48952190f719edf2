//! The parameters of naive Bayes.

use serde::{Deserialize, Serialize};

use crate::declare::parameters;

/// How likely each class is before anything is known of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Priors {
    /// As frequent as among the rows learned from.
    #[default]
    Empirical,
    /// All the same.
    Uniform,
}

parameters! {
    /// Naive Bayes: how likely each class is, as if the features had nothing to do with each other.
    ///
    /// Numbers are normal in each class, categories have smoothed frequencies; missing values and
    /// categories never seen say nothing. Quick to fit, and a baseline to beat.
    pub struct NaiveBayes = "naive-bayes", "Naive Bayes" {
        /// Rows added to every category in each class, so that none is impossible; above 0. Default
        /// 1 (Laplace).
        alpha: f64 = 1.0,
            number(0.0, 1e9).above().label("Smoothing of categories").basic().tune_log(1e-2, 1e2);
        /// Part of the largest variance of all numbers that is added to each variance, at least 0.
        /// Default 1e-9.
        var_smoothing: f64 = 1e-9,
            number(0.0, 1e9).label("Smoothing of numbers").basic().tune_log(1e-10, 1e-1);
        /// How likely each class is beforehand: `empirical`, as frequent as among the rows, or
        /// `uniform`. Default `empirical`.
        priors: Priors = Priors::Empirical,
            choice(&[("empirical", "as frequent as in the rows"), ("uniform", "all the same")])
                .label("Priors");
    }
}
