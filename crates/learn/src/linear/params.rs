//! The parameters of the least squares learners.

use crate::declare::parameters;

parameters! {
    /// Ordinary least squares: the coefficients with the smallest squared residuals, with their
    /// standard errors.
    ///
    /// Features that others determine, such as the last indicator of a category, get the coefficient
    /// 0. Standard errors are there when there are more rows than coefficients; rows with weights
    /// count as that many rows.
    pub struct LinearRegression = "linear-regression", "Linear regression" {
    }
}

parameters! {
    /// Ridge regression: least squares with a penalty on large coefficients, which steadies them
    /// where features are many or alike.
    ///
    /// Minimises the squared residuals plus `alpha` times the squared coefficients (A. E. Hoerl and
    /// R. W. Kennard, "Ridge Regression", 1970).
    pub struct Ridge = "ridge", "Ridge regression" {
        /// Strength of the penalty, from 0. Default 1. More makes coefficients smaller; it counts
        /// against the number of rows.
        alpha: f64 = 1.0, number(0.0, f64::MAX).label("Penalty").basic().tune_log(1e-3, 1e4);
    }
}

parameters! {
    /// Elastic net: least squares with a penalty that sets the coefficients of needless features to
    /// 0. With an L1 share of 1 it is the lasso.
    ///
    /// Minimises half the mean squared residual plus `alpha` times (`l1_ratio` times the sum of
    /// magnitudes plus half of `1 - l1_ratio` times the sum of squares) of the coefficients (H. Zou
    /// and T. Hastie, "Regularization and Variable Selection via the Elastic Net", 2005).
    pub struct ElasticNet = "elastic-net", "Elastic net" {
        /// Strength of the penalty, above 0. Default 1. It is in the units of the target: start with
        /// some hundredths of its standard deviation.
        alpha: f64 = 1.0, number(0.0, f64::MAX).above().label("Penalty").basic().tune_log(1e-4, 1e2);
        /// The part of the penalty that counts magnitudes, which sets coefficients to 0; the rest
        /// counts squares. 0 to 1, default 0.5; 1 is the lasso.
        l1_ratio: f64 = 0.5, number(0.0, 1.0).label("L1 share of the penalty").basic().tune(0.1, 1.0);
        /// Times all coefficients are gone through at most, 1 to 100,000. Default 1,000.
        max_iter: u32 = 1_000, whole(1, 100_000).label("Most iterations");
        /// It ends when the conditions of a minimum hold to this part of the steepest slope at the
        /// start, above 0. Default 1e-6. Smaller is more exact.
        tol: f64 = 1e-6, number(0.0, 1.0).above().label("Tolerance");
    }
}
