//! How a CSV file is read.

use std::collections::BTreeMap;

use hedgerow_model::Kind;
use serde::{Deserialize, Serialize};

use crate::DataError;

/// The encoding of a CSV file's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum TextEncoding {
    #[default]
    #[serde(alias = "utf-8")]
    Utf8,
    /// Western European: Windows-1252, as browsers read it.
    #[serde(alias = "iso-8859-1", alias = "windows-1252")]
    Latin1,
}

/// How a CSV file is read. UTF-16 is recognised by its byte-order mark, whatever `encoding` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CsvOptions {
    /// What stands between two cells, one ASCII character. Left out: the one of comma, semicolon,
    /// tab and `|` that cuts the beginning into rows of most equal length.
    #[serde(with = "character", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", tsify(optional, type = "string"))]
    pub delimiter: Option<u8>,
    /// Cells that mean "no value", beside the empty cell, which always does. Left out: `NA`,
    /// `N/A`, `n/a`, `NaN`, `nan`, `null`, `NULL` and `?`.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub missing: Vec<String>,
    /// Kinds of columns by name, where the inferred one is not the right one.
    #[cfg_attr(feature = "ts", tsify(optional, type = "Record<string, Kind>"))]
    pub kinds: BTreeMap<String, Kind>,
    /// Left out: UTF-8.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub encoding: TextEncoding,
    /// More columns are an error. Left out: 10,000.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub max_columns: usize,
    /// A longer cell is an error. Left out: 1,048,576 (1 MiB).
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub max_cell_bytes: usize,
    /// Whether the first line names the columns. Without names they are `column_1` and so on. Left
    /// out: true.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub has_header: bool,
}

impl Default for CsvOptions {
    fn default() -> Self {
        let missing = ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?"];
        Self {
            delimiter: None,
            missing: missing.map(str::to_owned).into(),
            kinds: BTreeMap::new(),
            encoding: TextEncoding::Utf8,
            max_columns: 10_000,
            max_cell_bytes: 1 << 20,
            has_header: true,
        }
    }
}

impl CsvOptions {
    /// # Errors
    /// [`DataError::BadOption`].
    pub(super) fn check(&self) -> Result<(), DataError> {
        let bad =
            |reason: &str, advice| Err(DataError::BadOption { reason: reason.to_owned(), advice });
        if self.delimiter.is_some_and(|byte| !byte.is_ascii() || b"\0\r\n\"".contains(&byte)) {
            return bad(
                "a CSV delimiter has to be one ASCII character, neither quote nor line end",
                "Use a comma, a semicolon or a tab.",
            );
        }
        if self.max_columns == 0 || self.max_cell_bytes == 0 {
            return bad("max_columns and max_cell_bytes have to be at least 1", "Leave them out.");
        }
        Ok(())
    }
}

/// A byte as a string of one character, as JavaScript has it.
mod character {
    use serde::de::{Error, Unexpected};
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde gives the field by reference")]
    pub fn serialize<S: Serializer>(byte: &Option<u8>, out: S) -> Result<S::Ok, S::Error> {
        match byte {
            Some(byte) => out.serialize_some(&char::from(*byte)),
            None => out.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<u8>, D::Error> {
        let Some(text) = Option::<String>::deserialize(input)? else { return Ok(None) };
        match text.as_bytes() {
            [byte] => Ok(Some(*byte)),
            _ => Err(Error::invalid_value(Unexpected::Str(&text), &"one ASCII character")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_from_json() {
        let options: CsvOptions =
            serde_json::from_str(r#"{"delimiter": ";", "kinds": {"zip": "category"}}"#).unwrap();
        assert_eq!(options.delimiter, Some(b';'));
        assert_eq!(options.kinds["zip"], Kind::Category);
        assert_eq!(options.max_columns, 10_000);
        assert!(options.check().is_ok());
        let json = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<CsvOptions>(&json).unwrap(), options);
        assert!(serde_json::from_str::<CsvOptions>(r#"{"delimiter": "::"}"#).is_err());
        assert!(serde_json::from_str::<CsvOptions>(r#"{"delimeter": ","}"#).is_err());
    }
}
