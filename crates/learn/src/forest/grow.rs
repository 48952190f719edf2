//! Growing one tree, depth first, without recursion.

use hedgerow_model::{Bins, LEAF, MISSING_LEFT};

use super::ids::{Ids, Part};
use super::job::{Binned, ForestJob};
use super::kernel::{BATCH, Kernel};
use super::leaves::Leaves;
use super::near::{self, Rows};
use super::random::Random;
use super::split::{Best, Feature, Rule, is_categorical};

/// A grown tree: node arrays as in [`hedgerow_model::TreeEnsemble`], with its own leaf rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tree {
    pub feature: Vec<u16>,
    pub split: Vec<u32>,
    pub child: Vec<u32>,
    pub category_sets: Vec<u32>,
    pub values: Vec<f64>,
    /// The decrease of the weighted impurity by feature.
    pub importances: Vec<f64>,
}

/// A node to be grown.
struct Task {
    /// Its rows.
    rows: Part,
    /// Its out-of-bag rows.
    others: Part,
    depth: u32,
    /// Of the features known to be constant, so many from the first are so here.
    constants: usize,
    /// The node whose right child it is.
    parent: Option<usize>,
}

/// What is known of every node, leaf or not, as if it were a leaf.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Kept {
    /// Rows in it.
    pub rows: Vec<u32>,
    /// Its impurity times the weight of its rows.
    pub risks: Vec<f64>,
    /// Its outputs, a row of [`Tree::values`].
    pub values: Vec<u32>,
}

/// Rows to grow a tree from.
pub(super) struct Sample<R> {
    /// Rows drawn.
    pub ids: Vec<u32>,
    /// What they bring along.
    pub rows: Vec<R>,
    /// Rows not drawn.
    pub others: Vec<u32>,
}

/// Grows a tree; also gives rows not drawn and their leaves, and what is to be kept of all nodes.
pub(super) fn grow<K: Kernel>(
    job: &ForestJob,
    kernel: K,
    sample: Sample<K::Row>,
    random: Random,
    keep: bool,
) -> (Tree, Vec<(u32, u32)>, Option<Kept>) {
    let mut grower = Grower::new(job, kernel, sample, random);
    grower.kept = keep.then(Kept::default);
    grower.begin();
    let mut stack = vec![Task {
        rows: grower.rows.all(),
        others: grower.others.all(),
        depth: 0,
        constants: 0,
        parent: None,
    }];
    while let Some(task) = stack.pop() {
        if let Some(parent) = task.parent {
            grower.tree.child[parent] = grower.tree.feature.len() as u32;
        }
        if let Some((left, right)) = grower.node(&task) {
            stack.push(right);
            stack.push(left);
        }
    }
    grower.finish()
}

struct Grower<'a, K: Kernel> {
    job: &'a ForestJob,
    kernel: K,
    random: Random,
    rows: Rows<K::Row>,
    /// The out-of-bag rows bring nothing along.
    others: Rows<()>,
    max_features: usize,
    /// Rows from which a subtree's codes are brought together.
    near: usize,
    /// All features; the first of them are those drawn last.
    features: Vec<u16>,
    /// Features that are constant on the path to the node.
    constants: Vec<u16>,
    is_constant: Vec<bool>,
    tree: Tree,
    leaves: Leaves,
    leaf: Vec<f64>,
    /// Out-of-bag rows and their leaves.
    reached: Vec<(u32, u32)>,
    kept: Option<Kept>,
}

impl<'a, K: Kernel> Grower<'a, K> {
    fn new(job: &'a ForestJob, kernel: K, sample: Sample<K::Row>, random: Random) -> Self {
        let features = job.binned().bins().len();
        let nothing = vec![(); sample.others.len()];
        Self {
            job,
            kernel,
            random,
            rows: Rows::new(sample.ids, sample.rows),
            reached: Vec::with_capacity(sample.others.len()),
            others: Rows::new(sample.others, nothing),
            max_features: job.max_features(),
            near: near::limit(features, job.max_features()),
            features: (0..features).map(|feature| feature as u16).collect(),
            constants: Vec::new(),
            is_constant: vec![false; features],
            tree: Tree { importances: vec![0.0; features], ..Tree::default() },
            leaves: Leaves::new(job.n_outputs()),
            leaf: Vec::new(),
            kept: None,
        }
    }

    #[inline(never)]
    fn begin(&mut self) {
        let (binned, all) = (self.job.binned(), self.rows.all());
        let features = self.features.iter().map(|&index| {
            let (ids, codes) = self.rows.column(self.job.codes(), index, all);
            (ids, feature(binned, index, codes))
        });
        let (ids, features): (Vec<Ids>, Vec<Feature>) = features.unzip();
        if let Some(&ids) = ids.first() {
            self.kernel.begin(&features, ids, self.rows.along(all));
        }
    }

    fn finish(mut self) -> (Tree, Vec<(u32, u32)>, Option<Kept>) {
        self.tree.values = self.leaves.into_values();
        (self.tree, self.reached, self.kept)
    }

    /// Makes a leaf or a split of a task; the children of a split.
    fn node(&mut self, task: &Task) -> Option<(Task, Task)> {
        let rows = task.rows.len();
        for feature in self.constants.drain(task.constants..) {
            self.is_constant[usize::from(feature)] = false;
        }
        let pure = self.kernel.open(self.rows.along(task.rows));
        let growth = self.job.growth();
        let deep = growth.max_depth.is_some_and(|most| task.depth >= most);
        let few =
            rows / 2 < growth.min_samples_leaf as usize || rows < growth.min_samples_split as usize;
        if pure || deep || few {
            self.push_leaf(task);
            return None;
        }
        if rows <= self.near && !self.rows.is_near(task.rows) {
            self.rows.bring_near(self.job.codes(), task.rows);
            self.others.bring_near(self.job.codes(), task.others);
        }
        let best = self.search(task.rows);
        if !best.found() {
            self.push_leaf(task);
            return None;
        }
        Some(self.push_split(task, &best))
    }

    /// Draws features and searches them, until `max_features` were drawn, one of them at least not
    /// constant: what scikit-learn's `BestSplitter` does.
    fn search(&mut self, part: Part) -> Best {
        let mut best = Best::NONE;
        let (n, rows) = (self.features.len(), part.len());
        let batch = if rows == 2 { 1 } else { self.kernel.batch(rows) };
        let (mut drawn, mut varied) = (0, false);
        while drawn < n && (drawn < self.max_features || !varied) && !best.perfect {
            let stop = if drawn < self.max_features { self.max_features } else { drawn + 1 };
            let mut chosen = [0u16; BATCH];
            let mut len = 0;
            while drawn < stop && len < batch {
                let feature = self.draw(drawn);
                drawn += 1;
                if !self.is_constant[usize::from(feature)] {
                    chosen[len] = feature;
                    len += 1;
                }
            }
            if len > 0 {
                varied |= self.search_batch(&chosen[..len], part, &mut best);
            }
            if rows == 2 && best.found() {
                break;
            }
        }
        best
    }

    /// The next feature; all in order where all are wanted.
    fn draw(&mut self, drawn: usize) -> u16 {
        let n = self.features.len();
        if self.max_features < n {
            let place = drawn + self.random.below((n - drawn) as u32) as usize;
            self.features.swap(drawn, place);
        }
        self.features[drawn]
    }

    /// Whether any of the features is not constant.
    #[inline(never)]
    fn search_batch(&mut self, chosen: &[u16], part: Part, best: &mut Best) -> bool {
        let mut features =
            [Feature { index: 0, codes: &[], n_codes: 0, categorical: false, draw: None }; BATCH];
        let binned = self.job.binned();
        let (mut ids, rows) = (Ids::NONE, self.rows.along(part));
        for (feature, &index) in features.iter_mut().zip(chosen) {
            let (numbers, codes) = self.rows.column(self.job.codes(), index, part);
            ids = numbers;
            *feature = self::feature(binned, index, codes);
            feature.draw = self.job.growth().random_cuts.then(|| self.random.draw());
        }
        let constant = self.kernel.search(&features[..chosen.len()], ids, rows, best);
        for (index, &feature) in chosen.iter().enumerate() {
            if constant >> index & 1 == 1 {
                self.constants.push(feature);
                self.is_constant[usize::from(feature)] = true;
            }
        }
        constant.count_ones() < chosen.len() as u32
    }

    #[inline(never)]
    fn push_leaf(&mut self, task: &Task) {
        let number = self.outputs(task);
        self.keep(task, number);
        self.tree.feature.push(LEAF);
        self.tree.split.push(0);
        self.tree.child.push(number);
        self.reached.extend(self.others.numbers(task.others).map(|row| (row, number)));
    }

    /// The number of the outputs that the node has as a leaf.
    fn outputs(&mut self, task: &Task) -> u32 {
        self.leaf.clear();
        self.kernel.leaf(self.rows.along(task.rows), &mut self.leaf);
        self.leaves.number(&self.leaf)
    }

    fn keep(&mut self, task: &Task, number: u32) {
        let rows = self.rows.along(task.rows);
        if let Some(kept) = &mut self.kept {
            kept.rows.push(rows.len() as u32);
            kept.risks.push(self.kernel.risk(rows));
            kept.values.push(number);
        }
    }

    #[inline(never)]
    fn push_split(&mut self, task: &Task, best: &Best) -> (Task, Task) {
        if self.kept.is_some() {
            let number = self.outputs(task);
            self.keep(task, number);
        }
        let node = self.tree.feature.len();
        let feature = usize::from(best.feature);
        let split = match best.rule {
            Rule::Threshold { threshold, missing_left } => {
                u32::from(threshold) | if missing_left { MISSING_LEFT } else { 0 }
            }
            Rule::Set(words) => {
                let bins: &Bins = &self.job.binned().bins()[feature];
                let first = self.tree.category_sets.len() as u32;
                let beyond = bins.n_codes() % 32;
                self.tree.category_sets.extend(&words[..bins.set_words()]);
                if let Some(last) = self.tree.category_sets.last_mut().filter(|_| beyond > 0) {
                    *last &= (1 << beyond) - 1;
                }
                first
            }
        };
        self.tree.feature.push(best.feature);
        self.tree.split.push(split);
        self.tree.child.push(0);
        self.tree.importances[feature] += self.kernel.decrease(best.score);
        let codes = self.job.codes();
        let rows = self.rows.divide(codes, task.rows, best.feature, &best.rule);
        let others = self.others.divide(codes, task.others, best.feature, &best.rule);
        let (depth, constants) = (task.depth + 1, self.constants.len());
        let left = Task { rows: rows.0, others: others.0, depth, constants, parent: None };
        let right = Task { rows: rows.1, others: others.1, depth, constants, parent: Some(node) };
        (left, right)
    }
}

fn feature<'a>(binned: &Binned, index: u16, codes: &'a [u8]) -> Feature<'a> {
    let bins = &binned.bins()[usize::from(index)];
    let (n_codes, categorical) = (bins.n_codes(), is_categorical(bins));
    Feature { index, codes, n_codes, categorical, draw: None }
}
