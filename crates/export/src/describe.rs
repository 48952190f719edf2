//! What an exported model says of itself.

use hedgerow_model::{Combine, Estimator, Field, Model, Provenance, Task};
use serde::Serialize;

/// The JSON in an image: all that a host needs to offer and check an input.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Description<'a> {
    /// What the model is called where it is served.
    pub name: &'a str,
    /// The SHA-256 of the model file.
    pub version: String,
    /// The version of the library that trained it.
    pub library: &'a str,
    pub learner: &'a str,
    /// `classification`, `regression` or `anomaly`.
    pub task: &'static str,
    pub target: &'a str,
    pub classes: &'a [String],
    /// The probability from which the second of two classes is predicted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Numbers that come out for a row.
    pub outputs: usize,
    pub features: &'a [Field],
}

impl<'a> Description<'a> {
    /// Of a model that is served as `name`.
    pub fn of(model: &'a Model, name: &'a str) -> Self {
        let Model { schema, provenance: Provenance { library_version, learner, .. }, .. } = model;
        Self {
            name,
            version: model.sha256(),
            library: library_version,
            learner: &learner.kind,
            task: task(model),
            target: &schema.target.name,
            classes: schema.task.classes(),
            threshold: model.threshold,
            outputs: schema.task.n_outputs(),
            features: &schema.features,
        }
    }
}

fn task(model: &Model) -> &'static str {
    match (&model.estimator, &model.schema.task) {
        (Estimator::Trees(trees), _) if matches!(trees.combine, Combine::Anomaly { .. }) => {
            "anomaly"
        }
        (_, Task::Classification { .. }) => "classification",
        (_, Task::Regression) => "regression",
    }
}
