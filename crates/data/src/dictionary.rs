//! Distinct strings in one allocation.

use crate::sort_indices;

/// Strings in one allocation, numbered from 0.
///
/// Those of a category are distinct and sorted by code point; those of a text are distinct, in the
/// order of their first appearance when the column was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary {
    text: String,
    /// End of each string in `text`.
    ends: Vec<usize>,
}

impl Dictionary {
    /// Cuts `text` at `ends`; `None` unless they rise, lie between characters and end with it.
    pub(crate) fn from_parts(text: String, ends: Vec<usize>) -> Option<Self> {
        let is_sound = ends.is_sorted()
            && ends.last().copied().unwrap_or(0) == text.len()
            && ends.iter().all(|&end| text.is_char_boundary(end));
        is_sound.then_some(Self { text, ends })
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All strings, one after the other.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The string of a code; `None` for a missing or unknown code.
    pub fn get(&self, code: u32) -> Option<&str> {
        let index = code as usize;
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }

    /// All strings, by code.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).filter_map(|code| self.get(code))
    }

    /// Whether the strings are distinct and sorted by code point, as a category's are.
    pub fn is_sorted(&self) -> bool {
        self.iter().is_sorted_by(|a, b| a < b)
    }

    /// The same strings distinct and sorted by code point, and the new code of each old one.
    pub(crate) fn sorted(&self) -> (Self, Vec<u32>) {
        let strings: Vec<&str> = self.iter().collect();
        let mut order: Vec<u32> = (0..strings.len() as u32).collect();
        sort_indices(&mut order, &|a, b| strings[a as usize].cmp(strings[b as usize]));
        let mut sorted = Self::default();
        sorted.text.reserve_exact(self.text.len());
        let mut new_codes = vec![0; strings.len()];
        let mut last = None;
        for &code in &order {
            let string = strings[code as usize];
            if last != Some(string) {
                sorted.push(string);
                last = Some(string);
            }
            new_codes[code as usize] = sorted.len() as u32 - 1;
        }
        (sorted, new_codes)
    }

    fn push(&mut self, string: &str) {
        self.text.push_str(string);
        self.ends.push(self.text.len());
    }
}

impl<S: AsRef<str>> FromIterator<S> for Dictionary {
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let mut dictionary = Self::default();
        for string in strings {
            dictionary.push(string.as_ref());
        }
        dictionary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_merges_equals() {
        let (sorted, codes) = Dictionary::from_iter(["b", "a", "b", ""]).sorted();
        assert_eq!(sorted.iter().collect::<Vec<_>>(), ["", "a", "b"]);
        assert_eq!(codes, [2, 1, 2, 0]);
        assert!(sorted.is_sorted());
    }

    #[test]
    fn unsound_parts_are_refused() {
        assert!(Dictionary::from_parts("é".into(), vec![1, 2]).is_none());
        assert!(Dictionary::from_parts("ab".into(), vec![1]).is_none());
        assert!(Dictionary::from_parts("ab".into(), vec![2, 1, 2]).is_none());
        assert!(Dictionary::from_parts(String::new(), vec![]).is_some());
    }
}
