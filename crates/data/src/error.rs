//! What can be wrong with data.

use std::fmt;

use hedgerow_model::{Coded, Details, Kind};

/// What can be wrong with a CSV file, or with what is asked of a table. Each message says what is
/// wrong and where, then what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DataError {
    #[error("the CSV is empty. Choose a file that has a header line and rows.")]
    CsvEmpty,
    #[error("the CSV has a header but no rows. Add at least one row of data.")]
    CsvNoRows,
    #[error(
        "{at} has {found} cells where {expected} are expected. Add or remove cells, or put quotes around values that hold the delimiter.",
        at = Place(at), found = Cells(*found, *limit)
    )]
    CsvRaggedRow {
        at: Details,
        expected: usize,
        found: usize,
        /// Counting stopped here.
        limit: usize,
    },
    #[error("columns {first} and {second} of the CSV are both named {name:?}. Rename one of them.")]
    CsvDuplicateColumn { name: String, first: usize, second: usize },
    #[error(
        "column {position} of the CSV has no name. Write a name for it into the header line, or remove the column."
    )]
    CsvEmptyColumnName { position: usize },
    #[error(
        "{at} opens a quote that is never closed. Close it, or double it where a quote is part of the value.",
        at = Place(at)
    )]
    CsvUnclosedQuote { at: Details },
    #[error(
        "{at} is not {encoding} text. {advice}",
        at = Place(at)
    )]
    CsvEncoding { at: Details, encoding: &'static str, advice: &'static str },
    #[error(
        "{at} holds a NUL byte, so this is not a text file. Save it as CSV with the encoding UTF-8.",
        at = Place(at)
    )]
    CsvNulByte { at: Details },
    #[error(
        "the CSV has more than {limit} columns. Remove columns that are not needed, or raise `max_columns`."
    )]
    CsvTooManyColumns { limit: usize },
    #[error(
        "{at} is longer than {limit} bytes. Look for a quote that is never closed there, or raise `max_cell_bytes`.",
        at = Place(at)
    )]
    CsvCellTooLarge { at: Details, limit: usize },
    #[error(
        "{at} is longer than {limit} bytes. Look for a quote that is never closed there, or raise `max_cell_bytes`.",
        at = Place(at)
    )]
    CsvRowTooLarge { at: Details, limit: usize },
    #[error(
        "{at} is not a {kind}: {value:?}. Correct it, list it among the missing values, or read the column as another kind.",
        at = Place(at), kind = kind.name(), value = at.value.as_deref().unwrap_or_default()
    )]
    CsvBadValue { at: Details, kind: Kind },
    #[error(
        "{at} is not a finite number: {value:?}. Replace it, or list it among the missing values.",
        at = Place(at), value = at.value.as_deref().unwrap_or_default()
    )]
    CsvInfinite { at: Details },
    #[error("the CSV has more than 4,294,967,293 rows. Split the file.")]
    CsvTooManyRows,
    #[error("there is no column {column:?}. {}", did_you_mean(nearest.as_deref()))]
    UnknownColumn { column: String, nearest: Option<String> },
    #[error("two columns are named {column:?}. Rename one of them.")]
    DuplicateColumn { column: String },
    #[error("column {position} has no name. Give every column a name.")]
    EmptyColumnName { position: usize },
    #[error(
        "column {column:?} has {found} rows where {expected} are expected. Give every column the same number of rows."
    )]
    WrongLength { column: String, expected: usize, found: usize },
    #[error("{reason}. {advice}")]
    BadOption { reason: String, advice: &'static str },
    #[error("column {column:?} is {found} where {expected} is expected. Convert the column first.")]
    WrongKind { column: String, expected: &'static str, found: &'static str },
    #[error(
        "{at} is not a {kind}: {value:?}. Correct it, make it missing, or keep the column as it is.",
        at = Place(at), kind = kind.name(), value = at.value.as_deref().unwrap_or_default()
    )]
    BadValue { at: Details, kind: Kind },
    #[error("{at} is not a finite number. Replace it, or make it missing (NaN).", at = Place(at))]
    Infinite { at: Details },
    #[error("{reason} needs at least {needed} rows, and there are {found}. Use more data.")]
    TooFewRows { reason: &'static str, needed: usize, found: usize },
    #[error("the stored table is damaged: {reason}. Make it again with `to_bytes`.")]
    TableDamaged { reason: String },
}

impl Coded for DataError {
    fn code(&self) -> &'static str {
        match self {
            Self::CsvEmpty => "csv_empty",
            Self::CsvNoRows => "csv_no_rows",
            Self::CsvRaggedRow { .. } => "csv_ragged_row",
            Self::CsvDuplicateColumn { .. } => "csv_duplicate_column",
            Self::CsvEmptyColumnName { .. } => "csv_empty_column_name",
            Self::CsvUnclosedQuote { .. } => "csv_unclosed_quote",
            Self::CsvEncoding { .. } => "csv_encoding",
            Self::CsvNulByte { .. } => "csv_nul_byte",
            Self::CsvTooManyColumns { .. } => "csv_too_many_columns",
            Self::CsvCellTooLarge { .. } => "csv_cell_too_large",
            Self::CsvRowTooLarge { .. } => "csv_row_too_large",
            Self::CsvTooManyRows => "csv_too_many_rows",
            Self::CsvBadValue { .. } => "csv_bad_value",
            Self::CsvInfinite { .. } => "csv_infinite",
            Self::UnknownColumn { .. } => "unknown_column",
            Self::DuplicateColumn { .. } => "duplicate_column",
            Self::EmptyColumnName { .. } => "empty_column_name",
            Self::WrongLength { .. } => "wrong_length",
            Self::BadOption { .. } => "bad_option",
            Self::WrongKind { .. } => "wrong_kind",
            Self::BadValue { .. } => "bad_value",
            Self::Infinite { .. } => "infinite_value",
            Self::TooFewRows { .. } => "too_few_rows",
            Self::TableDamaged { .. } => "table_damaged",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::CsvRaggedRow { at, .. }
            | Self::CsvUnclosedQuote { at }
            | Self::CsvEncoding { at, .. }
            | Self::CsvNulByte { at }
            | Self::CsvCellTooLarge { at, .. }
            | Self::CsvRowTooLarge { at, .. }
            | Self::CsvBadValue { at, .. }
            | Self::CsvInfinite { at }
            | Self::BadValue { at, .. }
            | Self::Infinite { at } => at.clone(),
            Self::CsvDuplicateColumn { name: column, .. }
            | Self::UnknownColumn { column, .. }
            | Self::DuplicateColumn { column }
            | Self::WrongLength { column, .. }
            | Self::WrongKind { column, .. } => Details::column(column.clone()),
            _ => Details::default(),
        }
    }
}

/// The characters of a value that an error repeats.
const SHOWN: usize = 80;

/// The offending value as [`Details`] carry it: the first 80 characters.
pub(crate) fn shown(value: &[u8]) -> String {
    String::from_utf8_lossy(value.get(..4 * SHOWN).unwrap_or(value)).chars().take(SHOWN).collect()
}

/// `row 3 (line 4 of the text), column "age"`.
struct Place<'a>(&'a Details);

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let Details { row, line, column, .. } = self.0;
        match (row, line) {
            (Some(row), Some(line)) => write!(out, "row {row} (line {line} of the text)")?,
            (Some(row), None) => write!(out, "row {row}")?,
            (None, Some(line)) => write!(out, "line {line} of the text")?,
            (None, None) if column.is_none() => write!(out, "the data")?,
            (None, None) => {}
        }
        match column {
            Some(column) if row.is_some() || line.is_some() => write!(out, ", column {column:?},"),
            Some(column) => write!(out, "column {column:?}"),
            None => Ok(()),
        }
    }
}

/// `5`, or `at least 90` where counting stopped.
struct Cells(usize, usize);

impl fmt::Display for Cells {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        if self.0 >= self.1 {
            write!(out, "at least {}", self.0)
        } else {
            write!(out, "{}", self.0)
        }
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => format!("Did you mean {name:?}?"),
        None => "Use one of the table's column names.".to_owned(),
    }
}

/// The name most like `wanted`: the least edits, at most a third of its length; the first of equals.
pub fn nearest_name<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let lower = wanted.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(1);
    names
        .map(|name| (edits(&lower, &name.to_lowercase(), limit), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name.to_owned())
}

/// Levenshtein's distance, or `limit + 1` when the lengths alone differ by more than `limit`.
fn edits(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = i;
        above[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = above[j + 1];
            above[j + 1] = replaced.min(diagonal + 1).min(above[j] + 1);
        }
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_place() {
        let at = Details {
            row: Some(3),
            line: Some(5),
            column: Some("age".into()),
            value: Some("old".into()),
        };
        let error = DataError::CsvBadValue { at, kind: Kind::Number };
        let text = error.to_string();
        assert!(
            text.starts_with(
                "row 3 (line 5 of the text), column \"age\", is not a number: \"old\"."
            ),
            "{text}"
        );
        assert_eq!(error.details().line, Some(5));
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        let names = ["species", "island", "sex"];
        assert_eq!(nearest_name("Spceies", names.into_iter()).as_deref(), Some("species"));
        assert_eq!(nearest_name("weight", names.into_iter()), None);
    }

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(shown(&[b'x'; 1_000]).len(), 80);
    }
}
