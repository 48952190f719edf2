//! Identities: what something is decides its id, so that two workspaces never disagree about one.

use hedgerow_model::sha256_hex;

/// Digits of an id, as in MLflow.
const DIGITS: usize = 32;

/// The id of what has these parts.
pub fn id_of(parts: &[&str]) -> String {
    let mut id = digest_of(parts);
    id.truncate(DIGITS);
    id
}

/// SHA-256 over parts, each with its length before it, hexadecimal.
pub fn digest_of(parts: &[&str]) -> String {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    sha256_hex(&bytes)
}
