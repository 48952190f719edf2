//! `CsvReader`.

use wasm_bindgen::prelude::*;

use crate::convert::from_js;
use crate::error::{BindingError, Thrown};
use crate::table::Table;

/// Reads a CSV that comes in pieces.
#[wasm_bindgen]
pub struct CsvReader(Option<hedgerow_data::CsvReader>);

#[wasm_bindgen]
impl CsvReader {
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "CsvOptions")] options: JsValue,
    ) -> Result<Self, Thrown> {
        Ok(Self(Some(hedgerow_data::CsvReader::new(from_js(&options)?)?)))
    }

    /// Reads a piece.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Thrown> {
        let reader = self.0.as_mut().ok_or(BindingError::Ended)?;
        Ok(reader.push(bytes)?)
    }

    /// Rows read so far.
    #[wasm_bindgen(getter)]
    pub fn rows(&self) -> f64 {
        self.0.as_ref().map_or(0.0, |reader| reader.rows() as f64)
    }

    /// The table; the reader is used up.
    pub fn finish(&mut self) -> Result<Table, Thrown> {
        let reader = self.0.take().ok_or(BindingError::Ended)?;
        Ok(reader.finish()?.into())
    }
}
