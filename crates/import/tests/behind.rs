//! What stands behind an estimator, or in it, and would change what it predicts, is calculated or refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use hedgerow_import::{ImportError, ImportOptions, onnx};
use hedgerow_model::{Coded, Model};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::message::{AttributeProto, NodeProto};
use hedgerow_onnx::tensor;
use support::graph::{file, floats, input, int, ints, node, text, texts};
use support::predict;

fn import(nodes: &[NodeProto], outputs: &[&str]) -> Result<Model, ImportError> {
    let bytes = file(&[input("x", DataType::Float, 1)], nodes, outputs);
    onnx(&bytes, &ImportOptions::default())
}

/// What a model predicts for 0 and for 1.
fn predictions(model: &Model) -> Vec<f64> {
    predict(model, &[serde_json::json!([0, 1])]).unwrap().values
}

/// `y` is twice `x`.
fn line() -> NodeProto {
    node("LinearRegressor", &["x"], &["y"], &[floats("coefficients", &[2.0])])
}

/// A constant, and an operator that calculates with it.
fn with(operator: &str, from: &str, number: f64, to: &str) -> [NodeProto; 2] {
    let constant = AttributeProto {
        name: Some("value".to_owned()),
        t: Some(tensor(&[], &[number])),
        ..AttributeProto::default()
    };
    let name = format!("constant of {to}");
    [node("Constant", &[], &[&name], &[constant]), node(operator, &[from, &name], &[to], &[])]
}

#[test]
fn predictions_that_another_node_changed_are_not_read() {
    let nodes = |from| {
        let (first, second) = (with("Add", "y", 1.0, "a"), with("Mul", from, 2.0, "b"));
        [&[line()][..], &first, &second].concat()
    };
    assert_eq!(predictions(&import(&nodes("a"), &["b"]).unwrap()), [2.0, 6.0]);
    let error = import(&nodes("y"), &["b"]).unwrap_err();
    assert_eq!(error.code(), "onnx_unsupported_operator", "{error}");
}

#[test]
fn only_the_last_predictions_are_put_out() {
    let exp = [line(), node("Exp", &["y"], &["e"], &[])];
    assert_eq!(predictions(&import(&exp, &["e"]).unwrap())[0], 1.0);
    for outputs in [&["y"][..], &["y", "e"], &["e", "y"]] {
        let error = import(&exp, outputs).unwrap_err();
        assert_eq!(error.code(), "onnx_unsupported_model", "{outputs:?}: {error}");
    }
}

#[test]
fn predictions_become_no_whole_numbers() {
    let cast = |to: DataType| {
        let to = int("to", i64::from(i32::from(to)));
        import(&[line(), node("Cast", &["y"], &["c"], &[to])], &["c"])
    };
    for to in [DataType::Float, DataType::Double] {
        assert_eq!(predictions(&cast(to).unwrap()), [0.0, 2.0]);
    }
    for to in [DataType::Int64, DataType::Bool, DataType::String, DataType::Float16] {
        assert_eq!(cast(to).unwrap_err().code(), "onnx_unsupported_operator", "{to:?}");
    }
}

/// A tree that is a leaf with these weights.
fn leaf(classes: &[i64], weights: &[f32], n_classes: i64) -> NodeProto {
    let zeros = vec![0; weights.len()];
    let attributes = [
        ints("nodes_treeids", &[0]),
        ints("nodes_nodeids", &[0]),
        ints("nodes_featureids", &[0]),
        ints("nodes_truenodeids", &[0]),
        ints("nodes_falsenodeids", &[0]),
        floats("nodes_values", &[0.0]),
        texts("nodes_modes", &["LEAF".to_owned()]),
        ints("class_treeids", &zeros),
        ints("class_nodeids", &zeros),
        ints("class_ids", classes),
        floats("class_weights", weights),
        ints("classlabels_int64s", &(0..n_classes).collect::<Vec<i64>>()),
    ];
    node("TreeEnsembleClassifier", &["x"], &["label", "y"], &attributes)
}

#[test]
fn leaves_hold_probabilities_or_are_refused() {
    let normalizer = node("Normalizer", &["y"], &["n"], &[text("norm", "L1")]);
    let read = |classes: &[i64], weights: &[f32], n_classes| {
        import(&[leaf(classes, weights, n_classes), normalizer.clone()], &["n"])
    };
    assert_eq!(predictions(&read(&[0, 1], &[0.25, 0.75], 2).unwrap())[..2], [0.25, 0.75]);
    assert_eq!(predictions(&read(&[1], &[0.75], 2).unwrap())[..2], [0.25, 0.75]);
    // Of a class that is told of twice, both count.
    let twice = read(&[2, 0, 2], &[0.25, 0.5, 0.25], 3).unwrap();
    assert_eq!(predictions(&twice)[..3], [0.5, 0.0, 0.5]);
    for (classes, weights, n_classes) in
        [(&[0, 1, 2][..], &[1.0, 1.0, 2.0][..], 3), (&[0, 1], &[0.0, 0.5], 2), (&[1], &[1.5], 2)]
    {
        let error = read(classes, weights, n_classes).unwrap_err();
        assert_eq!(error.code(), "onnx_unsupported_operator", "{weights:?}: {error}");
    }
}

#[test]
fn operators_of_others_are_named_with_their_domain() {
    for domain in ["ai.onnx.ml", "ai.onnx", ""] {
        let node = NodeProto { domain: Some(domain.to_owned()), ..line() };
        assert!(import(&[node], &["y"]).is_ok(), "{domain}");
    }
    let node = NodeProto { domain: Some("com.example".to_owned()), ..line() };
    let Err(ImportError::UnsupportedOperator { operator, .. }) = import(&[node], &["y"]) else {
        panic!("it was read")
    };
    assert_eq!(operator, "com.example.LinearRegressor");
}

#[test]
fn intercepts_that_are_left_out_are_zero() {
    let read = |coefficients: &[f32], n_classes: i64, transform| {
        let attributes = [
            floats("coefficients", coefficients),
            ints("classlabels_ints", &(0..n_classes).collect::<Vec<i64>>()),
            text("post_transform", transform),
        ];
        import(&[node("LinearClassifier", &["x"], &["label", "y"], &attributes)], &["y"])
    };
    let three = predictions(&read(&[1.0, 2.0, 3.0], 3, "SOFTMAX").unwrap());
    assert!(three[..3].iter().all(|share| (share - 1.0 / 3.0).abs() < 1e-12), "{three:?}");
    let two = predictions(&read(&[-1.0, 1.0], 2, "LOGISTIC").unwrap());
    assert_eq!(two[..2], [0.5, 0.5]);
}
