//! Linear models: least squares, ridge, elastic net and logistic regression.
//!
//! The first three see the rows once: block by block they become a small `triangle`, in which all of
//! a least squares problem is. `solve` takes coefficients and standard errors from it, ridge adds
//! its penalty as rows, and the elastic net descends on the covariances (`descent`). Logistic
//! regression (`logistic`) descends by L-BFGS, whose loss and gradient are sums over all rows.
//!
//! Every sum has one order, so a model has the same bytes everywhere. The penalties act on the
//! features as they are prepared, which is standardised unless the preparation says otherwise. A
//! weight counts as that many equal rows would.
//!
//! linfa's linear learners are what the tests compare with, not what is used: linfa-linear and
//! linfa-logistic do not compile for WebAssembly as it is without a host (they draw entropy through
//! argmin), linfa-logistic uses the platform's `exp` and `ln`, linfa-linear takes collinear features
//! for solvable and has no standard errors, linfa-elasticnet does not centre the features, and none
//! of the three takes weights or can be stopped on its way.

mod descent;
mod kernels;
mod least_squares;
mod logistic;
mod params;
mod recipes;
mod solve;
#[cfg(test)]
mod tests;
mod triangle;

pub use logistic::LogisticRegression;
pub use params::{ElasticNet, LinearRegression, Ridge};
