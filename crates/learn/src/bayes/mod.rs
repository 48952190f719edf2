//! Naive Bayes: normal distributions of numbers and frequencies of categories in each class (Maron
//! 1961; the mixture of both as in Hand & Yu 2001).

mod fitting;
mod params;
mod tally;
#[cfg(test)]
mod tests;

pub use params::{NaiveBayes, Priors};
