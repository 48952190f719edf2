//! Trees in preorder, as a `TreeEnsemble` has them.

use std::collections::BTreeMap;

use hedgerow_model::LEAF;

use super::bins::Columns;
use super::nodes::{Forest, Node};
use crate::ImportError;
use crate::budget::Budget;
use crate::graph::Step;

/// A `TreeEnsemble`'s arrays in the making.
pub struct Grown<'a> {
    columns: &'a Columns<'a>,
    forest: &'a Forest,
    pub roots: Vec<u32>,
    pub feature: Vec<u16>,
    pub split: Vec<u32>,
    pub child: Vec<u32>,
    pub category_sets: Vec<u32>,
    pub values: Vec<f64>,
    /// The rows of `values`, by their bits.
    rows: BTreeMap<Vec<u64>, u32>,
}

impl<'a> Grown<'a> {
    pub fn new(columns: &'a Columns<'a>, forest: &'a Forest) -> Self {
        Self {
            columns,
            forest,
            roots: Vec::new(),
            feature: Vec::new(),
            split: Vec::new(),
            child: Vec::new(),
            category_sets: Vec::new(),
            values: Vec::new(),
            rows: BTreeMap::new(),
        }
    }

    /// Trees whose leaves hold one number. Tree `t` adds to score `t % n_scores`: a tree that adds to
    /// several is there for each of them, and where a score has fewer, trees of nothing follow.
    pub fn scores(
        &mut self,
        n_scores: usize,
        step: &Step,
        budget: &Budget,
    ) -> Result<(), ImportError> {
        let mut by_score: Vec<Vec<Vec<usize>>> = vec![Vec::new(); n_scores];
        for &root in &self.forest.roots {
            let order = preorder(self.forest, root);
            let mut own: Vec<usize> =
                leaves(self.forest, &order).flatten().map(|(score, _)| *score).collect();
            own.sort_unstable();
            own.dedup();
            for score in own {
                budget.take(order.len(), 1)?;
                let trees = by_score.get_mut(score);
                trees.ok_or_else(|| step.damaged("a leaf adds to no score"))?.push(order.clone());
            }
        }
        let rounds = by_score.iter().map(Vec::len).max().unwrap_or(0).max(1);
        budget.take(rounds, n_scores)?;
        for round in 0..rounds {
            for (score, trees) in by_score.iter().enumerate() {
                let weight = |own: &[(usize, f64)]| {
                    let place = own.binary_search_by_key(&score, |(score, _)| *score);
                    vec![place.map_or(0.0, |place| own[place].1)]
                };
                match trees.get(round) {
                    Some(order) => self.add(order, weight, budget)?,
                    None => self.add_nothing(),
                }
            }
        }
        Ok(())
    }

    /// Trees whose leaves hold a share of each class, whose mean is what is predicted: refused where these are
    /// no probabilities, as a `Normalizer` behind them, which only then changes something, is passed over.
    pub fn shares(
        &mut self,
        classes: usize,
        single: bool,
        step: &Step,
        budget: &Budget,
    ) -> Result<(), ImportError> {
        // The file has what trees add up to.
        let n_trees = self.forest.roots.len() as f64;
        for &root in &self.forest.roots {
            let order = preorder(self.forest, root);
            if leaves(self.forest, &order).flatten().any(|(class, _)| *class >= classes) {
                return Err(step.damaged("a leaf tells of no class"));
            }
            budget.take(leaves(self.forest, &order).count(), classes)?;
            let row = |own: &[(usize, f64)]| {
                if single {
                    let share: f64 = own.iter().map(|(_, weight)| weight * n_trees).sum();
                    return vec![1.0 - share, share];
                }
                let mut row = vec![0.0; classes];
                own.iter().for_each(|(class, weight)| row[*class] += weight * n_trees);
                row
            };
            if !leaves(self.forest, &order).all(|own| are_probabilities(&row(own))) {
                return Err(step.refuse("what its leaves hold are no shares that sum to one"));
            }
            self.add(&order, row, budget)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        order: &[usize],
        row: impl Fn(&[(usize, f64)]) -> Vec<f64>,
        budget: &Budget,
    ) -> Result<(), ImportError> {
        let start = self.feature.len() as u32;
        budget.take(order.len(), 1)?;
        self.roots.push(start);
        let places: BTreeMap<usize, u32> = order.iter().copied().zip(start..).collect();
        for node in order {
            match &self.forest.nodes[*node] {
                Node::Leaf(own) => {
                    let row = self.row(row(own));
                    self.push(LEAF, 0, row);
                }
                Node::Split(split) => {
                    let before = self.category_sets.len();
                    let (feature, by) = self.columns.split(split, &mut self.category_sets);
                    budget.take(self.category_sets.len() - before, 1)?;
                    self.push(feature, by, places[&split.right]);
                }
            }
        }
        Ok(())
    }

    fn add_nothing(&mut self) {
        self.roots.push(self.feature.len() as u32);
        let row = self.row(vec![0.0]);
        self.push(LEAF, 0, row);
    }

    fn push(&mut self, feature: u16, split: u32, child: u32) {
        self.feature.push(feature);
        self.split.push(split);
        self.child.push(child);
    }

    /// The number of a row of `values`.
    fn row(&mut self, row: Vec<f64>) -> u32 {
        let next = self.rows.len() as u32;
        let key = row.iter().map(|value| value.to_bits()).collect();
        *self.rows.entry(key).or_insert_with(|| {
            self.values.extend(row);
            next
        })
    }
}

/// Whether shares are probabilities, but for what files of floats lose.
fn are_probabilities(shares: &[f64]) -> bool {
    const LOST: f64 = 1e-4;
    let sum: f64 = shares.iter().sum();
    (sum - 1.0).abs() <= LOST && shares.iter().all(|share| (-LOST..=1.0 + LOST).contains(share))
}

/// What the leaves among some nodes hold.
fn leaves<'a>(forest: &'a Forest, nodes: &[usize]) -> impl Iterator<Item = &'a [(usize, f64)]> {
    nodes.iter().filter_map(|&node| match &forest.nodes[node] {
        Node::Leaf(own) => Some(own.as_slice()),
        Node::Split(_) => None,
    })
}

/// A tree's nodes, left children right behind their parents.
fn preorder(forest: &Forest, root: usize) -> Vec<usize> {
    let (mut order, mut waiting) = (Vec::new(), vec![root]);
    while let Some(node) = waiting.pop() {
        order.push(node);
        if let Node::Split(split) = &forest.nodes[node] {
            waiting.extend([split.right, split.left]);
        }
    }
    order
}
