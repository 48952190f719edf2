//! `PermutationImportance`.

use std::rc::Rc;

use hedgerow_evaluate::ImportanceOptions;
use wasm_bindgen::prelude::*;

use crate::convert::{from_js, to_js};
use crate::error::{BindingError, Thrown};
use crate::model::Model;
use crate::table::Table;

/// How much each column matters, found in small steps.
#[wasm_bindgen]
pub struct PermutationImportance(
    Option<hedgerow_evaluate::PermutationImportance<Rc<hedgerow_model::Model>>>,
);

#[wasm_bindgen]
impl PermutationImportance {
    #[wasm_bindgen(constructor)]
    pub fn new(
        model: &Model,
        table: &Table,
        #[wasm_bindgen(unchecked_param_type = "ImportanceOptions")] options: JsValue,
    ) -> Result<Self, Thrown> {
        let options: ImportanceOptions = from_js(&options)?;
        let importance =
            hedgerow_evaluate::PermutationImportance::new(model.share(), table.get(), &options)?;
        Ok(Self(Some(importance)))
    }

    /// Steps in all.
    #[wasm_bindgen(getter)]
    pub fn total(&self) -> u32 {
        self.0.as_ref().map_or(0, |importance| importance.total() as u32)
    }

    /// Takes a step, if one is left; says whether there was.
    pub fn step(&mut self) -> bool {
        self.0.as_mut().is_some_and(|importance| importance.step())
    }

    /// What was found; it is used up.
    #[wasm_bindgen(unchecked_return_type = "Importance")]
    pub fn finish(&mut self) -> Result<JsValue, Thrown> {
        let importance = self.0.take().ok_or(BindingError::Ended)?;
        Ok(to_js(&importance.finish()))
    }
}
