//! Naive Bayes: logarithms of likelihoods, added up.

use hedgerow_model::{Factor, Link, NaiveBayes};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value};
use hedgerow_score::LEAST_LOG as LEAST;

use super::link;

pub fn write(graph: &mut Graph, features: &Value, form: &NaiveBayes) -> Value {
    let n_classes = form.n_classes();
    let mut scores = graph.constant(&[1, n_classes], &form.log_priors);
    for (index, factor) in form.factors.iter().enumerate() {
        let values = graph.column(features, index);
        let logs = match factor {
            Factor::Gaussian { means, variances } => gaussian(graph, &values, means, variances),
            Factor::Categorical { n, log_probabilities } => {
                categorical(graph, &values, *n as usize, log_probabilities)
            }
        };
        scores = graph.call("Add", [&scores, &logs]);
    }
    link::write(graph, &scores, Link::Softmax)
}

fn gaussian(graph: &mut Graph, values: &Value, means: &[f64], variances: &[f64]) -> Value {
    let normal = |variance: &f64| -0.5 * libm::log(std::f64::consts::TAU * variance);
    let row = [1, means.len()];
    let halves: Vec<f64> = variances.iter().map(|variance| 0.5 / variance).collect();
    let normals: Vec<f64> = variances.iter().map(normal).collect();
    let means = graph.constant(&row, means);
    let halves = graph.constant(&row, &halves);
    let normals = graph.constant(&row, &normals);
    let away = graph.call("Sub", [values, &means]);
    let squares = graph.call("Mul", [&away, &away]);
    let products = graph.call("Mul", [&squares, &halves]);
    let logs = graph.call("Sub", [&normals, &products]);
    let least = graph.scalar(LEAST);
    let logs = graph.call("Max", [&logs, &least]);
    let (missing, zero) = (graph.call("IsNaN", [values]), graph.scalar(0.0));
    graph.call("Where", [&missing, &zero, &logs])
}

/// A row of the table a category, and one of zeros for what was never seen.
fn categorical(graph: &mut Graph, values: &Value, n: usize, logs: &[f64]) -> Value {
    let n_classes = logs.len() / n;
    let mut table: Vec<f64> =
        (0..n).flat_map(|code| logs.iter().skip(code).step_by(n).copied()).collect();
    table.extend(vec![0.0; n_classes]);
    let table = graph.constant(&[n + 1, n_classes], &table);
    let (zero, end) = (graph.scalar(0.0), graph.scalar(n as f64));
    let at_least = graph.call("GreaterOrEqual", [values, &zero]);
    let below = graph.call("Less", [values, &end]);
    let known = graph.call("And", [&at_least, &below]);
    let codes = graph.call("Where", [&known, values, &end]);
    let codes = graph.cast(&codes, DataType::Int64);
    let axes = graph.constant(&[1], &[1i64]);
    let codes = graph.call("Squeeze", [&codes, &axes]);
    graph.node("Gather", &[&table, &codes]).with("axis", 0).value()
}
