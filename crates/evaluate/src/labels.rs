//! Labels to be looked up by what a table holds.

use std::collections::BTreeMap;

use hedgerow_data::sort_indices;

/// The classes of a model, or the categories of a field.
pub(crate) struct Labels<'a> {
    by_text: BTreeMap<&'a str, u32>,
    /// Those that are numbers, ascending.
    by_number: Vec<(f64, u32)>,
}

impl<'a> Labels<'a> {
    pub(crate) fn new(labels: &'a [String]) -> Self {
        let numbers: Vec<f64> =
            labels.iter().map(|label| label.parse().unwrap_or(f64::NAN)).collect();
        let number = |code: u32| numbers[code as usize];
        let mut order: Vec<u32> =
            (0..labels.len() as u32).filter(|&code| number(code).is_finite()).collect();
        sort_indices(&mut order, &|a, b| number(a).total_cmp(&number(b)));
        let by_number = order.into_iter().map(|code| (number(code), code)).collect();
        let mut by_text = BTreeMap::new();
        by_text.extend(labels.iter().map(String::as_str).zip(0..));
        Self { by_text, by_number }
    }

    /// The label spelled so, or one that is the same number.
    pub(crate) fn of_text(&self, text: &str) -> Option<u32> {
        let exact = self.by_text.get(text).copied();
        exact.or_else(|| self.of_number(text.trim().parse().ok()?))
    }

    /// The label that is this number; the first of equals.
    pub(crate) fn of_number(&self, value: f64) -> Option<u32> {
        let place = self.by_number.partition_point(|(number, _)| *number < value);
        self.by_number.get(place).filter(|(number, _)| *number == value).map(|(_, code)| *code)
    }

    /// The label that is `true` or `false`, else 1 or 0, else a word of that meaning.
    pub(crate) fn of_boolean(&self, value: bool) -> Option<u32> {
        let exact = self.by_text.get(if value { "true" } else { "false" }).copied();
        let by_meaning = || {
            let mut same = self.by_text.iter().filter(|(label, _)| meaning(label) == Some(value));
            same.next().map(|(_, code)| *code)
        };
        exact.or_else(|| self.of_number(f64::from(value))).or_else(by_meaning)
    }
}

/// What a word says that stands for a boolean.
fn meaning(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "t" | "y" => Some(true),
        "false" | "no" | "f" | "n" => Some(false),
        _ => None,
    }
}
