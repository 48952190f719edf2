//! A model as the edge runs it: a flat image, read where it lies, and what is scored with it.
//!
//! [`Scorer::load`] checks an image and [`Scorer::score`] predicts from raw cells, as the library does
//! to the bit: the forms and their arithmetic are those of `hedgerow-score`. `hedgerow-export` writes
//! images. With the feature `module` this crate is the WebAssembly module of the exports in
//! `exports.rs`, which imports nothing.
//!
//! # The image
//! 24 bytes of [`image::Header`], then arrays one after the other, little endian: each begins with its
//! length and the size of an element, four bytes each, and ends at a multiple of 8 bytes. In order:
//!
//! | array | element | holds |
//! | --- | --- | --- |
//! | description | byte | what the model is and reads, a JSON text: never read here, only handed out |
//! | columns | `u32` | of each raw column 1 where its cells are texts, 0 where they are numbers |
//! | steps | [`Step`] | how columns become features |
//! | offsets, texts | `u32`, byte | categories: text `i` is `offsets[i]..offsets[i + 1]` |
//! | the form | | see `form.rs`: a tag, then the arrays of that form |
//! | the calibration | | see `calibration.rs` |
//! | threshold | `f64` | one number, or none |
//!
//! An image is not trusted. What [`Scorer::load`] lets pass can neither read out of bounds nor loop.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod calibration;
#[cfg(feature = "module")]
mod exports;
mod fault;
mod form;
pub mod image;
mod input;
mod scorer;
mod steps;

pub use calibration::tag as calibration_tag;
pub use fault::Fault;
pub use form::{BinRecord, tag as form_tag};
pub use input::{Input, MISSING_TEXT, Span};
pub use scorer::{Scorer, Scores};
pub use steps::{Step, flag as step_flag, kind as step_kind};
