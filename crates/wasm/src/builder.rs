//! `TableBuilder`.

use std::collections::BTreeMap;

use hedgerow_data::{Column, Table as DataTable, Values};
use hedgerow_model::Kind;
use wasm_bindgen::prelude::*;

use crate::convert::from_js;
use crate::error::{BindingError, Thrown};
use crate::strings::dictionary;
use crate::table::Table;

/// Takes columns, then is a table.
#[wasm_bindgen]
pub struct TableBuilder {
    columns: Vec<Column>,
    kinds: BTreeMap<String, Kind>,
}

#[wasm_bindgen]
impl TableBuilder {
    /// `kinds` by name, instead of the columns' own.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Record<string, Kind>")] kinds: JsValue,
    ) -> Result<Self, Thrown> {
        Ok(Self { columns: Vec::new(), kinds: from_js(&kinds)? })
    }

    /// Adds numbers, booleans (0 and 1) or dates (milliseconds); NaN is missing.
    #[wasm_bindgen(js_name = addNumbers)]
    pub fn add_numbers(
        &mut self,
        name: String,
        #[wasm_bindgen(unchecked_param_type = "Kind")] kind: JsValue,
        values: Vec<f64>,
    ) -> Result<(), Thrown> {
        let kind = from_js(&kind)?;
        self.columns.push(Column { name, kind, values: Values::Numbers(values) });
        Ok(())
    }

    /// Adds strings: a code a row, and the distinct strings as one text with the length of each.
    #[wasm_bindgen(js_name = addStrings)]
    pub fn add_strings(
        &mut self,
        name: String,
        codes: Vec<u32>,
        text: &str,
        lengths: &[u32],
    ) -> Result<(), Thrown> {
        let Some(dictionary) = dictionary(text, lengths) else {
            return Err(BindingError::BadStrings { column: name }.into());
        };
        self.columns.push(Column::strings(name, codes, dictionary));
        Ok(())
    }

    /// The table; the builder is empty again.
    pub fn finish(&mut self) -> Result<Table, Thrown> {
        let table = DataTable::new(std::mem::take(&mut self.columns))?;
        let converted =
            self.kinds.iter().try_fold(table, |table, (name, &kind)| table.convert(name, kind))?;
        Ok(converted.into())
    }
}
