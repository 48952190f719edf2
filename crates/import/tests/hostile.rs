//! Files that a stranger made: a model or an error, never a panic, and soon.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use hedgerow_import::{ImportOptions, onnx};
use hedgerow_model::Coded;
use hedgerow_onnx::message::tensor_shape_proto::dimension;
use hedgerow_onnx::message::{AttributeProto, ModelProto, NodeProto, ValueInfoProto, type_proto};
use hedgerow_onnx::{Message, tensor};
use proptest::prelude::*;
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

fn widen(input: &mut ValueInfoProto, columns: i64) {
    let kind = input.r#type.as_mut().and_then(|kind| kind.value.as_mut());
    let Some(type_proto::Value::TensorType(tensor)) = kind else { panic!("no tensor") };
    let shape = tensor.shape.as_mut().unwrap();
    shape.dim[1].value = Some(dimension::Value::DimValue(columns));
}
