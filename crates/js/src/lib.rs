//! What all modules with JavaScript bindings share: errors and plain data on their way, tables and models in bytes.

mod elsewhere;
mod options;

pub use elsewhere::{Elsewhere, bytes_elsewhere, copy};
pub use options::{BadOption, from_js};

use hedgerow_model::Coded;
use js_sys::{JSON, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// A panic is a bug, and stops an instance for good: says where it was. For the start of every module.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|info| console_error(&info.to_string())));
}

/// Plain data as a JavaScript value. Numbers that are not finite become `null`, as in JSON.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    let json = serde_json::to_string(value).expect("plain data with string keys is JSON");
    JSON::parse(&json).expect("serde_json writes JSON")
}

/// A JavaScript `Error` with `code` and `details`.
pub struct Thrown(JsValue);

impl<E: Coded> From<E> for Thrown {
    fn from(error: E) -> Self {
        let thrown = js_sys::Error::new(&error.to_string());
        let details = to_js(&error.details());
        for (key, value) in [("code", error.code().into()), ("details", details)] {
            // Setting a property of a fresh object cannot fail.
            let _ = Reflect::set(&thrown, &key.into(), &value);
        }
        Self(thrown.into())
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        thrown.0
    }
}
