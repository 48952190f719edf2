use std::collections::BTreeMap;

use hedgerow_score::examples;
use proptest::prelude::*;

use super::*;
use crate::{
    Categories, Combine, Encoding, Estimator, Field, Kind, LearnerRecord, Linear, Link, Prepared,
    Raw, Sigmoid, Task, TrainingData, TreeEnsemble, trees,
};

fn example() -> Model {
    let categories =
        Categories { known: vec!["a".into(), "b".into(), "c".into()], other: None, missing: None };
    Model {
        schema: Schema {
            features: vec![Field::new("x", Kind::Number), Field::new("job", Kind::Category)],
            target: Field::new("y", Kind::Number),
            task: Task::Regression,
        },
        preparation: Preparation {
            columns: vec![
                Prepared { column: 0, encoding: Encoding::Number { impute: None, scale: None } },
                Prepared { column: 1, encoding: Encoding::Ordinal { categories } },
            ],
        },
        estimator: Estimator::Trees(trees::tests::example()),
        calibration: None,
        threshold: None,
        training_profile: None,
        provenance: Provenance {
            library_version: "0.0.0".into(),
            learner: LearnerRecord {
                kind: "random-forest".into(),
                params: BTreeMap::from([("n_estimators".into(), 1.into())]),
            },
            seed: 42,
            training_data: TrainingData { rows: 3, sha256: NO_HASH.into() },
            metrics: BTreeMap::from([("oob_r2".into(), 0.1 + 0.2)]),
            history: BTreeMap::new(),
            feature_importances: vec![0.25, 0.75],
            baseline: vec![20.0],
        },
    }
}

fn bayes_example() -> Model {
    let mut model = example();
    model.schema.task = Task::Classification { classes: vec!["no".into(), "yes".into()] };
    model.provenance.baseline = vec![0.25, 0.75];
    model.estimator = Estimator::Bayes(examples::bayes());
    model
}

/// An isolation forest with a threshold.
fn anomaly_example() -> Model {
    let mut model = bayes_example();
    let combine = Combine::Anomaly { normalizer: 10.0 };
    model.estimator = Estimator::Trees(TreeEnsemble { combine, ..trees::tests::example() });
    model.threshold = Some(0.6);
    model
}

#[test]
fn a_saved_model_is_the_same_model() {
    let bytes = example().to_bytes();
    let model = Model::from_bytes(&bytes).unwrap();
    assert_eq!(model, example());
    assert_eq!(model.to_bytes(), bytes);
    assert_eq!(model.sha256().len(), 64);
    assert_ne!(model.sha256(), NO_HASH);
}

#[test]
fn every_form_is_read_back_as_it_was() {
    let linear = Model { estimator: Estimator::Linear(examples::linear()), ..example() };
    let mlp = Model { estimator: Estimator::Mlp(examples::mlp()), ..example() };
    let neighbors = Estimator::Neighbors(examples::neighbors());
    let neighbors = Model { estimator: neighbors, ..example() };
    let mut scored = example();
    scored.provenance.history.insert("loss".into(), vec![0.5, 0.1 + 0.2, f64::MIN_POSITIVE]);
    let all =
        [(example(), 1), (linear, 2), (mlp, 2), (neighbors, 2), (bayes_example(), 2), (scored, 4)];
    for (model, version) in all.into_iter().chain([(anomaly_example(), 3)]) {
        let bytes = model.to_bytes();
        assert_eq!(Model::from_bytes(&bytes).unwrap(), model);
        assert!(find_digits(&bytes, &format!(r#"\"format_version\":{version},"#)).is_some());
    }
}

/// A classifier of two, calibrated and with a threshold.
fn adjusted() -> Model {
    let classes = vec!["no".to_owned(), "yes".to_owned()];
    let mut model = example();
    model.schema.task = Task::Classification { classes };
    model.estimator = Estimator::Linear(Linear { link: Link::Logistic, ..examples::linear() });
    model.preparation.columns[1].encoding = Encoding::Number { impute: None, scale: None };
    model.schema.features[1].kind = Kind::Number;
    model.provenance.baseline = vec![0.5, 0.5];
    let curve = Sigmoid { slope: 2.0, intercept: 0.0 };
    model.calibration = Some(Calibration::Sigmoid { curves: vec![curve] });
    model.threshold = Some(0.9);
    model
}

#[test]
fn calibration_and_threshold_are_part_of_the_file() {
    let model = Model::from_bytes(&adjusted().to_bytes()).unwrap();
    assert_eq!(model, adjusted());
    let text = String::from_utf8_lossy(&example().to_bytes()).into_owned();
    assert!(!text.contains("calibration") && !text.contains("threshold"), "as it always was");
    let columns = [Raw::Numbers(&[0.25, 1.0]), Raw::Numbers(&[0.0, 0.0])];
    let prediction = model.predict(&columns).unwrap();
    let bare = Model { calibration: None, threshold: None, ..adjusted() };
    let raw = bare.predict(&columns).unwrap();
    assert_eq!(prediction.classes(), [0, 1], "by the threshold");
    assert_eq!(raw.classes(), [1, 1]);
    assert!(prediction.values[1] > raw.values[1] && raw.values[1] > 0.5);
}

#[test]
fn an_adjustment_that_does_not_fit_is_refused() {
    let read = |change: fn(&mut Model)| {
        let mut model = adjusted();
        change(&mut model);
        Model::from_bytes(&model.to_bytes())
    };
    assert!(read(|_| ()).is_ok());
    assert!(read(|model| model.threshold = Some(1.5)).is_err());
    assert!(
        read(|model| model.calibration = Some(Calibration::Sigmoid { curves: vec![] })).is_err()
    );
    assert!(forged(|model| model.threshold = Some(0.5)).is_err(), "numbers have no threshold");
    let curves = vec![Sigmoid { slope: 1.0, intercept: 0.0 }];
    let mut numbers = example();
    numbers.calibration = Some(Calibration::Sigmoid { curves });
    assert!(Model::from_bytes(&numbers.to_bytes()).is_err(), "nor a calibration");
}

#[test]
fn a_loaded_model_predicts_from_raw_columns() {
    let model = Model::from_bytes(&example().to_bytes()).unwrap();
    let job = Raw::Strings { codes: &[0, 1], dictionary: vec!["b", "never seen"] };
    let prediction = model.predict(&[Raw::Numbers(&[2.0, 2.0]), job]).unwrap();
    assert_eq!(prediction.values, [20.0, 30.0]);
}

#[test]
fn columns_that_do_not_fit_are_named() {
    let model = example();
    let code = |columns: &[Raw]| {
        let error = model.predict(columns).unwrap_err();
        (crate::Coded::code(&error), crate::Coded::details(&error).column.unwrap())
    };
    assert_eq!(code(&[Raw::Numbers(&[1.0])]), ("missing_column", "job".into()));
    let two = [Raw::Numbers(&[1.0]), Raw::Numbers(&[1.0])];
    assert_eq!(code(&two), ("wrong_kind", "job".into()));
    let short = [Raw::Numbers(&[1.0]), Raw::Strings { codes: &[], dictionary: vec![] }];
    assert_eq!(code(&short), ("wrong_length", "job".into()));
}

#[test]
fn every_flipped_bit_is_found() {
    let bytes = example().to_bytes();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            assert!(Model::from_bytes(&flipped).is_err(), "byte {place}, bit {bit}");
        }
    }
}

#[test]
fn every_shortened_file_is_found() {
    let bytes = example().to_bytes();
    for length in 0..bytes.len() {
        assert!(Model::from_bytes(&bytes[..length]).is_err(), "length {length}");
    }
}

#[test]
fn a_later_format_says_so() {
    let text = String::from_utf8_lossy(&example().to_bytes()).into_owned();
    assert!(text.contains(r#"\"format_version\":1,"#));
    let mut bytes = example().to_bytes();
    let place = find_digits(&bytes, r#"\"format_version\":1,"#).unwrap() + 19;
    bytes[place] = b'9';
    let error = Model::from_bytes(&bytes).unwrap_err();
    assert_eq!(error, ModelError::LaterVersion { found: 9, supported: FORMAT_VERSION });
}

#[test]
fn other_files_are_not_models() {
    let png = b"\x89PNG\r\n\x1a\n0000000000";
    let plain = safetensors::serialize(Vec::<(&str, safetensors::tensor::TensorView)>::new(), None)
        .unwrap();
    for bytes in [&b""[..], b"species,island\n", png, &plain] {
        let error = Model::from_bytes(bytes).unwrap_err();
        assert!(matches!(error, ModelError::NotAModel { .. }), "{error}");
    }
}

/// A file whose hash is right but whose content was made up: the checks behind the hash.
fn forged(change: impl FnOnce(&mut Model)) -> Result<Model, ModelError> {
    let mut model = example();
    change(&mut model);
    Model::from_bytes(&model.to_bytes())
}

#[test]
fn a_forged_file_with_a_right_hash_is_still_checked() {
    let trees = |change: fn(&mut TreeEnsemble)| {
        forged(|model| match &mut model.estimator {
            Estimator::Trees(trees) => change(trees),
            other => unreachable!("{other:?}"),
        })
    };
    assert!(trees(|trees| trees.child[0] = 0).is_err());
    assert!(trees(|trees| trees.roots = vec![3]).is_err());
    assert!(trees(|trees| trees.n_outputs = 3).is_err());
    assert!(forged(|model| model.preparation.columns[0].column = 9).is_err());
    assert!(forged(|model| model.preparation.columns.truncate(1)).is_err());
    assert!(forged(|model| model.provenance.baseline.clear()).is_err());
    let endless = |categories: &mut Categories| categories.missing = Some(u32::MAX);
    let job = |change: fn(&mut Categories)| {
        forged(|model| match &mut model.preparation.columns[1].encoding {
            Encoding::Ordinal { categories } => change(categories),
            other => unreachable!("{other:?}"),
        })
    };
    assert!(job(endless).is_err());
    assert!(forged(|_| ()).is_ok());
}

#[test]
fn a_forged_isolation_forest_is_refused() {
    let read = |change: fn(&mut TreeEnsemble)| {
        let mut model = anomaly_example();
        let Estimator::Trees(trees) = &mut model.estimator else { unreachable!("trees") };
        change(trees);
        Model::from_bytes(&model.to_bytes())
    };
    assert!(read(|_| ()).is_ok());
    assert!(read(|trees| trees.combine = Combine::Anomaly { normalizer: 0.0 }).is_err());
    assert!(read(|trees| trees.combine = Combine::Mean).is_err());
    assert!(read(|trees| trees.values[1] = -1.0).is_err());
    assert!(read(|trees| trees.values[1] = f64::NAN).is_err());
    assert!(read(|trees| trees.child[0] = 0).is_err());
}

#[test]
fn a_forged_network_or_naive_bayes_is_refused() {
    let network = |change: fn(&mut crate::Mlp)| {
        forged(|model| {
            let mut network = examples::mlp();
            change(&mut network);
            model.estimator = Estimator::Mlp(network);
        })
    };
    assert!(network(|_| ()).is_ok());
    assert!(network(|network| network.layers[0].inputs = usize::MAX).is_err());
    assert!(network(|network| network.layers[1].biases.push(1.0)).is_err());
    assert!(network(|network| network.layers.clear()).is_err());
    assert!(network(|network| network.link = Link::Softmax).is_err());
    let bayes = |change: fn(&mut crate::NaiveBayes)| {
        let mut model = bayes_example();
        let Estimator::Bayes(bayes) = &mut model.estimator else { unreachable!("naive Bayes") };
        change(bayes);
        Model::from_bytes(&model.to_bytes())
    };
    assert!(bayes(|_| ()).is_ok());
    assert!(bayes(|bayes| bayes.factors.truncate(1)).is_err());
    assert!(bayes(|bayes| bayes.log_priors.push(0.0)).is_err());
    let factor = crate::Factor::Categorical { n: u32::MAX, log_probabilities: vec![0.0; 4] };
    let mut model = bayes_example();
    model.estimator = Estimator::Bayes(crate::NaiveBayes {
        factors: vec![factor.clone(), factor],
        ..examples::bayes()
    });
    assert!(Model::from_bytes(&model.to_bytes()).is_err());
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Model::from_bytes(&bytes).is_err());
    }

    #[test]
    fn random_edits_with_a_plausible_header_never_panic(
        edits in proptest::collection::vec((8usize..4000, any::<u8>()), 1..20)
    ) {
        for model in [example(), anomaly_example()] {
            // A parcel, as the hash would find any edit before all other checks.
            let mut bytes = model.to_parcel();
            for &(place, byte) in &edits {
                let place = place % bytes.len();
                bytes[place] = byte;
            }
            if let Ok(model) = Model::from_parcel(&bytes) {
                let outputs = model.outputs(&[(&[1.0][..]).into(), (&[0.0][..]).into()], 1);
                prop_assert_eq!(outputs.len(), 1.max(model.schema.task.n_outputs()));
            }
        }
    }
}
