//! The content hash of a table: its identity, whatever it was made from.

use sha2::{Digest, Sha256};

use hedgerow_model::{MISSING_CODE, sha256_hex};

use crate::decimals::{self, MISSING};
use crate::{Column, Dictionary, Table, Values};

/// Bytes that are hashed at a time: V8 swaps in optimised code only at the next call.
const PIECE: usize = 4_096;

impl Table {
    /// SHA-256 of names, kinds and values, hexadecimal. Two tables have the same when they hold
    /// the same, however they came to be: strings nobody uses any more do not count.
    /// Values are hashed in as few bytes as hold all of a column, since hashing takes longer than
    /// anything else about it.
    pub fn sha256(&self) -> String {
        let mut hash = TableHash::new(self);
        while hash.advance(self) {}
        hash.finish()
    }
}

/// [`Table::sha256`], column by column.
#[derive(Debug)]
pub struct TableHash {
    parts: Vec<u8>,
    column: usize,
}

impl TableHash {
    /// Of none of the columns yet.
    pub fn new(table: &Table) -> Self {
        Self { parts: (table.rows() as u64).to_le_bytes().to_vec(), column: 0 }
    }

    /// Adds the next column of the table, which is always the same; whether there was one.
    #[inline(never)]
    pub fn advance(&mut self, table: &Table) -> bool {
        let Some(column) = table.columns().get(self.column) else { return false };
        push_text(&mut self.parts, &column.name);
        push_text(&mut self.parts, column.kind.name());
        self.parts.extend_from_slice(&hash_values(column));
        self.column += 1;
        true
    }

    /// The hash of the columns that were added.
    pub fn finish(&self) -> String {
        sha256_hex(&self.parts)
    }
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn hash_values(column: &Column) -> [u8; 32] {
    let mut hasher = Sha256::new();
    match &column.values {
        Values::Numbers(values) => hash_numbers(&mut hasher, values),
        Values::Strings { codes, dictionary } => hash_strings(&mut hasher, codes, dictionary),
    }
    hasher.finalize().into()
}

/// Decimals as whole numbers, and after how many digits the point stands; others as they are.
fn hash_numbers(hasher: &mut Sha256, values: &[f64]) {
    let Some((digits, whole)) = decimals::whole(values) else {
        let canonical = |value: &f64| if value.is_nan() { f64::NAN } else { *value };
        let bytes: Vec<[u8; 8]> =
            values.iter().map(|value| canonical(value).to_bits().to_le_bytes()).collect();
        hasher.update([u8::MAX, 8]);
        return update(hasher, bytes.as_flattened());
    };
    let most = decimals::largest(&whole);
    let width = [1, 2].into_iter().find(|width| most < 1 << (8 * width - 1)).unwrap_or(4);
    hasher.update([digits, width as u8]);
    // The smallest number of the width, which is not among the others, is for missing ones.
    narrow(hasher, &whole, width, |value| {
        if value == MISSING { 1 << (8 * width - 1) } else { value as u32 }
    });
}

/// Codes renumbered by first appearance, then the strings in that order.
fn hash_strings(hasher: &mut Sha256, codes: &[u32], dictionary: &Dictionary) {
    let (codes, order) = by_appearance(codes, dictionary.len());
    let width = [1, 2].into_iter().find(|width| order.len() < 1 << (8 * width)).unwrap_or(4);
    hasher.update((order.len() as u64).to_le_bytes());
    narrow(hasher, &codes, width, |code| code);
    for string in order.iter().filter_map(|&code| dictionary.get(code)) {
        hasher.update((string.len() as u64).to_le_bytes());
        hasher.update(string);
    }
}

/// New codes for all rows, and the old code of each.
#[inline(never)]
fn by_appearance(codes: &[u32], n: usize) -> (Vec<u32>, Vec<u32>) {
    let mut new_codes = vec![MISSING_CODE; n];
    let mut order = Vec::new();
    let mut renumbered = |&code: &u32| {
        let Some(new) = new_codes.get_mut(code as usize) else { return MISSING_CODE };
        if *new == MISSING_CODE {
            *new = order.len() as u32;
            order.push(code);
        }
        *new
    };
    (codes.iter().map(&mut renumbered).collect(), order)
}

/// Hashes the lower bytes of numbers: hashing is what takes long, so they are as few as hold all.
fn narrow<T: Copy>(hasher: &mut Sha256, values: &[T], width: usize, bits: impl Fn(T) -> u32) {
    match width {
        1 => update(hasher, lowest::<T, 1>(values, bits).as_flattened()),
        2 => update(hasher, lowest::<T, 2>(values, bits).as_flattened()),
        _ => update(hasher, lowest::<T, 4>(values, bits).as_flattened()),
    }
}

/// Hashes many bytes.
fn update(hasher: &mut Sha256, bytes: &[u8]) {
    bytes.chunks(PIECE).for_each(|piece| hasher.update(piece));
}

#[inline(never)]
fn lowest<T: Copy, const N: usize>(values: &[T], bits: impl Fn(T) -> u32) -> Vec<[u8; N]> {
    let cut = |value: &T| {
        let [a, b, c, d] = bits(*value).to_le_bytes();
        std::array::from_fn(|at| [a, b, c, d][at])
    };
    values.iter().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(codes: Vec<u32>, strings: &[&str]) -> Table {
        let job = Column::categories("job", codes, strings.iter().collect());
        Table::new(vec![job]).unwrap()
    }

    #[test]
    fn unused_strings_do_not_count() {
        let lean = table(vec![0, 1, 0], &["a", "c"]);
        let fat = table(vec![0, 2, 0, 1], &["a", "b", "c"]).slice(0..3);
        assert_eq!(lean.sha256(), fat.sha256());
    }

    #[test]
    fn values_names_and_kinds_count() {
        let numbers = |name: &str, values| Table::new(vec![Column::numbers(name, values)]).unwrap();
        let base = numbers("a", vec![1.0, f64::NAN]).sha256();
        assert_eq!(base, numbers("a", vec![1.0, -f64::NAN]).sha256());
        assert_ne!(base, numbers("b", vec![1.0, f64::NAN]).sha256());
        assert_ne!(base, numbers("a", vec![1.0, 0.0]).sha256());
        assert_ne!(base, numbers("a", vec![10.0, f64::NAN]).sha256());
        assert_ne!(base, numbers("a", vec![0.1, f64::NAN]).sha256());
        let boolean = numbers("a", vec![1.0, f64::NAN]).convert("a", hedgerow_model::Kind::Boolean);
        assert_ne!(base, boolean.unwrap().sha256());
        assert_ne!(
            table(vec![0, 1], &["a", "b"]).sha256(),
            table(vec![1, 0], &["a", "b"]).sha256()
        );
    }

    /// The expected hashes were made with Python's hashlib and struct.
    #[test]
    fn the_hash_never_changes() {
        let strings = table(vec![0, 1, MISSING_CODE], &["a", "b"]).sha256();
        assert_eq!(strings, "263849abf2135b5c39864e955f1a442cf5f22d1c21f3ba9d496713c36a1823e3");
        let numbers = |values: Vec<f64>| Table::new(vec![Column::numbers("x", values)]).unwrap();
        assert_eq!(
            numbers(vec![0.1, -2.0, f64::NAN]).sha256(),
            "6bacfea4c17ee88502c9274ab1f37b252c162e912f8f341a872f64857560eed6"
        );
        assert_eq!(
            numbers(vec![1.0 / 3.0, 2.5]).sha256(),
            "b7e3f8b97db0f79d3b427ece3e61d460a01944c9e9799fac039ec6aec78e135c"
        );
    }
}
