//! `Table`.

use std::sync::Arc;

use hedgerow_data::{SplitOptions, Values, summarize_table, train_test_split};
use hedgerow_js::{Elsewhere, bytes_elsewhere, copy};
use hedgerow_model::Kind;
use js_sys::{Float64Array, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;

use crate::convert::{from_js, to_js};
use crate::error::Thrown;
use crate::folds::FoldOptions;
use crate::strings::Strings;

/// Columns of equal length; what is still being learned from lives on when it is freed.
#[wasm_bindgen]
pub struct Table(Arc<hedgerow_data::Table>);

impl From<hedgerow_data::Table> for Table {
    fn from(table: hedgerow_data::Table) -> Self {
        Self(Arc::new(table))
    }
}

impl Table {
    pub(crate) fn get(&self) -> &hedgerow_data::Table {
        &self.0
    }

    pub(crate) fn share(&self) -> Arc<hedgerow_data::Table> {
        Arc::clone(&self.0)
    }
}

/// A table on its way into bytes, a piece at a time.
#[wasm_bindgen]
pub struct TableCopy {
    table: Arc<hedgerow_data::Table>,
    bytes: Uint8Array,
    done: usize,
}

/// Bytes that are copied at a time.
const PIECE: usize = 4 << 20;

#[wasm_bindgen]
impl TableCopy {
    /// Copies a piece; whether there is more.
    pub fn advance(&mut self) -> bool {
        let Self { table, bytes, done } = self;
        table.pack(&mut |parts| {
            if *done == 0 {
                *bytes = Uint8Array::new_with_length(parts.total() as u32);
            }
            let end = parts.total().min(*done + PIECE);
            copy(parts, *done..end, bytes);
            *done = end;
        });
        *done < bytes.length() as usize
    }

    /// The bytes, once all are copied.
    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> Uint8Array {
        self.bytes.clone()
    }
}

fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

#[wasm_bindgen]
impl Table {
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &Uint8Array) -> Result<Self, Thrown> {
        Ok(hedgerow_data::Table::unpack(&Elsewhere(bytes))?.into())
    }

    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Uint8Array {
        bytes_elsewhere(|take| self.0.pack(take))
    }

    /// The same table, which lives on when this is freed.
    pub fn keep(&self) -> Self {
        Self(self.share())
    }

    /// As `toBytes`, in pieces.
    pub fn copy(&self) -> TableCopy {
        TableCopy { table: self.share(), bytes: Uint8Array::default(), done: 0 }
    }

    #[wasm_bindgen(getter, js_name = numRows)]
    pub fn num_rows(&self) -> u32 {
        self.0.rows() as u32
    }

    #[wasm_bindgen(getter, unchecked_return_type = "{ name: string; kind: Kind }[]")]
    pub fn schema(&self) -> JsValue {
        #[derive(serde::Serialize)]
        struct Entry<'a> {
            name: &'a str,
            kind: Kind,
        }
        let columns = self.0.columns().iter();
        let entries = columns.map(|column| Entry { name: &column.name, kind: column.kind });
        to_js(&entries.collect::<Vec<_>>())
    }

    #[wasm_bindgen(getter)]
    pub fn sha256(&self) -> String {
        self.0.sha256()
    }

    #[wasm_bindgen(unchecked_return_type = "Kind")]
    pub fn kind(&self, name: &str) -> Result<JsValue, Thrown> {
        Ok(to_js(&self.0.column(name)?.kind))
    }

    /// The values of a column of numbers, booleans or dates; empty for strings.
    pub fn numbers(&self, name: &str) -> Result<Float64Array, Thrown> {
        Ok(match &self.0.column(name)?.values {
            Values::Numbers(values) => Float64Array::from(values.as_slice()),
            Values::Strings { .. } => Float64Array::new_with_length(0),
        })
    }

    /// The values of a column of strings; empty for numbers.
    pub fn strings(&self, name: &str) -> Result<Strings, Thrown> {
        Ok(Strings::new(self.0.column(name)?))
    }

    pub fn select(&self, names: Vec<String>) -> Result<Self, Thrown> {
        Ok(self.0.select(&strs(&names))?.into())
    }

    pub fn drop(&self, names: Vec<String>) -> Result<Self, Thrown> {
        Ok(self.0.drop_columns(&strs(&names))?.into())
    }

    #[wasm_bindgen(js_name = dropMissing)]
    pub fn drop_missing(&self, names: Option<Vec<String>>) -> Result<Self, Thrown> {
        Ok(self.0.drop_missing(names.as_deref().map(strs).as_deref())?.into())
    }

    #[wasm_bindgen(js_name = withKind)]
    pub fn with_kind(
        &self,
        name: &str,
        #[wasm_bindgen(unchecked_param_type = "Kind")] kind: JsValue,
    ) -> Result<Self, Thrown> {
        Ok(self.0.convert(name, from_js(&kind)?)?.into())
    }

    pub fn slice(&self, start: u32, end: u32) -> Self {
        self.0.slice(start as usize..end as usize).into()
    }

    pub fn take(&self, rows: &[u32]) -> Self {
        self.0.take(rows).into()
    }

    #[wasm_bindgen(unchecked_return_type = "ColumnSummary[]")]
    pub fn summary(&self) -> JsValue {
        to_js(&summarize_table(&self.0))
    }

    /// The training and the test part.
    pub fn split(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SplitOptions")] options: JsValue,
    ) -> Result<Vec<Table>, Thrown> {
        let options: SplitOptions = from_js(&options)?;
        let (train, test) = train_test_split(&self.0, &options)?;
        Ok(vec![train.into(), test.into()])
    }

    /// Row numbers, an array of training and one of test rows for each fold.
    pub fn folds(
        &self,
        #[wasm_bindgen(unchecked_param_type = "FoldOptions")] options: JsValue,
    ) -> Result<Vec<Uint32Array>, Thrown> {
        let options: FoldOptions = from_js(&options)?;
        let folds = options.folds(&self.0)?;
        let arrays = folds.iter().flat_map(|fold| [&fold.train, &fold.test]);
        Ok(arrays.map(|rows| Uint32Array::from(rows.as_slice())).collect())
    }

    #[wasm_bindgen(js_name = toCsv)]
    pub fn to_csv(&self) -> String {
        self.0.to_csv()
    }
}
