//! Gradient boosting (Friedman 2001) with histograms, leaf by leaf, as LightGBM does it (Ke et al.
//! 2017).

mod categories;
mod cut;
mod elementary;
mod fit;
mod fitting;
mod four;
mod grow;
mod histogram;
mod lanes;
mod logistic;
mod loss;
mod members;
mod pairs;
mod params;
mod quantile;
mod rows;
mod sample;
mod search;
mod slots;
mod split;
mod start;
mod trees;
#[cfg(feature = "twins")]
pub(crate) mod twins;
mod two;

pub use params::{GradientBoosting, Objective};

#[cfg(test)]
mod tests;
