//! Corrections of probabilities.

use hedgerow_model::{Calibration, Isotonic, Sigmoid};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value};
use hedgerow_score::LEAST_PROBABILITY as CLIP;

use super::link;

pub fn write(graph: &mut Graph, shares: &Value, form: &Calibration, n_classes: usize) -> Value {
    if n_classes == 2 {
        let second = graph.column(shares, 1);
        let corrected = curves(graph, &second, form);
        return link::both(graph, &corrected);
    }
    let corrected = curves(graph, shares, form);
    let sum = graph.sum(&corrected, 1, true);
    let zero = graph.scalar(0.0);
    let some = graph.call("Greater", [&sum, &zero]);
    let divided = graph.call("Div", [&corrected, &sum]);
    let equal = graph.constant(&[1, n_classes], &vec![1.0 / n_classes as f64; n_classes]);
    graph.call("Where", [&some, &divided, &equal])
}

/// A curve a column.
fn curves(graph: &mut Graph, shares: &Value, form: &Calibration) -> Value {
    match form {
        Calibration::Sigmoid { curves } => sigmoid(graph, shares, curves),
        Calibration::Isotonic { curves } => {
            let corrected: Vec<Value> = curves
                .iter()
                .enumerate()
                .map(|(index, curve)| {
                    let share = graph.column(shares, index);
                    isotonic(graph, &share, curve)
                })
                .collect();
            graph.concat(&corrected)
        }
    }
}

fn sigmoid(graph: &mut Graph, shares: &Value, curves: &[Sigmoid]) -> Value {
    let row = [1, curves.len()];
    let slopes: Vec<f64> = curves.iter().map(|curve| curve.slope).collect();
    let intercepts: Vec<f64> = curves.iter().map(|curve| curve.intercept).collect();
    let (slopes, intercepts) = (graph.constant(&row, &slopes), graph.constant(&row, &intercepts));
    let (least, most, one) = (graph.scalar(CLIP), graph.scalar(1.0 - CLIP), graph.scalar(1.0));
    let shares = graph.call("Clip", [shares, &least, &most]);
    let others = graph.call("Sub", [&one, &shares]);
    let odds = graph.call("Div", [&shares, &others]);
    let log_odds = graph.call("Log", [&odds]);
    let scaled = graph.call("Mul", [&log_odds, &slopes]);
    let scores = graph.call("Add", [&scaled, &intercepts]);
    link::logistic(graph, &scores)
}

/// The points before and behind a share, and the line between them.
fn isotonic(graph: &mut Graph, share: &Value, curve: &Isotonic) -> Value {
    let n = curve.from.len();
    let from = graph.constant(&[n], &curve.from);
    let to = graph.constant(&[n], &curve.to);
    let passed = graph.call("LessOrEqual", [&from, share]);
    let passed = graph.cast(&passed, DataType::Int64);
    let behind = graph.sum(&passed, 1, true);
    let (zero, one, last) = (graph.scalar(0i64), graph.scalar(1i64), graph.scalar(n as i64 - 1));
    let before = graph.call("Sub", [&behind, &one]);
    let before = graph.call("Max", [&before, &zero]);
    let behind = graph.call("Min", [&behind, &last]);
    let mut at = |values: &Value, place: &Value| graph.call("Gather", [values, place]);
    let (start, end) = (at(&from, &before), at(&from, &behind));
    let (low, high) = (at(&to, &before), at(&to, &behind));
    let width = graph.call("Sub", [&end, &start]);
    let way = graph.call("Sub", [share, &start]);
    let part = graph.call("Div", [&way, &width]);
    let rise = graph.call("Sub", [&high, &low]);
    let risen = graph.call("Mul", [&part, &rise]);
    let line = graph.call("Add", [&low, &risen]);
    let line = graph.call("Max", [&line, &low]);
    let line = graph.call("Min", [&line, &high]);
    // Beyond the ends both points are the same one.
    let beyond = graph.call("Equal", [&start, &end]);
    graph.call("Where", [&beyond, &low, &line])
}
