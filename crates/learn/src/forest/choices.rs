//! Parameters that are a word or something else: their JSON and their meaning.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ClassWeight, MaxFeatures};
use crate::LearnError;

/// `MaxFeatures` as JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "max_features must be auto, sqrt, log2, all or a number")]
pub(super) enum NameOrNumber {
    Name(String),
    Whole(u32),
    Number(f64),
}

impl From<MaxFeatures> for NameOrNumber {
    fn from(choice: MaxFeatures) -> Self {
        match choice {
            MaxFeatures::Auto => Self::Name("auto".to_owned()),
            MaxFeatures::Sqrt => Self::Name("sqrt".to_owned()),
            MaxFeatures::Log2 => Self::Name("log2".to_owned()),
            MaxFeatures::All => Self::Name("all".to_owned()),
            MaxFeatures::Count(count) => Self::Whole(count),
            MaxFeatures::Fraction(fraction) => Self::Number(fraction),
        }
    }
}

impl TryFrom<NameOrNumber> for MaxFeatures {
    type Error = String;

    fn try_from(json: NameOrNumber) -> Result<Self, String> {
        match json {
            NameOrNumber::Name(name) => match name.as_str() {
                "auto" => Ok(Self::Auto),
                "sqrt" => Ok(Self::Sqrt),
                "log2" => Ok(Self::Log2),
                "all" => Ok(Self::All),
                _ => Err(format!(
                    "max_features is {name:?}, but must be auto, sqrt, log2, all or a number"
                )),
            },
            NameOrNumber::Whole(count) => Ok(Self::Count(count)),
            // JavaScript knows one type of number only.
            NameOrNumber::Number(number)
                if number >= 1.0 && number.fract() == 0.0 && number <= f64::from(u32::MAX) =>
            {
                Ok(Self::Count(number as u32))
            }
            NameOrNumber::Number(fraction) => Ok(Self::Fraction(fraction)),
        }
    }
}

impl MaxFeatures {
    pub(super) fn check(self) -> Result<(), LearnError> {
        let value = match self {
            Self::Count(0) => "0".to_owned(),
            Self::Fraction(part) if !(part > 0.0 && part < 1.0) => part.to_string(),
            _ => return Ok(()),
        };
        let expected = "auto, sqrt, log2, all, a whole number from 1 or a fraction between 0 and 1";
        Err(LearnError::BadParameter { name: "max_features", value, expected: expected.into() })
    }

    /// How many of `features` features that is: at least 1, at most all.
    pub(super) fn count(self, features: usize, classification: bool) -> usize {
        let count = match self {
            Self::Auto if classification => features.isqrt(),
            Self::Sqrt => features.isqrt(),
            Self::Auto | Self::All => features,
            Self::Log2 => features.checked_ilog2().unwrap_or(0) as usize,
            Self::Count(count) => count as usize,
            Self::Fraction(part) => (part * features as f64) as usize,
        };
        count.clamp(1, features.max(1))
    }
}

/// `ClassWeight` as JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "class_weight must be none, balanced or weights by label")]
pub(super) enum NameOrWeights {
    Name(String),
    Weights(BTreeMap<String, f64>),
}

impl From<ClassWeight> for NameOrWeights {
    fn from(choice: ClassWeight) -> Self {
        match choice {
            ClassWeight::None => Self::Name("none".to_owned()),
            ClassWeight::Balanced => Self::Name("balanced".to_owned()),
            ClassWeight::ByLabel(weights) => Self::Weights(weights),
        }
    }
}

impl TryFrom<NameOrWeights> for ClassWeight {
    type Error = String;

    fn try_from(json: NameOrWeights) -> Result<Self, String> {
        match json {
            NameOrWeights::Name(name) => match name.as_str() {
                "none" => Ok(Self::None),
                "balanced" => Ok(Self::Balanced),
                _ => Err(format!(
                    "class_weight is {name:?}, but must be none, balanced or weights by label"
                )),
            },
            NameOrWeights::Weights(weights) => Ok(Self::ByLabel(weights)),
        }
    }
}

impl ClassWeight {
    pub(crate) fn check(&self) -> Result<(), LearnError> {
        let Self::ByLabel(weights) = self else { return Ok(()) };
        match weights.iter().find(|(_, weight)| !(weight.is_finite() && **weight >= 0.0)) {
            None => Ok(()),
            Some((label, weight)) => Err(LearnError::BadParameter {
                name: "class_weight",
                value: format!("{weight} for {label:?}"),
                expected: "a finite number of at least 0 for each label".into(),
            }),
        }
    }
}
