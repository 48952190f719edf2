//! A table to CSV.

use std::io::{self, Write};

use crate::Table;

/// Writes a table as CSV: a header line, then one line a row, with commas and `\n`. Values are
/// spelled as [`crate::Column::text`] spells them; a missing value is an empty cell.
///
/// # Errors
/// Those of `out`.
pub fn write_csv(table: &Table, out: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(table.names()).map_err(inner)?;
    for row in 0..table.rows() {
        for column in table.columns() {
            writer.write_field(column.text(row).unwrap_or_default()).map_err(inner)?;
        }
        writer.write_record(None::<&[u8]>).map_err(inner)?;
    }
    writer.flush()
}

/// The error of the writer below, as it was: `csv` would hide its kind.
fn inner(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl Table {
    /// The table as CSV text, as [`write_csv`] writes it.
    pub fn to_csv(&self) -> String {
        let mut bytes = Vec::new();
        write_csv(self, &mut bytes).expect("writing to memory cannot fail");
        String::from_utf8(bytes).expect("names and values are strings")
    }
}
