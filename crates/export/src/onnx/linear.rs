//! Linear models: a product and a sum.

use hedgerow_model::Linear;
use hedgerow_onnx::{Graph, Value};

use super::link;

pub fn write(graph: &mut Graph, features: &Value, form: &Linear) -> Value {
    let (n_scores, n_features) = (form.intercepts.len(), form.n_features());
    let by_feature: Vec<f64> = (0..n_features)
        .flat_map(|feature| form.coefficients.iter().skip(feature).step_by(n_features).copied())
        .collect();
    let coefficients = graph.constant(&[n_features, n_scores], &by_feature);
    let intercepts = graph.constant(&[1, n_scores], &form.intercepts);
    let products = graph.call("MatMul", [features, &coefficients]);
    let scores = graph.call("Add", [&products, &intercepts]);
    link::write(graph, &scores, form.link)
}
