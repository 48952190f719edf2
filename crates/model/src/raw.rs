//! A borrowed view of one raw column, whoever owns it.

/// The code of a missing string.
pub const MISSING_CODE: u32 = u32::MAX;

/// One raw column: numbers (also booleans and dates) or dictionary-coded strings.
#[derive(Debug, Clone)]
pub enum Raw<'a> {
    /// NaN is missing.
    Numbers(&'a [f64]),
    /// `codes[row]` indexes `dictionary`; [`MISSING_CODE`], or any code out of range, is missing.
    Strings { codes: &'a [u32], dictionary: Vec<&'a str> },
}

impl Raw<'_> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Strings { codes, .. } => codes.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
