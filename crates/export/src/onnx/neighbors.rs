//! Nearest neighbours: the distance to every row learned from, and the nearest of them.
//!
//! Distances are summed in `float`, feature by feature, as the library does, so that they are the same to
//! the bit, and with them which rows are nearest; of rows equally far `TopK` takes the first, too.

use hedgerow_model::{Answers, Metric, Neighbors, Votes};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value};

use super::mlp;

pub fn write(graph: &mut Graph, features: &Value, form: &Neighbors) -> Value {
    let queries = mlp::inputs(graph, features);
    let distances = distances(graph, &queries, form);
    let k = graph.constant(&[1], &[form.n_neighbors as i64]);
    let nearest = graph.node("TopK", &[&distances, &k]).with("axis", 1).with("largest", 0);
    let [distances, rows] = nearest.values();
    let votes = votes(graph, &distances, &rows, form);
    let answers = answers(graph, form);
    let answers = graph.node("Gather", &[&answers, &rows]).with("axis", 0).value();
    let last = graph.constant(&[1], &[2i64]);
    let weights = graph.call("Unsqueeze", [&votes, &last]);
    let weighted = graph.call("Mul", [&answers, &weights]);
    let sums = graph.sum(&weighted, 1, false);
    let total = graph.sum(&votes, 1, true);
    graph.call("Div", [&sums, &total])
}

/// Row by row, to each of the rows learned from.
fn distances(graph: &mut Graph, queries: &Value, form: &Neighbors) -> Value {
    let (n_features, n_rows) = (form.n_features(), form.answers.len());
    let points = form.points();
    let mut by_feature = vec![0.0f32; points.len()];
    for (point, &row) in points.chunks_exact(n_features).zip(form.order()) {
        let column = by_feature.iter_mut().skip(row as usize).step_by(n_rows);
        column.zip(point).for_each(|(cell, &value)| *cell = value);
    }
    let points = graph.constant(&[n_features, n_rows], &by_feature);
    let columns = graph.node("Transpose", &[queries]).with("perm", vec![1, 0]).value();
    let shape = graph.node("Shape", &[queries]).with("end", 1).value();
    let width = graph.constant(&[1], &[n_rows as i64]);
    let shape = graph.node("Concat", &[&shape, &width]).with("axis", 0).value();
    let zeros = graph.call("ConstantOfShape", [&shape]);
    graph
        .node("Scan", &[&zeros, &columns, &points])
        .with("num_scan_inputs", 2)
        .with("body", step(form.metric, n_rows))
        .value()
}

/// The distances with one more feature.
fn step(metric: Metric, n_rows: usize) -> hedgerow_onnx::message::GraphProto {
    let mut body = Graph::new("distance", "distance_");
    let sums = body.input("sums", DataType::Float, &[None, Some(n_rows)]);
    let queries = body.input("queries", DataType::Float, &[None]);
    let points = body.input("points", DataType::Float, &[Some(n_rows)]);
    let last = body.constant(&[1], &[1i64]);
    let queries = body.call("Unsqueeze", [&queries, &last]);
    let away = body.call("Sub", [&queries, &points]);
    let part = match metric {
        Metric::Euclidean => body.call("Mul", [&away, &away]),
        Metric::Manhattan => body.call("Abs", [&away]),
    };
    let sums = body.call("Add", [&sums, &part]);
    body.output(&sums, "more", DataType::Float, &[None, Some(n_rows)]);
    body.into_body()
}

/// How much each of the nearest counts.
fn votes(graph: &mut Graph, distances: &Value, rows: &Value, form: &Neighbors) -> Value {
    let distances = graph.cast(distances, DataType::Double);
    let votes = match form.votes {
        Votes::Uniform => {
            let (zero, one) = (graph.scalar(0.0), graph.scalar(1.0));
            let nothing = graph.call("Mul", [&distances, &zero]);
            graph.call("Add", [&nothing, &one])
        }
        Votes::Distance => by_distance(graph, &distances, form.metric),
    };
    if form.weights.is_empty() {
        return votes;
    }
    let weights = graph.constant(&[form.weights.len()], &form.weights);
    let weights = graph.node("Gather", &[&weights, rows]).with("axis", 0).value();
    graph.call("Mul", [&votes, &weights])
}

/// The inverse of distances; where some are 0, 1 for those and 0 for others.
fn by_distance(graph: &mut Graph, distances: &Value, metric: Metric) -> Value {
    let (zero, one) = (graph.scalar(0.0), graph.scalar(1.0));
    let touches = graph.call("Equal", [distances, &zero]);
    let nearest = graph.column(&touches, 0);
    let touching = graph.cast(&touches, DataType::Double);
    let lengths = match metric {
        Metric::Euclidean => graph.call("Sqrt", [distances]),
        Metric::Manhattan => distances.clone(),
    };
    let inverse = graph.call("Div", [&one, &lengths]);
    graph.call("Where", [&nearest, &touching, &inverse])
}

/// What each row learned from says: a 1 in the column of its class, or its number.
fn answers(graph: &mut Graph, form: &Neighbors) -> Value {
    match &form.answers {
        Answers::Values(values) => graph.constant(&[values.len(), 1], values),
        Answers::Classes { codes, n } => {
            let mut shares = vec![0.0; codes.len() * n];
            for (row, &code) in shares.chunks_exact_mut(*n).zip(codes) {
                row[usize::from(code)] = 1.0;
            }
            graph.constant(&[codes.len(), *n], &shares)
        }
    }
}
