//! How columns are to be prepared.

use serde::{Deserialize, Serialize};

use crate::LearnError;

/// What becomes of missing numbers, booleans and dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum MissingNumbers {
    /// They stay missing; for learners that take them.
    #[default]
    Keep,
    /// The median of the training rows; for booleans, the more frequent value.
    Median,
    /// The most frequent value of the training rows, the smallest of equals.
    MostFrequent,
}

/// What becomes of missing categories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum MissingCategories {
    /// They stay missing; for learners that take them.
    #[default]
    Keep,
    /// The most frequent value of the training rows, the first of equals.
    MostFrequent,
    /// A category of their own.
    OwnCategory,
}

/// How a category becomes numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum EncodeCategories {
    /// One feature: the category's code.
    #[default]
    Ordinal,
    /// One feature a category, 0 or 1.
    OneHot,
}

/// How columns are to be prepared. The default suits trees, which take missing values and
/// categories as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PreparationOptions {
    /// Default `keep`.
    pub missing_numbers: MissingNumbers,
    /// Default `keep`.
    pub missing_categories: MissingCategories,
    /// Default `ordinal`.
    pub encode_categories: EncodeCategories,
    /// Categories kept a column, the most frequent ones; the others become one category "other".
    /// 1 to 254, default 254.
    pub max_categories: u32,
    /// Categories with fewer training rows than this become "other". Default 1: none does.
    pub min_frequency: u32,
    /// Whether numbers are brought to mean 0 and standard deviation 1. Default `false`.
    pub standardize: bool,
}

impl Default for PreparationOptions {
    fn default() -> Self {
        Self {
            missing_numbers: MissingNumbers::Keep,
            missing_categories: MissingCategories::Keep,
            encode_categories: EncodeCategories::Ordinal,
            max_categories: Self::MAX_CATEGORIES,
            min_frequency: 1,
            standardize: false,
        }
    }
}

impl PreparationOptions {
    /// Codes that fit beside "missing" into one byte, less one for "other".
    pub const MAX_CATEGORIES: u32 = 254;

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`LearnError::BadParameter`].
    pub fn check(&self) -> Result<(), LearnError> {
        if (1..=Self::MAX_CATEGORIES).contains(&self.max_categories) {
            return Ok(());
        }
        Err(LearnError::BadParameter {
            name: "max_categories",
            value: self.max_categories.to_string(),
            expected: "a whole number from 1 to 254",
        })
    }
}
