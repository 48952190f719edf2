//! The cells of some rows, seen column by column.

/// Rows of cells as `csv_core` leaves them: the text of all cells in one piece.
#[derive(Debug, Default)]
pub struct Batch {
    /// The text; longer than what is used of it.
    pub bytes: Vec<u8>,
    /// The end of each cell in `bytes`, row after row; longer than what is used of it. A cell
    /// starts where the one before ends.
    pub ends: Vec<usize>,
    /// For each row its line in the text.
    pub lines: Vec<u64>,
}

impl Batch {
    /// The cells of one column of a table that has `n_columns`.
    pub fn column(&self, column: usize, n_columns: usize) -> Cells<'_> {
        Cells { batch: self, column, n_columns }
    }
}

/// The cells of one column.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    batch: &'a Batch,
    column: usize,
    n_columns: usize,
}

impl<'a> Cells<'a> {
    /// Number of rows.
    pub fn len(self) -> usize {
        self.batch.lines.len()
    }

    /// The cell of a row, without the blanks around it.
    #[inline(always)]
    pub fn get(self, row: usize) -> &'a [u8] {
        let at = row * self.n_columns + self.column;
        let start = if at == 0 { 0 } else { self.batch.ends[at - 1] };
        trim(&self.batch.bytes[start..self.batch.ends[at]])
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
}

impl Missing {
    /// These cells, and the empty one.
    pub fn new(cells: &[String]) -> Self {
        let cells: Vec<Box<[u8]>> = cells.iter().map(|cell| trim(cell.as_bytes()).into()).collect();
        let mut first = [false; 256];
        for byte in cells.iter().filter_map(|cell| cell.first()) {
            first[usize::from(*byte)] = true;
        }
        Self { cells, first }
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
