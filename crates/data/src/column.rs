//! A named, typed column.

use std::ops::Range;
use std::sync::Arc;

use hedgerow_model::{Kind, MISSING_CODE, Raw};

use crate::Dictionary;
use crate::numbers::{spell_date, spell_number};

/// A named, typed column.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    pub values: Values,
}

/// What a column holds.
#[derive(Debug, Clone)]
pub enum Values {
    /// Numbers, booleans (0 or 1) and dates (milliseconds since the epoch); missing is NaN.
    Numbers(Vec<f64>),
    /// Categories and text; `codes[row]` indexes the dictionary. `MISSING_CODE`, or any code
    /// outside the dictionary, is missing.
    Strings { codes: Vec<u32>, dictionary: Arc<Dictionary> },
}

impl Column {
    /// Numbers; NaN is missing.
    pub fn numbers(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self { name: name.into(), kind: Kind::Number, values: Values::Numbers(values) }
    }

    /// Categories: strings that need be neither sorted nor distinct, and the code of each row.
    pub fn categories(name: impl Into<String>, codes: Vec<u32>, dictionary: Dictionary) -> Self {
        let (codes, dictionary) = sorted(codes, Arc::new(dictionary));
        Self {
            name: name.into(),
            kind: Kind::Category,
            values: Values::Strings { codes, dictionary },
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Numbers(values) => values.len(),
            Values::Strings { codes, .. } => codes.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The view that a model reads.
    pub fn raw(&self) -> Raw<'_> {
        match &self.values {
            Values::Numbers(values) => Raw::Numbers(values),
            Values::Strings { codes, dictionary } => {
                Raw::Strings { codes, dictionary: dictionary.iter().collect() }
            }
        }
    }

    /// Whether a row has no value; also past the last row.
    pub fn is_missing(&self, row: usize) -> bool {
        match &self.values {
            Values::Numbers(values) => values.get(row).is_none_or(|value| value.is_nan()),
            Values::Strings { codes, dictionary } => {
                codes.get(row).is_none_or(|&code| code as usize >= dictionary.len())
            }
        }
    }

    /// How many rows have no value.
    pub fn n_missing(&self) -> usize {
        match &self.values {
            Values::Numbers(values) => values.iter().filter(|value| value.is_nan()).count(),
            Values::Strings { codes, dictionary } => {
                codes.iter().filter(|&&code| code as usize >= dictionary.len()).count()
            }
        }
    }

    /// How a row's value is spelled; `None` when it is missing. Numbers as JavaScript spells them,
    /// booleans `true` and `false`, dates as ISO 8601.
    pub fn text(&self, row: usize) -> Option<String> {
        match &self.values {
            Values::Numbers(values) => {
                values.get(row).and_then(|&value| spell_value(self.kind, value))
            }
            Values::Strings { codes, dictionary } => {
                dictionary.get(*codes.get(row)?).map(str::to_owned)
            }
        }
    }

    /// The rows named, in the order named; a row that does not exist becomes a missing value.
    pub fn take(&self, rows: &[u32]) -> Self {
        let values = match &self.values {
            Values::Numbers(values) => Values::Numbers(gather(values, rows, f64::NAN)),
            Values::Strings { codes, dictionary } => Values::Strings {
                codes: gather(codes, rows, MISSING_CODE),
                dictionary: Arc::clone(dictionary),
            },
        };
        Self { name: self.name.clone(), kind: self.kind, values }
    }

    /// The rows of a range, as far as they exist.
    pub fn slice(&self, rows: Range<usize>) -> Self {
        let end = rows.end.min(self.len());
        let range = rows.start.min(end)..end;
        let values = match &self.values {
            Values::Numbers(values) => Values::Numbers(values[range].to_vec()),
            Values::Strings { codes, dictionary } => {
                Values::Strings { codes: codes[range].to_vec(), dictionary: Arc::clone(dictionary) }
            }
        };
        Self { name: self.name.clone(), kind: self.kind, values }
    }
}

/// How a numeric kind's value is spelled; `None` when missing.
pub(crate) fn spell_value(kind: Kind, value: f64) -> Option<String> {
    if value.is_nan() {
        return None;
    }
    Some(match kind {
        Kind::Boolean if value == 0.0 => "false".to_owned(),
        Kind::Boolean => "true".to_owned(),
        Kind::Date => spell_date(value),
        _ => spell_number(value),
    })
}

fn gather<T: Copy>(values: &[T], rows: &[u32], missing: T) -> Vec<T> {
    rows.iter().map(|&row| values.get(row as usize).copied().unwrap_or(missing)).collect()
}

/// The same strings with a dictionary that is sorted and distinct.
pub(crate) fn sorted(
    mut codes: Vec<u32>,
    dictionary: Arc<Dictionary>,
) -> (Vec<u32>, Arc<Dictionary>) {
    if dictionary.is_sorted() {
        return (codes, dictionary);
    }
    let (dictionary, new_codes) = dictionary.sorted();
    for chunk in codes.chunks_mut(CHUNK) {
        renumber(chunk, &new_codes);
    }
    (codes, Arc::new(dictionary))
}

/// Rows that a loop over a column takes at a time, each time in a function of its own: WebAssembly
/// engines put optimised code in place only when a function is called the next time.
pub(crate) const CHUNK: usize = 1 << 12;

#[inline(never)]
fn renumber(codes: &mut [u32], new_codes: &[u32]) {
    for code in codes {
        *code = new_codes.get(*code as usize).copied().unwrap_or(MISSING_CODE);
    }
}
