//! Grown trees as the flat arrays of the fitted form.

use hedgerow_model::{Bins, Combine, LEAF, MISSING_LEFT, TreeEnsemble};

use super::grow::{Grower, Grown};
use crate::forest::{Binned, Rule};

/// The trees so far.
#[derive(Debug, Default)]
pub(super) struct Trees {
    roots: Vec<u32>,
    feature: Vec<u16>,
    split: Vec<u32>,
    child: Vec<u32>,
    /// What splits gain, one a node.
    gains: Vec<f64>,
    sets: Vec<u32>,
    values: Vec<f64>,
    /// Lengths of `feature`, `sets` and `values` after each tree.
    ends: Vec<[usize; 3]>,
}

impl Trees {
    /// Appends a tree whose leaves hold `values`; a quantum of gain is worth
    /// `gain`, in units that all trees share.
    #[inline(never)]
    pub fn push(&mut self, grower: &Grower, bins: &[Bins], values: &[f64], gain: f64) {
        self.roots.push(self.feature.len() as u32);
        // Right children wait with their parent's place, which points to them.
        let mut stack = vec![(0usize, None)];
        while let Some((node, parent)) = stack.pop() {
            let place = self.feature.len();
            if let Some(parent) = parent {
                self.child[parent] = place as u32;
            }
            match &grower.nodes[node] {
                Grown::Leaf(leaf) => {
                    self.push_node(LEAF, 0, self.values.len() as u32, 0.0);
                    self.values.push(values[*leaf]);
                }
                Grown::Split { feature, rule, gain: quanta, children: [left, right] } => {
                    let split = self.code(rule, &bins[usize::from(*feature)]);
                    self.push_node(*feature, split, 0, quanta * gain);
                    stack.push((*right, Some(place)));
                    stack.push((*left, None));
                }
            }
        }
        self.ends.push([self.feature.len(), self.sets.len(), self.values.len()]);
    }

    fn push_node(&mut self, feature: u16, split: u32, child: u32, gain: f64) {
        self.feature.push(feature);
        self.split.push(split);
        self.child.push(child);
        self.gains.push(gain);
    }

    /// What a node has in `split`.
    fn code(&mut self, rule: &Rule, bins: &Bins) -> u32 {
        match rule {
            Rule::Threshold { threshold, missing_left } => {
                u32::from(*threshold) | if *missing_left { MISSING_LEFT } else { 0 }
            }
            Rule::Set(words) => {
                let first = self.sets.len() as u32;
                self.sets.extend_from_slice(&words[..bins.set_words()]);
                first
            }
        }
    }

    /// Nodes so far.
    pub fn nodes(&self) -> usize {
        self.feature.len().max(self.sets.len())
    }

    /// Keeps the first `count` trees only.
    pub fn truncate(&mut self, count: usize) {
        let Some(&[nodes, words, values]) = self.ends.get(count.wrapping_sub(1)) else { return };
        self.roots.truncate(count);
        self.ends.truncate(count);
        self.feature.truncate(nodes);
        self.split.truncate(nodes);
        self.child.truncate(nodes);
        self.gains.truncate(nodes);
        self.sets.truncate(words);
        self.values.truncate(values);
    }

    /// The part of all gain that is each feature's.
    pub fn importances(&self, features: usize) -> Vec<f64> {
        let mut sums = vec![0.0; features];
        for (&feature, gain) in self.feature.iter().zip(&self.gains) {
            if feature != LEAF {
                sums[usize::from(feature)] += gain;
            }
        }
        let total: f64 = sums.iter().sum();
        if total > 0.0 {
            sums.iter_mut().for_each(|sum| *sum /= total);
        }
        sums
    }

    pub fn into_ensemble(self, binned: &Binned, combine: Combine) -> TreeEnsemble {
        TreeEnsemble {
            bins: binned.bins().to_vec(),
            roots: self.roots,
            feature: self.feature,
            split: self.split,
            child: self.child,
            category_sets: self.sets,
            n_outputs: 1,
            values: self.values,
            rows: Vec::new(),
            combine,
        }
    }
}

/// The leaf of a row of the data in the tree just grown.
pub(super) fn leaf_of(grower: &Grower, binned: &Binned, row: usize) -> usize {
    let mut node = 0;
    loop {
        match &grower.nodes[node] {
            Grown::Leaf(leaf) => return *leaf,
            Grown::Split { feature, rule, children, .. } => {
                let code = binned.codes(usize::from(*feature))[row];
                node = children[usize::from(!rule.goes_left(code))];
            }
        }
    }
}
