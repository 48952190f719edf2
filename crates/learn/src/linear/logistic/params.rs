//! The parameters of logistic regression.

use crate::declare::parameters;
use crate::forest::{CLASS_WEIGHTS, ClassWeight};

parameters! {
    /// Logistic regression: the probability of a class grows with a weighted sum of the features.
    ///
    /// Minimises the log loss plus half the squared coefficients over `c`; the intercepts are free.
    /// For two classes there is one score, for more one a class (multinomial). The defaults are
    /// scikit-learn's, but for the tolerance.
    pub struct LogisticRegression = "logistic-regression", "Logistic regression" {
        /// Inverse strength of the penalty, above 0. Default 1. Less makes coefficients smaller; it
        /// counts against the number of rows.
        c: f64 = 1.0, number(0.0, f64::MAX).above().label("Inverse penalty C").basic().tune_log(1e-4, 1e3);
        /// Iterations at most, 1 to 10,000. Default 100.
        max_iter: u32 = 100, whole(1, 10_000).label("Most iterations");
        /// It ends when no slope of the mean loss is steeper, above 0. Default 1e-6. Smaller is more
        /// exact.
        tol: f64 = 1e-6, number(0.0, 1.0).above().label("Tolerance");
        /// How much the rows of each class count: `none`, `balanced`, or weights by label. Default
        /// `none`.
        class_weight: ClassWeight as "'none' | 'balanced' | Record<string, number>" = ClassWeight::None,
            choice(CLASS_WEIGHTS).or("weights by label").label("Class weights");
    }
}
