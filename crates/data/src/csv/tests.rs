//! What a CSV file becomes.

mod bad_input;
mod properties;
mod reading;

use super::{CsvOptions, CsvReader, read_csv};
use crate::{DataError, Table};

/// Reads text with the default options.
fn read(text: &str) -> Result<Table, DataError> {
    read_csv(text.as_bytes(), &CsvOptions::default())
}

/// Reads bytes that come in pieces.
fn read_in_pieces<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    options: &CsvOptions,
) -> Result<Table, DataError> {
    let mut reader = CsvReader::new(options.clone())?;
    for piece in pieces {
        reader.push(piece)?;
    }
    reader.finish()
}

/// The texts of a column; `-` is missing.
fn texts(table: &Table, column: &str) -> Vec<String> {
    let column = table.column(column).unwrap();
    (0..column.len()).map(|row| column.text(row).unwrap_or("-".into())).collect()
}
