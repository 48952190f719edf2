//! `PermutationImportance`.

use std::rc::Rc;

use hedgerow_evaluate::ImportanceOptions;
use wasm_bindgen::prelude::*;

use crate::convert::{from_js, to_js};
use crate::error::{BindingError, Thrown};
use crate::model::Model;
use crate::table::Table;

/// How much each column matters, found in pieces.
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

    /// Steps done.
    #[wasm_bindgen(getter)]
    pub fn done(&self) -> u32 {
        self.0.as_ref().map_or(0, |importance| importance.done() as u32)
    }

    /// Predicts at most so many rows; how many, and nothing when all steps are done.
    pub fn advance(&mut self, most: u32) -> Result<Option<u32>, Thrown> {
        let importance = self.0.as_mut().ok_or(BindingError::Ended)?;
        Ok(importance.advance(most as usize)?.map(|rows| rows as u32))
    }

    /// What was found; it is used up.
    #[wasm_bindgen(unchecked_return_type = "Importance")]
    pub fn finish(&mut self) -> Result<JsValue, Thrown> {
        let importance = self.0.take().ok_or(BindingError::Ended)?;
        Ok(to_js(&importance.finish()?))
    }
}
