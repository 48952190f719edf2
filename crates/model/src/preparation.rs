//! How raw columns become the features an estimator reads.
//!
//! A preparation is fitted on training rows by `hedgerow-learn` and only applied here.

use std::borrow::Cow;

use hedgerow_score::impute_and_scale;
use serde::{Deserialize, Serialize};

use crate::{DatePart, MISSING_CODE, ModelError, Raw, Scale, Schema};

/// The values of a categorical column and what becomes of all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Categories {
    /// The values kept, sorted and distinct; the index is the code.
    pub known: Vec<String>,
    /// The code that values outside `known` (rare in training, or never seen) get; `None` makes
    /// them missing. May be `known.len()`: a code of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<u32>,
    /// The code that missing values get; `None` leaves them missing (NaN).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<u32>,
}

impl Categories {
    /// Number of codes: the known values, and those that `other` and `missing` add.
    pub fn n_codes(&self) -> u32 {
        let known = self.known.len() as u32;
        [self.other, self.missing]
            .into_iter()
            .flatten()
            .fold(known, |n, code| n.max(code.saturating_add(1)))
    }

    /// The code of a value.
    pub fn code(&self, value: &str) -> Option<u32> {
        match self.known.binary_search_by(|known| known.as_str().cmp(value)) {
            Ok(index) => Some(index as u32),
            Err(_) => self.other,
        }
    }

    #[inline(never)]
    fn codes(&self, raw: &Raw) -> Vec<f64> {
        let as_number = |code: Option<u32>| code.map_or(f64::NAN, f64::from);
        let missing = as_number(self.missing);
        match raw {
            Raw::Strings { codes, dictionary } => {
                let map: Vec<f64> =
                    dictionary.iter().map(|value| as_number(self.code(value))).collect();
                codes
                    .iter()
                    .map(|&code| map.get(code as usize).copied().unwrap_or(missing))
                    .collect()
            }
            // Kinds are checked before a column gets here; a number has no spelling to look up.
            Raw::Numbers(values) => vec![missing; values.len()],
        }
    }
}

/// How one raw column becomes one or more features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Encoding {
    /// A number as it is, or imputed, or standardised.
    Number {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        impute: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scale: Option<Scale>,
    },
    /// A category as its code: one feature.
    Ordinal { categories: Categories },
    /// A category as indicators: one feature a code, 0 or 1.
    OneHot { categories: Categories },
    /// A date as numbers: one feature a part, each imputed and standardised as a number is.
    Date { parts: Vec<DatePart>, impute: Vec<Option<f64>>, scale: Vec<Option<Scale>> },
}

/// A raw column and its encoding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// Index into the schema's features.
    pub column: usize,
    pub encoding: Encoding,
}

/// What a feature's numbers mean to an estimator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeatureKind {
    /// Ordered; NaN is missing.
    Numeric,
    /// Codes `0..n` without order; NaN is missing.
    Categorical { n: u32 },
}

/// A column of an estimator's input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Index of the raw column in the schema's features.
    pub column: usize,
    /// `age`, `when.month`, `job=clerk`.
    pub name: String,
    pub kind: FeatureKind,
}

/// All raw columns an estimator reads, in the order of its features.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Preparation {
    pub columns: Vec<Prepared>,
}

impl Encoding {
    /// Whether `other` and `missing` are codes of known values or of their own, so that a file from
    /// a stranger cannot ask for billions of features.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::Number { .. } | Self::Date { .. } => true,
            Self::Ordinal { categories } | Self::OneHot { categories } => {
                categories.n_codes() as usize <= categories.known.len() + 2
            }
        }
    }

    /// The features this encoding makes of a column called `name`.
    pub fn features(&self, column: usize, name: &str) -> Vec<Feature> {
        let feature = |name: String, kind| Feature { column, name, kind };
        match self {
            Self::Number { .. } => vec![feature(name.to_owned(), FeatureKind::Numeric)],
            Self::Ordinal { categories } => {
                let kind = FeatureKind::Categorical { n: categories.n_codes() };
                vec![feature(name.to_owned(), kind)]
            }
            Self::OneHot { categories } => (0..categories.n_codes())
                .map(|code| {
                    let label = categories.known.get(code as usize).map_or(
                        if categories.missing == Some(code) { "(missing)" } else { "(other)" },
                        String::as_str,
                    );
                    feature(format!("{name}={label}"), FeatureKind::Numeric)
                })
                .collect(),
            Self::Date { parts, .. } => parts
                .iter()
                .map(|part| feature(format!("{name}.{}", part.name()), FeatureKind::Numeric))
                .collect(),
        }
    }

    /// The values of those features, each as long as `raw`.
    #[inline(never)]
    pub fn apply<'a>(&self, raw: &Raw<'a>) -> Vec<Cow<'a, [f64]>> {
        match (self, raw) {
            (Self::Number { impute: None, scale: None }, Raw::Numbers(values)) => {
                vec![Cow::Borrowed(values)]
            }
            (Self::Number { impute, scale }, Raw::Numbers(values)) => {
                vec![values.iter().map(|&x| impute_and_scale(x, *impute, *scale)).collect()]
            }
            (Self::Date { parts, impute, scale }, Raw::Numbers(values)) => parts
                .iter()
                .enumerate()
                .map(|(index, part)| {
                    let impute = impute.get(index).copied().flatten();
                    let scale = scale.get(index).copied().flatten();
                    values.iter().map(|&x| impute_and_scale(part.of(x), impute, scale)).collect()
                })
                .collect(),
            (Self::Ordinal { categories }, raw) => vec![Cow::Owned(categories.codes(raw))],
            (Self::OneHot { categories }, raw) => {
                let codes = categories.codes(raw);
                (0..categories.n_codes())
                    .map(|code| codes.iter().map(|&x| f64::from(x == f64::from(code))).collect())
                    .collect()
            }
            (Self::Number { .. } | Self::Date { .. }, Raw::Strings { codes, .. }) => {
                let width = self.features(0, "").len();
                vec![Cow::Owned(vec![f64::NAN; codes.len()]); width]
            }
        }
    }
}

impl Preparation {
    /// All features, in order.
    pub fn features(&self, schema: &Schema) -> Vec<Feature> {
        let name = |column: usize| schema.features.get(column).map_or("", |field| &field.name);
        self.columns
            .iter()
            .flat_map(|prepared| prepared.encoding.features(prepared.column, name(prepared.column)))
            .collect()
    }

    /// All features' values, each `rows` long.
    ///
    /// # Errors
    /// [`ModelError::WrongKind`] and [`ModelError::WrongLength`] where `columns` are not as `schema`
    /// says.
    pub fn apply<'a>(
        &self,
        schema: &Schema,
        columns: &[Raw<'a>],
    ) -> Result<Vec<Cow<'a, [f64]>>, ModelError> {
        check_columns(schema, columns)?;
        Ok(self
            .columns
            .iter()
            .filter_map(|prepared| Some((prepared, columns.get(prepared.column)?)))
            .flat_map(|(prepared, raw)| prepared.encoding.apply(raw))
            .collect())
    }
}

fn check_columns(schema: &Schema, columns: &[Raw]) -> Result<(), ModelError> {
    let rows = columns.first().map_or(0, Raw::len);
    for (index, field) in schema.features.iter().enumerate() {
        let raw = columns
            .get(index)
            .ok_or_else(|| ModelError::MissingColumn { column: field.name.clone() })?;
        if raw.len() != rows {
            return Err(ModelError::WrongLength {
                column: field.name.clone(),
                expected: rows,
                found: raw.len(),
            });
        }
        let found = matches!(raw, Raw::Numbers(_));
        if found != field.kind.is_numeric() {
            return Err(ModelError::WrongKind {
                column: field.name.clone(),
                expected: field.kind.name().to_owned(),
                found: if found { "numeric" } else { "strings" }.to_owned(),
            });
        }
    }
    Ok(())
}

impl Raw<'_> {
    /// Whether the value at `row` is missing.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers(values) => values.get(row).is_none_or(|value| value.is_nan()),
            Self::Strings { codes, dictionary } => codes
                .get(row)
                .is_none_or(|&code| code == MISSING_CODE || code as usize >= dictionary.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn categories() -> Categories {
        Categories { known: vec!["a".into(), "b".into()], other: Some(2), missing: Some(3) }
    }

    #[test]
    fn unseen_and_missing_categories_get_their_codes() {
        let codes = [0, 1, 2, MISSING_CODE];
        let raw = Raw::Strings { codes: &codes, dictionary: vec!["b", "a", "zebra"] };
        let encoded = Encoding::Ordinal { categories: categories() }.apply(&raw);
        assert_eq!(encoded[0].as_ref(), [1.0, 0.0, 2.0, 3.0]);
    }

    #[test]
    fn one_hot_has_one_column_a_code_and_one_one_a_row() {
        let codes = [0, 1, 2, MISSING_CODE];
        let raw = Raw::Strings { codes: &codes, dictionary: vec!["b", "a", "zebra"] };
        let encoding = Encoding::OneHot { categories: categories() };
        let names: Vec<String> =
            encoding.features(0, "job").into_iter().map(|feature| feature.name).collect();
        assert_eq!(names, ["job=a", "job=b", "job=(other)", "job=(missing)"]);
        let columns = encoding.apply(&raw);
        for row in 0..4 {
            assert_eq!(columns.iter().map(|column| column[row]).sum::<f64>(), 1.0);
        }
    }

    #[test]
    fn numbers_are_imputed_then_standardised() {
        let encoding =
            Encoding::Number { impute: Some(3.0), scale: Some(Scale { mean: 1.0, std: 2.0 }) };
        let values = [f64::NAN, 5.0];
        assert_eq!(encoding.apply(&Raw::Numbers(&values))[0].as_ref(), [1.0, 2.0]);
    }
}
