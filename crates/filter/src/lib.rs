//! A model in a proxy: a request's JSON body is a row, its prediction goes on in headers.
//!
//! As a module (`--crate-type cdylib`) this is a filter of the proxy-wasm ABI, into which an image is put
//! as into the scorer's module (`HEDGEROW_EMBEDDED`).

mod content_type;
#[cfg(target_arch = "wasm32")]
mod filter;
mod model;
mod row;

pub use content_type::is_json;
pub use model::{HEADERS, Model};
