//! Values between the two sides.

use js_sys::JSON;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

use crate::error::{BindingError, Thrown};

/// Plain data as a JavaScript value. Numbers that are not finite become `null`, as in JSON.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    let json = serde_json::to_string(value).expect("plain data with string keys is JSON");
    JSON::parse(&json).expect("serde_json writes JSON")
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
        .map_err(|error| BindingError::BadOption { reason: error.to_string() }.into())
}
