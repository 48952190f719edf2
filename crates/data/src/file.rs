//! A table as bytes, to hand it to a worker: a safetensors file, as the model file is.

use std::borrow::Cow;
use std::sync::Arc;

use hedgerow_model::Kind;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
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

struct Array<'a> {
    name: String,
    dtype: Dtype,
    len: usize,
    bytes: Cow<'a, [u8]>,
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
        let arrays: Vec<Array> =
            self.columns().iter().enumerate().flat_map(|(n, column)| arrays(n, column)).collect();
        let views = arrays.iter().map(|array| {
            let view = TensorView::new(array.dtype, vec![array.len], &array.bytes)
                .expect("the length was counted from these bytes");
            (array.name.as_str(), view)
        });
        // One key only: the order of several would be that of a hash map.
        let metadata = [(KEY.to_owned(), json)].into_iter().collect();
        safetensors::serialize(views, Some(metadata)).expect("flat arrays always serialise")
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

fn array<'a, T: Copy, const N: usize>(
    name: String,
    dtype: Dtype,
    values: &'a [T],
    to_bytes: impl Fn(T) -> [u8; N],
) -> Array<'a>
where
    [T]: Plain,
{
    let bytes = match values.little_endian() {
        Some(bytes) => Cow::Borrowed(bytes),
        None => Cow::Owned(values.iter().flat_map(|&value| to_bytes(value)).collect()),
    };
    Array { name, dtype, len: values.len(), bytes }
}

/// Numbers that are their bytes.
trait Plain {
    /// The bytes as they are in memory, where that is little-endian: a copy less of all numbers.
    fn little_endian(&self) -> Option<&[u8]>;
}

macro_rules! plain {
    ($($number:ty)*) => {
        $(impl Plain for [$number] {
            fn little_endian(&self) -> Option<&[u8]> {
                // SAFETY: the slice is so many initialised bytes without padding, each of which is a
                // `u8`, whose alignment is 1; they live and stay unchanged as long as the slice.
                let bytes = unsafe {
                    std::slice::from_raw_parts(self.as_ptr().cast(), size_of_val(self))
                };
                cfg!(target_endian = "little").then_some(bytes)
            }
        })*
    };
}

plain! { f64 u32 u8 }

fn arrays(n: usize, column: &Column) -> Vec<Array<'_>> {
    match &column.values {
        Values::Numbers(values) => {
            let name = format!("{n}.values");
            vec![array(name, Dtype::F64, values, f64::to_le_bytes)]
        }
        Values::Strings { codes, dictionary } => {
            let lengths = dictionary.iter().flat_map(|text| (text.len() as u64).to_le_bytes());
            let text = dictionary.text().as_bytes();
            vec![
                array(format!("{n}.codes"), Dtype::U32, codes, u32::to_le_bytes),
                Array {
                    name: format!("{n}.lengths"),
                    dtype: Dtype::U64,
                    len: dictionary.len(),
                    bytes: lengths.collect(),
                },
                array(format!("{n}.text"), Dtype::U8, text, |byte| [byte]),
            ]
        }
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
    fn numbers_are_their_bytes() {
        let (numbers, codes) = ([1.5, f64::NAN, -0.0], [7, u32::MAX]);
        let written: Vec<u8> =
            numbers.iter().flat_map(|number: &f64| number.to_le_bytes()).collect();
        assert!(numbers.little_endian().is_none_or(|bytes| bytes == written));
        let written: Vec<u8> = codes.iter().flat_map(|code: &u32| code.to_le_bytes()).collect();
        assert!(codes.little_endian().is_none_or(|bytes| bytes == written));
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
