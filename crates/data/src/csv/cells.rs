//! The cells of some rows, seen column by column.

/// Where the cells of some rows are in a text.
#[derive(Debug, Default)]
pub struct Batch {
    /// The start of each row.
    pub starts: Vec<usize>,
    /// The end of each cell, row after row; longer than what is used of it.
    pub ends: Vec<usize>,
    /// For each row its line in the file.
    pub lines: Vec<u64>,
}

/// Some rows and their text.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub batch: &'a Batch,
    pub text: &'a [u8],
    /// Bytes between a cell and the next one of its row.
    pub gap: usize,
    pub n_columns: usize,
}

impl<'a> Rows<'a> {
    /// The cells of one column.
    pub fn column(self, column: usize) -> Cells<'a> {
        Cells { rows: self, column }
    }
}

/// The cells of one column.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    rows: Rows<'a>,
    column: usize,
}

impl<'a> Cells<'a> {
    /// Number of rows.
    pub fn len(self) -> usize {
        self.rows.batch.lines.len()
    }

    /// The cell of a row, without the blanks around it.
    #[inline(always)]
    pub fn get(self, row: usize) -> &'a [u8] {
        let (start, end) = self.place(row);
        trim(&self.rows.text[start..end])
    }

    /// The cell of a row, if it is 1 to 8 bytes long: in the first bytes of a word, little endian,
    /// with whatever text comes after it; and its length. Not for every cell at the end of the text.
    #[inline(always)]
    pub fn short(self, row: usize) -> Option<(u64, usize)> {
        let (start, end) = self.place(row);
        let length = end.wrapping_sub(start);
        let word = self.rows.text.get(start..)?.first_chunk()?;
        (1..=8).contains(&length).then(|| (u64::from_le_bytes(*word), length))
    }

    #[inline(always)]
    fn place(self, row: usize) -> (usize, usize) {
        let Rows { batch, gap, n_columns, .. } = self.rows;
        let at = row * n_columns + self.column;
        let start = if self.column == 0 { batch.starts[row] } else { batch.ends[at - 1] + gap };
        (start, batch.ends[at])
    }
}

/// The cell without spaces and tabs around it.
#[inline(always)]
pub fn trim(cell: &[u8]) -> &[u8] {
    match cell {
        [first, .., last] if *first > b' ' && *last > b' ' => cell,
        [byte] if *byte > b' ' => cell,
        [] => cell,
        _ => trim_slowly(cell),
    }
}

#[cold]
fn trim_slowly(mut cell: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = cell {
        cell = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = cell {
        cell = rest;
    }
    cell
}

/// The cells that mean "no value".
#[derive(Debug)]
pub struct Missing {
    cells: Vec<Box<[u8]>>,
    /// Whether one of the cells begins with a byte.
    first: [bool; 256],
    has_digits: bool,
}

impl Missing {
    /// These cells, and the empty one.
    pub fn new(cells: &[String]) -> Self {
        let cells: Vec<Box<[u8]>> = cells.iter().map(|cell| trim(cell.as_bytes()).into()).collect();
        let mut first = [false; 256];
        for byte in cells.iter().filter_map(|cell| cell.first()) {
            first[usize::from(*byte)] = true;
        }
        let has_digits = (b'0'..=b'9').any(|digit| first[usize::from(digit)]);
        Self { cells, first, has_digits }
    }

    /// Whether one of the cells begins with a digit.
    #[inline]
    pub fn has_digits(&self) -> bool {
        self.has_digits
    }

    /// Whether a trimmed cell means "no value".
    #[inline]
    pub fn contains(&self, cell: &[u8]) -> bool {
        match cell.first() {
            None => true,
            Some(&byte) => {
                self.first[usize::from(byte)] && self.cells.iter().any(|own| **own == *cell)
            }
        }
    }
}
