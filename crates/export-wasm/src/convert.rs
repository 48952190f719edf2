//! Values on their way to JavaScript.

use hedgerow_export::File;
use hedgerow_model::Coded;
use js_sys::{Error, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;

/// A JavaScript `Error` with `code` and `details`. No error of an export has details.
pub fn thrown(error: &impl Coded) -> JsValue {
    let thrown = Error::new(&error.to_string());
    set(&thrown, "code", &error.code().into());
    set(&thrown, "details", &Object::new());
    thrown.into()
}

/// `{ path, bytes }`.
pub fn file_to_js(file: &File) -> JsValue {
    let object = Object::new();
    set(&object, "path", &file.path.as_str().into());
    set(&object, "bytes", &Uint8Array::from(file.bytes.as_slice()));
    object.into()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(object, &key.into(), value);
}
