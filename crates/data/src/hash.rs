//! The content hash of a table: its identity, whatever it was made from.

use sha2::{Digest, Sha256};

use hedgerow_model::{MISSING_CODE, sha256_hex};

use crate::{Column, Dictionary, Table, Values};

/// Bytes hashed at a time.
const CHUNK: usize = 1 << 13;

impl Table {
    /// SHA-256 of names, kinds and values, hexadecimal. Two tables have the same when they hold
    /// the same, however they came to be: strings nobody uses any more do not count.
    pub fn sha256(&self) -> String {
        let mut parts = Vec::new();
        parts.extend_from_slice(&(self.rows() as u64).to_le_bytes());
        for column in self.columns() {
            push_text(&mut parts, &column.name);
            push_text(&mut parts, column.kind.name());
            parts.extend_from_slice(&hash_values(column));
        }
        sha256_hex(&parts)
    }
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn hash_values(column: &Column) -> [u8; 32] {
    let mut hasher = Sha256::new();
    match &column.values {
        Values::Numbers(values) => {
            let canonical = |value: &f64| if value.is_nan() { f64::NAN } else { *value };
            let bits = values.iter().map(|value| canonical(value).to_bits().to_le_bytes());
            update(&mut hasher, bits);
        }
        Values::Strings { codes, dictionary } => hash_strings(&mut hasher, codes, dictionary),
    }
    hasher.finalize().into()
}

/// Codes renumbered by first appearance, then the strings in that order.
fn hash_strings(hasher: &mut Sha256, codes: &[u32], dictionary: &Dictionary) {
    let mut new_codes = vec![MISSING_CODE; dictionary.len()];
    let mut order = Vec::new();
    let renumbered = codes.iter().map(|&code| {
        let Some(new) = new_codes.get_mut(code as usize) else { return MISSING_CODE };
        if *new == MISSING_CODE {
            *new = order.len() as u32;
            order.push(code);
        }
        *new
    });
    update(hasher, renumbered.map(u32::to_le_bytes));
    for string in order.iter().filter_map(|&code| dictionary.get(code)) {
        hasher.update((string.len() as u64).to_le_bytes());
        hasher.update(string);
    }
}

fn update<const N: usize>(hasher: &mut Sha256, values: impl Iterator<Item = [u8; N]>) {
    let mut chunk = Vec::with_capacity(CHUNK);
    for value in values {
        chunk.extend_from_slice(&value);
        if chunk.len() >= CHUNK {
            hasher.update(&chunk);
            chunk.clear();
        }
    }
    hasher.update(&chunk);
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
        assert_eq!(strings, "23ebed652e769c3dc969c4dcbd6012b3da515cbdcd09ca5fd6107d2591478aef");
        let numbers = Table::new(vec![Column::numbers("x", vec![0.1, -2.0, f64::NAN])]).unwrap();
        assert_eq!(
            numbers.sha256(),
            "cacf355ebe2042acdcb44ed0a06010fc0488b903e64d579ba7c8a43d95f8533f"
        );
    }
}
