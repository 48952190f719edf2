//! ONNX files of every learner: what a checker would look for. What runtimes make of them is tested with
//! onnxruntime, in `tests/edge/onnx.test.ts`.

use std::collections::BTreeSet;

use hedgerow_export::{Description, ExportError, onnx};
use hedgerow_model::{Bins, Estimator, Kind, Model, Task};
use hedgerow_onnx::Message;
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::message::type_proto::Value;
use hedgerow_onnx::message::{GraphProto, ModelProto, ValueInfoProto};

use crate::models::{adjusted, models};

fn graph(model: &Model) -> GraphProto {
    let bytes = onnx(model, &Description::of(model, "test")).unwrap();
    ModelProto::decode(&bytes[..]).unwrap().graph.unwrap()
}

fn element(info: &ValueInfoProto) -> DataType {
    let Some(Value::TensorType(tensor)) = info.r#type.as_ref().and_then(|kind| kind.value.as_ref())
    else {
        panic!("{} is no tensor", info.name())
    };
    tensor.elem_type().try_into().unwrap()
}

#[test]
fn inputs_are_the_raw_columns_and_outputs_what_the_task_asks_for() {
    for (name, model) in models() {
        let graph = graph(&model);
        assert_eq!(graph.input.len(), model.schema.features.len(), "{name}");
        for (input, field) in graph.input.iter().zip(&model.schema.features) {
            let texts = matches!(field.kind, Kind::Category | Kind::Text);
            let expected = if texts { DataType::String } else { DataType::Double };
            assert_eq!((input.name(), element(input)), (field.name.as_str(), expected), "{name}");
        }
        let outputs: Vec<&str> = graph.output.iter().map(ValueInfoProto::name).collect();
        match model.schema.task {
            Task::Regression => {
                assert_eq!(outputs, ["variable"], "{name}");
            }
            Task::Classification { .. } => {
                assert_eq!(outputs, ["label", "probabilities"], "{name}");
            }
        }
    }
}

#[test]
fn every_value_is_made_once_and_before_it_is_used() {
    for (name, model) in models() {
        for model in [vec![model.clone()], adjusted(&model)].concat() {
            let graph = graph(&model);
            let mut known = BTreeSet::new();
            let given = graph.input.iter().map(|input| input.name().to_owned());
            let constants = graph.initializer.iter().map(|tensor| tensor.name().to_owned());
            assert!(given.chain(constants).all(|value| known.insert(value)), "{name}");
            for node in &graph.node {
                assert!(node.input.iter().all(|input| known.contains(input)), "{name}: {node:?}");
                assert!(node.output.iter().all(|output| known.insert(output.clone())), "{name}");
            }
        }
    }
}

#[test]
fn a_column_may_be_called_like_an_output_or_a_value_within() {
    let (_, mut model) = models().swap_remove(0);
    for (field, name) in model.schema.features.iter_mut().zip(["label", "hedgerow_1", "hedgerow_2"])
    {
        name.clone_into(&mut field.name);
    }
    let graph = graph(&model);
    let names = graph.input.iter().chain(&graph.output).map(ValueInfoProto::name);
    let all: BTreeSet<&str> = names.clone().collect();
    assert_eq!(all.len(), names.count());
    assert!(!graph.initializer.iter().any(|tensor| all.contains(tensor.name())));
}

#[test]
fn sets_of_what_is_no_category_are_refused() {
    let trees = |model: &Model| matches!(model.estimator, Estimator::Trees(_));
    let (_, mut model) = models().into_iter().find(|(_, model)| trees(model)).unwrap();
    let Estimator::Trees(form) = &mut model.estimator else { unreachable!() };
    form.bins.iter_mut().for_each(|bins| *bins = Bins::Categorical { n: 1 });
    assert!(matches!(
        onnx(&model, &Description::of(&model, "test")),
        Err(ExportError::NotInOnnx { .. })
    ));
}
