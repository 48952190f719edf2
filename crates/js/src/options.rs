//! Options on their way from JavaScript.

use hedgerow_model::Coded;
use js_sys::JSON;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::Thrown;

/// Options that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the options cannot be read: {reason}. Check their names and types.")]
pub struct BadOption {
    reason: String,
}

impl Coded for BadOption {
    fn code(&self) -> &'static str {
        "bad_option"
    }
}

/// Options from a JavaScript value; `undefined` is all defaults.
pub fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, Thrown> {
    let json = if value.is_undefined() {
        "{}".to_owned()
    } else {
        // Not text for what JSON cannot hold, such as a function.
        JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
    };
    hedgerow_model::json::read(&json)
        .map_err(|error| BadOption { reason: error.to_string() }.into())
}
