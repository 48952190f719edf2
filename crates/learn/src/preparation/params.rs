//! How columns are to be prepared.

use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::fitting::Needs;

/// What becomes of missing numbers, booleans and dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum MissingNumbers {
    /// Kept where the learner takes missing values, else the median.
    #[default]
    Auto,
    /// They stay missing; for learners that take them.
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
    /// They stay missing where the learner takes that or a category is a feature of its own (all
    /// of which are then 0), else they are a category of their own.
    #[default]
    Auto,
    /// They stay missing; for learners that take them.
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
    /// As the learner likes them: one feature for trees, one a category for most others.
    #[default]
    Auto,
    /// One feature: the category's code.
    Ordinal,
    /// One feature a category, 0 or 1.
    OneHot,
}

/// How columns are to be prepared. The default is what suits the learner: trees take missing values
/// and categories as they are, most others need numbers of one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PreparationOptions {
    /// Default `auto`.
    pub missing_numbers: MissingNumbers,
    /// Default `auto`.
    pub missing_categories: MissingCategories,
    /// Default `auto`.
    pub encode_categories: EncodeCategories,
    /// Categories kept a column, the most frequent ones; the others become one category "other".
    /// 1 to 254, default 254.
    pub max_categories: u32,
    /// Categories with fewer training rows than this become "other". Default 1: none does.
    pub min_frequency: u32,
    /// Whether numbers are brought to mean 0 and standard deviation 1. Default `null`: where the
    /// learner likes it.
    #[cfg_attr(feature = "ts", tsify(type = "boolean | null"))]
    pub standardize: Option<bool>,
}

impl Default for PreparationOptions {
    fn default() -> Self {
        Self {
            missing_numbers: MissingNumbers::Auto,
            missing_categories: MissingCategories::Auto,
            encode_categories: EncodeCategories::Auto,
            max_categories: Self::MAX_CATEGORIES,
            min_frequency: 1,
            standardize: None,
        }
    }
}

impl PreparationOptions {
    /// Codes that fit beside "missing" into one byte, less one for "other".
    pub const MAX_CATEGORIES: u32 = 254;

    /// The options with every choice made that is left to the learner.
    pub(crate) fn resolve(&self, needs: Needs) -> Self {
        let (standardize, ordinal, missing) = match needs {
            Needs::Binned { .. } => (false, true, true),
            Needs::Numbers { standardize, ordinal, missing } => (standardize, ordinal, missing),
        };
        let encode_categories = match self.encode_categories {
            EncodeCategories::Auto if ordinal => EncodeCategories::Ordinal,
            EncodeCategories::Auto => EncodeCategories::OneHot,
            chosen => chosen,
        };
        let one_hot = encode_categories == EncodeCategories::OneHot;
        Self {
            encode_categories,
            missing_numbers: match self.missing_numbers {
                MissingNumbers::Auto if missing => MissingNumbers::Keep,
                MissingNumbers::Auto => MissingNumbers::Median,
                chosen => chosen,
            },
            missing_categories: match self.missing_categories {
                MissingCategories::Auto if missing || one_hot => MissingCategories::Keep,
                MissingCategories::Auto => MissingCategories::OwnCategory,
                chosen => chosen,
            },
            standardize: Some(self.standardize.unwrap_or(standardize)),
            ..self.clone()
        }
    }

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
            expected: "a whole number from 1 to 254".into(),
        })
    }
}
