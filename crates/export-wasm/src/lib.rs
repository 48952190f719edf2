//! The JavaScript bindings of `hedgerow-export`: convert, one call, convert.
//!
//! A module of its own beside the training module: few export, so those who do load it when they do.

mod convert;

use hedgerow_export::{Challenger, Description, Kit, Target, default_name, onnx, router};
use hedgerow_js::{Thrown, to_js};
use hedgerow_model::Model;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::convert::file_to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** A file of an export. */
export interface ExportedFile {
    /** Within the folder, with `/`. */
    path: string;
    bytes: Uint8Array<ArrayBuffer>;
}

/** What every export is made of, beside the model. */
export interface Kit {
    scorer: Uint8Array;
    filter: Uint8Array;
    recorder: Uint8Array;
    handler: string;
    recording: string;
    router: string;
}";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Kit")]
    pub type KitFiles;
    #[wasm_bindgen(method, getter)]
    fn scorer(this: &KitFiles) -> Vec<u8>;
    #[wasm_bindgen(method, getter)]
    fn filter(this: &KitFiles) -> Vec<u8>;
    #[wasm_bindgen(method, getter)]
    fn recorder(this: &KitFiles) -> Vec<u8>;
    #[wasm_bindgen(method, getter)]
    fn handler(this: &KitFiles) -> String;
    #[wasm_bindgen(method, getter)]
    fn recording(this: &KitFiles) -> String;
    #[wasm_bindgen(method, getter)]
    fn router(this: &KitFiles) -> String;
}

/// What a kit's files are borrowed from.
struct Parts {
    modules: [Vec<u8>; 3],
    scripts: [String; 3],
}

impl From<&KitFiles> for Parts {
    fn from(kit: &KitFiles) -> Self {
        Self {
            modules: [kit.scorer(), kit.filter(), kit.recorder()],
            scripts: [kit.handler(), kit.recording(), kit.router()],
        }
    }
}

impl Parts {
    fn kit(&self) -> Kit<'_> {
        let [scorer, filter, recorder] = &self.modules;
        let [handler, recording, router] = &self.scripts;
        Kit { scorer, filter, recorder, handler, recording, router }
    }
}

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
    kit: &KitFiles,
) -> Result<Array, Thrown> {
    let target = Target::named(target)?;
    let model = Model::from_parcel(parcel)?;
    let name = name.unwrap_or_else(|| default_name(&model));
    let files = target.files(&model, &name, Parts::from(kit).kit())?;
    Ok(files.iter().map(file_to_js).collect())
}

/// The files of a router of two models, by their parcels; without a name it is called as what the first one predicts.
#[wasm_bindgen(js_name = exportRouter, unchecked_return_type = "ExportedFile[]")]
pub fn export_router(
    champion: &[u8],
    challenger: &[u8],
    weight: f64,
    name: Option<String>,
    kit: &KitFiles,
) -> Result<Array, Thrown> {
    let (champion, challenger) = (Model::from_parcel(champion)?, Model::from_parcel(challenger)?);
    let name = name.unwrap_or_else(|| default_name(&champion));
    let challenger = Challenger { model: &challenger, weight };
    let files = router(&champion, challenger, &name, Parts::from(kit).kit())?;
    Ok(files.iter().map(file_to_js).collect())
}

/// A model file's ONNX file, and its description; none of what is no model file, or has no such form.
#[wasm_bindgen(js_name = onnxOf, unchecked_return_type = "[Uint8Array<ArrayBuffer>, Description] | undefined")]
pub fn onnx_of(file: &[u8]) -> Option<Array> {
    let model = Model::from_bytes(file).ok()?;
    let name = default_name(&model);
    let description = Description::of(&model, &name);
    let onnx = onnx(&model, &description).ok()?;
    Some(Array::of2(&Uint8Array::from(onnx.as_slice()), &to_js(&description)))
}

/// Every target, with what is to be known to choose one.
#[wasm_bindgen(unchecked_return_type = "TargetFacts[]")]
pub fn targets() -> JsValue {
    to_js(&Target::ALL.map(Target::facts))
}
