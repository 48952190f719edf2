//! The ends of a tree: below a node of few rows a byte of each fits into a register or two, so that
//! rows are bits, and a cut is found and made without going over them one by one.
//!
//! Most nodes of a tree that is grown to its end are there. They are those that [`super::grow`]
//! would grow, to the bit.

mod cuts;

use cuts::{Best, Gathered, Split, first};

use super::ids::Part;
use super::job::ForestJob;
use super::kernel::{BATCH, Kernel};
use super::lanes::{AllLanes, LANES, MOST_LANES, Weights, equal, gather, up_to};
use super::layout::MOST;
use super::near::Rows;
use super::nodes::Nodes;
use super::random::Draws;
use super::split::{Rule, is_categorical, middle};

/// Rows of a node whose subtree is a twig, at most, and as many out-of-bag rows.
pub(super) const MOST_ROWS: usize = MOST_LANES;

/// The rows of a node whose subtree is to be grown.
pub(super) struct Twig {
    /// The codes of its rows by feature, and of its out-of-bag rows.
    codes: [AllLanes; MOST],
    other_codes: [AllLanes; MOST],
    /// What the rows weigh, and what those of class 1 weigh.
    both: AllLanes,
    second: AllLanes,
    /// Numbers of the out-of-bag rows.
    others: [u32; MOST_ROWS],
    /// Right children to be grown.
    stack: [Node; MOST_ROWS],
}

/// A node to be grown.
#[derive(Clone, Copy, Default)]
pub(super) struct Node {
    /// Bits of its rows, and of its out-of-bag rows.
    rows: u32,
    others: u32,
    weights: Weights,
    pub depth: u32,
    /// Bits of the features that are known to be constant in it.
    pub constants: u32,
    /// The node whose right child it is.
    parent: Option<usize>,
}

/// Whether the trees of a job can have twigs; beside that their rows must fit.
pub(super) fn can_grow(job: &ForestJob) -> bool {
    let (growth, bins) = (job.growth(), job.binned().bins());
    let plain = growth.min_samples_leaf == 1 && !growth.random_cuts;
    plain && bins.len() <= MOST && !bins.iter().any(is_categorical)
}

fn is_leaf(job: &ForestJob, node: &Node) -> bool {
    let growth = job.growth();
    node.weights.is_pure()
        || node.rows.count_ones() < growth.min_samples_split.max(2)
        || growth.max_depth.is_some_and(|most| node.depth >= most)
}

impl Default for Twig {
    fn default() -> Self {
        let lanes = AllLanes::default();
        let (codes, others) = ([lanes; MOST], [0; MOST_ROWS]);
        let stack = [Node::default(); MOST_ROWS];
        Self { codes, other_codes: codes, both: lanes, second: lanes, others, stack }
    }
}

impl Twig {
    /// The node of some rows, which the kernel has begun, and out-of-bag rows, at most [`MOST_ROWS`] rows; `None` where they do not
    /// fit.
    pub fn root<K: Kernel>(
        &mut self,
        kernel: &K,
        (rows, part): (&Rows<K::Row>, Part),
        (others, other_part): (&Rows<()>, Part),
    ) -> Option<Node> {
        let (both, second) = (self.both.as_flattened_mut(), self.second.as_flattened_mut());
        let weights = kernel.weights(rows.members(part), both, second)?;
        let fit =
            others.lanes(other_part, &mut self.other_codes) && rows.lanes(part, &mut self.codes);
        for (to, row) in self.others.iter_mut().zip(others.numbers(other_part)) {
            *to = row;
        }
        let bits = |part: Part| ((1u64 << part.len()) - 1) as u32;
        fit.then(|| Node { rows: bits(part), others: bits(other_part), weights, ..Node::default() })
    }

    /// Grows the subtree of a node.
    #[inline(never)]
    pub fn grow(&mut self, job: &ForestJob, root: Node, draws: &mut Draws, nodes: &mut Nodes) {
        let (mut node, mut len) = (root, 0);
        loop {
            if let Some(parent) = node.parent {
                nodes.is_right_of(parent);
            }
            if let Some(split) = self.split(job, &mut node, draws) {
                (node, self.stack[len % MOST_ROWS]) = self.divide(job, &node, &split, nodes);
                len += 1;
            } else {
                self.push_leaf(&node, nodes);
                if len == 0 {
                    return;
                }
                len -= 1;
                node = self.stack[len % MOST_ROWS];
            }
        }
    }

    /// How a node is split, if it is.
    fn split(&self, job: &ForestJob, node: &mut Node, draws: &mut Draws) -> Option<Split> {
        if is_leaf(job, node) {
            return None;
        }
        match node.rows.count_ones() as usize {
            2 => self.search_pair(job, node, draws),
            n if n <= LANES => self.search::<1>(job, node, draws),
            _ => self.search::<2>(job, node, draws),
        }
    }

    /// Of two rows, whose classes differ, any feature that is not constant divides one from the other.
    #[inline(never)]
    fn search_pair(&self, job: &ForestJob, node: &mut Node, draws: &mut Draws) -> Option<Split> {
        let (first, last) = (node.rows.trailing_zeros(), node.rows.leading_zeros());
        let lanes = [first as usize % MOST_ROWS, MOST_ROWS - 1 - last as usize % MOST_ROWS];
        let bins = job.binned().bins();
        for drawn in 0..bins.len() {
            let feature = draws.draw(drawn);
            if node.constants >> feature & 1 == 1 {
                continue;
            }
            let column = self.codes[usize::from(feature) % MOST].as_flattened();
            // Missing values, code 0, are beyond all others.
            let [a, b] = lanes.map(|lane| column[lane].wrapping_sub(1));
            if a == b {
                node.constants |= 1 << feature;
                continue;
            }
            let (lane, low, high) = if a < b { (lanes[0], a, b) } else { (lanes[1], b, a) };
            let [both, second] = [&self.both, &self.second].map(|own| own.as_flattened()[lane]);
            let (left, all) = (Weights { both, second }, node.weights);
            let heavier = left.both > all.less(left).both;
            let (threshold, missing_left) = match high {
                u8::MAX => ((bins[usize::from(feature)].n_codes() - 1) as u8, false),
                _ => (middle(low + 1, high + 1), heavier),
            };
            return Some(Split { score: left.score(all), feature, threshold, missing_left, left });
        }
        None
    }

    /// Draws features and searches them, as [`super::grow`] does, of a node whose rows fit into so many
    /// registers.
    #[inline(never)]
    fn search<const R: usize>(
        &self,
        job: &ForestJob,
        node: &mut Node,
        draws: &mut Draws,
    ) -> Option<Split> {
        let rows = self.gather::<R>(node);
        let n = job.binned().bins().len();
        let batch = if R == 1 { 1 } else { BATCH };
        let (mut best, mut drawn, mut varied) = (Best::NONE, 0, false);
        while drawn < n && (drawn < draws.most || !varied) && !best.perfect {
            let stop = if drawn < draws.most { draws.most } else { drawn + 1 };
            let mut len = 0;
            while drawn < stop && len < batch {
                let feature = draws.draw(drawn);
                drawn += 1;
                if node.constants >> feature & 1 == 1 {
                    continue;
                }
                len += 1;
                if best.perfect {
                    continue;
                }
                if self.search_feature(&rows, feature, &mut best) {
                    varied = true;
                } else {
                    node.constants |= 1 << feature;
                }
            }
        }
        best.split(job, rows.n, rows.all)
    }

    /// Searches a feature; whether it is not constant.
    #[inline(always)]
    fn search_feature<const R: usize>(
        &self,
        rows: &Gathered<R>,
        feature: u16,
        best: &mut Best<R>,
    ) -> bool {
        let codes = gather(&self.codes[usize::from(feature) % MOST], &rows.places);
        if equal(&codes, codes[0][0]) & rows.lanes == rows.lanes {
            return false;
        }
        // First missing values, code 0, are beyond all others, then before.
        let missing = equal(&codes, 0) & rows.lanes != 0;
        let ways: &[u8] = if missing { &[1, 0] } else { &[1] };
        ways.iter().for_each(|&from| rows.cut(feature, &codes, from, best));
        true
    }

    fn gather<const R: usize>(&self, node: &Node) -> Gathered<R> {
        let (mut places, mut n, mut left) = ([[u8::MAX; LANES]; R], 0, node.rows);
        while left != 0 {
            places.as_flattened_mut()[n % (R * LANES)] = left.trailing_zeros() as u8;
            left &= left - 1;
            n += 1;
        }
        let (both, second) = (gather(&self.both, &places), gather(&self.second, &places));
        Gathered { n, lanes: first(n), places, both, second, all: node.weights }
    }

    /// Adds a split; its children.
    fn divide(
        &self,
        job: &ForestJob,
        node: &Node,
        split: &Split,
        nodes: &mut Nodes,
    ) -> (Node, Node) {
        let Split { feature, threshold, missing_left, .. } = *split;
        let index = usize::from(feature) % MOST;
        let rule = Rule::Threshold { threshold, missing_left };
        let decrease = split.score / f64::from(node.weights.both);
        let number = nodes.push_split(feature, &rule, &job.binned().bins()[index], decrease);
        let from = u8::from(!missing_left);
        let rows = up_to(&self.codes[index], from, threshold - from) & node.rows;
        let others = up_to(&self.other_codes[index], from, threshold - from) & node.others;
        let child = Node { depth: node.depth + 1, parent: None, ..*node };
        let left = Node { rows, others, weights: split.left, ..child };
        let right = Node {
            rows: node.rows & !rows,
            others: node.others & !others,
            weights: node.weights.less(split.left),
            parent: Some(number),
            ..child
        };
        (left, right)
    }

    fn push_leaf(&self, node: &Node, nodes: &mut Nodes) {
        let Weights { both, second } = node.weights;
        let outputs = if node.weights.is_pure() {
            nodes.pure(second > 0)
        } else {
            let share = f64::from(second) / f64::from(both);
            nodes.leaves.number(&[1.0 - share, share])
        };
        nodes.push_leaf(outputs);
        let mut left = node.others;
        while left != 0 {
            let row = self.others[left.trailing_zeros() as usize % MOST_ROWS];
            nodes.reached.push((row, outputs));
            left &= left - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use hedgerow_model::{Bins, LEAF};
    use proptest::prelude::*;

    use super::super::grown::Grown;
    use super::super::{Binned, ForestJob, MaxFeatures, RandomForest, Target};

    /// Every node: what it is split by, or what it says as a leaf.
    fn nodes(grown: &Grown) -> Vec<(u16, u32, [u64; 2])> {
        let tree = &grown.tree;
        let nodes = tree.feature.iter().zip(&tree.split).zip(&tree.child);
        let said = nodes.map(|((&feature, &split), &child)| match feature {
            LEAF => (feature, split, leaf(grown, child)),
            _ => (feature, split, [u64::from(child), 0]),
        });
        said.collect()
    }

    fn leaf(grown: &Grown, number: u32) -> [u64; 2] {
        [0, 1].map(|class| grown.tree.values[2 * number as usize + class].to_bits())
    }

    fn reached(grown: &Grown) -> Vec<(u32, [u64; 2])> {
        let rows = grown.reached.iter();
        let mut rows: Vec<_> = rows.map(|&(row, number)| (row, leaf(grown, number))).collect();
        rows.sort_unstable();
        rows
    }

    proptest! {
        /// Trees of which every node is kept have no twigs.
        #[test]
        fn twigs_are_what_would_grow_without_them(
            rows in prop::collection::vec((0..4u8, 0..12u8, any::<u8>(), 0..2u32), 2..200),
            max_features in 1..4u32,
            max_depth in prop::option::of(1..9u32),
            seed in any::<u64>(),
        ) {
            let numeric = |n: u32| Bins::Numeric { edges: (0..n).map(f64::from).collect() };
            let bins = vec![numeric(2), numeric(10), numeric(254)];
            let codes = vec![
                rows.iter().map(|row| row.0).collect(),
                rows.iter().map(|row| row.1).collect(),
                rows.iter().map(|row| row.2).collect(),
            ];
            let binned = Binned::new(codes, bins, rows.len()).unwrap();
            let target = Target::Classes { codes: rows.iter().map(|row| row.3).collect(), n: 2 };
            let max_features = MaxFeatures::Count(max_features);
            let forest = RandomForest { max_features, max_depth, ..RandomForest::default() };
            let job = ForestJob::new(binned, target, None, forest, seed).unwrap();
            for tree in 0..3 {
                let (plain, ours) = (job.grow_tree(tree, true), job.grow_tree(tree, false));
                prop_assert_eq!(nodes(&plain), nodes(&ours));
                prop_assert_eq!(&plain.tree.importances, &ours.tree.importances);
                prop_assert_eq!(reached(&plain), reached(&ours));
            }
        }
    }
}
