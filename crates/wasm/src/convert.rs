//! Values between the two sides.

pub use hedgerow_js::to_js;
use js_sys::JSON;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::error::{BindingError, Thrown};

/// Options from a JavaScript value; `undefined` is all defaults.
pub fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, Thrown> {
    let json = if value.is_undefined() {
        "{}".to_owned()
    } else {
        // Not text for what JSON cannot hold, such as a function.
        JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
    };
    hedgerow_model::json::read(&json)
        .map_err(|error| BindingError::BadOption { reason: error.to_string() }.into())
}
