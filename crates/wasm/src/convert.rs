//! Values between the two sides.

pub use hedgerow_js::{from_js, to_js};
