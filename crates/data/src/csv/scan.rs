//! Text to rows of cells, and rows of cells to columns.

mod faults;

use csv_core::{ReadRecordResult, ReaderBuilder};
use hedgerow_model::Details;

use super::builder::{ColumnBuilder, Fault};
use super::cells::{Batch, Missing, Rows, trim};
use super::columns::{LATIN1_ADVICE, UTF8, check_names, finish_column, wishes};
use super::options::CsvOptions;
use crate::{DataError, Table};

/// Text bytes, and cells, that make a batch: little enough for the processor's cache, and for code
/// that WebAssembly engines have just optimised to be called soon.
const BATCH_BYTES: usize = 1 << 16;
const BATCH_CELLS: usize = 1 << 14;
/// A row may be as long as this many of the longest cells.
const CELLS_OF_LONGEST_ROW: usize = 16;
/// How far the cells of a row that has too many are counted.
const SURPLUS_COUNTED: usize = 64;

/// Cuts text into rows and passes them on to columns, batch by batch.
///
/// Rows are cut by `csv_core`; complete rows in a piece of text without quotes, by looking for what
/// ends a cell, many bytes at a time. Whatever is odd is left to `csv_core`.
pub struct Scanner {
    core: csv_core::Reader,
    delimiter: u8,
    batch: Batch,
    /// The text of the batch's rows as `csv_core` leaves it: cell after cell.
    bytes: Vec<u8>,
    /// How many of `bytes` and of the batch's `ends` are used.
    used: usize,
    n_ends: usize,
    /// Whether a row has begun, and where.
    in_row: bool,
    row_start: usize,
    row_line: u64,
    row_ends: usize,
    line: u64,
    after_return: bool,
    /// The line of the first row while every row is one line, for errors found at the end.
    first_line: Option<u64>,
    names: Vec<String>,
    columns: Vec<ColumnBuilder>,
    missing: Missing,
    /// Rows passed on.
    rows: u64,
    options: CsvOptions,
}

/// A reader past the start of the file: there it would drop a byte-order mark, which is the
/// decoder's to do, and only where the first piece has all of it.
fn core_reader(delimiter: u8) -> csv_core::Reader {
    let mut core = ReaderBuilder::new().delimiter(delimiter).build();
    core.read_record(b"\n", &mut [], &mut [0]);
    core
}

impl Scanner {
    pub fn new(options: CsvOptions, delimiter: u8) -> Self {
        Self {
            core: core_reader(delimiter),
            delimiter,
            batch: Batch { ends: vec![0; options.max_columns + 1], ..Batch::default() },
            bytes: vec![0; 2 * BATCH_BYTES],
            used: 0,
            n_ends: 0,
            in_row: false,
            row_start: 0,
            row_line: 1,
            row_ends: 0,
            line: 1,
            after_return: false,
            first_line: None,
            names: Vec::new(),
            columns: Vec::new(),
            missing: Missing::new(&options.missing),
            rows: 0,
            options,
        }
    }

    /// Rows read so far.
    pub fn rows(&self) -> u64 {
        self.rows + self.batch.lines.len() as u64
    }

    /// Reads the next piece of text.
    pub fn push(&mut self, text: &[u8]) -> Result<(), DataError> {
        match memchr::memchr(0, text) {
            None => text.chunks(BATCH_BYTES).try_for_each(|piece| self.scan(piece)),
            Some(end) => {
                self.push(&text[..end])?;
                let at = self.at(if self.in_row { self.row_line } else { self.line }, None);
                Err(self.after_batch(DataError::CsvNulByte { at }))
            }
        }
    }

    /// Ends the text.
    pub fn finish(mut self) -> Result<Table, DataError> {
        if self.in_row {
            self.scan(b"\n")?;
        }
        if self.in_row {
            return Err(self.unfinished());
        }
        if self.names.is_empty() {
            return Err(DataError::CsvEmpty);
        }
        self.flush()?;
        if self.rows == 0 {
            return Err(DataError::CsvNoRows);
        }
        let first_line = self.first_line;
        let Self { names, columns, core, batch, bytes, .. } = self;
        drop((core, batch, bytes));
        let columns = names
            .into_iter()
            .zip(columns)
            .map(|(name, builder)| finish_column(name, builder, first_line))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Table::of_sound(columns))
    }

    #[inline(never)]
    fn scan(&mut self, mut text: &[u8]) -> Result<(), DataError> {
        let is_plain =
            self.options.max_cell_bytes >= BATCH_BYTES && memchr::memchr(b'"', text).is_none();
        loop {
            if !self.in_row {
                text = self.skip_line_ends(text);
                if text.is_empty() {
                    return Ok(());
                }
                if is_plain && !self.names.is_empty() {
                    let rest = self.plain_rows(text)?;
                    if rest.len() < text.len() {
                        text = rest;
                        continue;
                    }
                }
                self.begin_row();
            }
            let limit = match self.names.len() {
                0 => self.batch.ends.len(),
                n => self.n_ends - self.row_ends + n + SURPLUS_COUNTED,
            };
            let (result, n_in, n_out, n_ends) = self.core.read_record(
                text,
                &mut self.bytes[self.used..],
                &mut self.batch.ends[self.n_ends..limit],
            );
            self.used += n_out;
            self.n_ends += n_ends;
            self.row_ends += n_ends;
            let (read, rest) = text.split_at(n_in);
            text = rest;
            match result {
                ReadRecordResult::Record => self.end_row(read.last() == Some(&b'\r'))?,
                ReadRecordResult::OutputFull => {
                    self.make_room()?;
                    // To `csv_core`, an empty input is the end of the file.
                    if text.is_empty() {
                        return Ok(());
                    }
                }
                ReadRecordResult::OutputEndsFull => return Err(self.wrong_width()),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(()),
            }
        }
    }

    /// Passes on the complete rows at the start of a text without quotes, up to the first that has
    /// not as many cells as there are columns; gives the rest of the text.
    #[inline(never)]
    fn plain_rows<'a>(&mut self, text: &'a [u8]) -> Result<&'a [u8], DataError> {
        self.flush()?;
        let n_columns = self.names.len();
        let mut start = 0;
        for at in memchr::memchr3_iter(self.delimiter, b'\n', b'\r', text) {
            let byte = text[at];
            let is_last = byte != self.delimiter;
            if is_last && at == start {
                self.pass_line_end(byte);
                start = at + 1;
                continue;
            }
            let first = self.batch.lines.len() * n_columns;
            let has_room = self.n_ends < self.batch.ends.len();
            if is_last != (self.n_ends + 1 == first + n_columns) || !has_room {
                break;
            }
            self.batch.ends[self.n_ends] = at;
            self.n_ends += 1;
            if is_last {
                if !self.note_row(start, self.line) {
                    break;
                }
                self.after_return = false;
                self.pass_line_end(byte);
                start = at + 1;
            }
        }
        self.flush_text(text, 1)?;
        Ok(&text[start..])
    }

    /// Skips and counts the ends of lines before a row: of the row before, and of empty lines.
    fn skip_line_ends<'a>(&mut self, mut text: &'a [u8]) -> &'a [u8] {
        while let [byte @ (b'\r' | b'\n'), rest @ ..] = text {
            self.pass_line_end(*byte);
            text = rest;
        }
        if !text.is_empty() {
            self.after_return = false;
        }
        text
    }

    fn pass_line_end(&mut self, byte: u8) {
        self.line += u64::from(!(self.after_return && byte == b'\n'));
        self.after_return = byte == b'\r';
    }

    fn begin_row(&mut self) {
        self.in_row = true;
        self.row_start = self.used;
        self.row_line = self.line;
        self.row_ends = 0;
    }

    fn end_row(&mut self, by_return: bool) -> Result<(), DataError> {
        let row = &self.bytes[self.row_start..self.used];
        let inner = row.iter().map(|&byte| u64::from(byte == b'\n')).sum::<u64>();
        self.line += 1 + inner;
        self.after_return = by_return;
        self.in_row = false;
        if row.len() > self.options.max_cell_bytes {
            self.check_cells()?;
        }
        if self.names.is_empty() {
            return self.begin_table();
        }
        self.end_data_row()
    }

    fn end_data_row(&mut self) -> Result<(), DataError> {
        if self.row_ends != self.names.len() {
            return Err(self.wrong_width());
        }
        if !self.note_row(self.row_start, self.row_line) {
            return Err(DataError::CsvTooManyRows);
        }
        for end in &mut self.batch.ends[self.n_ends - self.row_ends..self.n_ends] {
            *end += self.row_start;
        }
        if self.used >= BATCH_BYTES || self.n_ends >= BATCH_CELLS {
            self.flush()?;
        }
        Ok(())
    }

    /// Adds a row to the batch; `false` when there are as many as a table can have.
    fn note_row(&mut self, start: usize, line: u64) -> bool {
        let row = self.rows();
        if row >= u64::from(u32::MAX) - 1 {
            return false;
        }
        if row == 0 {
            self.first_line = Some(line);
        } else if self.first_line.is_some_and(|first| first + row != line) {
            self.first_line = None;
        }
        self.batch.starts.push(start);
        self.batch.lines.push(line);
        true
    }

    /// Takes the names from the first row, or makes some up.
    #[cold]
    fn begin_table(&mut self) -> Result<(), DataError> {
        let n = self.row_ends;
        if n > self.options.max_columns {
            return Err(self.wrong_width());
        }
        let names = if self.options.has_header {
            (0..n).map(|column| self.name(column)).collect::<Result<_, _>>()?
        } else {
            (1..=n).map(|position| format!("column_{position}")).collect::<Vec<_>>()
        };
        check_names(&names)?;
        let kinds = wishes(&names, &self.options.kinds)?;
        self.columns = kinds.into_iter().map(ColumnBuilder::new).collect();
        self.names = names;
        self.batch.ends.truncate(n);
        self.batch.ends.resize(BATCH_CELLS + 2 * n + SURPLUS_COUNTED, 0);
        if self.options.has_header {
            (self.used, self.n_ends) = (0, 0);
            return Ok(());
        }
        self.end_data_row()
    }

    fn name(&self, column: usize) -> Result<String, DataError> {
        match std::str::from_utf8(trim(self.cell(column))) {
            Ok(name) => Ok(name.to_owned()),
            Err(_) => Err(DataError::CsvEncoding {
                at: Details { line: Some(self.row_line), ..Details::default() },
                encoding: UTF8,
                advice: LATIN1_ADVICE,
            }),
        }
    }

    /// A cell of the row that is being read; the last one may be unfinished.
    fn cell(&self, column: usize) -> &[u8] {
        let ends = &self.batch.ends[self.n_ends - self.row_ends..self.n_ends];
        let start = if column == 0 { 0 } else { ends[column - 1] };
        let end = ends.get(column).copied().unwrap_or(self.used - self.row_start);
        &self.bytes[self.row_start + start..self.row_start + end]
    }

    /// Passes on the rows that `csv_core` cut.
    fn flush(&mut self) -> Result<(), DataError> {
        let bytes = std::mem::take(&mut self.bytes);
        let result = self.flush_text(&bytes, 0);
        self.used = 0;
        self.bytes = if bytes.len() > 16 * BATCH_BYTES { vec![0; 2 * BATCH_BYTES] } else { bytes };
        result
    }

    /// Passes the batch on to the columns. Of several faulty cells, the first row's first is
    /// reported.
    #[inline(never)]
    fn flush_text(&mut self, text: &[u8], gap: usize) -> Result<(), DataError> {
        let n_columns = self.columns.len();
        let rows = Rows { batch: &self.batch, text, gap, n_columns };
        let mut first: Option<(usize, usize, Fault)> = None;
        for (index, builder) in self.columns.iter_mut().enumerate() {
            if let Err((row, fault)) = builder.extend(rows.column(index), &self.missing)
                && first.is_none_or(|(earliest, ..)| row < earliest)
            {
                first = Some((row, index, fault));
            }
        }
        if let Some((row, column, fault)) = first {
            return Err(self.faulty_cell(row, column, rows.column(column).get(row), fault));
        }
        self.rows += self.batch.lines.len() as u64;
        self.batch.starts.clear();
        self.batch.lines.clear();
        self.n_ends = 0;
        Ok(())
    }

    /// Makes room for more text of the row that is being read.
    #[cold]
    fn make_room(&mut self) -> Result<(), DataError> {
        if self.row_start > 0 && !self.batch.lines.is_empty() {
            // Pass on the rows before this one, and move it to the front.
            let row = self.row_start..self.used;
            let ends = self.n_ends - self.row_ends..self.n_ends;
            self.flush_before_row(row, ends)?;
            return Ok(());
        }
        let limit = self.options.max_cell_bytes;
        let open = self.cell(self.row_ends).len();
        if open > limit {
            return Err(self.cell_too_large(self.row_ends));
        }
        let row_limit = limit.saturating_mul(CELLS_OF_LONGEST_ROW).max(BATCH_BYTES);
        if self.used - self.row_start > row_limit {
            let at = self.at(self.row_line, None);
            return Err(self.after_batch(DataError::CsvRowTooLarge { at, limit: row_limit }));
        }
        let doubled = 2 * self.bytes.len();
        self.bytes.resize(doubled, 0);
        Ok(())
    }

    #[cold]
    fn flush_before_row(
        &mut self,
        row: std::ops::Range<usize>,
        ends: std::ops::Range<usize>,
    ) -> Result<(), DataError> {
        let text = self.bytes[row].to_vec();
        let row_ends = self.batch.ends[ends].to_vec();
        self.flush()?;
        let room = self.bytes.len().max(2 * text.len());
        self.bytes.resize(room, 0);
        self.bytes[..text.len()].copy_from_slice(&text);
        self.batch.ends[..row_ends.len()].copy_from_slice(&row_ends);
        (self.row_start, self.used, self.n_ends) = (0, text.len(), row_ends.len());
        Ok(())
    }
}
