//! A column that has held nothing but numbers so far.

use super::cells::{Cells, Missing};
use super::packed::{BLOCK, Packed};
use crate::numbers::{Decimal, MISSING, ODD, integer_of_word, nearest, parse_number, power_of_ten};

/// Numbers as they were spelled, in sealed blocks.
#[derive(Debug, Default)]
pub struct NumberColumn {
    words: Vec<u64>,
    styles: Vec<u8>,
    blocks: Vec<Block>,
    /// Spellings that a [`Decimal`] cannot hold, one after the other, in the order of the rows.
    odd: Vec<u8>,
    odd_ends: Vec<usize>,
    /// Of `odd`, the first spelling of infinity or of a number too large.
    infinite: Option<String>,
}

#[derive(Debug)]
struct Block {
    words: Packed,
    styles: Styles,
}

#[derive(Debug)]
enum Styles {
    /// All of a full block.
    Same(u8),
    Each(Box<[u8]>),
}

impl NumberColumn {
    /// Appends cells from row `from` on; gives the row of the first cell that is no number, or the
    /// number of rows.
    #[inline(never)]
    pub fn extend(&mut self, cells: Cells, from: usize, missing: &Missing) -> usize {
        (from..cells.len()).find(|&row| !self.push_of(cells, row, missing)).unwrap_or(cells.len())
    }

    #[inline(always)]
    fn push_of(&mut self, cells: Cells, row: usize, missing: &Missing) -> bool {
        let digits = cells.short(row).and_then(|(word, length)| integer_of_word(word, length));
        match digits {
            Some(word) if !missing.has_digits() => {
                self.keep(Decimal { word, style: 0 });
                true
            }
            _ => self.push(cells.get(row), missing),
        }
    }

    /// Appends a trimmed cell; `false` when it is no number.
    #[inline(always)]
    pub fn push(&mut self, cell: &[u8], missing: &Missing) -> bool {
        let decimal = if missing.contains(cell) {
            Decimal { word: 0, style: MISSING }
        } else if let Some(decimal) = Decimal::parse(cell) {
            decimal
        } else if let Some(odd) = self.keep_odd(cell) {
            odd
        } else {
            return false;
        };
        self.keep(decimal);
        true
    }

    #[inline(always)]
    fn keep(&mut self, Decimal { word, style }: Decimal) {
        self.words.push(word);
        self.styles.push(style);
        if self.words.len() == BLOCK {
            self.seal();
        }
    }

    #[cold]
    fn keep_odd(&mut self, cell: &[u8]) -> Option<Decimal> {
        let text = std::str::from_utf8(cell).ok()?;
        let value = parse_number(text)?;
        if value.is_infinite() && self.infinite.is_none() {
            self.infinite = Some(text.to_owned());
        }
        self.odd.extend_from_slice(cell);
        self.odd_ends.push(self.odd.len());
        Some(Decimal { word: value.to_bits(), style: ODD })
    }

    #[inline(never)]
    fn seal(&mut self) {
        let first = self.styles[0];
        let styles = if self.styles.iter().all(|&style| style == first) {
            Styles::Same(first)
        } else {
            Styles::Each(self.styles.as_slice().into())
        };
        self.blocks.push(Block { words: Packed::new(&self.words), styles });
        self.words.clear();
        self.styles.clear();
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.blocks.len() * BLOCK + self.words.len()
    }

    /// Hands out all values in order, a block at a time.
    fn drain(self, mut each: impl FnMut(&[u64], &[u8])) {
        let mut words = Vec::with_capacity(BLOCK);
        for block in self.blocks {
            words.clear();
            block.words.unpack(&mut words);
            match block.styles {
                Styles::Same(style) => each(&words, &[style; BLOCK]),
                Styles::Each(styles) => each(&words, &styles),
            }
        }
        each(&self.words, &self.styles);
    }

    /// The values as `f64`; NaN is missing, and no zero has a sign. An error gives the row and the
    /// spelling of the first number that is infinite, or too large: only [`ODD`] ones can be.
    pub fn into_values(mut self) -> Result<Vec<f64>, (usize, String)> {
        let infinite = self.infinite.take();
        let mut values = Vec::with_capacity(self.len());
        self.drain(|words, styles| convert(words, styles, &mut values));
        match infinite {
            None => Ok(values),
            Some(text) => {
                let row = values.iter().position(|value| value.is_infinite()).unwrap_or(0);
                Err((row, text))
            }
        }
    }

    /// Hands out the spelling of each value; `None` is missing.
    pub fn into_spellings(mut self, mut each: impl FnMut(Option<&[u8]>)) {
        let odd = std::mem::take(&mut self.odd);
        let odd_ends = std::mem::take(&mut self.odd_ends);
        let (mut n_odd, mut odd_start) = (0, 0);
        let mut text = Vec::new();
        self.drain(|words, styles| {
            for (&word, &style) in words.iter().zip(styles) {
                match style {
                    MISSING => each(None),
                    ODD => {
                        let end = odd_ends[n_odd];
                        each(Some(&odd[odd_start..end]));
                        (n_odd, odd_start) = (n_odd + 1, end);
                    }
                    _ => {
                        text.clear();
                        Decimal { word, style }.spell(&mut text);
                        each(Some(&text));
                    }
                }
            }
        });
    }
}

/// Appends a block.
#[inline(never)]
fn convert(words: &[u64], styles: &[u8], values: &mut Vec<f64>) {
    if let Some(divisor) = common_divisor(words, styles) {
        // A positive integer less than 2^53: WebAssembly converts signed ones in one step.
        values.extend(words.iter().map(|&word| word as i64 as f64 / divisor));
    } else {
        let decimals = words.iter().zip(styles);
        values.extend(decimals.map(|(&word, &style)| value(Decimal { word, style })));
    }
}

/// What exact integers are to be divided by, where all of a block are spelled alike; most are.
fn common_divisor(words: &[u64], styles: &[u8]) -> Option<f64> {
    let style = *styles.first()?;
    // The style of a plain decimal without a sign is the number of digits after its point.
    let divisor = power_of_ten(style)?;
    let is_exact = words.iter().fold(0, |bits, word| bits | word) < 1 << 53;
    let is_common = styles.iter().fold(0, |bits, other| bits | (other ^ style)) == 0;
    (is_exact && is_common).then_some(divisor)
}

#[inline]
fn value(decimal: Decimal) -> f64 {
    match decimal.style {
        MISSING => f64::NAN,
        // Plus zero: no minus zero.
        ODD => f64::from_bits(decimal.word) + 0.0,
        _ => {
            let (digits, power) = decimal.parts();
            let size = nearest(digits, power);
            (if decimal.is_negative() { -size } else { size }) + 0.0
        }
    }
}
