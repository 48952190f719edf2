//! Growing one tree, depth first, without recursion, as far at a time as one likes.

use super::grown::{Grown, Kept, Sample};
use super::ids::Part;
use super::job::{Binned, ForestJob};
use super::kernel::{BATCH, Kernel};
use super::near::{self, Rows};
use super::nodes::Nodes;
use super::random::{Draws, Random};
use super::split::{Best, Feature, is_categorical};
use super::twig::{self, Twig};

/// What a node costs beside its rows, as reads of codes.
const A_NODE: usize = 64;

/// What opening and dividing a node cost, as reads of codes of each of its rows.
pub(super) const A_ROW: usize = 4;

/// A tree being grown, whatever it learns. The job is always the one that it was begun for.
pub(crate) trait Growing: Send {
    /// Goes on until about as much was done as reading `budget` codes is; whether it is complete.
    fn advance(&mut self, job: &ForestJob, budget: usize) -> bool;

    /// Rows that are in leaves, and all rows it grows from.
    fn settled(&self) -> (usize, usize);

    /// The tree, once it is complete.
    fn finish(self: Box<Self>) -> Grown;
}

/// A node to be grown, and what is known of it.
struct Task<T> {
    /// Its rows.
    rows: Part,
    /// Its out-of-bag rows.
    others: Part,
    known: T,
    depth: u32,
    /// Of the features known to be constant, so many from the first are so here.
    constants: usize,
    /// The node whose right child it is.
    parent: Option<usize>,
}

/// The tree and all it grows from but the job.
pub(super) struct Grower<K: Kernel> {
    kernel: K,
    draws: Draws,
    rows: Rows<K::Row>,
    /// The out-of-bag rows bring nothing along.
    others: Rows<()>,
    /// Rows from which a subtree's codes are brought together.
    near: usize,
    /// Features that are constant on the path to the node.
    constants: Vec<u16>,
    is_constant: Vec<bool>,
    nodes: Nodes,
    /// Room for the rows of a small subtree, if there may be any.
    twig: Option<Box<Twig>>,
    leaf: Vec<f64>,
    kept: Option<Kept>,
    /// Nodes to be grown, the next one last.
    stack: Vec<Task<K::Known>>,
    /// How far the search is in the node that is next, if it was begun.
    paused: Option<Search>,
    /// What is left of the budget.
    left: usize,
    /// Rows in leaves.
    settled: usize,
}

/// How far the search for a node's split is.
#[derive(Clone, Copy)]
struct Search {
    best: Best,
    /// Features drawn.
    drawn: usize,
    /// One of them at least is not constant.
    varied: bool,
}

impl Search {
    const NONE: Self = Self { best: Best::NONE, drawn: 0, varied: false };
}

impl<K: Kernel> Grower<K> {
    /// Begins a tree; if `keep`, what is known of its inner nodes is kept.
    pub fn new(
        job: &ForestJob,
        kernel: K,
        sample: Sample<K::Row>,
        random: Random,
        keep: bool,
    ) -> Self {
        let (features, max_features) = (job.binned().bins().len(), job.max_features());
        let nothing = vec![(); sample.others.len()];
        let mut grower = Self {
            kernel,
            draws: Draws::new(random, features, max_features),
            rows: Rows::new(sample.words, sample.beside),
            nodes: Nodes::new(features, job.n_outputs(), sample.others.len()),
            others: Rows::new(sample.others, nothing),
            near: near::limit(features, max_features),
            constants: Vec::new(),
            is_constant: vec![false; features],
            twig: (!keep && twig::can_grow(job)).then(Box::default),
            leaf: Vec::new(),
            kept: keep.then(Kept::default),
            stack: Vec::new(),
            paused: None,
            left: 0,
            settled: 0,
        };
        grower.begin(job);
        grower
    }

    #[inline(never)]
    fn begin(&mut self, job: &ForestJob) {
        let (rows, others) = (self.rows.all(), self.others.all());
        let known = K::Known::default();
        self.stack.push(Task { rows, others, known, depth: 0, constants: 0, parent: None });
        let (binned, all) = (job.binned(), rows);
        let features = self
            .draws
            .features()
            .iter()
            .map(|&index| feature(binned, index, self.rows.column(job.codes(), index, all)));
        let features: Vec<Feature> = features.collect();
        self.kernel.begin(&features, self.rows.members(all));
    }

    /// Makes a leaf or a split of a task, whose children are put on the stack; or pauses.
    fn node(&mut self, job: &ForestJob, task: Task<K::Known>) {
        let mut search = match self.paused.take() {
            Some(search) => search,
            None => {
                if self.is_leaf(job, &task) {
                    self.push_leaf(&task);
                    return;
                }
                if task.rows.len() <= twig::MOST_ROWS && self.grow_twig(job, &task) {
                    return;
                }
                Search::NONE
            }
        };
        if !self.search(job, task.rows, &mut search) {
            self.paused = Some(search);
            self.stack.push(task);
        } else if search.best.found() {
            let (left, right) = self.push_split(job, &task, &search.best);
            self.stack.push(right);
            self.stack.push(left);
        } else {
            self.push_leaf(&task);
        }
    }

    /// Opens a node; whether it is not to be split.
    fn is_leaf(&mut self, job: &ForestJob, task: &Task<K::Known>) -> bool {
        let rows = task.rows.len();
        self.spend(rows * A_ROW + A_NODE);
        for feature in self.constants.drain(task.constants..) {
            self.is_constant[usize::from(feature)] = false;
        }
        let pure = self.kernel.open(self.rows.members(task.rows), task.known);
        let growth = job.growth();
        let deep = growth.max_depth.is_some_and(|most| task.depth >= most);
        let few =
            rows / 2 < growth.min_samples_leaf as usize || rows < growth.min_samples_split as usize;
        let leaf = pure || deep || few;
        if !leaf && rows <= self.near && !self.rows.is_near(task.rows) {
            self.rows.bring_near(job.codes(), task.rows);
            self.others.bring_near(job.codes(), task.others);
        }
        leaf
    }

    /// Grows all that is below a node, if it is small enough for that.
    fn grow_twig(&mut self, job: &ForestJob, task: &Task<K::Known>) -> bool {
        let Some(twig) = &mut self.twig else { return false };
        let rows = (&self.rows, task.rows);
        let Some(mut node) = twig.root(&self.kernel, rows, (&self.others, task.others)) else {
            return false;
        };
        node.depth = task.depth;
        node.constants = self.constants.iter().fold(0, |bits, feature| bits | 1 << feature);
        twig.grow(job, node, &mut self.draws, &mut self.nodes);
        self.settled += task.rows.len();
        self.spend(task.rows.len() * twig::MOST_ROWS * A_ROW);
        true
    }

    fn spend(&mut self, codes: usize) {
        self.left = self.left.saturating_sub(codes);
    }

    /// Draws features and searches them, until `max_features` were drawn, one of them at least not
    /// constant: what scikit-learn's `BestSplitter` does. Whether it came to its end.
    fn search(&mut self, job: &ForestJob, part: Part, search: &mut Search) -> bool {
        let Search { best, drawn, varied } = search;
        let (n, most, rows) = (self.is_constant.len(), self.draws.most, part.len());
        let batch = if rows == 2 { 1 } else { self.kernel.batch(rows) };
        while *drawn < n && (*drawn < most || !*varied) && !best.perfect {
            if self.left == 0 {
                return false;
            }
            let stop = if *drawn < most { most } else { *drawn + 1 };
            let mut chosen = [0u16; BATCH];
            let mut len = 0;
            while *drawn < stop && len < batch {
                let feature = self.draws.draw(*drawn);
                *drawn += 1;
                if !self.is_constant[usize::from(feature)] {
                    chosen[len] = feature;
                    len += 1;
                }
            }
            if len > 0 {
                *varied |= self.search_batch(job, &chosen[..len], part, best);
                self.spend(len * (rows + A_NODE));
            }
            if rows == 2 && best.found() {
                break;
            }
        }
        true
    }

    /// Whether any of the features is not constant.
    #[inline(never)]
    fn search_batch(
        &mut self,
        job: &ForestJob,
        chosen: &[u16],
        part: Part,
        best: &mut Best,
    ) -> bool {
        let mut features =
            [Feature { index: 0, codes: &[], n_codes: 0, categorical: false, draw: None }; BATCH];
        let binned = job.binned();
        let rows = self.rows.members(part);
        for (feature, &index) in features.iter_mut().zip(chosen) {
            let codes = self.rows.column(job.codes(), index, part);
            *feature = self::feature(binned, index, codes);
            feature.draw = job.growth().random_cuts.then(|| self.draws.random.draw());
        }
        let constant = self.kernel.search(&features[..chosen.len()], rows, best);
        for (index, &feature) in chosen.iter().enumerate() {
            if constant >> index & 1 == 1 {
                self.constants.push(feature);
                self.is_constant[usize::from(feature)] = true;
            }
        }
        constant.count_ones() < chosen.len() as u32
    }

    #[inline(never)]
    fn push_leaf(&mut self, task: &Task<K::Known>) {
        let number = self.outputs(task);
        self.keep(task, number);
        self.settled += task.rows.len();
        self.nodes.push_leaf(number);
        self.nodes.reached.extend(self.others.numbers(task.others).map(|row| (row, number)));
    }

    /// The number of the outputs that the node has as a leaf.
    fn outputs(&mut self, task: &Task<K::Known>) -> u32 {
        self.leaf.clear();
        self.kernel.leaf(self.rows.members(task.rows), &mut self.leaf);
        self.nodes.leaves.number(&self.leaf)
    }

    fn keep(&mut self, task: &Task<K::Known>, number: u32) {
        let rows = self.rows.members(task.rows);
        if let Some(kept) = &mut self.kept {
            kept.rows.push(rows.len() as u32);
            kept.risks.push(self.kernel.risk(rows));
            kept.values.push(number);
        }
    }

    #[inline(never)]
    fn push_split(
        &mut self,
        job: &ForestJob,
        task: &Task<K::Known>,
        best: &Best,
    ) -> (Task<K::Known>, Task<K::Known>) {
        if self.kept.is_some() {
            let number = self.outputs(task);
            self.keep(task, number);
        }
        let bins = &job.binned().bins()[usize::from(best.feature)];
        let decrease = self.kernel.decrease(best.score);
        let node = self.nodes.push_split(best.feature, &best.rule, bins, decrease);
        let codes = job.codes();
        let rows = self.rows.divide(codes, task.rows, best.feature, &best.rule);
        let others = self.others.divide(codes, task.others, best.feature, &best.rule);
        let (depth, constants) = (task.depth + 1, self.constants.len());
        let [left, right] = self.kernel.children();
        let child =
            |rows, others, known, parent| Task { rows, others, known, depth, constants, parent };
        let left = child(rows.0, others.0, left, None);
        let right = child(rows.1, others.1, right, Some(node));
        (left, right)
    }
}

impl<K: Kernel> Growing for Grower<K> {
    fn advance(&mut self, job: &ForestJob, budget: usize) -> bool {
        self.left = budget.max(1);
        while self.left > 0 {
            let Some(task) = self.stack.pop() else { break };
            if let Some(parent) = task.parent {
                self.nodes.is_right_of(parent);
            }
            self.node(job, task);
        }
        self.stack.is_empty()
    }

    fn settled(&self) -> (usize, usize) {
        (self.settled, self.rows.all().len())
    }

    fn finish(mut self: Box<Self>) -> Grown {
        self.nodes.tree.values = self.nodes.leaves.into_values();
        Grown { tree: self.nodes.tree, reached: self.nodes.reached, kept: self.kept }
    }
}

fn feature<'a>(binned: &Binned, index: u16, codes: &'a [u8]) -> Feature<'a> {
    let bins = &binned.bins()[usize::from(index)];
    let (n_codes, categorical) = (bins.n_codes(), is_categorical(bins));
    Feature { index, codes, n_codes, categorical, draw: None }
}
