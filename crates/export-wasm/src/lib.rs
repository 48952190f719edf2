//! The JavaScript bindings of `hedgerow-export`: convert, one call, convert.
//!
//! A module of its own beside the training module: few export, so those who do load it when they do.

mod convert;

use hedgerow_export::{Kit, Target, default_name};
use hedgerow_js::{Thrown, to_js};
use hedgerow_model::Model;
use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::convert::file_to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** A file of an export. */
export interface ExportedFile {
    /** Within the folder, with `/`. */
    path: string;
    bytes: Uint8Array<ArrayBuffer>;
}";

#[wasm_bindgen(start)]
pub fn start() {
    hedgerow_js::report_panics();
}

/// The files of a model on a target, by its parcel; without a name it is called as what it predicts.
#[wasm_bindgen(js_name = exportParcel, unchecked_return_type = "ExportedFile[]")]
pub fn export_parcel(
    parcel: &[u8],
    target: &str,
    name: Option<String>,
    scorer: &[u8],
    handler: &str,
    filter: &[u8],
) -> Result<Array, Thrown> {
    let target = Target::named(target)?;
    let model = Model::from_parcel(parcel)?;
    let name = name.unwrap_or_else(|| default_name(&model));
    let files = target.files(&model, &name, Kit { scorer, handler, filter });
    Ok(files?.iter().map(file_to_js).collect())
}

/// Every target, with what is to be known to choose one.
#[wasm_bindgen(unchecked_return_type = "TargetFacts[]")]
pub fn targets() -> JsValue {
    to_js(&Target::ALL.map(Target::facts))
}
