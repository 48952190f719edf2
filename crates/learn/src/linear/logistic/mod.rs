//! Logistic regression: probabilities of classes from linear scores.

mod curvature;
mod fitting;
mod lbfgs;
mod objective;
mod params;
mod problem;

pub use params::LogisticRegression;
