//! Models made by hand.

#![allow(dead_code, reason = "not every test file needs all of it")]

use std::collections::BTreeMap;

use hedgerow_model::{
    Encoding, Estimator, Field, Kind, LearnerRecord, Linear, Link, Model, Preparation, Prepared,
    Provenance, Schema, Task, TrainingData,
};

/// A model that reads columns and predicts twice the first of them, where that is a number, or else 0.
pub fn doubling(features: Vec<Field>) -> Model {
    let n = features.len();
    let number = |field: &Field| field.kind.is_numeric();
    let reads: Vec<Prepared> =
        features.iter().take(1).filter(|field| number(field)).map(first).collect();
    let linear = Linear {
        coefficients: vec![2.0; reads.len()],
        intercepts: vec![0.0],
        std_errors: Vec::new(),
        link: Link::Identity,
    };
    Model {
        preparation: Preparation { columns: reads },
        schema: Schema { features, target: Field::new("y", Kind::Number), task: Task::Regression },
        estimator: Estimator::Linear(linear),
        calibration: None,
        threshold: None,
        provenance: Provenance {
            library_version: String::new(),
            learner: LearnerRecord { kind: "by-hand".into(), params: BTreeMap::new() },
            seed: 0,
            training_data: TrainingData { rows: 0, sha256: String::new() },
            metrics: BTreeMap::new(),
            history: BTreeMap::new(),
            feature_importances: vec![0.0; n],
            baseline: vec![0.0],
        },
        training_profile: None,
    }
}

fn first(_: &Field) -> Prepared {
    Prepared { column: 0, encoding: Encoding::Number { impute: Some(0.0), scale: None } }
}
