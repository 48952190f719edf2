//! Cost-complexity pruning (Breiman et al. 1984, chapter 3): what a subtree gains, by leaf.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use hedgerow_model::{Bins, LEAF};

use super::grown::{Kept, Tree};
use super::leaves::Leaves;

/// The subtrees that pruning goes through, from the whole tree to its root alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PruningPath {
    /// The largest `ccp_alpha` that leaves the tree as it is before the next step; ascending.
    pub alphas: Vec<f64>,
    /// The impurity of all leaves then, weighted by their share of the rows.
    pub impurities: Vec<f64>,
}

/// A node that may be cut next: the smaller `alpha`, the sooner; of equals the first node.
#[derive(PartialEq)]
struct Link {
    alpha: f64,
    node: usize,
}

impl Eq for Link {}

impl PartialOrd for Link {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Link {
    fn cmp(&self, other: &Self) -> Ordering {
        self.alpha.total_cmp(&other.alpha).then(self.node.cmp(&other.node))
    }
}

/// A tree being pruned.
pub(super) struct Pruning {
    /// The node after each node's subtree.
    ends: Vec<usize>,
    parents: Vec<Option<usize>>,
    /// Impurity as a leaf, weighted by the share of the rows.
    risks: Vec<f64>,
    /// Sum of the risks of the leaves below.
    below: Vec<f64>,
    leaves: Vec<u32>,
    /// Below a node that was made a leaf.
    gone: Vec<bool>,
    weakest: BinaryHeap<Reverse<Link>>,
}

impl Pruning {
    /// For a tree whose rows weigh `weight`.
    pub fn new(tree: &Tree, kept: &Kept, weight: f64) -> Self {
        let n = tree.feature.len();
        let risks: Vec<f64> = kept.risks.iter().map(|risk| risk / weight).collect();
        let mut this = Self {
            ends: (1..=n).collect(),
            parents: vec![None; n],
            below: risks.clone(),
            risks,
            leaves: vec![1; n],
            gone: vec![false; n],
            weakest: BinaryHeap::new(),
        };
        // Children stand behind their parents.
        for node in (0..n).rev().filter(|&node| tree.feature[node] != LEAF) {
            let (left, right) = (node + 1, tree.child[node] as usize);
            this.parents[left] = Some(node);
            this.parents[right] = Some(node);
            this.ends[node] = this.ends[right];
            this.below[node] = this.below[left] + this.below[right];
            this.leaves[node] = this.leaves[left] + this.leaves[right];
        }
        this
    }

    /// Offers all nodes, before the first is cut.
    #[inline(never)]
    pub fn begin(&mut self) {
        let inner = (0..self.leaves.len()).filter(|&node| self.leaves[node] > 1);
        let links = inner.map(|node| Reverse(Link { alpha: self.alpha(node), node }));
        self.weakest = links.collect();
    }

    fn alpha(&self, node: usize) -> f64 {
        (self.risks[node] - self.below[node]) / f64::from(self.leaves[node] - 1)
    }

    fn offer(&mut self, node: usize) {
        self.weakest.push(Reverse(Link { alpha: self.alpha(node), node }));
    }

    /// The weakest link: the node whose subtree is worth least a leaf.
    fn next(&mut self) -> Option<Link> {
        while let Some(Reverse(link)) = self.weakest.pop() {
            let node = link.node;
            let stands = !self.gone[node] && self.leaves[node] > 1;
            if stands && self.alpha(node).to_bits() == link.alpha.to_bits() {
                return Some(link);
            }
        }
        None
    }

    /// Makes a leaf of a node; the number of nodes that were looked at for it.
    fn cut(&mut self, node: usize) -> usize {
        let mut looked_at = 0;
        self.gone[node + 1..self.ends[node]].fill(true);
        let leaves = self.leaves[node] - 1;
        let gained = self.risks[node] - self.below[node];
        let mut at = Some(node);
        while let Some(node) = at {
            self.leaves[node] -= leaves;
            self.below[node] += gained;
            if self.leaves[node] > 1 {
                self.offer(node);
            }
            at = self.parents[node];
            looked_at += 1;
        }
        looked_at
    }

    /// Cuts what is worth at most `ccp_alpha` a leaf, until about `budget` nodes were looked at;
    /// whether all is cut.
    #[inline(never)]
    pub fn prune(&mut self, ccp_alpha: f64, budget: usize) -> bool {
        let mut looked_at = 0;
        while looked_at < budget {
            let Some(link) = self.next().filter(|link| link.alpha <= ccp_alpha) else {
                return true;
            };
            looked_at += self.cut(link.node);
        }
        false
    }

    /// All the way to the root.
    pub fn path(mut self) -> PruningPath {
        self.begin();
        let mut path = PruningPath { alphas: vec![0.0], impurities: vec![self.below[0]] };
        while let Some(link) = self.next() {
            self.cut(link.node);
            path.alphas.push(link.alpha);
            path.impurities.push(self.below[0]);
        }
        path
    }

    /// The tree that is left, and the rows in each of its nodes.
    pub fn finish(
        self,
        tree: &Tree,
        kept: &Kept,
        bins: &[Bins],
        n_outputs: usize,
    ) -> (Tree, Vec<u32>) {
        let mut out = Tree { importances: vec![0.0; bins.len()], ..Tree::default() };
        let (mut rows, mut leaves) = (Vec::new(), Leaves::new(n_outputs));
        let mut places = vec![0u32; tree.feature.len()];
        for node in (0..tree.feature.len()).filter(|&node| !self.gone[node]) {
            places[node] = out.feature.len() as u32;
            rows.push(kept.rows[node]);
            if self.leaves[node] == 1 {
                let first = kept.values[node] as usize * n_outputs;
                out.feature.push(LEAF);
                out.split.push(0);
                out.child.push(leaves.number(&tree.values[first..first + n_outputs]));
                continue;
            }
            let (feature, right) = (usize::from(tree.feature[node]), tree.child[node] as usize);
            out.feature.push(tree.feature[node]);
            out.split.push(match &bins[feature] {
                Bins::Numeric { .. } => tree.split[node],
                set @ Bins::Categorical { .. } => {
                    let first = tree.split[node] as usize;
                    out.category_sets.extend(&tree.category_sets[first..first + set.set_words()]);
                    (out.category_sets.len() - set.set_words()) as u32
                }
            });
            out.child.push(right as u32);
            let gain = kept.risks[node] - kept.risks[node + 1] - kept.risks[right];
            out.importances[feature] += gain.max(0.0);
        }
        for (child, _) in out.child.iter_mut().zip(&out.feature).filter(|(_, f)| **f != LEAF) {
            *child = places[*child as usize];
        }
        out.values = leaves.into_values();
        (out, rows)
    }
}
