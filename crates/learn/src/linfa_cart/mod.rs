//! The decision tree of [linfa-trees](https://docs.rs/linfa-trees) 0.8.1: CART (Breiman et al.
//! 1984) written by others, as a second opinion on our own.
//!
//! What stands between it and the pipeline:
//!
//! - It fits with `<=` but predicts with `<`, never tells apart values closer than 1e-5, and takes
//!   half-way points that may overflow. It gets the *ranks* of the values instead, where none of
//!   that can happen and every split is the same; what comes out becomes a
//!   [`TreeEnsemble`](hedgerow_model::TreeEnsemble) over the values, which predicts.
//! - It sums in the random order of std's hash maps. [`Class`](class::Class) hashes so that this
//!   order is always the same one, so two fits are the same to the bit, everywhere.
//! - It counts in `f32`. Weights are made whole numbers whose sum `f32` holds.
//! - It passes over the split behind a row where the next row in order has the same value, even if
//!   that row is in another node. That stays: where values repeat, the order of rows matters.
//! - It goes through all rows at every node, in one call: rows, classes and depth are bounded.
//!
//! Leaves hold the weighted shares of the classes of the rows that reach them; linfa keeps only the
//! most frequent class.

mod class;
mod fitting;
mod params;
#[cfg(test)]
mod tests;
mod tree;

pub use params::LinfaCart;
