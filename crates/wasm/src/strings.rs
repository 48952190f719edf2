//! `Strings`: a column of strings on its way to or from JavaScript.
//!
//! Distinct strings cross as one text with the length of each, in UTF-16 units as JavaScript
//! counts them: a string at a time would cost a call each.

use hedgerow_data::{Column, Dictionary, Values};
use js_sys::Uint32Array;
use wasm_bindgen::prelude::*;

/// Codes and distinct strings.
#[wasm_bindgen]
pub struct Strings {
    codes: Vec<u32>,
    text: String,
    lengths: Vec<u32>,
}

impl Strings {
    pub(crate) fn new(column: &Column) -> Self {
        let mut strings = Self { codes: Vec::new(), text: String::new(), lengths: Vec::new() };
        if let Values::Strings { codes, dictionary } = &column.values {
            strings.codes.clone_from(codes);
            for string in dictionary.iter() {
                strings.text.push_str(string);
                strings.lengths.push(string.chars().map(|c| c.len_utf16() as u32).sum());
            }
        }
        strings
    }
}

#[wasm_bindgen]
impl Strings {
    #[wasm_bindgen(getter)]
    pub fn codes(&self) -> Uint32Array {
        Uint32Array::from(self.codes.as_slice())
    }

    #[wasm_bindgen(getter)]
    pub fn text(&self) -> String {
        self.text.clone()
    }

    #[wasm_bindgen(getter)]
    pub fn lengths(&self) -> Uint32Array {
        Uint32Array::from(self.lengths.as_slice())
    }
}

/// The strings that a text is made of; `None` when the lengths do not end where it ends.
pub fn dictionary(text: &str, lengths: &[u32]) -> Option<Dictionary> {
    let mut rest = text;
    let strings: Option<Vec<&str>> = lengths
        .iter()
        .map(|&length| {
            let (string, after) = rest.split_at_checked(bytes_of(rest, length)?)?;
            rest = after;
            Some(string)
        })
        .collect();
    strings.filter(|_| rest.is_empty()).map(Dictionary::from_iter)
}

/// Bytes of the first `units` UTF-16 units of a text.
fn bytes_of(text: &str, units: u32) -> Option<usize> {
    let mut seen = 0;
    for (place, character) in text.char_indices() {
        if seen >= units {
            return (seen == units).then_some(place);
        }
        seen += character.len_utf16() as u32;
    }
    (seen == units).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_javascript_counts() {
        let cut = |text, lengths: &[u32]| {
            dictionary(text, lengths)
                .map(|dictionary| dictionary.iter().map(str::to_owned).collect::<Vec<_>>())
        };
        assert_eq!(cut("aé😀b", &[1, 1, 2, 0, 1]).unwrap(), ["a", "é", "😀", "", "b"]);
        assert_eq!(cut("", &[]).unwrap(), Vec::<String>::new());
        assert_eq!(cut("😀", &[1, 1]), None);
        assert_eq!(cut("ab", &[1]), None);
        assert_eq!(cut("ab", &[3]), None);
    }
}
