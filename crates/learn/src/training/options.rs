//! What to train, and how.

use hedgerow_data::DEFAULT_SEED;
use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::learner::Learner;
use crate::preparation::PreparationOptions;
use crate::target::TaskChoice;

/// What to train, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainOptions {
    /// The column to predict. A learner of anomalies needs none: the two classes of one are only what
    /// its models are measured by.
    #[serde(default)]
    pub target: Option<String>,
    /// Default `auto`: by the target's type.
    #[serde(default)]
    pub task: TaskChoice,
    /// Default: a random forest with its defaults.
    #[serde(default)]
    pub learner: Learner,
    /// The same table, options and seed give the same model, byte for byte. 0 to 2^53 - 1,
    /// default 42.
    #[serde(default = "default_seed")]
    #[cfg_attr(feature = "ts", tsify(type = "number", optional))]
    pub seed: u64,
    /// The columns to learn from. Default: all but the target, the weights and free text.
    #[serde(default)]
    pub features: Option<Vec<String>>,
    /// A numeric column that says how much each row counts, at least 0. Default: all count 1.
    #[serde(default)]
    pub sample_weight: Option<String>,
    /// How columns become features. The default is right for the learner.
    #[serde(default)]
    pub preparation: PreparationOptions,
}

fn default_seed() -> u64 {
    DEFAULT_SEED
}

impl TrainOptions {
    /// Options that predict `target` with every default.
    pub fn new(target: impl Into<String>) -> Self {
        Self { target: Some(target.into()), ..Self::without_target(Learner::default()) }
    }

    /// Options for a learner that needs no target, with every default.
    ///
    /// ```
    /// use hedgerow_data::{CsvOptions, read_csv};
    /// use hedgerow_learn::{IsolationForest, TrainOptions, train};
    /// use hedgerow_model::Raw;
    ///
    /// let rows: String = (0..99).map(|row| format!("{}\n", row % 9)).collect();
    /// let table = read_csv(format!("x\n{rows}").as_bytes(), &CsvOptions::default())?;
    /// let model = train(&table, TrainOptions::without_target(IsolationForest::default()))?;
    /// let prediction = model.predict(&[Raw::Numbers(&[4.0, 99.0])])?;
    /// assert_eq!(model.schema.task.classes(), ["normal", "anomaly"]);
    /// assert!(prediction.row(0)[1] < prediction.row(1)[1], "the score");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_target(learner: impl Into<Learner>) -> Self {
        Self {
            target: None,
            task: TaskChoice::Auto,
            learner: learner.into(),
            seed: DEFAULT_SEED,
            features: None,
            sample_weight: None,
            preparation: PreparationOptions::default(),
        }
    }

    pub(crate) fn check(&self) -> Result<(), LearnError> {
        self.preparation.check()?;
        if self.seed < 1 << 53 {
            return Ok(());
        }
        Err(LearnError::BadParameter {
            name: "seed",
            value: self.seed.to_string(),
            expected: "a whole number from 0 to 9007199254740991".into(),
        })
    }
}
