//! A column while it is read, and what kind it turns out to be.

use std::sync::Arc;

use hedgerow_model::Kind;

use super::cells::{Cells, Missing, trim};
use super::numbers::NumberColumn;
use super::strings::StringColumn;
use crate::column::CHUNK;
use crate::convert::{by_code, read_strings, strings};
use crate::interner::NotUtf8;
use crate::numbers::parse_date;
use crate::{Column, Dictionary, Values};

/// Up to this many distinct strings are categories, however few rows there are.
const FEW_CATEGORIES: usize = 20;
/// Strings longer than this on average are text, however often they repeat.
const LONG_BYTES: usize = 100;

/// A column while it is read.
#[derive(Debug)]
pub struct ColumnBuilder {
    /// The kind asked for.
    wish: Option<Kind>,
    store: Store,
}

#[derive(Debug)]
enum Store {
    Numbers(NumberColumn),
    Strings(StringColumn),
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NotUtf8,
    Infinite,
    /// It does not fit the kind asked for.
    Not(Kind),
}

impl ColumnBuilder {
    /// A column of a kind, or of the kind that its cells suggest.
    pub fn new(wish: Option<Kind>) -> Self {
        let store = match wish {
            None | Some(Kind::Number) => Store::Numbers(NumberColumn::default()),
            Some(_) => Store::Strings(StringColumn::default()),
        };
        Self { wish, store }
    }

    /// Appends cells; an error gives the row of the first faulty one.
    pub fn extend(&mut self, cells: Cells, missing: &Missing) -> Result<(), (usize, Fault)> {
        let mut from = 0;
        if let Store::Numbers(numbers) = &mut self.store {
            from = numbers.extend(cells, 0, missing);
            if from == cells.len() {
                return Ok(());
            }
            self.become_strings(cells.get(from)).map_err(|fault| (from, fault))?;
        }
        match &mut self.store {
            Store::Strings(strings) => {
                strings.extend(cells, from, missing).map_err(|row| (row, Fault::NotUtf8))
            }
            Store::Numbers(_) => Ok(()),
        }
    }

    /// Appends one cell.
    pub fn push(&mut self, cell: &[u8], missing: &Missing) -> Result<(), Fault> {
        let cell = trim(cell);
        if let Store::Numbers(numbers) = &mut self.store {
            if numbers.push(cell, missing) {
                return Ok(());
            }
            self.become_strings(cell)?;
        }
        match &mut self.store {
            Store::Strings(strings) => {
                strings.push(cell, missing).map_err(|NotUtf8| Fault::NotUtf8)
            }
            Store::Numbers(_) => Ok(()),
        }
    }

    /// Number of rows so far.
    pub fn len(&self) -> usize {
        match &self.store {
            Store::Numbers(numbers) => numbers.len(),
            Store::Strings(strings) => strings.len(),
        }
    }

    /// Turns numbers into strings, because of a cell that is no number.
    #[cold]
    fn become_strings(&mut self, cell: &[u8]) -> Result<(), Fault> {
        if let Some(kind) = self.wish {
            let is_text = std::str::from_utf8(cell).is_ok();
            return Err(if is_text { Fault::Not(kind) } else { Fault::NotUtf8 });
        }
        let before = std::mem::replace(&mut self.store, Store::Strings(StringColumn::default()));
        if let Store::Numbers(numbers) = before {
            self.store = Store::Strings(StringColumn::from_numbers(numbers));
        }
        Ok(())
    }

    /// The finished values and their kind; an error gives the row of the first faulty cell, and the
    /// cell.
    pub fn finish(self) -> Result<(Kind, Values), (usize, Fault, String)> {
        match self.store {
            Store::Numbers(numbers) => {
                let values =
                    numbers.into_values().map_err(|(row, cell)| (row, Fault::Infinite, cell))?;
                Ok((Kind::Number, Values::Numbers(values)))
            }
            Store::Strings(column) => {
                let (codes, dictionary) = column.into_codes();
                let kind = self.wish.unwrap_or_else(|| infer(&codes, &dictionary));
                finish_strings(kind, codes, dictionary)
            }
        }
    }
}

fn finish_strings(
    kind: Kind,
    codes: Vec<u32>,
    dictionary: Dictionary,
) -> Result<(Kind, Values), (usize, Fault, String)> {
    if !kind.is_numeric() {
        return Ok((kind, strings(codes, Arc::new(dictionary), kind)));
    }
    let values = by_code(&codes, &read_strings(&dictionary, kind)).map_err(|row| {
        let cell = codes.get(row).and_then(|&code| dictionary.get(code)).unwrap_or_default();
        (row, Fault::Not(kind), cell.to_owned())
    })?;
    Ok((kind, Values::Numbers(values)))
}

impl Column {
    /// A column of strings that come from elsewhere than a CSV: `codes[row]` indexes `dictionary`,
    /// any other code is missing. The kind is that of the same strings in a CSV: booleans, dates,
    /// categories or text. Strings that spell numbers stay strings.
    pub fn strings(name: impl Into<String>, codes: Vec<u32>, dictionary: Dictionary) -> Self {
        let kind = infer(&codes, &dictionary);
        let (kind, values) = finish_strings(kind, codes, dictionary)
            .expect("the kind was chosen so that every string fits");
        Self { name: name.into(), kind, values }
    }
}

#[inline(never)]
fn n_below(codes: &[u32], n: usize) -> usize {
    codes.iter().filter(|&&code| (code as usize) < n).count()
}

/// The kind that strings suggest. `true` and `false` are booleans; `yes` and `no` stay the
/// categories they are, so that predictions are spelled as the data were.
fn infer(codes: &[u32], dictionary: &Dictionary) -> Kind {
    let n = dictionary.len();
    if n == 0 {
        return Kind::Number;
    }
    let is_boolean =
        |text: &str| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    if dictionary.iter().all(is_boolean) {
        return Kind::Boolean;
    }
    if dictionary.iter().all(|text| parse_date(text).is_some()) {
        return Kind::Date;
    }
    let present = codes.chunks(CHUNK).map(|chunk| n_below(chunk, n)).sum::<usize>();
    let repeats = n <= present / 2 && dictionary.text().len() <= n * LONG_BYTES;
    if n <= FEW_CATEGORIES || repeats { Kind::Category } else { Kind::Text }
}
