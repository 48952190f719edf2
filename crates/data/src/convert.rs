//! A column as another kind.

use std::sync::Arc;

use hedgerow_model::{Details, Kind, MISSING_CODE};

use crate::column::{CHUNK, spell_value};
use crate::error::shown;
use crate::interner::Interner;
use crate::numbers::{parse_boolean, parse_date, parse_number};
use crate::{Column, DataError, Dictionary, Values, column};

/// Numbers below this are seconds since the epoch, not milliseconds: as seconds it is the year
/// 5138, as milliseconds March 1973.
const FIRST_MILLIS: f64 = 1e11;

impl Column {
    /// The same values as another kind.
    ///
    /// Strings are read as numbers, booleans (`true`/`false`, `yes`/`no`, `1`/`0`) or dates (ISO
    /// 8601, or epoch numbers); numbers become booleans (0 and 1 only) or dates (seconds since
    /// the epoch when all are below 1e11, else milliseconds); dates and booleans become
    /// numbers. All become strings as [`Column::text`] spells them.
    ///
    /// # Errors
    /// [`DataError::BadValue`] with the first row that does not fit, [`DataError::WrongKind`]
    /// between dates and booleans.
    pub fn convert(&self, kind: Kind) -> Result<Self, DataError> {
        if kind == self.kind {
            return Ok(self.clone());
        }
        let values = match &self.values {
            Values::Numbers(values) if kind.is_numeric() => {
                Values::Numbers(self.renumber(values, kind)?)
            }
            Values::Numbers(values) => spelled(self.kind, values, kind),
            Values::Strings { codes, dictionary } if kind.is_numeric() => {
                let read = read_strings(dictionary, kind);
                let numbers = by_code(codes, &read).map_err(|row| self.bad_value(row, kind))?;
                Values::Numbers(numbers)
            }
            Values::Strings { codes, dictionary } => {
                strings(codes.clone(), Arc::clone(dictionary), kind)
            }
        };
        Ok(Self { name: self.name.clone(), kind, values })
    }

    fn renumber(&self, values: &[f64], kind: Kind) -> Result<Vec<f64>, DataError> {
        match (self.kind, kind) {
            (_, Kind::Number) => Ok(values.to_vec()),
            (Kind::Number, Kind::Date) => Ok(epoch(values.to_vec())),
            (Kind::Number, _) => {
                let fits = |value: f64| value.is_nan() || value == 0.0 || value == 1.0;
                match values.iter().position(|&value| !fits(value)) {
                    Some(row) => Err(self.bad_value(row, kind)),
                    None => Ok(values.to_vec()),
                }
            }
            _ => Err(DataError::WrongKind {
                column: self.name.clone(),
                expected: "number",
                found: self.kind.name(),
            }),
        }
    }

    fn bad_value(&self, row: usize, kind: Kind) -> DataError {
        let value = self.text(row).unwrap_or_default();
        let at = Details {
            row: Some(row as u64 + 1),
            value: Some(shown(value.as_bytes())),
            ..Details::column(&*self.name)
        };
        DataError::BadValue { at, kind }
    }
}

/// Epoch numbers to milliseconds: they are seconds when all are small.
pub(crate) fn epoch(mut values: Vec<f64>) -> Vec<f64> {
    let is_small = |value: &f64| value.is_nan() || libm::fabs(*value) < FIRST_MILLIS;
    if values.iter().all(is_small) {
        for value in &mut values {
            *value *= 1_000.0;
        }
    }
    values
}

/// Each string of a dictionary as a number of a numeric kind; `None` where it is none, or not a
/// finite one.
pub(crate) fn read_strings(dictionary: &Dictionary, kind: Kind) -> Vec<Option<f64>> {
    let finite = |text: &str| parse_number(text.trim()).filter(|value| value.is_finite());
    match kind {
        Kind::Boolean => dictionary
            .iter()
            .map(|text| parse_boolean(text.trim()).map(|value| f64::from(u8::from(value))))
            .collect(),
        Kind::Date => read_dates(dictionary, finite),
        _ => dictionary.iter().map(finite).collect(),
    }
}

fn read_dates(dictionary: &Dictionary, finite: impl Fn(&str) -> Option<f64>) -> Vec<Option<f64>> {
    let numbers: Vec<f64> =
        dictionary.iter().map(|text| finite(text).unwrap_or(f64::NAN)).collect();
    let calendar = |text: &str| parse_date(text.trim());
    dictionary
        .iter()
        .zip(epoch(numbers))
        .map(|(text, millis)| calendar(text).or((!millis.is_nan()).then_some(millis)))
        .collect()
}

/// The number of each code; the first row whose string is no number otherwise.
pub(crate) fn by_code(codes: &[u32], numbers: &[Option<f64>]) -> Result<Vec<f64>, usize> {
    let mut values = Vec::with_capacity(codes.len());
    for chunk in codes.chunks(CHUNK) {
        append_by_code(chunk, numbers, &mut values)?;
    }
    Ok(values)
}

#[inline(never)]
fn append_by_code(
    codes: &[u32],
    numbers: &[Option<f64>],
    values: &mut Vec<f64>,
) -> Result<(), usize> {
    for &code in codes {
        values.push(match numbers.get(code as usize) {
            None => f64::NAN,
            Some(number) => number.ok_or(values.len())? + 0.0,
        });
    }
    Ok(())
}

/// Strings as a category (sorted) or as text (by first appearance).
pub(crate) fn strings(codes: Vec<u32>, dictionary: Arc<Dictionary>, kind: Kind) -> Values {
    let (codes, dictionary) = match kind {
        Kind::Category => column::sorted(codes, dictionary),
        _ => by_appearance(codes, &dictionary),
    };
    Values::Strings { codes, dictionary }
}

fn by_appearance(mut codes: Vec<u32>, dictionary: &Dictionary) -> (Vec<u32>, Arc<Dictionary>) {
    let mut new_codes = vec![MISSING_CODE; dictionary.len()];
    let mut order = Vec::new();
    for code in &mut codes {
        let Some(new) = new_codes.get_mut(*code as usize) else { continue };
        if *new == MISSING_CODE {
            *new = order.len() as u32;
            order.push(*code);
        }
        *code = *new;
    }
    let dictionary = order.iter().filter_map(|&code| dictionary.get(code)).collect();
    (codes, Arc::new(dictionary))
}

fn spelled(from: Kind, values: &[f64], kind: Kind) -> Values {
    let mut interner = Interner::default();
    let mut last = (f64::NAN, MISSING_CODE);
    let mut code = |value: f64| {
        if value != last.0 {
            let text = spell_value(from, value);
            let code = text.and_then(|text| interner.intern(text.as_bytes()).ok());
            last = (value, code.unwrap_or(MISSING_CODE));
        }
        last.1
    };
    let codes = values.iter().map(|&value| code(value)).collect();
    strings(codes, Arc::new(interner.into_dictionary()), kind)
}
