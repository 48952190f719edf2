//! Files that converters wrote predict what the libraries that trained them did (`tests/golden/onnx`).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use hedgerow_import::{ImportError, ImportOptions, onnx};
use hedgerow_model::Coded;
use hedgerow_onnx::Message;
use hedgerow_onnx::message::ModelProto;
use support::{FILES, expected, predict};

#[test]
fn models_of_other_libraries_predict_as_there() {
    for (name, bytes) in FILES {
        let model =
            onnx(bytes, &ImportOptions::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (columns, predictions) = expected(name);
        let found = predict(&model, &columns).unwrap();
        assert_eq!(found.values.len(), predictions.len(), "{name}");
        for (own, other) in found.values.iter().zip(&predictions) {
            assert!((own - other).abs() < 1e-6, "{name}: {own} is not {other}");
        }
    }
}

#[test]
fn an_imported_model_is_a_model_like_any_other() {
    for (name, bytes) in FILES {
        let model = onnx(bytes, &ImportOptions::default()).unwrap();
        let again = hedgerow_model::Model::from_bytes(&model.to_bytes()).unwrap();
        assert_eq!(again, model, "{name}");
        assert_eq!(model.provenance.learner.kind, "onnx");
    }
}

#[test]
fn options_name_what_a_file_does_not() {
    let (_, bytes) = FILES[0];
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let options = ImportOptions {
        target: Some("sold".to_owned()),
        features: names(&["kind", "price", "age"]),
        classes: names(&["no", "yes"]),
    };
    let model = onnx(bytes, &options).unwrap();
    let columns: Vec<&str> = model.schema.features.iter().map(|field| &field.name[..]).collect();
    assert_eq!(columns, ["kind", "price", "age"]);
    assert_eq!(model.schema.task.classes(), ["no", "yes"]);
    assert_eq!(model.schema.target.name, "sold");
    for (name, wrong) in [
        ("features", ImportOptions { features: names(&["kind"]), ..options.clone() }),
        ("classes", ImportOptions { classes: names(&["no", "yes", "perhaps"]), ..options }),
    ] {
        let error = onnx(bytes, &wrong).unwrap_err();
        assert_eq!(error.code(), "onnx_option");
        // Whoever calls spells options in another way.
        assert!(error.to_string().starts_with(&format!("{name} does not fit")), "{error}");
    }
}

/// A file with its nodes' operators renamed.
fn with_operator(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut file = ModelProto::decode(bytes).unwrap();
    let nodes = &mut file.graph.as_mut().unwrap().node;
    let own = nodes.iter_mut().filter(|node| node.op_type() == from);
    own.for_each(|node| node.op_type = Some(to.to_owned()));
    file.encode_to_vec()
}

#[test]
fn what_is_not_known_is_named() {
    let (_, bytes) = FILES.iter().find(|(name, _)| *name == "one-hot-linear").unwrap();
    for from in ["Scaler", "OneHotEncoder", "LinearClassifier", "Concat"] {
        let error = onnx(&with_operator(bytes, from, "Sorcery"), &ImportOptions::default());
        let Err(ImportError::UnsupportedOperator { operator, .. }) = error else {
            panic!("{from}: {error:?}")
        };
        assert_eq!(operator, "Sorcery", "{from}");
    }
    assert_eq!(onnx(b"no file", &ImportOptions::default()).unwrap_err().code(), "onnx_damaged");
    assert_eq!(onnx(b"", &ImportOptions::default()).unwrap_err().code(), "onnx_damaged");
}
