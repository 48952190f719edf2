//! A tree as people read it: questions in the columns' own names, and what its leaves say.

use std::fmt::Write;

use serde::Serialize;

use crate::trees::MISSING_LEFT;
use crate::{
    Bins, Categories, Combine, Encoding, Estimator, LEAF, Model, ModelError, Preparation, Scale,
    Schema, TreeEnsemble,
};

/// So many categories of a question are named.
const NAMED: usize = 10;

/// One tree of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct TreePicture {
    /// What the numbers of a leaf are: the classes, or the target; one score of boosting, or the
    /// length of the path of an isolation forest.
    pub outputs: Vec<String>,
    /// The root is the first; a node stands before all below it.
    pub nodes: Vec<TreeNode>,
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TreeNode {
    /// What leads here from the node above, as in `age <= 30 or missing`; empty at the root.
    pub label: String,
    /// Splits above it.
    pub depth: u32,
    /// Training rows in it, where the model knows.
    pub rows: Option<u32>,
    /// Those as a part of all.
    pub share: Option<f64>,
    /// The outputs of a leaf; none of other nodes.
    pub values: Vec<f64>,
    /// Places in `nodes` of the two below; none of leaves, and at the greatest depth asked for.
    pub children: Vec<u32>,
}

/// A feature as it is called.
struct Named<'a> {
    name: String,
    categories: Option<&'a Categories>,
    scale: Option<Scale>,
}

impl Model {
    /// Tree `index`, from 0, down to `max_depth` splits.
    ///
    /// # Errors
    /// [`ModelError::NoTree`] where there is no such tree.
    pub fn tree(&self, index: usize, max_depth: u32) -> Result<TreePicture, ModelError> {
        let trees = match &self.estimator {
            Estimator::Trees(trees) => Some(trees),
            _ => None,
        };
        let n = trees.map_or(0, |trees| trees.roots.len());
        let Some((trees, &root)) = trees.and_then(|trees| Some((trees, trees.roots.get(index)?)))
        else {
            return Err(ModelError::NoTree { index, trees: n });
        };
        let root = root as usize;
        let named = names(&self.preparation, &self.schema);
        let outputs = match (&trees.combine, self.schema.task.classes()) {
            (Combine::Mean, []) => vec![self.schema.target.name.clone()],
            (Combine::Mean, classes) => classes.to_vec(),
            (Combine::Sum { .. }, _) => vec!["score".to_owned()],
            (Combine::Anomaly { .. }, _) => vec!["path length".to_owned()],
        };
        let mut nodes: Vec<TreeNode> = Vec::new();
        let mut open = vec![(root, 0, String::new(), None)];
        while let Some((node, depth, label, parent)) = open.pop() {
            let place = nodes.len() as u32;
            if let Some(parent) = parent {
                let parent: &mut TreeNode = &mut nodes[parent as usize];
                parent.children.push(place);
            }
            nodes.push(trees.describe(node, root, depth, label));
            if trees.feature[node] != LEAF && depth < max_depth {
                let [left, right] = trees.question(node, &named);
                let at = Some(place);
                open.push((trees.child[node] as usize, depth + 1, right, at));
                open.push((node + 1, depth + 1, left, at));
            }
        }
        Ok(TreePicture { outputs, nodes })
    }
}

impl TreePicture {
    /// As text, a line a node, as scikit-learn's `export_text` has it.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for node in &self.nodes {
            let indent = |depth: u32| "|   ".repeat(depth as usize);
            // Writing to a String cannot fail.
            if node.depth > 0 {
                let _ = writeln!(text, "{}|--- {}", indent(node.depth - 1), node.label);
            }
            if node.children.is_empty() {
                let _ = writeln!(text, "{}|--- {}", indent(node.depth), self.answer(node));
            }
        }
        text
    }

    fn answer(&self, node: &TreeNode) -> String {
        let rows = node.rows.map(|rows| format!(" ({rows} rows)")).unwrap_or_default();
        match (node.values.as_slice(), self.outputs.as_slice()) {
            ([], _) => format!("...{rows}"),
            ([value], [name, ..]) => format!("{name}: {value}{rows}"),
            (values, names) => {
                let best =
                    (0..values.len()).fold(0, |a, b| if values[b] > values[a] { b } else { a });
                let share = |(name, value): (&String, &f64)| format!("{name} {value:.3}");
                let shown = names.iter().zip(values).filter(|(_, value)| **value > 0.0).map(share);
                let name = names.get(best).map_or("", String::as_str);
                format!("{name}: {}{rows}", shown.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn names<'a>(preparation: &'a Preparation, schema: &Schema) -> Vec<Named<'a>> {
    let mut encodings = preparation.columns.iter().flat_map(|prepared| {
        let n = prepared.encoding.features(prepared.column, "").len();
        (0..n).map(move |part| (&prepared.encoding, part))
    });
    let named = |feature: crate::Feature| {
        let (categories, scale) = match encodings.next() {
            Some((Encoding::Ordinal { categories }, _)) => (Some(categories), None),
            Some((Encoding::Number { scale, .. }, _)) => (None, *scale),
            Some((Encoding::Date { scale, .. }, part)) => {
                (None, scale.get(part).copied().flatten())
            }
            _ => (None, None),
        };
        Named { name: feature.name, categories, scale }
    };
    preparation.features(schema).into_iter().map(named).collect()
}

impl TreeEnsemble {
    fn describe(&self, node: usize, root: usize, depth: u32, label: String) -> TreeNode {
        let rows = self.rows.get(node).copied();
        let all = self.rows.get(root).copied().filter(|&all| all > 0);
        let share = rows.zip(all).map(|(rows, all)| f64::from(rows) / f64::from(all));
        let values = match self.feature[node] {
            LEAF => self.leaf_values(self.child[node]).to_vec(),
            _ => Vec::new(),
        };
        TreeNode { label, depth, rows, share, values, children: Vec::new() }
    }

    /// What leads to the left and to the right of a split.
    fn question(&self, node: usize, named: &[Named]) -> [String; 2] {
        let feature = usize::from(self.feature[node]);
        let (name, categories, scale) = match named.get(feature) {
            Some(named) => (named.name.as_str(), named.categories, named.scale),
            None => ("", None, None),
        };
        match &self.bins[feature] {
            Bins::Numeric { edges } => {
                let missing_left = self.split[node] & MISSING_LEFT != 0;
                let threshold = (self.split[node] & !MISSING_LEFT) as usize;
                let edge = threshold.checked_sub(1).and_then(|index| edges.get(index));
                let raw = |edge: f64| scale.map_or(edge, |scale| edge * scale.std + scale.mean);
                let [or_left, or_right] =
                    if missing_left { [" or missing", ""] } else { ["", " or missing"] };
                match edge {
                    Some(&edge) => [
                        format!("{name} <= {}{or_left}", raw(edge)),
                        format!("{name} > {}{or_right}", raw(edge)),
                    ],
                    None if threshold == 0 => {
                        [format!("{name} is missing"), format!("{name} is known{or_right}")]
                    }
                    None => [format!("{name} is known{or_left}"), format!("{name} is missing")],
                }
            }
            Bins::Categorical { n } => {
                let side = |left: bool| {
                    let on = |code: &u32| {
                        self.goes_left(self.feature[node], self.split[node], *code as u16) == left
                    };
                    let codes: Vec<u32> = (0..=*n).filter(on).collect();
                    format!("{name} in {{{}}}", category_names(&codes, categories))
                };
                [side(true), side(false)]
            }
        }
    }
}

fn category_names(codes: &[u32], categories: Option<&Categories>) -> String {
    let name = |&code: &u32| match (code, categories) {
        (0, _) => "(missing)".to_owned(),
        (code, Some(categories)) => match categories.known.get(code as usize - 1) {
            Some(known) => known.clone(),
            None if categories.missing == Some(code - 1) => "(missing)".to_owned(),
            None => "(other)".to_owned(),
        },
        (code, None) => (code - 1).to_string(),
    };
    let shown: Vec<String> = codes.iter().take(NAMED).map(name).collect();
    let more = codes.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, Kind, LearnerRecord, Prepared, Provenance, Task, TrainingData, trees};

    fn model() -> Model {
        let known = ["clerk", "miner", "nurse"].map(str::to_owned).to_vec();
        let categories = Categories { known, other: None, missing: None };
        let trees = TreeEnsemble { rows: vec![10, 4, 6, 1, 5], ..trees::tests::example() };
        Model {
            schema: Schema {
                features: vec![Field::new("age", Kind::Number), Field::new("job", Kind::Category)],
                target: Field::new("pay", Kind::Number),
                task: Task::Regression,
            },
            preparation: Preparation {
                columns: vec![
                    Prepared {
                        column: 0,
                        encoding: Encoding::Number { impute: None, scale: None },
                    },
                    Prepared { column: 1, encoding: Encoding::Ordinal { categories } },
                ],
            },
            estimator: Estimator::Trees(trees),
            calibration: None,
            threshold: None,
            training_profile: None,
            provenance: Provenance {
                library_version: String::new(),
                learner: LearnerRecord { kind: String::new(), params: Default::default() },
                seed: 0,
                training_data: TrainingData { rows: 10, sha256: String::new() },
                metrics: Default::default(),
                history: Default::default(),
                feature_importances: vec![0.5, 0.5],
                baseline: vec![20.0],
            },
        }
    }

    #[test]
    fn a_tree_is_told_in_the_columns_names_and_categories() {
        let expected = "\
|--- age <= 1.5 or missing
|   |--- pay: 10 (4 rows)
|--- age > 1.5
|   |--- job in {miner}
|   |   |--- pay: 20 (1 rows)
|   |--- job in {(missing), clerk, nurse}
|   |   |--- pay: 30 (5 rows)
";
        assert_eq!(model().tree(0, 9).unwrap().to_text(), expected);
    }

    #[test]
    fn nodes_below_the_greatest_depth_are_left_out() {
        let picture = model().tree(0, 1).unwrap();
        assert_eq!(picture.nodes.len(), 3);
        assert_eq!(picture.nodes[0].children, [1, 2]);
        assert_eq!(picture.nodes[2].share, Some(0.6));
        assert!(picture.to_text().ends_with("|   |--- ... (6 rows)\n"));
    }

    #[test]
    fn a_tree_that_does_not_exist_is_an_error() {
        let error = model().tree(1, 9).unwrap_err();
        assert_eq!(error, ModelError::NoTree { index: 1, trees: 1 });
    }
}
