//! Values on their way to JavaScript.

use hedgerow_export::File;
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;

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
