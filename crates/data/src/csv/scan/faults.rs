//! What can be wrong with a file, and where.

use hedgerow_model::Details;

use super::{SURPLUS_COUNTED, Scanner};
use crate::DataError;
use crate::csv::builder::Fault;
use crate::csv::columns::fault_error;
use crate::error::shown;

impl Scanner {
    /// The error for text that could not be decoded from UTF-16 where the last piece ended.
    pub fn not_utf16(&mut self) -> DataError {
        let at = self.at(if self.in_row { self.row_line } else { self.line }, None);
        let advice = "The file begins as UTF-16 does: save it again, as UTF-8.";
        self.after_batch(DataError::CsvEncoding { at, encoding: "UTF-16", advice })
    }

    /// The error for a cell of the batch.
    #[cold]
    pub(super) fn faulty_cell(
        &self,
        row: usize,
        column: usize,
        cell: &[u8],
        fault: Fault,
    ) -> DataError {
        let at = Details {
            row: Some(self.rows + row as u64 + 1),
            line: self.batch.lines.get(row).copied(),
            column: self.names.get(column).cloned(),
            value: Some(shown(cell)),
        };
        fault_error(at, fault)
    }

    #[cold]
    pub(super) fn check_cells(&mut self) -> Result<(), DataError> {
        let is_long = |column: &usize| self.cell(*column).len() > self.options.max_cell_bytes;
        match (0..self.row_ends).find(is_long) {
            Some(column) => Err(self.cell_too_large(column)),
            None => Ok(()),
        }
    }

    /// Where the row is that is being read, or was just read.
    pub(super) fn at(&self, line: u64, column: Option<usize>) -> Details {
        let is_data = !self.names.is_empty() || !self.options.has_header;
        Details {
            row: is_data.then(|| self.rows() + 1),
            line: Some(line),
            column: column.and_then(|column| self.names.get(column).cloned()),
            value: column.map(|column| shown(self.cell(column))),
        }
    }

    /// An error at the row that is being read, unless a row before it has one.
    pub(super) fn after_batch(&mut self, error: DataError) -> DataError {
        self.flush().err().unwrap_or(error)
    }

    #[cold]
    pub(super) fn cell_too_large(&mut self, column: usize) -> DataError {
        let at = self.at(self.row_line, Some(column));
        let limit = self.options.max_cell_bytes;
        self.after_batch(DataError::CsvCellTooLarge { at, limit })
    }

    #[cold]
    pub(super) fn wrong_width(&mut self) -> DataError {
        if self.names.is_empty() {
            return DataError::CsvTooManyColumns { limit: self.options.max_columns };
        }
        let expected = self.names.len();
        let at = self.at(self.row_line, None);
        let limit = expected + SURPLUS_COUNTED;
        let error = DataError::CsvRaggedRow { at, expected, found: self.row_ends, limit };
        self.after_batch(error)
    }

    /// The text ended inside a quoted cell.
    pub(super) fn unfinished(mut self) -> DataError {
        if let Err(error) = self.check_open_cell() {
            return error;
        }
        let at = self.at(self.row_line, Some(self.row_ends));
        self.after_batch(DataError::CsvUnclosedQuote { at })
    }

    pub(super) fn check_open_cell(&mut self) -> Result<(), DataError> {
        if self.cell(self.row_ends).len() > self.options.max_cell_bytes {
            return Err(self.cell_too_large(self.row_ends));
        }
        Ok(())
    }
}
