//! Keys and values as MLflow takes them.

use hedgerow_model::sha256_hex;

use crate::limits;

/// Digits of a hash behind a key that had to be changed.
const DIGITS: usize = 12;

/// Characters of a tag that every server keeps.
pub const TAG: usize = 5_000;

/// The key of a parameter, metric or tag as a server keeps it.
///
/// MLflow takes letters, digits, `_`, `-`, `.`, space, `/` and `:`, and no key that is another one when
/// read as a path, such as `a//b`. A key it takes stays as it is. Of any other, each character that is not
/// ASCII or not allowed becomes `_`, and `:` and 12 digits of the SHA-256 of the whole key are put behind,
/// so that no two keys become one. A key that looks as if that was done is treated so, too.
pub fn remote_key(key: &str) -> String {
    if key.chars().all(allowed) && is_plain_path(key) && !looks_changed(key) {
        return key.to_owned();
    }
    let hash = sha256_hex(key.as_bytes());
    let short = key.chars().take(limits::KEY - DIGITS - 1);
    let changed: String = short.map(|c| if allowed(c) && c != '/' { c } else { '_' }).collect();
    format!("{changed}:{}", &hash[..DIGITS])
}

fn allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '/' | ':')
}

/// Whether each part of the path is a name.
fn is_plain_path(key: &str) -> bool {
    key.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn looks_changed(key: &str) -> bool {
    key.rsplit_once(':').is_some_and(|(_, end)| {
        end.len() == DIGITS && end.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// The path of an artifact as a server keeps it: characters that mean something in an address, or in
/// some system's file names, become `_`, and digits of a hash are put before the ending.
pub fn remote_path(path: &str) -> String {
    let odd = |c: char| c.is_control() || "#?%:*<>|\"\\".contains(c);
    if !path.contains(odd) {
        return path.to_owned();
    }
    let changed = path.replace(odd, "_");
    let hash = &sha256_hex(path.as_bytes())[..DIGITS];
    match changed.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') => format!("{stem}-{hash}.{ending}"),
        _ => format!("{changed}-{hash}"),
    }
}

/// The name of a registered model as a server keeps it: without `/` and `:`.
pub fn remote_name(name: &str) -> String {
    named(name, |c| !matches!(c, '/' | ':') && !c.is_control(), false)
}

/// An alias as a server keeps it: letters, digits, `_` and `-`, and none that MLflow means something by.
pub fn remote_alias(alias: &str) -> String {
    let numbered = alias
        .strip_prefix(['v', 'V'])
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
    let reserved = numbered || alias.eq_ignore_ascii_case("latest");
    named(alias, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'), reserved)
}

fn named(name: &str, allowed: impl Fn(char) -> bool, reserved: bool) -> String {
    if !reserved && name.chars().all(&allowed) {
        return name.to_owned();
    }
    let hash = sha256_hex(name.as_bytes());
    let short = name.chars().take(limits::KEY - DIGITS - 1);
    let changed: String = short.map(|c| if allowed(c) { c } else { '_' }).collect();
    format!("{changed}-{}", &hash[..DIGITS])
}

/// A text, cut where it has more than so many characters.
pub fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_that_mlflow_takes_stay() {
        for key in ["auc", "val/loss", "a b", "a.b-c_d", "top:5", "cpu util"] {
            assert_eq!(remote_key(key), key);
        }
        for key in
            ["größe", "a//b", "/a", "a/", ".", "a/../b", "x@5", "\u{1F333}", "a:0123456789ab"]
        {
            let remote = remote_key(key);
            assert_ne!(remote, key);
            assert!(remote.chars().all(allowed) && is_plain_path(&remote), "{key} {remote}");
        }
        assert_eq!(remote_key("é".repeat(250).as_str()).len(), 250);
    }

    proptest! {
        #[test]
        fn no_two_keys_become_one(a in "[a:@/ .0é]{1,9}", b in "[a:@/ .0é]{1,9}") {
            prop_assert_eq!(a == b, remote_key(&a) == remote_key(&b));
            prop_assert_eq!(remote_key(&a) == b, remote_key(&remote_key(&a)) == remote_key(&b));
        }
    }
}
