//! A tree over ranks becomes one over values, with class shares in its leaves.

use hedgerow_model::{Bins, Combine, LEAF, MISSING_LEFT, TreeEnsemble};
use linfa_trees::TreeNode;
use ndarray::Array2;

use super::class::Class;
use crate::binning::edge;

/// What was learned from.
pub(super) struct Rows {
    pub x: Array2<f64>,
    /// Values of each feature, ascending, each once.
    pub known: Vec<Vec<f64>>,
    pub classes: Vec<u32>,
    pub n_classes: usize,
    pub weights: Option<Vec<f64>>,
}

impl Rows {
    /// How many values of the feature are below that of the row.
    pub fn rank(&self, row: usize, feature: usize) -> usize {
        let value = self.x[(row, feature)];
        self.known[feature].partition_point(|&known| known < value)
    }

    /// The weighted shares of the classes.
    fn shares(&self, rows: &[u32]) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_classes];
        for &row in rows {
            let weight = self.weights.as_ref().map_or(1.0, |weights| weights[row as usize]);
            sums[self.classes[row as usize] as usize] += weight;
        }
        let total: f64 = sums.iter().sum();
        sums.into_iter().map(|sum| sum / total).collect()
    }
}

/// The fitted form of linfa's tree.
pub(super) fn convert(root: &TreeNode<f64, Class>, rows: &Rows) -> TreeEnsemble {
    let mut ranks = vec![Vec::new(); rows.known.len()];
    collect_splits(root, &mut ranks);
    for ranks in &mut ranks {
        ranks.sort_unstable();
        ranks.dedup();
    }
    let bins = ranks.iter().zip(&rows.known).map(|(ranks, known)| bins(ranks, known)).collect();
    let trees = TreeEnsemble {
        bins,
        roots: vec![0],
        feature: Vec::new(),
        split: Vec::new(),
        child: Vec::new(),
        category_sets: Vec::new(),
        n_outputs: rows.n_classes,
        values: Vec::new(),
        rows: Vec::new(),
        combine: Combine::Mean,
    };
    let mut conversion = Conversion { rows, ranks, trees };
    conversion.push(root, (0..rows.classes.len() as u32).collect());
    conversion.trees
}

/// Feature and the rank that still goes left, and both sides; nothing of a leaf.
type Split<'a> = (usize, u32, &'a TreeNode<f64, Class>, &'a TreeNode<f64, Class>);

fn split(node: &TreeNode<f64, Class>) -> Option<Split<'_>> {
    let [Some(left), Some(right)] = node.children()[..] else { return None };
    // Half-way between two ranks.
    let (feature, threshold, _) = node.split();
    (!node.is_leaf()).then_some((feature, threshold as u32, left, right))
}

fn collect_splits(node: &TreeNode<f64, Class>, ranks: &mut [Vec<u32>]) {
    if let Some((feature, rank, left, right)) = split(node) {
        ranks[feature].push(rank);
        collect_splits(left, ranks);
        collect_splits(right, ranks);
    }
}

/// An edge half-way between the values of each rank and the next.
fn bins(ranks: &[u32], known: &[f64]) -> Bins {
    let between = |&rank: &u32| edge(known[rank as usize], known[rank as usize + 1]);
    Bins::Numeric { edges: ranks.iter().filter_map(between).collect() }
}

struct Conversion<'a> {
    rows: &'a Rows,
    /// One an edge.
    ranks: Vec<Vec<u32>>,
    trees: TreeEnsemble,
}

impl Conversion<'_> {
    /// Adds a node, which `rows` reach, and all below it: at most 64 calls deep.
    fn push(&mut self, node: &TreeNode<f64, Class>, rows: Vec<u32>) {
        let index = self.trees.feature.len();
        self.trees.rows.push(rows.len() as u32);
        let Some((feature, rank, left, right)) = split(node) else {
            let leaf = self.trees.values.len() / self.rows.n_classes;
            self.push_arrays(LEAF, 0, leaf as u32);
            return self.trees.values.extend(self.rows.shares(&rows));
        };
        let goes_left = |&row: &u32| self.rows.rank(row as usize, feature) as u32 <= rank;
        let (lefts, rights): (Vec<u32>, Vec<u32>) = rows.into_iter().partition(goes_left);
        // A category never seen has no rank: it goes where most rows went.
        let missing = if lefts.len() >= rights.len() { MISSING_LEFT } else { 0 };
        let code = self.ranks[feature].partition_point(|&other| other < rank) as u32 + 1;
        self.push_arrays(feature as u16, code | missing, 0);
        self.push(left, lefts);
        self.trees.child[index] = self.trees.feature.len() as u32;
        self.push(right, rights);
    }

    fn push_arrays(&mut self, feature: u16, split: u32, child: u32) {
        self.trees.feature.push(feature);
        self.trees.split.push(split);
        self.trees.child.push(child);
    }
}
