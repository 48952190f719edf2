//! Growing one tree, leaf by leaf: the leaf whose split gains most is split next (Ke et al. 2017).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::histogram::{build, subtract};
use super::members::Members;
use super::pairs::{Pair, hessian};
use super::rows::Rows;
use super::search::{Profile, search};
use super::slots::Slots;
use super::split::{Criterion, Node, Split};
use crate::forest::{Binned, CODES, Rule, is_categorical};

/// What a tree grows from.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub binned: &'a Binned,
    /// The features of this tree.
    pub rows: &'a Rows,
    /// One a row of the data.
    pub pairs: &'a [Pair],
    /// One a feature of the data: what a larger value must do to the prediction.
    pub orders: &'a [i8],
    pub criterion: Criterion,
    pub max_leaves: usize,
    pub max_depth: u32,
    /// Memory for histograms.
    pub histogram_bytes: usize,
    /// A pair's Hessian is 1: sums of them are numbers of rows.
    pub counts: bool,
}

/// A leaf of the tree so far.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    /// Its rows, as a part of [`Grower::ids`].
    pub rows: (usize, usize),
    /// In quanta.
    pub value: f64,
    pub bounds: [f64; 2],
    depth: u32,
    total: Pair,
    /// Its place in [`Grower::nodes`].
    node: usize,
    slot: Option<usize>,
    split: Option<Split>,
    /// Its split was found with known numbers of rows.
    counted: bool,
}

/// A node of the tree so far.
#[derive(Debug, Clone, Copy)]
pub(super) enum Grown {
    /// Which leaf.
    Leaf(usize),
    /// `gain` in quanta; the children as places among the nodes.
    Split { feature: u16, rule: Rule, gain: f64, children: [usize; 2] },
}

/// The tree being grown, and room that is kept from tree to tree.
#[derive(Default)]
pub(super) struct Grower {
    pub ids: Members,
    pub leaves: Vec<Leaf>,
    pub nodes: Vec<Grown>,
    /// Leaves to split, by the bits of their gain, which order as positive numbers do.
    queue: BinaryHeap<(u64, Reverse<usize>)>,
    slots: Slots,
    room: Vec<Pair>,
}

impl Grower {
    /// Begins a tree on the rows `ids`, whose pairs sum to `total`.
    #[inline(never)]
    pub fn begin(&mut self, ground: Ground, ids: &Members, total: Pair) {
        self.ids.copy(ids);
        self.slots.reset(ground.rows.features().len() * CODES, ground.histogram_bytes);
        self.queue.clear();
        let bounds = [f64::NEG_INFINITY, f64::INFINITY];
        let value = if hessian(total) + ground.criterion.l2 > 0.0 {
            ground.criterion.value(total, ground.criterion.l2, bounds)
        } else {
            0.0
        };
        self.nodes = vec![Grown::Leaf(0)];
        self.leaves = vec![Leaf {
            rows: (0, ids.all().len()),
            value,
            bounds,
            depth: 0,
            total,
            node: 0,
            slot: None,
            split: None,
            counted: ground.counts,
        }];
        if self.may_split(ground, 0) && ground.max_leaves > 1 {
            self.open(ground, 0);
        }
    }

    /// Splits leaves until about `budget` rows were handled; how many were, and whether the tree is
    /// complete.
    #[inline(never)]
    pub fn grow(&mut self, ground: Ground, budget: usize) -> (usize, bool) {
        let mut handled = 0;
        while self.leaves.len() < ground.max_leaves && handled < budget {
            let Some((_, Reverse(leaf))) = self.queue.pop() else { break };
            handled += self.n_rows(leaf);
            self.split(ground, leaf);
        }
        (handled, self.leaves.len() >= ground.max_leaves || self.queue.is_empty())
    }

    /// Splits a leaf, or looks for another split where a child turns out to have too few rows.
    #[inline(never)]
    fn split(&mut self, ground: Ground, leaf: usize) {
        let Some(split) = self.leaves[leaf].split.take() else { return };
        let (start, end) = self.leaves[leaf].rows;
        let codes = ground.binned.codes(usize::from(split.feature));
        let middle = start + self.ids.partition(start, end, codes, &split.rule);
        let fewest = (middle - start).min(end - middle);
        if (fewest as f64) < ground.criterion.min_rows {
            self.count_and_search(ground, leaf);
            return;
        }
        let right = self.divide(leaf, middle, &split, ground);
        if self.leaves.len() < ground.max_leaves {
            self.open_children(ground, leaf, right);
        }
    }

    /// Makes the leaf the left child and adds the right one; its number.
    #[inline(never)]
    fn divide(&mut self, leaf: usize, middle: usize, split: &Split, ground: Ground) -> usize {
        let right = self.leaves.len();
        let parent = self.leaves[leaf].clone();
        let [low, high] = child_bounds(&parent, split, ground.orders);
        let first = self.nodes.len();
        let child = |side: usize, rows, total, bounds: [f64; 2]| Leaf {
            rows,
            value: split.values[side],
            bounds,
            depth: parent.depth + 1,
            total,
            node: first + side,
            slot: None,
            split: None,
            counted: ground.counts,
        };
        let (start, end) = parent.rows;
        self.leaves[leaf] =
            Leaf { slot: parent.slot, ..child(0, (start, middle), split.left, low) };
        let rest = parent.total.wrapping_sub(split.left);
        self.leaves.push(child(1, (middle, end), rest, high));
        let Split { gain, feature, rule, .. } = *split;
        self.nodes[parent.node] =
            Grown::Split { feature, rule, gain, children: [first, first + 1] };
        self.nodes.extend([Grown::Leaf(leaf), Grown::Leaf(right)]);
        right
    }

    fn n_rows(&self, leaf: usize) -> usize {
        let (start, end) = self.leaves[leaf].rows;
        end - start
    }

    fn may_split(&self, ground: Ground, leaf: usize) -> bool {
        let criterion = &ground.criterion;
        self.leaves[leaf].depth < ground.max_depth
            && self.n_rows(leaf) as f64 >= 2.0 * criterion.min_rows
            && hessian(self.leaves[leaf].total) >= 2.0 * criterion.min_hessian
    }

    /// Makes the histograms of the children and finds their splits. The left one holds the slot of
    /// their parent, if it still has one.
    #[inline(never)]
    fn open_children(&mut self, ground: Ground, left: usize, right: usize) {
        let parent = self.leaves[left].slot.take();
        let (small, large) =
            if self.n_rows(left) <= self.n_rows(right) { (left, right) } else { (right, left) };
        let (open_small, open_large) =
            (self.may_split(ground, small), self.may_split(ground, large));
        match parent.filter(|_| open_large) {
            Some(parent) => {
                let slot = self.built(ground, small);
                self.leaves[small].slot = Some(slot);
                self.leaves[large].slot = Some(parent);
                self.find(ground, large, Some(slot), None);
                if open_small {
                    self.find(ground, small, None, None);
                } else {
                    self.close(small);
                }
            }
            None => {
                parent.into_iter().for_each(|slot| self.slots.give_back(slot));
                for leaf in [small, large] {
                    if self.may_split(ground, leaf) {
                        self.open(ground, leaf);
                    }
                }
            }
        }
    }

    /// Makes the histogram of a leaf and finds its split.
    fn open(&mut self, ground: Ground, leaf: usize) {
        let slot = self.built(ground, leaf);
        self.leaves[leaf].slot = Some(slot);
        self.find(ground, leaf, None, None);
    }

    /// A slot with the histogram of a leaf's rows.
    fn built(&mut self, ground: Ground, leaf: usize) -> usize {
        let slot = self.free_slot();
        let (start, end) = self.leaves[leaf].rows;
        let cells = self.slots.cells_mut(slot);
        clear(cells, ground);
        build(self.ids.numbers(start, end), ground.pairs, ground.rows, cells, &mut self.room);
        slot
    }

    /// A free slot; where there is none, that of the leaf that is to be split last.
    fn free_slot(&mut self) -> usize {
        if let Some(slot) = self.slots.take() {
            return slot;
        }
        let gain = |leaf: &Leaf| leaf.split.map_or(f64::INFINITY, |split| split.gain);
        let holders = self.leaves.iter_mut().filter(|leaf| leaf.slot.is_some());
        let last = holders.min_by(|a, b| gain(a).total_cmp(&gain(b)));
        last.and_then(|leaf| leaf.slot.take())
            .expect("at most two slots are in nobody's hands, and there are three at least")
    }

    fn close(&mut self, leaf: usize) {
        if let Some(slot) = self.leaves[leaf].slot.take() {
            self.slots.give_back(slot);
        }
    }

    /// Finds the best split of a leaf with a histogram, from which that of `sibling` is taken first.
    fn find(
        &mut self,
        ground: Ground,
        leaf: usize,
        sibling: Option<usize>,
        counts: Option<&[u32]>,
    ) {
        let Some(slot) = self.leaves[leaf].slot else { return };
        let node = Node {
            total: self.leaves[leaf].total,
            rows: self.n_rows(leaf),
            bounds: self.leaves[leaf].bounds,
        };
        let floor = ground.criterion.floor(&node);
        let mut best = None;
        for (at, &feature) in ground.rows.features().iter().enumerate() {
            let bins = &ground.binned.bins()[usize::from(feature)];
            let cells = at * CODES..at * CODES + bins.n_codes();
            if let Some(sibling) = sibling {
                let (own, other) = self.slots.two(slot, sibling);
                subtract(&mut own[cells.clone()], &other[cells.clone()]);
            }
            let profile = Profile {
                feature,
                counts: counts.map(|counts| &counts[cells.clone()]),
                cells: &self.slots.cells(slot)[cells],
                order: ground.orders[usize::from(feature)],
                categorical: is_categorical(bins),
            };
            search(profile, &node, &ground.criterion, floor, &mut best);
        }
        match best.filter(|split| split.gain > 0.0) {
            Some(split) => {
                self.leaves[leaf].split = Some(split);
                self.queue.push((split.gain.to_bits(), Reverse(leaf)));
            }
            None => self.close(leaf),
        }
    }

    /// Searches again with the true numbers of rows by code: Hessians only tell them about.
    #[cold]
    #[inline(never)]
    fn count_and_search(&mut self, ground: Ground, leaf: usize) {
        if self.leaves[leaf].counted {
            self.close(leaf);
            return;
        }
        self.leaves[leaf].counted = true;
        if self.leaves[leaf].slot.is_none() {
            let slot = self.built(ground, leaf);
            self.leaves[leaf].slot = Some(slot);
        }
        let (start, end) = self.leaves[leaf].rows;
        let counts = count(self.ids.numbers(start, end), ground.rows);
        self.find(ground, leaf, None, Some(&counts));
    }
}

/// Between which values the children must stay, so that no leaf below one of them passes the other's
/// where the feature is constrained.
fn child_bounds(parent: &Leaf, split: &Split, orders: &[i8]) -> [[f64; 2]; 2] {
    let [low, high] = parent.bounds;
    let middle = (split.values[0] + split.values[1]) / 2.0;
    match orders[usize::from(split.feature)] {
        0 => [parent.bounds; 2],
        1.. => [[low, middle], [middle, high]],
        _ => [[middle, high], [low, middle]],
    }
}

/// Sets the cells of all codes to 0.
fn clear(cells: &mut [Pair], ground: Ground) {
    for (cells, &feature) in cells.chunks_exact_mut(CODES).zip(ground.rows.features()) {
        cells[..ground.binned.bins()[usize::from(feature)].n_codes()].fill(0);
    }
}

/// Rows by code, [`CODES`] numbers a feature.
#[cold]
fn count(ids: &[u32], rows: &Rows) -> Vec<u32> {
    let width = rows.features().len();
    let mut counts = vec![0; width * CODES];
    for &id in ids {
        let codes = &rows.codes()[id as usize * width..][..width];
        for (counts, &code) in counts.chunks_exact_mut(CODES).zip(codes) {
            counts[usize::from(code)] += 1;
        }
    }
    counts
}
