//! Which class is predicted.

use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value};

/// The output `label`: whole numbers where all classes are spelled as such, texts otherwise.
pub fn write(graph: &mut Graph, shares: &Value, classes: &[String], threshold: Option<f64>) {
    let place = match (threshold, classes.len()) {
        (Some(threshold), 2) => {
            let second = graph.column(shares, 1);
            let threshold = graph.scalar(threshold);
            let reached = graph.call("GreaterOrEqual", [&second, &threshold]);
            let place = graph.cast(&reached, DataType::Int64);
            let axes = graph.constant(&[1], &[1i64]);
            graph.call("Squeeze", [&place, &axes])
        }
        _ => graph.node("ArgMax", &[shares]).with("axis", 1).with("keepdims", 0).value(),
    };
    let n = classes.len();
    let (classes, element) = match numbers(classes) {
        Some(numbers) => (graph.constant(&[n], &numbers), DataType::Int64),
        None => (graph.constant(&[n], classes), DataType::String),
    };
    let label = graph.call("Gather", [&classes, &place]);
    graph.output(&label, "label", element, &[None]);
}

fn numbers(classes: &[String]) -> Option<Vec<i64>> {
    let number = |class: &String| class.parse().ok().filter(|n: &i64| n.to_string() == *class);
    classes.iter().map(number).collect()
}
