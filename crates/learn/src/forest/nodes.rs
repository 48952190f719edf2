//! What grows of a tree: its nodes, and the leaf of every out-of-bag row.

use hedgerow_model::{Bins, LEAF, MISSING_LEFT};

use super::grown::Tree;
use super::leaves::Leaves;
use super::split::Rule;

/// The nodes so far, parents before children and left ones before right ones.
pub(super) struct Nodes {
    pub tree: Tree,
    pub leaves: Leaves,
    /// Out-of-bag rows and their leaves.
    pub reached: Vec<(u32, u32)>,
    /// The numbers of the outputs of leaves of class 0 and of class 1 alone, once there are any.
    pure: [Option<u32>; 2],
}

impl Nodes {
    pub fn new(features: usize, n_outputs: usize, others: usize) -> Self {
        Self {
            tree: Tree { importances: vec![0.0; features], ..Tree::default() },
            leaves: Leaves::new(n_outputs),
            reached: Vec::with_capacity(others),
            pure: [None; 2],
        }
    }

    /// The number of the next node.
    pub fn next(&self) -> usize {
        self.tree.feature.len()
    }

    /// The next node is the right child of `parent`.
    pub fn is_right_of(&mut self, parent: usize) {
        self.tree.child[parent] = self.next() as u32;
    }

    pub fn push_leaf(&mut self, outputs: u32) {
        self.tree.feature.push(LEAF);
        self.tree.split.push(0);
        self.tree.child.push(outputs);
    }

    /// The number of the outputs of a leaf of one of two classes alone.
    pub fn pure(&mut self, class: bool) -> u32 {
        let leaves = &mut self.leaves;
        *self.pure[usize::from(class)].get_or_insert_with(|| {
            let share = f64::from(u8::from(class));
            leaves.number(&[1.0 - share, share])
        })
    }

    /// Adds a split that lowers the weighted impurity by `decrease`; the number of its node.
    pub fn push_split(&mut self, feature: u16, rule: &Rule, bins: &Bins, decrease: f64) -> usize {
        let node = self.next();
        let split = match rule {
            Rule::Threshold { threshold, missing_left } => {
                u32::from(*threshold) | if *missing_left { MISSING_LEFT } else { 0 }
            }
            Rule::Set(words) => self.push_set(words, bins),
        };
        self.tree.feature.push(feature);
        self.tree.split.push(split);
        self.tree.child.push(0);
        self.tree.importances[usize::from(feature)] += decrease;
        node
    }

    /// Adds a set of categories; where it begins.
    fn push_set(&mut self, words: &[u32], bins: &Bins) -> u32 {
        let sets = &mut self.tree.category_sets;
        let first = sets.len() as u32;
        sets.extend(&words[..bins.set_words()]);
        let beyond = bins.n_codes() % 32;
        if let Some(last) = sets.last_mut().filter(|_| beyond > 0) {
            *last &= (1 << beyond) - 1;
        }
        first
    }
}
