//! The operators' arrays as nodes that point at each other.

use std::collections::BTreeMap;

use crate::ImportError;
use crate::graph::Step;

/// What a split asks, told so that the answer yes goes left.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    AtMost(f64),
    Below(f64),
    /// Ascending.
    Among(Vec<f64>),
}

/// A node.
#[derive(Debug, Clone)]
pub enum Node {
    /// What it adds to which scores: ascending, none twice.
    Leaf(Vec<(usize, f64)>),
    Split(Split),
}

#[derive(Debug, Clone)]
pub struct Split {
    pub feature: usize,
    pub question: Question,
    pub missing_left: bool,
    /// Indices of nodes.
    pub left: usize,
    pub right: usize,
}

impl Split {
    /// Where a number goes.
    pub fn goes_left(&self, value: f64) -> bool {
        match &self.question {
            _ if value.is_nan() => self.missing_left,
            Question::AtMost(threshold) => value <= *threshold,
            Question::Below(threshold) => value < *threshold,
            Question::Among(values) => {
                // So that there is one zero only.
                values.binary_search_by(|other| other.total_cmp(&(value + 0.0))).is_ok()
            }
        }
    }

    fn join(&mut self, next: Self) {
        if let (Question::Among(all), Question::Among(more)) = (&mut self.question, next.question) {
            all.extend(more);
        }
        self.missing_left |= next.missing_left;
        self.right = next.right;
    }
}

/// All trees.
pub struct Forest {
    pub nodes: Vec<Node>,
    /// The first node of each tree.
    pub roots: Vec<usize>,
}

impl Forest {
    /// Reads the nodes, and the weights whose attributes begin with `prefix`.
    pub fn read(step: &Step, prefix: &str) -> Result<Self, ImportError> {
        let attributes = step.attributes;
        let (trees, ids) = (attributes.ints("nodes_treeids"), attributes.ints("nodes_nodeids"));
        let mut places = BTreeMap::new();
        let mut roots: Vec<usize> = Vec::new();
        for (place, (&tree, &id)) in trees.iter().zip(ids).enumerate() {
            if place == 0 || trees[place - 1] != tree {
                roots.push(place);
            }
            if places.insert((tree, id), place).is_some() {
                return Err(step.damaged("a node is there twice"));
            }
        }
        let mut forest = Self { nodes: splits(step, trees, &places)?, roots };
        forest.add_weights(step, prefix, &places)?;
        forest.join_sets(step)?;
        Ok(forest)
    }

    /// Makes one split of those that ask for one category after the other and share what stands behind
    /// yes, as LightGBM's converter writes sets. Behind that every node has one parent, whatever a stranger
    /// wrote.
    fn join_sets(&mut self, step: &Step) -> Result<(), ImportError> {
        let mut seen = vec![false; self.nodes.len()];
        let mut visit = |node: usize| match std::mem::replace(&mut seen[node], true) {
            true => Err(step.damaged("two nodes have the same child")),
            false => Ok(()),
        };
        let mut waiting = self.roots.clone();
        while let Some(node) = waiting.pop() {
            visit(node)?;
            while let Some(next) = self.next_of_set(node) {
                visit(next)?;
                let next = std::mem::replace(&mut self.nodes[next], Node::Leaf(Vec::new()));
                if let (Node::Split(split), Node::Split(next)) = (&mut self.nodes[node], next) {
                    split.join(next);
                }
            }
            if let Node::Split(split) = &mut self.nodes[node] {
                if let Question::Among(values) = &mut split.question {
                    values.sort_unstable_by(f64::total_cmp);
                }
                waiting.extend([split.right, split.left]);
            }
        }
        Ok(())
    }

    /// The split behind no, where it asks for more of the same set.
    fn next_of_set(&self, node: usize) -> Option<usize> {
        let Node::Split(split) = &self.nodes[node] else { return None };
        let Node::Split(next) = &self.nodes[split.right] else { return None };
        let sets = [&split.question, &next.question]
            .iter()
            .all(|question| matches!(question, Question::Among(_)));
        let same = next.feature == split.feature && next.left == split.left;
        (sets && same).then_some(split.right)
    }

    fn add_weights(
        &mut self,
        step: &Step,
        prefix: &str,
        places: &BTreeMap<(i64, i64), usize>,
    ) -> Result<(), ImportError> {
        let ints = |name: &str| step.attributes.ints(&format!("{prefix}_{name}"));
        let (trees, nodes, scores) = (ints("treeids"), ints("nodeids"), ints("ids"));
        let weights = step.attributes.numbers(&format!("{prefix}_weights")).unwrap_or_default();
        let n = weights.len();
        if trees.len() != n || nodes.len() != n || scores.len() != n {
            return Err(step.damaged("its leaves' arrays differ in length"));
        }
        for (place, weight) in weights.into_iter().enumerate() {
            let leaf = places.get(&(trees[place], nodes[place]));
            let score = usize::try_from(scores[place]);
            match (leaf.map(|&leaf| &mut self.nodes[leaf]), score) {
                (Some(Node::Leaf(own)), Ok(score)) if weight.is_finite() => {
                    own.push((score, weight));
                }
                _ => return Err(step.damaged("a weight is of no leaf, or none")),
            }
        }
        for node in &mut self.nodes {
            if let Node::Leaf(own) = node {
                sum_by_score(own);
            }
        }
        Ok(())
    }

    fn weights_mut(&mut self) -> impl Iterator<Item = &mut (usize, f64)> {
        let leaves = self.nodes.iter_mut().filter_map(|node| match node {
            Node::Leaf(own) => Some(own),
            Node::Split(_) => None,
        });
        leaves.flatten()
    }

    fn weights(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let leaves = self.nodes.iter().filter_map(|node| match node {
            Node::Leaf(own) => Some(own),
            Node::Split(_) => None,
        });
        leaves.flatten().copied()
    }

    /// Multiplies what leaves hold.
    pub fn scale(&mut self, factor: f64) {
        self.weights_mut().for_each(|(_, weight)| *weight *= factor);
    }

    /// Whether all leaves add to the same score.
    pub fn tell_of_one_class(&self) -> bool {
        let mut scores = self.weights().map(|(score, _)| score);
        let first = scores.next();
        scores.all(|score| Some(score) == first)
    }

    /// Gives all leaves' scores the same number.
    pub fn call_the_class(&mut self, number: usize) {
        self.weights_mut().for_each(|(score, _)| *score = number);
    }

    /// Whether nothing that leaves hold is negative.
    pub fn are_shares(&self) -> bool {
        self.weights().all(|(_, weight)| weight >= 0.0)
    }
}

/// One weight a score, in order: looking for each of many scores does not go through all of the others'.
fn sum_by_score(weights: &mut Vec<(usize, f64)>) {
    weights.sort_by_key(|(score, _)| *score);
    weights.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
}

fn splits(
    step: &Step,
    trees: &[i64],
    places: &BTreeMap<(i64, i64), usize>,
) -> Result<Vec<Node>, ImportError> {
    let attributes = step.attributes;
    let modes = attributes.texts("nodes_modes").unwrap_or_default();
    let values = attributes.numbers("nodes_values").unwrap_or_default();
    let features = attributes.ints("nodes_featureids");
    let (yes, no) = (attributes.ints("nodes_truenodeids"), attributes.ints("nodes_falsenodeids"));
    let missing = attributes.ints("nodes_missing_value_tracks_true");
    let n = places.len();
    let lengths = [trees.len(), modes.len(), values.len(), features.len(), yes.len(), no.len()];
    if n == 0 || lengths.iter().any(|&length| length != n) {
        return Err(step.damaged("its nodes' arrays are empty, or differ in length"));
    }
    let node = |at: usize| {
        if modes[at] == "LEAF" {
            return Ok(Node::Leaf(Vec::new()));
        }
        let child = |ids: &[i64]| places.get(&(trees[at], ids[at])).copied();
        let feature = usize::try_from(features[at]).ok();
        let (Some(yes), Some(no), Some(feature)) = (child(yes), child(no), feature) else {
            return Err(step.damaged("a node points out of its tree"));
        };
        let missing_yes = missing.get(at).is_some_and(|&flag| flag != 0);
        let value = values[at];
        if value.is_nan() {
            return Err(step.damaged("a threshold is no number"));
        }
        let straight = |question| (question, missing_yes, yes, no);
        // What is missing answers no, so that it goes where the opposite would.
        let opposite = |question| (question, !missing_yes, no, yes);
        let (question, missing_left, left, right) = match modes[at] {
            "BRANCH_LEQ" => straight(Question::AtMost(value)),
            "BRANCH_LT" => straight(Question::Below(value)),
            "BRANCH_EQ" => straight(Question::Among(vec![value + 0.0])),
            "BRANCH_GT" => opposite(Question::AtMost(value)),
            "BRANCH_GTE" => opposite(Question::Below(value)),
            // But that a missing value differs from all others is true.
            "BRANCH_NEQ" => (Question::Among(vec![value + 0.0]), false, no, yes),
            _ => return Err(step.refuse("one of its nodes asks what is not known")),
        };
        Ok(Node::Split(Split { feature, question, missing_left, left, right }))
    };
    (0..n).map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_has_one_weight_a_score() {
        let mut weights = vec![(2, 0.5), (0, 1.0), (2, 0.25), (0, -1.0), (1, 3.0)];
        sum_by_score(&mut weights);
        assert_eq!(weights, [(0, 0.0), (1, 3.0), (2, 0.75)]);
    }
}
