//! Files that a stranger made: a model or an error, never a panic, and soon.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use hedgerow_import::{ImportOptions, onnx};
use hedgerow_model::Coded;
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::message::tensor_shape_proto::dimension;
use hedgerow_onnx::message::{AttributeProto, ModelProto, NodeProto, ValueInfoProto, type_proto};
use hedgerow_onnx::{Message, tensor};
use proptest::prelude::*;
use support::graph::{file, floats, input, ints, node, text, texts};
use support::{FILES, predict};

/// Whatever it is, it ends; a model that comes out predicts.
fn survives(bytes: &[u8]) {
    let Ok(model) = onnx(bytes, &ImportOptions::default()) else { return };
    let column = serde_json::json!([null, 0.5, -1e300, 3, "clerk", "", "zebra"]);
    let columns = vec![column; model.schema.features.len()];
    let Ok(prediction) = predict(&model, &columns) else { return };
    assert_eq!(prediction.rows(), 7);
}

fn attributes(file: &mut ModelProto) -> Vec<&mut AttributeProto> {
    let nodes = file.graph.iter_mut().flat_map(|graph| &mut graph.node);
    nodes.flat_map(|node| &mut node.attribute).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes(
        file in 0..FILES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        end in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = FILES[file].1.to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(end) = end {
            bytes.truncate(end.index(bytes.len()));
        }
        survives(&bytes);
    }

    /// What a random byte rarely meets: numbers of nodes, columns, classes and categories.
    #[test]
    fn changed_attributes(
        file in 0..FILES.len(),
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        number in prop_oneof![-3i64..12, any::<i64>(), Just(i64::MAX), Just(1 << 31)],
        float in any::<f32>(),
        cut in any::<bool>(),
    ) {
        let mut file = ModelProto::decode(FILES[file].1).unwrap();
        let mut all = attributes(&mut file);
        let which = which.index(all.len());
        let attribute = &mut *all[which];
        if attribute.i.is_some() {
            attribute.i = Some(number);
        }
        if !attribute.ints.is_empty() {
            let place = place.index(attribute.ints.len());
            attribute.ints[place] = number;
            if cut { attribute.ints.truncate(place) }
        }
        if !attribute.floats.is_empty() {
            let place = place.index(attribute.floats.len());
            attribute.floats[place] = float;
            if cut { attribute.floats.truncate(place) }
        }
        if !attribute.strings.is_empty() {
            let place = place.index(attribute.strings.len());
            attribute.strings[place] = if cut { vec![0xff] } else { b"BRANCH_NEQ".to_vec() };
        }
        survives(&file.encode_to_vec());
    }
}

/// Few bytes that ask for much: a column for each of many categories, in each of many nodes.
#[test]
fn what_would_take_too_much_memory_is_refused() {
    let (_, bytes) = FILES.iter().find(|(name, _)| *name == "one-hot-linear").unwrap();
    let mut file = ModelProto::decode(*bytes).unwrap();
    for attribute in attributes(&mut file) {
        if attribute.name() == "cats_strings" {
            attribute.strings = (0..20_000).map(|n: u32| n.to_string().into_bytes()).collect();
        }
    }
    let error = onnx(&file.encode_to_vec(), &ImportOptions::default()).unwrap_err();
    assert_eq!(error.code(), "onnx_too_large");
    let mut shape = tensor(&[1], &[0i64]);
    shape.dims = vec![i64::MAX, i64::MAX];
    file.graph.as_mut().unwrap().initializer.push(shape);
    survives(&file.encode_to_vec());
}

/// Few bytes that stand for many columns, handed on by many nodes.
#[test]
fn columns_are_counted_however_often_they_are_handed_on() {
    let (_, bytes) = FILES.iter().find(|(name, _)| *name == "linear").unwrap();
    let mut file = ModelProto::decode(*bytes).unwrap();
    let graph = file.graph.as_mut().unwrap();
    widen(&mut graph.input[0], 100_000);
    let identity = |n: u32| NodeProto {
        input: vec![graph.input[0].name().to_owned()],
        output: vec![format!("copy {n}")],
        op_type: Some("Identity".to_owned()),
        ..NodeProto::default()
    };
    graph.node = (0..10_000).map(identity).collect();
    let error = onnx(&file.encode_to_vec(), &ImportOptions::default()).unwrap_err();
    assert_eq!(error.code(), "onnx_too_large");
}

fn is_too_large(bytes: &[u8]) {
    let error = onnx(bytes, &ImportOptions::default()).unwrap_err();
    assert_eq!(error.code(), "onnx_too_large");
}

#[test]
fn an_inputs_name_is_counted_for_every_column() {
    let wide = input(&"x".repeat(10_000), DataType::Float, 10_000);
    is_too_large(&file(&[wide], &[], &["y"]));
}

/// Every column's preparation has the categories' texts again.
#[test]
fn long_texts_are_counted_for_every_column() {
    let long: Vec<String> = ["a", "b"].map(|text| text.repeat(250_000)).to_vec();
    let wide = [input("x", DataType::String, 1_000)];
    let keys = [texts("keys_strings", &long), floats("values_floats", &[1.0, 2.0])];
    is_too_large(&file(&wide, &[node("LabelEncoder", &["x"], &["y"], &keys)], &["y"]));
    let categories = [texts("cats_strings", &long)];
    is_too_large(&file(&wide, &[node("OneHotEncoder", &["x"], &["y"], &categories)], &["y"]));
}

/// Behind an encoder, a scaler makes a number for every category of every column.
#[test]
fn what_scalers_make_of_categories_is_counted() {
    let categories: Vec<i64> = (0..1_000).collect();
    let encoder = node("OneHotEncoder", &["x"], &["0"], &[ints("cats_int64s", &categories)]);
    let scaler = |n: u32| {
        let scale = floats("scale", &[2.0]);
        node("Scaler", &[&n.to_string()], &[&(n + 1).to_string()], &[scale])
    };
    let nodes: Vec<NodeProto> = std::iter::once(encoder).chain((0..40).map(scaler)).collect();
    is_too_large(&file(&[input("x", DataType::Int64, 1)], &nodes, &["40"]));
}

/// One leaf that adds to each of many scores: going through all of its weights for each of them would take
/// minutes.
#[test]
fn many_scores_of_a_leaf_are_soon_read() {
    let n = 1_000_000;
    let (zeros, all) = (vec![0; n], (0..n as i64).collect::<Vec<i64>>());
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
        ints("class_ids", &all),
        floats("class_weights", &vec![1.0; n]),
        ints("classlabels_int64s", &all),
        text("post_transform", "SOFTMAX"),
    ];
    let trees = node("TreeEnsembleClassifier", &["x"], &["label", "y"], &attributes);
    let bytes = file(&[input("x", DataType::Float, 1)], &[trees], &["y"]);
    assert!(onnx(&bytes, &ImportOptions::default()).is_ok());
}

fn widen(input: &mut ValueInfoProto, columns: i64) {
    let kind = input.r#type.as_mut().and_then(|kind| kind.value.as_mut());
    let Some(type_proto::Value::TensorType(tensor)) = kind else { panic!("no tensor") };
    let shape = tensor.shape.as_mut().unwrap();
    shape.dim[1].value = Some(dimension::Value::DimValue(columns));
}
