//! Names, kinds and errors of columns: before the first row, and after the last.

use std::collections::{BTreeMap, BTreeSet};

use hedgerow_model::{Details, Kind};

use super::builder::{ColumnBuilder, Fault};
use super::cells::Missing;
use super::options::CsvOptions;
use crate::error::{nearest_name, shown};
use crate::{Column, DataError};

pub const UTF8: &str = "UTF-8";
pub const LATIN1_ADVICE: &str =
    "Save the file as UTF-8, or pass the encoding \"latin1\" if it is Western European.";

pub fn check_names(names: &[String]) -> Result<(), DataError> {
    let mut seen = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(DataError::CsvEmptyColumnName { position: index + 1 });
        }
        if let Some(first) = seen.insert(name, index) {
            return Err(DataError::CsvDuplicateColumn {
                name: name.clone(),
                first: first + 1,
                second: index + 1,
            });
        }
    }
    Ok(())
}

/// The kind asked for of each column.
pub fn wishes(
    names: &[String],
    kinds: &BTreeMap<String, Kind>,
) -> Result<Vec<Option<Kind>>, DataError> {
    if kinds.is_empty() {
        return Ok(vec![None; names.len()]);
    }
    let mut known = BTreeSet::new();
    known.extend(names);
    if let Some(column) = kinds.keys().find(|name| !known.contains(name)) {
        let nearest = nearest_name(column, names.iter().map(String::as_str));
        return Err(DataError::UnknownColumn { column: column.clone(), nearest });
    }
    Ok(names.iter().map(|name| kinds.get(name).copied()).collect())
}

pub fn fault_error(at: Details, fault: Fault) -> DataError {
    match fault {
        Fault::NotUtf8 => DataError::CsvEncoding { at, encoding: UTF8, advice: LATIN1_ADVICE },
        Fault::Infinite => DataError::CsvInfinite { at },
        Fault::Not(kind) => DataError::CsvBadValue { at, kind },
    }
}

pub fn finish_column(
    name: String,
    builder: ColumnBuilder,
    first_line: Option<u64>,
) -> Result<Column, DataError> {
    match builder.finish() {
        Ok((kind, values)) => Ok(Column { name, kind, values }),
        Err((row, fault, value)) => {
            let at = Details {
                row: Some(row as u64 + 1),
                line: first_line.map(|line| line + row as u64),
                column: Some(name),
                value: Some(shown(value.as_bytes())),
            };
            Err(fault_error(at, fault))
        }
    }
}

impl Column {
    /// A column of strings as a CSV file would hold them, `None` where there is no value: the kind
    /// is inferred, or is the one that `options.kinds` has for the name.
    ///
    /// # Errors
    /// [`DataError::CsvBadValue`], [`DataError::CsvInfinite`].
    pub fn from_strings<'a>(
        name: &str,
        cells: impl IntoIterator<Item = Option<&'a str>>,
        options: &CsvOptions,
    ) -> Result<Self, DataError> {
        let missing = Missing::new(&options.missing);
        let mut builder = ColumnBuilder::new(options.kinds.get(name).copied());
        for cell in cells {
            let cell = cell.unwrap_or_default();
            let row = builder.len();
            builder.push(cell.as_bytes(), &missing).map_err(|fault| {
                let at = Details {
                    row: Some(row as u64 + 1),
                    value: Some(shown(cell.as_bytes())),
                    ..Details::column(name)
                };
                fault_error(at, fault)
            })?;
        }
        finish_column(name.to_owned(), builder, None)
    }
}
