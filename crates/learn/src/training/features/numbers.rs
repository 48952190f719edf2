//! Features as numbers, for learners that calculate with them.

use std::borrow::Cow;

use hedgerow_data::Column;
use ndarray::Array2;

use crate::LearnError;

/// Cells of a matrix at most: 2 GB.
const MAX_CELLS: usize = 1 << 28;

/// Rows that are put in place at a time.
const BLOCK: usize = 256;

/// Cells that one call lines up, roughly: some milliseconds.
const STEP: usize = 1 << 20;

/// Columns of numbers on their way to a matrix.
pub(super) struct NumberColumns {
    columns: Vec<Vec<f64>>,
    /// Their first rows, row by row.
    cells: Vec<f64>,
    /// For errors.
    learner: String,
    missing: bool,
}

impl NumberColumns {
    /// None yet; `missing` for a learner that takes missing values.
    pub fn new(learner: &str, missing: bool) -> Self {
        Self { columns: Vec::new(), cells: Vec::new(), learner: learner.to_owned(), missing }
    }

    /// Adds a feature made of `column`.
    #[inline(never)]
    pub fn push(&mut self, column: &Column, values: Cow<[f64]>) -> Result<(), LearnError> {
        let is_bad = |value: &f64| !(value.is_finite() || (self.missing && value.is_nan()));
        if let Some(row) = values.iter().position(is_bad) {
            return Err(self.bad_value(column, row));
        }
        if (self.columns.len() + 1).saturating_mul(values.len()) > MAX_CELLS {
            let (features, limit) = (self.columns.len() + 1, MAX_CELLS / values.len().max(1));
            return Err(LearnError::TooManyFeatures { features, limit });
        }
        self.columns.push(values.into_owned());
        Ok(())
    }

    fn bad_value(&self, column: &Column, at: usize) -> LearnError {
        let (name, row, learner) = (column.name.clone(), at as u64 + 1, self.learner.clone());
        if column.is_missing(at) {
            return LearnError::MissingValue { column: name, row, learner };
        }
        let value = column.text(at).unwrap_or_default();
        LearnError::NotFinite { column: name, row, value, learner }
    }

    /// Lines up some rows, once all columns are there; whether there are more.
    pub fn line_up(&mut self, rows: usize) -> bool {
        let width = self.columns.len();
        let (from, all) = (self.cells.len(), rows * width);
        if from == 0 {
            self.cells.reserve_exact(all);
        }
        let blocks = STEP.div_ceil(BLOCK * width.max(1));
        self.cells.resize(all.min(from + blocks * BLOCK * width), 0.0);
        if width > 0 {
            for (block, cells) in self.cells[from..].chunks_mut(BLOCK * width).enumerate() {
                transpose(&self.columns, from / width + block * BLOCK, cells);
            }
        }
        self.cells.len() < all
    }

    /// All rows, lined up.
    pub fn finish(self, rows: usize) -> Array2<f64> {
        Array2::from_shape_vec((rows, self.columns.len()), self.cells)
            .expect("there is a cell for every row and column")
    }
}

#[inline(never)]
fn transpose(columns: &[Vec<f64>], from: usize, cells: &mut [f64]) {
    for (index, column) in columns.iter().enumerate() {
        let cells = cells.iter_mut().skip(index).step_by(columns.len());
        cells.zip(&column[from..]).for_each(|(cell, value)| *cell = *value);
    }
}
