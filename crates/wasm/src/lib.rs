//! The JavaScript bindings: convert, one call, convert. One file an exported class.
//!
//! Options and reports cross as plain objects (by way of JSON, so that an unknown option is an
//! error), columns as typed arrays, whole tables, jobs and models as bytes.

mod builder;
mod convert;
mod csv;
mod error;
mod folds;
mod importance;
mod model;
mod strings;
mod study;
mod table;
mod training;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
pub fn start() {
    hedgerow_js::report_panics();
}
