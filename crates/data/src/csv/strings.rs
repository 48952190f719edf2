//! A column that has held a string.

use super::cells::{Cells, Missing};
use super::numbers::NumberColumn;
use super::packed::{BLOCK, Packed};
use crate::Dictionary;
use crate::interner::{Interner, NotUtf8};

/// Dictionary-coded strings, in sealed blocks. A code is stored one higher; 0 is missing.
#[derive(Debug, Default)]
pub struct StringColumn {
    interner: Interner,
    codes: Vec<u64>,
    blocks: Vec<Packed>,
}

impl StringColumn {
    /// The numbers as they were spelled.
    pub fn from_numbers(numbers: NumberColumn) -> Self {
        let mut column = Self::default();
        numbers.into_spellings(|spelling| {
            let code = spelling.and_then(|text| column.interner.intern(text).ok());
            column.push_code(code);
        });
        column
    }

    /// Appends cells from row `from` on; an error gives the row of the first that is not UTF-8.
    #[inline(never)]
    pub fn extend(&mut self, cells: Cells, from: usize, missing: &Missing) -> Result<(), usize> {
        (from..cells.len()).try_for_each(|row| self.push(cells.get(row), missing).map_err(|_| row))
    }

    /// Appends a trimmed cell.
    #[inline(always)]
    pub fn push(&mut self, cell: &[u8], missing: &Missing) -> Result<(), NotUtf8> {
        let code = if missing.contains(cell) { None } else { Some(self.interner.intern(cell)?) };
        self.push_code(code);
        Ok(())
    }

    #[inline]
    fn push_code(&mut self, code: Option<u32>) {
        self.codes.push(code.map_or(0, |code| u64::from(code) + 1));
        if self.codes.len() == BLOCK {
            self.blocks.push(Packed::new(&self.codes));
            self.codes.clear();
        }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.blocks.len() * BLOCK + self.codes.len()
    }

    /// The code of each row and the strings, by first appearance.
    pub fn into_codes(self) -> (Vec<u32>, Dictionary) {
        let mut codes = Vec::with_capacity(self.len());
        let mut words = Vec::with_capacity(BLOCK);
        for block in self.blocks {
            words.clear();
            block.unpack(&mut words);
            append(&words, &mut codes);
        }
        append(&self.codes, &mut codes);
        (codes, self.interner.into_dictionary())
    }
}

/// One less than stored, so that 0 wraps to `MISSING_CODE`.
fn append(words: &[u64], codes: &mut Vec<u32>) {
    codes.extend(words.iter().map(|word| word.wrapping_sub(1) as u32));
}
