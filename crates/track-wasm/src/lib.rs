//! The JavaScript bindings of `hedgerow-track`: convert, one call, convert.
//!
//! A module of its own beside the training module, loaded by who tracks. SQLite is in it, so all but its
//! interface is WebAssembly only.
#![cfg(target_family = "wasm")]

mod error;
mod files;
mod host;
mod pool;
mod workspace;

use wasm_bindgen::prelude::*;

/// A panic is a bug, and stops this instance for good: say where it was.
#[wasm_bindgen(start)]
pub fn start() {
    hedgerow_js::report_panics();
}
