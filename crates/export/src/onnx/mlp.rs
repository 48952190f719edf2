//! Neural networks: `Gemm` in `float`, as they were trained. Sums are formed in another order than the
//! library's, so that outputs differ in the last places of a `float`.

use hedgerow_model::{Activation, Mlp};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value};
use hedgerow_score::mlp::LARGEST;

use super::link;

/// Features as networks and neighbours read them.
pub fn inputs(graph: &mut Graph, features: &Value) -> Value {
    let (least, most) = (graph.scalar(-LARGEST), graph.scalar(LARGEST));
    let clipped = graph.call("Clip", [features, &least, &most]);
    graph.cast(&clipped, DataType::Float)
}

pub fn write(graph: &mut Graph, features: &Value, form: &Mlp) -> Value {
    let mut values = inputs(graph, features);
    for (index, layer) in form.layers.iter().enumerate() {
        let weights = graph.constant(&[layer.units(), layer.inputs], &layer.weights);
        let biases = graph.constant(&[layer.units()], &layer.biases);
        values = graph.node("Gemm", &[&values, &weights, &biases]).with("transB", 1).value();
        if index + 1 < form.layers.len() {
            let operator = match form.activation {
                Activation::Relu => "Relu",
                Activation::Tanh => "Tanh",
            };
            values = graph.call(operator, [&values]);
        }
    }
    let mut scores = graph.cast(&values, DataType::Double);
    if let Some(scale) = form.target {
        let (mean, std) = (graph.scalar(scale.mean), graph.scalar(scale.std));
        scores = graph.call("Mul", [&scores, &std]);
        scores = graph.call("Add", [&scores, &mean]);
    }
    link::write(graph, &scores, form.link)
}
