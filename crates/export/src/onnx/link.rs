//! From scores to outputs.

use hedgerow_model::Link;
use hedgerow_onnx::{Graph, Value};

/// The outputs of a matrix of scores.
pub fn write(graph: &mut Graph, scores: &Value, link: Link) -> Value {
    match link {
        Link::Identity => scores.clone(),
        Link::Exp => graph.call("Exp", [scores]),
        Link::Logistic => {
            let opposite = graph.call("Neg", [scores]);
            let both = graph.concat(&[opposite, scores.clone()]);
            logistic(graph, &both)
        }
        Link::Softmax => graph.node("Softmax", &[scores]).with("axis", 1).value(),
    }
}

/// `1 / (1 + e^-score)`, as it stands: runtimes know quicker forms of it that are less exact.
pub fn logistic(graph: &mut Graph, score: &Value) -> Value {
    let one = graph.scalar(1.0);
    let opposite = graph.call("Neg", [score]);
    let power = graph.call("Exp", [&opposite]);
    let sum = graph.call("Add", [&one, &power]);
    graph.call("Div", [&one, &sum])
}

/// A share of the second of two classes, and what it leaves to the first.
pub fn both(graph: &mut Graph, second: &Value) -> Value {
    let one = graph.scalar(1.0);
    let first = graph.call("Sub", [&one, second]);
    graph.concat(&[first, second.clone()])
}
