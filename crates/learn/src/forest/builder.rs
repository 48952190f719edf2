//! Trees come in one by one, in any order, and become a forest.

use std::collections::BTreeMap;

use hedgerow_model::{Bins, Combine, LEAF, TreeEnsemble};

use super::grown::Tree;
use super::leaves::Leaves;
use super::oob::{Leaf, Oob, OobSums};
use super::{ForestJob, TreePart};
use crate::LearnError;

/// A fitted forest.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The trees; outputs are the mean over them.
    pub trees: TreeEnsemble,
    /// Out-of-bag predictions, if the trees grew on bootstrap samples; not for forests of more than
    /// 67 million rows times classes.
    pub oob: Option<Oob>,
    /// Accuracy or R² of the out-of-bag predictions.
    pub oob_score: Option<f64>,
    /// Impurity importance by feature: the decrease of impurity by its splits, normalised by tree
    /// and averaged over trees as scikit-learn does. Sums to 1, or is all 0 when no tree split.
    pub importances: Vec<f64>,
}

/// A forest in the making. Trees are merged in the order of their index, whatever the order they
/// come in, so the result does not depend on who fitted them when.
pub struct ForestBuilder {
    feature: Vec<u16>,
    split: Vec<u32>,
    child: Vec<u32>,
    category_sets: Vec<u32>,
    roots: Vec<u32>,
    leaves: Leaves,
    importances: Vec<f64>,
    oob: Option<OobSums>,
    /// Parts that came before their turn.
    waiting: BTreeMap<usize, TreePart>,
}

/// Nodes that room is made for at most: 160 MB.
const MOST_RESERVED: usize = 1 << 24;

fn bad<T>(reason: String) -> Result<T, LearnError> {
    Err(LearnError::BadJob { reason })
}

impl ForestBuilder {
    /// A forest without trees.
    pub fn new(job: &ForestJob) -> Self {
        Self {
            feature: Vec::new(),
            split: Vec::new(),
            child: Vec::new(),
            category_sets: Vec::new(),
            roots: Vec::new(),
            leaves: Leaves::new(job.n_outputs()),
            importances: vec![0.0; job.binned().bins().len()],
            oob: OobSums::new(job),
            waiting: BTreeMap::new(),
        }
    }

    /// Adds tree `index`; in any order, each once.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for a part that is not of this job, or was added before.
    pub fn add(
        &mut self,
        job: &ForestJob,
        index: usize,
        mut part: TreePart,
    ) -> Result<(), LearnError> {
        part.check(job)?;
        self.add_own(job, index, part)
    }

    /// The same for a part that this job has just made: it is not checked again.
    pub(super) fn add_own(
        &mut self,
        job: &ForestJob,
        index: usize,
        part: TreePart,
    ) -> Result<(), LearnError> {
        if index >= job.n_tasks() || index < self.roots.len() || self.waiting.contains_key(&index) {
            return bad(format!("tree {index} was added already, or there is none"));
        }
        self.waiting.insert(index, part);
        while let Some(part) = self.waiting.remove(&self.roots.len()) {
            self.merge(job, &part)?;
        }
        Ok(())
    }

    /// Trees merged so far.
    pub fn n_trees(&self) -> usize {
        self.roots.len()
    }

    /// Accuracy, or R² in regression, on the rows that at least one of the trees merged so far did
    /// not see; `None` where there are none.
    pub fn oob_score(&self, job: &ForestJob) -> Option<f64> {
        self.oob.as_ref().and_then(|oob| oob.score(job.target()))
    }

    /// The forest, once every tree was added.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when trees are missing.
    pub fn finish(self, job: &ForestJob) -> Result<Fitted, LearnError> {
        if self.roots.len() != job.n_tasks() {
            return bad(format!(
                "{} of {} trees are missing",
                job.n_tasks() - self.roots.len(),
                job.n_tasks()
            ));
        }
        let oob_score = self.oob_score(job);
        let total: f64 = self.importances.iter().sum();
        let share = |importance: &f64| if total > 0.0 { importance / total } else { 0.0 };
        Ok(Fitted {
            importances: self.importances.iter().map(share).collect(),
            oob: self.oob.map(OobSums::finish),
            oob_score,
            trees: TreeEnsemble {
                bins: job.binned().bins().to_vec(),
                roots: self.roots,
                feature: self.feature,
                split: self.split,
                child: self.child,
                category_sets: self.category_sets,
                n_outputs: job.n_outputs(),
                values: self.leaves.into_values(),
                rows: Vec::new(),
                combine: Combine::Mean,
            },
        })
    }

    fn merge(&mut self, job: &ForestJob, part: &TreePart) -> Result<(), LearnError> {
        let tree = &part.tree;
        let limit = u32::MAX as usize;
        let nodes = self.feature.len() + tree.feature.len();
        if nodes > limit || self.category_sets.len() + tree.category_sets.len() > limit {
            return bad("the forest has more than 4 billion nodes".to_owned());
        }
        let rows = || tree.values.chunks_exact(job.n_outputs());
        let leaves: Vec<u32> = rows().map(|row| self.leaves.number(row)).collect();
        if self.roots.is_empty() {
            self.reserve(job.n_tasks(), tree.feature.len());
        }
        self.append(job.binned().bins(), tree, &leaves);
        let total: f64 = tree.importances.iter().sum();
        if total > 0.0 {
            let parts = self.importances.iter_mut().zip(&tree.importances);
            parts.for_each(|(sum, importance)| *sum += importance / total);
        }
        if let (Some(sums), Some(oob)) = (&mut self.oob, &part.oob) {
            let leaves: Vec<Leaf> = rows().map(Leaf::new).collect();
            sums.add_tree(oob, &leaves);
        }
        Ok(())
    }

    /// Makes room for trees about as large as the first, so that arrays need not move as they grow.
    fn reserve(&mut self, trees: usize, nodes: usize) {
        let room = trees.saturating_mul(nodes + nodes / 16).min(MOST_RESERVED);
        self.roots.reserve(trees);
        self.feature.reserve(room);
        self.split.reserve(room);
        self.child.reserve(room);
    }

    #[inline(never)]
    fn append(&mut self, bins: &[Bins], tree: &Tree, leaves: &[u32]) {
        let first_node = self.feature.len() as u32;
        let first_word = self.category_sets.len() as u32;
        self.roots.push(first_node);
        self.feature.extend_from_slice(&tree.feature);
        self.category_sets.extend_from_slice(&tree.category_sets);
        let child = |(&feature, &child): (&u16, &u32)| match feature {
            LEAF => leaves[child as usize],
            _ => child + first_node,
        };
        self.child.extend(tree.feature.iter().zip(&tree.child).map(child));
        if tree.category_sets.is_empty() {
            self.split.extend_from_slice(&tree.split);
            return;
        }
        let split = |(&feature, &split): (&u16, &u32)| match bins.get(usize::from(feature)) {
            Some(Bins::Categorical { .. }) => split + first_word,
            _ => split,
        };
        self.split.extend(tree.feature.iter().zip(&tree.split).map(split));
    }
}
