//! A table as bytes, to hand it to a worker: a safetensors file, as the model file is.

use std::borrow::Cow;
use std::sync::Arc;

use hedgerow_model::Kind;
use safetensors::{Dtype, SafeTensors, tensor::View};
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

/// One array of a table; its bytes are made when they are written, one array at a time.
struct Array<'a> {
    shape: [usize; 1],
    values: Part<'a>,
}

enum Part<'a> {
    Numbers(&'a [f64]),
    Codes(&'a [u32]),
    Lengths(&'a Dictionary),
    Text(&'a [u8]),
}

impl<'a> Array<'a> {
    fn new(values: Part<'a>) -> Self {
        let len = match &values {
            Part::Numbers(values) => values.len(),
            Part::Codes(codes) => codes.len(),
            Part::Lengths(dictionary) => dictionary.len(),
            Part::Text(text) => text.len(),
        };
        Self { shape: [len], values }
    }
}

impl View for Array<'_> {
    fn dtype(&self) -> Dtype {
        match self.values {
            Part::Numbers(_) => Dtype::F64,
            Part::Codes(_) => Dtype::U32,
            Part::Lengths(_) => Dtype::U64,
            Part::Text(_) => Dtype::U8,
        }
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        match self.values {
            Part::Numbers(values) => Cow::Owned(bytes(values, f64::to_le_bytes)),
            Part::Codes(codes) => Cow::Owned(bytes(codes, u32::to_le_bytes)),
            Part::Lengths(dictionary) => {
                let lengths: Vec<u64> = dictionary.iter().map(|text| text.len() as u64).collect();
                Cow::Owned(bytes(&lengths, u64::to_le_bytes))
            }
            Part::Text(text) => Cow::Borrowed(text),
        }
    }

    fn data_len(&self) -> usize {
        self.shape[0] * self.dtype().bitsize() / 8
    }
}

impl Table {
    /// The table as bytes, for [`Self::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let describe =
            |column: &Column| ColumnHeader { name: column.name.clone(), kind: column.kind };
        let header = Header {
            format_version: FORMAT_VERSION,
            rows: self.rows(),
            columns: self.columns().iter().map(describe).collect(),
        };
        let json = serde_json::to_string(&header).expect("plain data with string keys is JSON");
        let arrays = self.columns().iter().enumerate().flat_map(|(n, column)| arrays(n, column));
        // One key only: the order of several would be that of a hash map.
        let metadata = [(KEY.to_owned(), json)].into_iter().collect();
        safetensors::serialize(arrays, Some(metadata)).expect("flat arrays always serialise")
    }

    /// Reads what [`Self::to_bytes`] wrote. Nothing in it is trusted.
    ///
    /// # Errors
    /// [`DataError::TableDamaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DataError> {
        let (_, metadata) = SafeTensors::read_metadata(bytes)
            .map_err(|error| damaged(format!("its header cannot be read ({error})")))?;
        let json = metadata
            .metadata()
            .as_ref()
            .and_then(|map| map.get(KEY))
            .ok_or_else(|| damaged("it holds no table"))?;
        let header: Header = serde_json::from_str(json)
            .map_err(|error| damaged(format!("its description cannot be read ({error})")))?;
        if header.format_version != FORMAT_VERSION {
            return Err(damaged("it was written by another version"));
        }
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|error| damaged(format!("its arrays cannot be read ({error})")))?;
        let columns = header
            .columns
            .into_iter()
            .enumerate()
            .map(|(n, column)| read_column(n, column, &tensors))
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

#[inline(never)]
fn bytes<T: Copy, const N: usize>(values: &[T], to_bytes: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    let mut bytes = vec![0; values.len() * N];
    let (places, _) = bytes.as_chunks_mut();
    places.iter_mut().zip(values).for_each(|(place, &value)| *place = to_bytes(value));
    bytes
}

fn arrays(n: usize, column: &Column) -> Vec<(String, Array<'_>)> {
    let named = |name: &str, values| (format!("{n}.{name}"), Array::new(values));
    match &column.values {
        Values::Numbers(values) => vec![named("values", Part::Numbers(values))],
        Values::Strings { codes, dictionary } => vec![
            named("codes", Part::Codes(codes)),
            named("lengths", Part::Lengths(dictionary)),
            named("text", Part::Text(dictionary.text().as_bytes())),
        ],
    }
}

fn read_column(n: usize, column: ColumnHeader, tensors: &SafeTensors) -> Result<Column, DataError> {
    let ColumnHeader { name, kind } = column;
    let values = if kind.is_numeric() {
        Values::Numbers(read(tensors, &format!("{n}.values"), Dtype::F64, f64::from_le_bytes)?)
    } else {
        let codes = read(tensors, &format!("{n}.codes"), Dtype::U32, u32::from_le_bytes)?;
        let lengths = read(tensors, &format!("{n}.lengths"), Dtype::U64, u64::from_le_bytes)?;
        let text = read(tensors, &format!("{n}.text"), Dtype::U8, |[byte]: [u8; 1]| byte)?;
        let dictionary = read_dictionary(text, &lengths)
            .ok_or_else(|| damaged("a dictionary does not hold together"))?;
        Values::Strings { codes, dictionary: Arc::new(dictionary) }
    };
    Ok(Column { name, kind, values })
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

#[inline(never)]
fn read<T, const N: usize>(
    tensors: &SafeTensors,
    name: &str,
    dtype: Dtype,
    from_bytes: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, DataError> {
    let view = tensors.tensor(name).map_err(|_| damaged(format!("the array {name} is missing")))?;
    if view.dtype() != dtype {
        return Err(damaged(format!("the array {name} has another type")));
    }
    let (chunks, _) = view.data().as_chunks::<N>();
    Ok(chunks.iter().map(|&chunk| from_bytes(chunk)).collect())
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
