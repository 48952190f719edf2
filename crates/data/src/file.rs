//! A table as bytes, to hand it to a worker: a safetensors file, as the model file is.

use std::sync::Arc;

use hedgerow_model::Kind;
use hedgerow_model::arrays::{Array, Element, Packed, Parts, Source, pack_parts};
use serde::{Deserialize, Serialize};

use crate::{Column, DataError, Dictionary, Table, Values};

/// The version of the bytes that is written, and the only one that is read.
const FORMAT_VERSION: u64 = 1;
const KEY: &str = "hedgerow_table";

#[derive(Serialize, Deserialize)]
struct Header {
    format_version: u64,
    rows: usize,
    columns: Vec<ColumnHeader>,
}

#[derive(Serialize, Deserialize)]
struct ColumnHeader {
    name: String,
    kind: Kind,
}

impl Table {
    /// The table as bytes, for [`Self::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.pack(&mut |parts| bytes = parts.to_vec());
        bytes
    }

    /// Hands the same on in parts.
    pub fn pack(&self, take: &mut dyn FnMut(&Parts)) {
        let describe =
            |column: &Column| ColumnHeader { name: column.name.clone(), kind: column.kind };
        let header = Header {
            format_version: FORMAT_VERSION,
            rows: self.rows(),
            columns: self.columns().iter().map(describe).collect(),
        };
        let json = serde_json::to_string(&header).expect("plain data with string keys is JSON");
        let arrays: Vec<Array> =
            self.columns().iter().enumerate().flat_map(|(n, column)| arrays(n, column)).collect();
        pack_parts(KEY, json, &arrays, take);
    }

    /// Reads what [`Self::to_bytes`] wrote. Nothing in it is trusted.
    ///
    /// # Errors
    /// [`DataError::TableDamaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DataError> {
        Self::unpack(&bytes)
    }

    /// The same from wherever the bytes are.
    ///
    /// # Errors
    /// [`DataError::TableDamaged`].
    pub fn unpack(source: &dyn Source) -> Result<Self, DataError> {
        let packed = Packed::open(source, KEY)
            .map_err(damaged)?
            .ok_or_else(|| damaged("it holds no table"))?;
        let header: Header = packed.describes().map_err(damaged)?;
        if header.format_version != FORMAT_VERSION {
            return Err(damaged("it was written by another version"));
        }
        let columns = header
            .columns
            .into_iter()
            .enumerate()
            .map(|(n, column)| read_column(n, column, &packed))
            .collect::<Result<Vec<_>, _>>()?;
        let table = Self::new(columns).map_err(|error| damaged(error.to_string()))?;
        if !table.columns().is_empty() && table.rows() != header.rows {
            return Err(damaged("its columns do not have the rows described"));
        }
        Ok(table)
    }
}

fn damaged(reason: impl Into<String>) -> DataError {
    DataError::TableDamaged { reason: reason.into() }
}

fn arrays(n: usize, column: &Column) -> Vec<Array<'_>> {
    match &column.values {
        Values::Numbers(values) => vec![Array::new(format!("{n}.values"), values)],
        Values::Strings { codes, dictionary } => {
            let lengths: Vec<u64> = dictionary.iter().map(|text| text.len() as u64).collect();
            vec![
                Array::new(format!("{n}.codes"), codes),
                Array::new(format!("{n}.lengths"), lengths),
                Array::new(format!("{n}.text"), dictionary.text().as_bytes()),
            ]
        }
    }
}

fn read_column(n: usize, column: ColumnHeader, packed: &Packed) -> Result<Column, DataError> {
    let ColumnHeader { name, kind } = column;
    let values = if kind.is_numeric() {
        Values::Numbers(read(packed, &format!("{n}.values"))?)
    } else {
        let codes = read(packed, &format!("{n}.codes"))?;
        let lengths: Vec<u64> = read(packed, &format!("{n}.lengths"))?;
        let dictionary = read_dictionary(read(packed, &format!("{n}.text"))?, &lengths)
            .ok_or_else(|| damaged("a dictionary does not hold together"))?;
        Values::Strings { codes, dictionary: Arc::new(dictionary) }
    };
    Ok(Column { name, kind, values })
}

fn read<T: Element>(packed: &Packed, name: &str) -> Result<Vec<T>, DataError> {
    packed.get(name).map_err(damaged)
}

fn read_dictionary(text: Vec<u8>, lengths: &[u64]) -> Option<Dictionary> {
    let text = String::from_utf8(text).ok()?;
    let mut end = 0usize;
    let ends = lengths
        .iter()
        .map(|&length| {
            end = end.checked_add(usize::try_from(length).ok()?)?;
            Some(end)
        })
        .collect::<Option<_>>()?;
    Dictionary::from_parts(text, ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hedgerow_model::{Coded, MISSING_CODE};
    use proptest::prelude::*;

    fn table() -> Table {
        let job = Column::categories("job", vec![1, MISSING_CODE, 0], ["é", "a"].iter().collect());
        let age = Column::numbers("age", vec![1.5, f64::NAN, -3.0]);
        Table::new(vec![job, age]).unwrap()
    }

    #[test]
    fn a_table_comes_back_as_it_was() {
        let back = Table::from_bytes(&table().to_bytes()).unwrap();
        assert_eq!(back.sha256(), table().sha256());
        assert_eq!(back.to_bytes(), table().to_bytes());
        assert_eq!(back.columns()[0].text(2).as_deref(), Some("é"));
    }

    #[test]
    fn a_table_cut_short_is_an_error() {
        let bytes = table().to_bytes();
        for end in 0..bytes.len() {
            let error = Table::from_bytes(&bytes[..end]).unwrap_err();
            assert_eq!(error.code(), "table_damaged");
        }
    }

    proptest! {
        #[test]
        fn flipped_bits_never_panic(place in 0usize..1_000, bit in 0u32..8) {
            let mut bytes = table().to_bytes();
            let place = place % bytes.len();
            bytes[place] ^= 1 << bit;
            if let Ok(table) = Table::from_bytes(&bytes) {
                table.sha256();
            }
        }

        #[test]
        fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Table::from_bytes(&bytes).is_err());
        }
    }
}
