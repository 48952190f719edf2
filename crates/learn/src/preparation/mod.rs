//! Fitting a [`Preparation`](hedgerow_model::Preparation) on training rows.
//!
//! Only this looks at the training rows; applying it is `hedgerow-model`'s, so that training and
//! serving cannot differ.

mod fit;
mod params;
#[cfg(test)]
mod tests;

pub use fit::fit_encoding;
pub(crate) use fit::{median, median_of_sorted};
pub use params::{EncodeCategories, MissingCategories, MissingNumbers, PreparationOptions};
