//! Strings to codes, in the order of their first appearance.

use hashbrown::HashTable;
use hedgerow_model::MISSING_CODE;

use crate::Dictionary;

/// Gives each distinct string a code, counted up from 0.
///
/// Nothing depends on the order of the hash table: codes follow first appearance.
#[derive(Debug, Default)]
pub struct Interner {
    text: Vec<u8>,
    ends: Vec<usize>,
    /// The key of each string.
    keys: Vec<u64>,
    codes: HashTable<u32>,
    /// The code of the string before, which the next one often equals.
    last: usize,
}

/// The string is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotUtf8;

impl Interner {
    /// The code of a string. Only a new one has to be checked to be UTF-8. There have to be less
    /// than `u32::MAX` strings.
    #[inline]
    pub fn intern(&mut self, string: &[u8]) -> Result<u32, NotUtf8> {
        let key = key(string);
        if self.is(self.last, key, string) {
            return Ok(self.last as u32);
        }
        let hash = mix(key);
        let code = match self.codes.find(hash, |&code| self.is(code as usize, key, string)) {
            Some(code) => *code,
            None => self.insert(key, string)?,
        };
        self.last = code as usize;
        Ok(code)
    }

    /// Whether this is the string of a code, which need not exist.
    #[inline]
    fn is(&self, code: usize, key: u64, string: &[u8]) -> bool {
        self.keys.get(code) == Some(&key) && (string.len() < 8 || self.get(code) == string)
    }

    #[cold]
    fn insert(&mut self, key: u64, string: &[u8]) -> Result<u32, NotUtf8> {
        std::str::from_utf8(string).map_err(|_| NotUtf8)?;
        let Self { text, ends, keys, codes, .. } = self;
        let code = ends.len() as u32;
        debug_assert_ne!(code, MISSING_CODE);
        text.extend_from_slice(string);
        ends.push(text.len());
        keys.push(key);
        codes.insert_unique(mix(key), code, |&code| mix(keys[code as usize]));
        Ok(code)
    }

    fn get(&self, code: usize) -> &[u8] {
        let start = if code == 0 { 0 } else { self.ends[code - 1] };
        &self.text[start..self.ends[code]]
    }

    /// The strings by code.
    pub fn into_dictionary(self) -> Dictionary {
        let Self { mut text, mut ends, keys, codes, .. } = self;
        drop((keys, codes));
        text.shrink_to_fit();
        ends.shrink_to_fit();
        let text = String::from_utf8(text).expect("each string was checked to be UTF-8");
        Dictionary::from_parts(text, ends).expect("ends are where checked strings end")
    }
}

/// Up to seven bytes: the string itself, with its length in the highest byte. Longer: a hash of
/// it, with a highest byte that no short one has.
#[inline]
fn key(string: &[u8]) -> u64 {
    if string.len() < 8 {
        let bytes = string.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        return bytes | (string.len() as u64) << 56;
    }
    let (words, _) = string.as_chunks::<8>();
    let last = string.last_chunk::<8>().map_or(0, |word| u64::from_le_bytes(*word));
    let all = words.iter().map(|word| u64::from_le_bytes(*word)).chain([last]);
    let hash =
        all.fold(string.len() as u64, |hash, word| (hash.rotate_left(23) ^ word).wrapping_mul(ODD));
    (hash ^ hash >> 32) | 0xff << 56
}

/// The fraction of the golden ratio, an odd number without pattern.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads a key over all bits: the table looks at the highest and the lowest.
#[inline]
fn mix(key: u64) -> u64 {
    let product = (key ^ key >> 29).wrapping_mul(ODD);
    (product ^ product >> 32).wrapping_mul(ODD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_first_appearance() {
        let mut interner = Interner::default();
        let codes: Vec<u32> =
            ["b", "b", "", "a", "b", ""].map(|s| interner.intern(s.as_bytes()).unwrap()).into();
        assert_eq!(codes, [0, 0, 1, 2, 0, 1]);
        assert_eq!(interner.intern(&[0xff]), Err(NotUtf8));
        let dictionary = interner.into_dictionary();
        assert_eq!(dictionary.iter().collect::<Vec<_>>(), ["b", "", "a"]);
    }

    #[test]
    fn a_hundred_thousand_strings_are_told_apart() {
        let mut interner = Interner::default();
        for round in 0..2 {
            for number in 0..100_000u32 {
                let code = interner.intern(number.to_string().as_bytes()).unwrap();
                assert_eq!(code, number, "round {round}");
            }
        }
    }
}
