//! How much a file may ask for: a few bytes of it can stand for much, such as a column for every category.

use std::cell::Cell;

use crate::ImportError;

/// Numbers that are made of a file at most: 256 MB.
const MOST: usize = 1 << 25;

/// What is left.
pub struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(MOST))
    }
}

impl Budget {
    /// Takes room for `rows` times `columns` numbers.
    ///
    /// # Errors
    /// [`ImportError::TooLarge`].
    pub fn take(&self, rows: usize, columns: usize) -> Result<(), ImportError> {
        let left = rows.checked_mul(columns).and_then(|asked| self.0.get().checked_sub(asked));
        let reason =
            || "its columns, categories, classes and nodes are too many together".to_owned();
        self.0.set(left.ok_or_else(|| ImportError::TooLarge { reason: reason() })?);
        Ok(())
    }
}
