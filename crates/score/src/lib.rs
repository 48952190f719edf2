//! The fitted forms of all learners, and how a row's numbers become predictions by them.
//!
//! The lowest room of the house: plain numbers in, plain numbers out, no standard library, nothing
//! that could fail but `check`. `hedgerow-model` puts a schema, a preparation and a file around these
//! forms; the scorer for the edge reads their arrays where they lie in an image. So a form is generic
//! over who owns its arrays: a `Vec` by default, or a slice. The arithmetic is the same to the bit
//! either way.
//!
//! A form from a stranger must pass its `check` before it predicts.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod bayes;
mod calibration;
mod dates;
#[cfg(any(test, feature = "examples"))]
pub mod examples;
mod linear;
mod link;
pub mod mlp;
mod neighbors;
mod scale;
pub mod trees;
mod unsound;

pub use bayes::{Factor, LEAST as LEAST_LOG, NaiveBayes};
pub use calibration::{CLIP as LEAST_PROBABILITY, Calibration, Isotonic, Sigmoid, log_odds};
pub use dates::{CivilDate, DatePart, MILLIS_PER_DAY, days_from_civil};
pub use linear::Linear;
pub use link::Link;
pub use mlp::{Activation, Dense, Mlp};
pub use neighbors::{
    Answers, LEAF as NEIGHBORS_LEAF, Leaves as NeighborLeaves, Metric, NeighborRows, Neighbors,
    Votes,
};
pub use scale::{Scale, impute_and_scale};
pub use unsound::Unsound;

/// The numbers again and again, for so many rows: what all rows' scores begin with.
#[inline(never)]
fn repeated(numbers: &[f64], rows: usize) -> alloc::vec::Vec<f64> {
    let mut all = alloc::vec![0.0; rows * numbers.len()];
    all.chunks_exact_mut(numbers.len().max(1)).for_each(|row| row.copy_from_slice(numbers));
    all
}
