//! The learners by name.

use std::collections::BTreeMap;

use hedgerow_model::LearnerRecord;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::LearnError;
use crate::forest::RandomForest;

/// A learner and its parameters.
///
/// In JSON `{ "kind": "random-forest", "nEstimators": 100 }`; parameters may also be spelled as in
/// Python, `n_estimators`. Parameters left out have their default, unknown ones are an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Learner {
    /// Breiman's random forest.
    RandomForest(RandomForest),
}

impl Default for Learner {
    fn default() -> Self {
        Self::RandomForest(RandomForest::default())
    }
}

impl Learner {
    /// Every learner's kind.
    pub const KINDS: [&'static str; 1] = ["random-forest"];

    /// A learner from its kind and `name = value` parameters.
    ///
    /// # Errors
    /// [`LearnError::BadLearner`] for an unknown kind or parameter, or a value of a wrong type.
    pub fn from_params(
        kind: &str,
        params: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<Self, LearnError> {
        if !Self::KINDS.contains(&kind) {
            let known = Self::KINDS.join(", ");
            let reason = format!("there is no learner {kind:?}; there are: {known}");
            return Err(LearnError::BadLearner { reason });
        }
        let mut object: serde_json::Map<String, Value> = params.into_iter().collect();
        object.insert("kind".to_owned(), kind.into());
        serde_json::from_value(Value::Object(object))
            .map_err(|error| LearnError::BadLearner { reason: error.to_string() })
    }

    /// How the model file remembers it: all parameters by `snake_case` name.
    pub fn record(&self) -> LearnerRecord {
        let value = serde_json::to_value(self).expect("parameters are plain data");
        let mut params: BTreeMap<String, Value> = match value {
            Value::Object(object) => {
                object.into_iter().map(|(name, value)| (snake_case(&name), value)).collect()
            }
            _ => BTreeMap::new(),
        };
        let kind = match params.remove("kind") {
            Some(Value::String(kind)) => kind,
            _ => String::new(),
        };
        LearnerRecord { kind, params }
    }
}

fn snake_case(name: &str) -> String {
    name.chars().fold(String::with_capacity(name.len() + 2), |mut out, letter| {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_in_both_spellings_and_recorded_in_one() {
        let json = r#"{ "kind": "random-forest", "nEstimators": 7 }"#;
        let camel: Learner = serde_json::from_str(json).unwrap();
        let snake =
            Learner::from_params("random-forest", [("n_estimators".into(), 7.into())]).unwrap();
        assert_eq!(camel, snake);
        assert_eq!(camel.record().kind, "random-forest");
        assert_eq!(camel.record().params["n_estimators"], 7);
        assert!(camel.record().params.contains_key("min_samples_leaf"));
    }

    #[test]
    fn unknown_kinds_and_parameters_are_named() {
        let unknown = Learner::from_params("random-forrest", []).unwrap_err().to_string();
        assert!(unknown.contains("random-forrest") && unknown.contains("random-forest"));
        let params = [("n_trees".to_owned(), Value::from(7))];
        let unknown = Learner::from_params("random-forest", params).unwrap_err().to_string();
        assert!(unknown.contains("n_trees"), "{unknown}");
    }
}
