//! What counts the rows that an exported model scores, and says what became of them.
//!
//! A [`Recorder`] is made of a [`Baseline`](hedgerow_monitor::Baseline), which the model file has, and of
//! [`Served`], how the scorer beside it lays its rows out. It counts rows into a profile that is taken away
//! from time to time, adds profiles up, and compares a sum with the training rows. So what it counts is what
//! `hedgerow monitor profile` counts of the same rows, to the byte.
//!
//! With the feature `module` this crate is the WebAssembly module of the exports in `exports.rs`, which
//! imports nothing. Rows are in its memory while they are counted, and nowhere else.

#[cfg(feature = "module")]
mod exports;
mod fault;
mod recorder;
mod served;

pub use fault::Fault;
pub use recorder::{Recorder, Scores};
pub use served::{Input, Served, embedded};
