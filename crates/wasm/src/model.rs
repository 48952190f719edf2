//! `Model` and `Prediction`.

use std::rc::Rc;
use std::sync::Arc;

use hedgerow_data::nearest_name;
use hedgerow_evaluate::{EvaluateOptions, columns_for};
use hedgerow_js::{Elsewhere, bytes_elsewhere};
use js_sys::{Float64Array, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;

use crate::convert::{from_js, to_js};
use crate::error::{BindingError, Thrown};
use crate::table::Table;

/// A trained model.
#[wasm_bindgen]
pub struct Model(Rc<hedgerow_model::Model>);

impl From<hedgerow_model::Model> for Model {
    fn from(model: hedgerow_model::Model) -> Self {
        Self(Rc::new(model))
    }
}

impl Model {
    pub(crate) fn share(&self) -> Rc<hedgerow_model::Model> {
        Rc::clone(&self.0)
    }
}

#[wasm_bindgen]
impl Model {
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Thrown> {
        Ok(hedgerow_model::Model::from_bytes(bytes)?.into())
    }

    /// Reads what `toParcel` wrote.
    #[wasm_bindgen(js_name = fromParcel)]
    pub fn from_parcel(bytes: &Uint8Array) -> Result<Self, Thrown> {
        Ok(hedgerow_model::Model::unpack(&Elsewhere(bytes))?.into())
    }

    /// The model for another worker: its file, but without the hash.
    #[wasm_bindgen(js_name = toParcel)]
    pub fn to_parcel(&self) -> Uint8Array {
        bytes_elsewhere(|take| self.0.pack(take))
    }

    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The profile of the rows trained on, where the model has one.
    #[wasm_bindgen(getter, js_name = trainingProfile)]
    pub fn training_profile(&self) -> Option<Vec<u8>> {
        self.0.training_profile.clone()
    }

    #[wasm_bindgen(getter)]
    pub fn profiled(&self) -> bool {
        self.0.training_profile.is_some()
    }

    /// Has the model keep a profile, which the module that monitors made.
    #[wasm_bindgen(js_name = keepProfile)]
    pub fn keep_profile(&mut self, profile: Vec<u8>) {
        Rc::make_mut(&mut self.0).training_profile = Some(profile);
    }

    #[wasm_bindgen(getter)]
    pub fn sha256(&self) -> String {
        self.0.sha256()
    }

    #[wasm_bindgen(getter, unchecked_return_type = "Schema")]
    pub fn schema(&self) -> JsValue {
        to_js(&self.0.schema)
    }

    #[wasm_bindgen(getter, unchecked_return_type = "Provenance")]
    pub fn provenance(&self) -> JsValue {
        to_js(&self.0.provenance)
    }

    /// A tree down to so many splits.
    #[wasm_bindgen(unchecked_return_type = "TreePicture")]
    pub fn tree(&self, index: u32, max_depth: u32) -> Result<JsValue, Thrown> {
        Ok(to_js(&self.0.tree(index as usize, max_depth)?))
    }

    /// The same as text.
    #[wasm_bindgen(js_name = treeText)]
    pub fn tree_text(&self, index: u32, max_depth: u32) -> Result<String, Thrown> {
        Ok(self.0.tree(index as usize, max_depth)?.to_text())
    }

    #[wasm_bindgen(unchecked_return_type = "Coefficient[]")]
    pub fn coefficients(&self) -> JsValue {
        to_js(&self.0.coefficients())
    }

    #[wasm_bindgen(getter, unchecked_return_type = "Calibration | undefined")]
    pub fn calibration(&self) -> JsValue {
        self.0.calibration.as_ref().map_or(JsValue::UNDEFINED, to_js)
    }

    #[wasm_bindgen(getter)]
    pub fn threshold(&self) -> Option<f64> {
        self.0.threshold
    }

    /// Checks that every name is a column the model reads, or its target.
    #[wasm_bindgen(js_name = checkFields)]
    pub fn check_fields(&self, names: Vec<String>) -> Result<(), Thrown> {
        let schema = &self.0.schema;
        let is_known = |name: &String| {
            *name == schema.target.name || schema.features.iter().any(|field| field.name == *name)
        };
        match names.into_iter().find(|name| !is_known(name)) {
            Some(field) => {
                let known = schema.features.iter().map(|field| field.name.as_str());
                Err(BindingError::UnknownField { nearest: nearest_name(&field, known), field }
                    .into())
            }
            None => Ok(()),
        }
    }

    /// Predicts for every row.
    pub fn predict(&self, table: &Table) -> Result<Prediction, Thrown> {
        let columns = columns_for(&self.0, table.get())?;
        Ok(Prediction(self.0.predict(&columns.raw())?))
    }
}

/// A model being measured, in pieces.
#[wasm_bindgen]
pub struct Evaluating {
    evaluating: Option<hedgerow_evaluate::Evaluating<Rc<hedgerow_model::Model>>>,
    table: Arc<hedgerow_data::Table>,
}

#[wasm_bindgen]
impl Evaluating {
    #[wasm_bindgen(constructor)]
    pub fn new(
        model: &Model,
        table: &Table,
        #[wasm_bindgen(unchecked_param_type = "EvaluateOptions")] options: JsValue,
    ) -> Result<Self, Thrown> {
        let (table, options) = (table.share(), from_js::<EvaluateOptions>(&options)?);
        let evaluating = hedgerow_evaluate::Evaluating::new(model.share(), &table, options)?;
        Ok(Self { evaluating: Some(evaluating), table })
    }

    /// Predicts at most so many rows; how many, and nothing when all are done.
    pub fn advance(&mut self, most: u32) -> Result<Option<u32>, Thrown> {
        let evaluating = self.evaluating.as_mut().ok_or(BindingError::Ended)?;
        Ok(evaluating.advance(&self.table, most as usize)?.map(|rows| rows as u32))
    }

    /// What was found; it is used up.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn finish(&mut self) -> Result<JsValue, Thrown> {
        let evaluating = self.evaluating.take().ok_or(BindingError::Ended)?;
        Ok(to_js(&evaluating.finish()))
    }
}

/// Outputs, row by row.
#[wasm_bindgen]
pub struct Prediction(hedgerow_model::Prediction);

#[wasm_bindgen]
impl Prediction {
    /// One a class (probabilities) for each row, or one a row.
    #[wasm_bindgen(getter)]
    pub fn values(&self) -> Float64Array {
        Float64Array::from(self.0.values.as_slice())
    }

    /// The class of each row.
    #[wasm_bindgen(getter)]
    pub fn codes(&self) -> Uint32Array {
        Uint32Array::from(self.0.classes().as_slice())
    }
}
