//! The learners by name.

use std::collections::BTreeMap;

use hedgerow_model::LearnerRecord;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use crate::bayes::NaiveBayes;
use crate::boosting::GradientBoosting;
use crate::declare::{
    Declaration, Declared, Param, camel_case, check_given, check_values, describe,
};
use crate::fitting::{Fitting, Needs, Work};
use crate::forest::{ClassWeight, DecisionTree, ExtraTrees, RandomForest};
use crate::isolation::IsolationForest;
use crate::linear::{ElasticNet, LinearRegression, LogisticRegression, Ridge};
use crate::linfa_cart::LinfaCart;
use crate::mlp::Mlp;
use crate::neighbors::KNearestNeighbors;
use crate::{LearnError, TaskChoice};

/// What a learner's parameters can do: one implementation a learner.
pub(crate) trait Recipe: Declared {
    /// What it can predict.
    const TASKS: &'static [TaskChoice] = &[TaskChoice::Classification, TaskChoice::Regression];

    /// Whether its steps can be done in any order, by several at once.
    const SHARED: bool = false;

    /// Whether its fit is one step, of seconds: who must not be held up has it done elsewhere.
    const ONE_STEP: bool = false;

    /// Checks what the declared ranges cannot tell.
    fn check_rest(&self) -> Result<(), LearnError> {
        Ok(())
    }

    /// How much the rows of each class count.
    fn class_weight(&self) -> &ClassWeight {
        &ClassWeight::None
    }

    /// What it has to be given the features as.
    fn needs(&self) -> Needs;

    /// Begins a fit.
    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError>;
}

/// Apart from those of other learners: engines optimise a function at a time, and all in one took
/// 0.1 s for nothing.
#[inline(never)]
fn begin(recipe: &impl Recipe, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
    recipe.begin(work)
}

/// Makes the enum of all learners, and what is asked of each by its kind.
macro_rules! learners {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// A learner and its parameters.
        ///
        /// In JSON `{ "kind": "random-forest", "nEstimators": 100 }`; parameters may also be
        /// spelled as in Python, `n_estimators`. Parameters left out have their default, unknown
        /// ones are an error.
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "ts", derive(tsify::Tsify))]
        #[cfg_attr(feature = "ts", serde(tag = "kind", rename_all = "kebab-case"))]
        pub enum Learner {
            $($(#[doc = $doc])* $name($name),)*
        }

        $(impl From<$name> for Learner {
            fn from(params: $name) -> Self {
                Self::$name(params)
            }
        })*

        impl Learner {
            /// Every learner's kind.
            pub const KINDS: &'static [&'static str] = &[$($name::KIND,)*];

            /// Every learner with its parameters.
            pub fn declarations() -> Vec<Declaration> {
                vec![$(describe::<$name>($name::TASKS),)*]
            }

            /// Whether the work of a kind of learner can be shared, so that several workers are of
            /// use.
            pub fn shares_work(kind: &str) -> bool {
                match kind {
                    $($name::KIND => $name::SHARED,)*
                    _ => false,
                }
            }

            /// Whether the fit of a kind of learner is one step, of seconds: who must not be held up
            /// has it done elsewhere.
            pub fn fits_in_one_step(kind: &str) -> bool {
                match kind {
                    $($name::KIND => $name::ONE_STEP,)*
                    _ => false,
                }
            }

            /// A learner with parameters by `snake_case` name.
            fn from_object(kind: &str, given: &Map<String, Value>) -> Result<Self, LearnError> {
                match kind {
                    $($name::KIND => read::<$name>(given).map(Self::$name),)*
                    _ => Err(unknown(kind)),
                }
            }

            /// Checks the ranges of all parameters.
            ///
            /// # Errors
            /// [`LearnError::BadParameter`] for the first that is out of its range.
            pub fn check(&self) -> Result<(), LearnError> {
                match self {
                    $(Self::$name(params) => check(params),)*
                }
            }

            /// The kind, as in `random-forest`.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $name::KIND,)*
                }
            }

            /// All parameters as JSON, in the order of [`Self::params`].
            fn values(&self) -> Vec<Value> {
                match self {
                    $(Self::$name(params) => params.values(),)*
                }
            }

            fn params(&self) -> &'static [Param] {
                match self {
                    $(Self::$name(_) => $name::PARAMS,)*
                }
            }

            /// What it can predict.
            pub fn tasks(&self) -> &'static [TaskChoice] {
                match self {
                    $(Self::$name(_) => $name::TASKS,)*
                }
            }

            pub(crate) fn class_weight(&self) -> &ClassWeight {
                match self {
                    $(Self::$name(params) => params.class_weight(),)*
                }
            }

            pub(crate) fn needs(&self) -> Needs {
                match self {
                    $(Self::$name(params) => params.needs(),)*
                }
            }

            pub(crate) fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
                match self {
                    $(Self::$name(params) => begin(params, work),)*
                }
            }
        }
    };
}

learners! {
    /// Breiman's random forest.
    RandomForest,
    /// One decision tree (CART).
    DecisionTree,
    /// Extremely randomised trees (Geurts et al.).
    ExtraTrees,
    /// A neural network.
    Mlp,
    /// Nearest neighbours.
    KNearestNeighbors,
    /// Naive Bayes.
    NaiveBayes,
    /// Gradient boosting as LightGBM does it.
    GradientBoosting,
    /// Least squares.
    LinearRegression,
    /// Least squares with a squared penalty.
    Ridge,
    /// Least squares with a penalty that chooses features.
    ElasticNet,
    /// Classes from linear scores.
    LogisticRegression,
    /// The decision tree of linfa-trees.
    LinfaCart,
    /// Anomalies, without a target.
    IsolationForest,
}

impl Default for Learner {
    fn default() -> Self {
        Self::RandomForest(RandomForest::default())
    }
}

impl Learner {
    /// A learner from its kind and `name = value` parameters, in either spelling.
    ///
    /// # Errors
    /// [`LearnError::BadLearner`] for an unknown kind or parameter, [`LearnError::BadParameter`]
    /// for a value out of its range or of a wrong type.
    pub fn from_params(
        kind: &str,
        params: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<Self, LearnError> {
        let learner = Self::from_object(kind, &named(params))?;
        learner.check()?;
        Ok(learner)
    }

    /// Every parameter's name and value.
    fn parameters(&self) -> impl Iterator<Item = (&'static str, Value)> {
        self.params().iter().map(|param| param.name).zip(self.values())
    }

    /// Whether it finds anomalies, for which it needs no target.
    pub fn finds_anomalies(&self) -> bool {
        self.tasks().contains(&TaskChoice::Anomaly)
    }

    /// How the model file remembers it: all parameters by `snake_case` name.
    pub fn record(&self) -> LearnerRecord {
        let mut params = BTreeMap::new();
        params.extend(self.parameters().map(|(name, value)| (name.to_owned(), value)));
        LearnerRecord { kind: self.kind().to_owned(), params }
    }
}

impl Serialize for Learner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", self.kind())?;
        for (name, value) in self.parameters() {
            map.serialize_entry(&camel_case(name), &value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Learner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut given = Map::deserialize(deserializer)?;
        match given.remove("kind") {
            Some(Value::String(kind)) => {
                Self::from_object(&kind, &named(given)).map_err(D::Error::custom)
            }
            _ => Err(D::Error::custom("a learner needs a kind, as in \"random-forest\"")),
        }
    }
}

/// Parameters by their `snake_case` names. (Put in one by one: collecting would sort them
/// first, which is more code.)
fn named(given: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    let mut named = Map::new();
    named.extend(given.into_iter().map(|(name, value)| (snake_case(&name), value)));
    named
}

fn unknown(kind: &str) -> LearnError {
    let known = Learner::KINDS.join(", ");
    LearnError::BadLearner { reason: format!("there is no learner {kind:?}; there are: {known}") }
}

/// Parameters by `snake_case` name, over the defaults; whether they are in range is for `check` to
/// say, unless their type already cannot hold them.
#[inline(never)]
fn read<L: Recipe>(given: &Map<String, Value>) -> Result<L, LearnError> {
    let mut params = L::default();
    match given.iter().try_for_each(|(name, value)| params.set(name, value)) {
        Ok(()) => Ok(params),
        Err(error) => Err(refused(L::KIND, L::PARAMS, given, &error)),
    }
}

#[cold]
fn refused(
    kind: &str,
    params: &'static [Param],
    given: &Map<String, Value>,
    error: &serde_json::Error,
) -> LearnError {
    let found = check_given(kind, params, given).err();
    found.unwrap_or(LearnError::BadLearner { reason: error.to_string() })
}

#[inline(never)]
pub(crate) fn check<L: Recipe>(params: &L) -> Result<(), LearnError> {
    check_values(L::PARAMS, &params.values())?;
    params.check_rest()
}

pub(crate) fn snake_case(name: &str) -> String {
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
        assert!(unknown.contains("n_trees") && unknown.contains("n_estimators"), "{unknown}");
    }

    #[test]
    fn every_learner_is_declared_whole_and_its_defaults_are_in_range() {
        let declarations = Learner::declarations();
        assert_eq!(declarations.len(), Learner::KINDS.len());
        for declared in declarations {
            let learner = Learner::from_params(&declared.kind, []).unwrap();
            assert_eq!(learner.kind(), declared.kind);
            assert!(learner.check().is_ok(), "{}", declared.kind);
            assert!(!declared.about.is_empty() && !declared.tasks.is_empty());
            for param in declared.parameters {
                let name = format!("{}: {}", declared.kind, param.field);
                assert!(!param.help.is_empty() && !param.label.is_empty(), "{name}");
                let given = [(param.field, param.default)];
                assert!(Learner::from_params(&declared.kind, given).is_ok(), "{name}");
            }
        }
    }

    #[test]
    fn every_number_out_of_range_is_refused_by_name() {
        for declared in Learner::declarations() {
            for param in declared.parameters {
                let beyond = [param.min.map(|min| min - 1.0), param.max.map(|max| max + 1.0)];
                for number in beyond.into_iter().flatten() {
                    let given = [(param.field.clone(), Value::from(number))];
                    let error = Learner::from_params(&declared.kind, given).unwrap_err();
                    assert!(error.to_string().contains(&param.field), "{error}");
                    assert!(matches!(error, LearnError::BadParameter { .. }), "{error}");
                }
            }
        }
    }
}
