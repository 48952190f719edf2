//! Features as numbers, for learners that calculate with them.

use std::borrow::Cow;

use hedgerow_data::Column;
use ndarray::Array2;

use crate::LearnError;

/// Cells of a matrix at most: 2 GB.
const MAX_CELLS: usize = 1 << 28;

/// Rows that are put in place at a time.
const BLOCK: usize = 256;

/// Columns of numbers on their way to a matrix.
pub(super) struct NumberColumns {
    columns: Vec<Vec<f64>>,
    /// For errors.
    learner: String,
    missing: bool,
}

impl NumberColumns {
    /// None yet; `missing` for a learner that takes missing values.
    pub fn new(learner: &str, missing: bool) -> Self {
        Self { columns: Vec::new(), learner: learner.to_owned(), missing }
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

    /// Row by row.
    #[inline(never)]
    pub fn into_rows(self, rows: usize) -> Array2<f64> {
        let width = self.columns.len();
        let mut cells = vec![0.0; rows * width];
        if width > 0 {
            for (block, cells) in cells.chunks_mut(BLOCK * width).enumerate() {
                transpose(&self.columns, block * BLOCK, cells);
            }
        }
        Array2::from_shape_vec((rows, width), cells)
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
