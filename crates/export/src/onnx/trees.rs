//! Trees: `TreeEnsemble` in doubles, thresholds the edges themselves, sets of categories as they are.

use hedgerow_model::{Bins, Combine, Encoding, LEAF, Link, MISSING_LEFT, Model, TreeEnsemble};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value, tensor};

use super::link;
use crate::ExportError;

/// `x <= threshold`, and `x` is in a set.
const LESS_OR_EQUAL: u8 = 0;
const MEMBER: u8 = 6;
/// Leaves are added up, and that is all.
const SUM: i64 = 1;
const NONE: i64 = 0;
/// The only member of an empty set.
const NO_CODE: f64 = -1.0;

pub fn write(
    graph: &mut Graph,
    features: &Value,
    form: &TreeEnsemble,
    model: &Model,
) -> Result<Value, ExportError> {
    check_codes(form, model)?;
    let features = &with_missing_codes(graph, features, form);
    let n_trees = form.roots.len() as f64;
    Ok(match &form.combine {
        Combine::Sum { base, link } => {
            let column = |tree| tree % base.len();
            let sums = ensemble(graph, features, form, base.len(), column, |row| form.values[row]);
            let base = graph.constant(&[1, base.len()], base);
            let scores = graph.call("Add", [&sums, &base]);
            link::write(graph, &scores, *link)
        }
        Combine::Anomaly { normalizer } => {
            let sums = ensemble(graph, features, form, 1, |_| 0, |row| form.values[row]);
            let scale = graph.scalar(-std::f64::consts::LN_2 / (n_trees * normalizer));
            let power = graph.call("Mul", [&sums, &scale]);
            let score = link::write(graph, &power, Link::Exp);
            link::both(graph, &score)
        }
        Combine::Mean => {
            let sums = match form.n_outputs {
                // Of two classes the second is enough.
                1 | 2 => {
                    let last = |row: usize| form.values[(row + 1) * form.n_outputs - 1];
                    ensemble(graph, features, form, 1, |_| 0, last)
                }
                _ => sums_of_rows(graph, features, form),
            };
            let count = graph.scalar(n_trees);
            let means = graph.call("Div", [&sums, &count]);
            if form.n_outputs == 2 { link::both(graph, &means) } else { means }
        }
    })
}

/// Sums of leaves that hold several numbers. A leaf of the operator has one: that is which row of a table
/// it stands for, a column a tree. Takes memory for rows × trees × numbers.
fn sums_of_rows(graph: &mut Graph, features: &Value, form: &TreeEnsemble) -> Value {
    let rows = ensemble(graph, features, form, form.roots.len(), |tree| tree, |row| row as f64);
    let rows = graph.cast(&rows, DataType::Int64);
    let n_rows = form.values.len() / form.n_outputs;
    let table = graph.constant(&[n_rows, form.n_outputs], &form.values);
    let leaves = graph.node("Gather", &[&table, &rows]).with("axis", 0).value();
    graph.sum(&leaves, 1, false)
}

/// A missing category as a code of its own, `n`. The operator has a flag a node for it, which onnxruntime
/// (1.32) loses where two sets of one feature follow each other.
fn with_missing_codes(graph: &mut Graph, features: &Value, form: &TreeEnsemble) -> Value {
    let code = |bins: &Bins| match bins {
        Bins::Numeric { .. } => f64::NAN,
        Bins::Categorical { n } => f64::from(*n),
    };
    let codes: Vec<f64> = form.bins.iter().map(code).collect();
    if codes.iter().all(|code| code.is_nan()) {
        return features.clone();
    }
    let codes = graph.constant(&[1, codes.len()], &codes);
    let missing = graph.call("IsNaN", [features]);
    graph.call("Where", [&missing, &codes, features])
}

/// Codes of categories must be those that sets are over: a file from a stranger may have others.
fn check_codes(form: &TreeEnsemble, model: &Model) -> Result<(), ExportError> {
    let encodings = model.preparation.columns.iter().flat_map(|prepared| {
        let n_features = prepared.encoding.features(prepared.column, "").len();
        std::iter::repeat_n(&prepared.encoding, n_features)
    });
    for (bins, encoding) in form.bins.iter().zip(encodings) {
        let fits = match (bins, encoding) {
            (Bins::Numeric { .. }, _) => true,
            (Bins::Categorical { n }, Encoding::Ordinal { categories }) => {
                categories.n_codes() <= *n
            }
            (Bins::Categorical { .. }, _) => false,
        };
        if !fits {
            return Err(ExportError::NotInOnnx {
                what: "a tree over sets of what is no category".to_owned(),
            });
        }
    }
    Ok(())
}

/// The operator's arrays.
#[derive(Default)]
struct Arrays {
    modes: Vec<u8>,
    features: Vec<i64>,
    splits: Vec<f64>,
    missing_left: Vec<i64>,
    /// Of the left and of the right child: its number among nodes or leaves, and whether it is a leaf.
    children: [Vec<i64>; 2],
    are_leaves: [Vec<i64>; 2],
    /// Sets, one behind the other, each with NaN at its end.
    members: Vec<f64>,
    roots: Vec<i64>,
    leaf_columns: Vec<i64>,
    leaves: Vec<f64>,
}

/// Sums of leaves, `columns` a row: a tree adds to `column` of its number what `leaf` says of its row.
fn ensemble(
    graph: &mut Graph,
    features: &Value,
    form: &TreeEnsemble,
    columns: usize,
    column: impl Fn(usize) -> usize,
    leaf: impl Fn(usize) -> f64,
) -> Value {
    let mut arrays = Arrays::default();
    let ends = form.roots.iter().skip(1).copied().chain([form.feature.len() as u32]);
    for (tree, (&root, end)) in form.roots.iter().zip(ends).enumerate() {
        arrays.roots.push(arrays.modes.len() as i64);
        arrays.add_tree(form, root as usize..end as usize, column(tree) as i64, &leaf);
    }
    arrays.write(graph, features, columns)
}

impl Arrays {
    fn add_tree(
        &mut self,
        form: &TreeEnsemble,
        nodes: std::ops::Range<usize>,
        column: i64,
        leaf: impl Fn(usize) -> f64,
    ) {
        // Numbers of the tree's nodes, among splits or among leaves.
        let (mut splits, mut leaves) = (self.modes.len() as i64, self.leaves.len() as i64);
        let numbers: Vec<(i64, bool)> = form.feature[nodes.clone()]
            .iter()
            .map(|&feature| {
                let count = if feature == LEAF { &mut leaves } else { &mut splits };
                *count += 1;
                (*count - 1, feature == LEAF)
            })
            .collect();
        for node in nodes.clone() {
            if form.feature[node] == LEAF {
                self.leaf_columns.push(column);
                self.leaves.push(leaf(form.child[node] as usize));
            } else {
                self.add_split(form, node);
                let right = form.child[node] as usize;
                self.add_children([node + 1, right].map(|child| numbers[child - nodes.start]));
            }
        }
        if let [(only, true)] = numbers[..] {
            // A root cannot be a leaf: one that asks something and goes to the same leaf anyway.
            self.add_node(LESS_OR_EQUAL, 0, 0.0, false);
            self.add_children([(only, true); 2]);
        }
    }

    fn add_split(&mut self, form: &TreeEnsemble, node: usize) {
        let (feature, split) = (form.feature[node], form.split[node]);
        match &form.bins[usize::from(feature)] {
            Bins::Numeric { edges } => {
                let threshold = match (split & !MISSING_LEFT) as usize {
                    0 => f64::NEG_INFINITY,
                    code => edges.get(code - 1).copied().unwrap_or(f64::INFINITY),
                };
                self.add_node(LESS_OR_EQUAL, feature, threshold, split & MISSING_LEFT != 0);
            }
            Bins::Categorical { n } => {
                let words = &form.category_sets[split as usize..];
                let has = |code: u32| words[code as usize / 32] >> (code % 32) & 1 == 1;
                let before = self.members.len();
                self.members.extend((0..*n).filter(|&code| has(code + 1)).map(f64::from));
                if has(0) || self.members.len() == before {
                    self.members.push(if has(0) { f64::from(*n) } else { NO_CODE });
                }
                self.members.push(f64::NAN);
                self.add_node(MEMBER, feature, 0.0, false);
            }
        }
    }

    fn add_node(&mut self, mode: u8, feature: u16, threshold: f64, missing_left: bool) {
        self.modes.push(mode);
        self.features.push(i64::from(feature));
        self.splits.push(threshold);
        self.missing_left.push(i64::from(missing_left));
    }

    fn add_children(&mut self, children: [(i64, bool); 2]) {
        for (side, (number, is_leaf)) in children.into_iter().enumerate() {
            self.children[side].push(number);
            self.are_leaves[side].push(i64::from(is_leaf));
        }
    }

    fn write(self, graph: &mut Graph, features: &Value, columns: usize) -> Value {
        let (nodes, leaves) = (self.modes.len(), self.leaves.len());
        let ([left, right], [left_is_leaf, right_is_leaf]) = (self.children, self.are_leaves);
        let mut node = graph
            .ml("TreeEnsemble", &[features])
            .with("tree_roots", self.roots)
            .with("nodes_modes", tensor(&[nodes], &self.modes))
            .with("nodes_featureids", self.features)
            .with("nodes_splits", tensor(&[nodes], &self.splits))
            .with("nodes_missing_value_tracks_true", self.missing_left)
            .with("nodes_truenodeids", left)
            .with("nodes_trueleafs", left_is_leaf)
            .with("nodes_falsenodeids", right)
            .with("nodes_falseleafs", right_is_leaf)
            .with("leaf_targetids", self.leaf_columns)
            .with("leaf_weights", tensor(&[leaves], &self.leaves))
            .with("n_targets", columns as i64)
            .with("aggregate_function", SUM)
            .with("post_transform", NONE);
        if !self.members.is_empty() {
            let members = tensor(&[self.members.len()], &self.members);
            node = node.with("membership_values", members);
        }
        node.value()
    }
}
