//! The ends of a tree: below a node of few rows a byte of each fits into one register, so that rows
//! are bits, and a cut is found and made without going over them one by one.
//!
//! Most nodes of a tree that is grown to its end are there. They are those that [`super::grow`]
//! would grow, to the bit.

use super::ids::Part;
use super::job::ForestJob;
use super::kernel::Kernel;
use super::lanes::{
    LANES, Lanes, Weights, equal, equal_scores, gather, next_above, scores, sums_up_to, up_to,
};
use super::layout::MOST;
use super::near::Rows;
use super::nodes::Nodes;
use super::random::Draws;
use super::split::{Rule, is_categorical, middle};

/// The rows of a node whose subtree is to be grown.
pub(super) struct Twig {
    /// The codes of its rows by feature, and of its out-of-bag rows.
    codes: [Lanes; MOST],
    other_codes: [Lanes; MOST],
    /// What the rows weigh, and what those of class 1 weigh.
    both: Lanes,
    second: Lanes,
    /// Numbers of the out-of-bag rows.
    others: [u32; LANES],
}

/// A node to be grown.
#[derive(Clone, Copy, Default)]
pub(super) struct Node {
    /// Bits of its rows, and of its out-of-bag rows.
    rows: u16,
    others: u16,
    weights: Weights,
    pub depth: u32,
    /// Bits of the features that are known to be constant in it.
    pub constants: u32,
    /// The node whose right child it is.
    parent: Option<usize>,
}

/// The best cut of a node so far.
#[derive(Clone, Copy)]
struct Best {
    score: f64,
    feature: u16,
    /// The codes of the rows, and what was taken off them.
    codes: Lanes,
    from: u8,
    /// The last row that goes left.
    lane: usize,
    /// What goes left.
    left: Weights,
    perfect: bool,
}

impl Best {
    const NONE: Self = Self {
        score: f64::NEG_INFINITY,
        feature: 0,
        codes: [0; LANES],
        from: 0,
        lane: 0,
        left: Weights { both: 0, second: 0 },
        perfect: false,
    };

    fn found(&self) -> bool {
        self.score > f64::NEG_INFINITY
    }

    /// The threshold half-way to the next code, and whether missing values go left, which go with
    /// the heavier side where there are none. There are
    /// `n` rows that weigh `all`.
    fn place(&self, n: usize, all: Weights, n_codes: usize) -> (u8, bool) {
        let has_missing = equal(&self.codes, 0) & first(n) != 0;
        let code = self.codes[self.lane].wrapping_sub(self.from);
        let next = next_above(&self.codes, self.from, n, code);
        let heavier = self.left.both > all.less(self.left).both;
        let missing_left = if has_missing { self.from == 0 } else { heavier };
        if self.from == 1 && next == u8::MAX {
            return ((n_codes - 1) as u8, missing_left);
        }
        (middle(code.wrapping_add(self.from), next.wrapping_add(self.from)), missing_left)
    }
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
        let (codes, lanes) = ([[0; LANES]; MOST], [0; LANES]);
        Self { codes, other_codes: codes, both: lanes, second: lanes, others: [0; LANES] }
    }
}

impl Twig {
    /// The node of some rows and out-of-bag rows; `None` where they do not fit.
    pub fn root<K: Kernel>(
        &mut self,
        (rows, part): (&Rows<K::Row>, Part),
        (others, other_part): (&Rows<()>, Part),
    ) -> Option<Node> {
        let (mut both, mut second) = (0, 0);
        for (lane, row) in rows.members(part).iter().enumerate() {
            let weights = K::weights(row)?;
            (self.both[lane], self.second[lane]) = (weights.both, weights.second);
            both += u32::from(weights.both);
            second += u32::from(weights.second);
        }
        let weights = Weights { both: u8::try_from(both).ok()?, second: second as u8 };
        let fit =
            others.lanes(other_part, &mut self.other_codes) && rows.lanes(part, &mut self.codes);
        for (to, row) in self.others.iter_mut().zip(others.numbers(other_part)) {
            *to = row;
        }
        let bits = |part: Part| ((1u32 << part.len()) - 1) as u16;
        fit.then(|| Node { rows: bits(part), others: bits(other_part), weights, ..Node::default() })
    }

    /// Grows the subtree of a node.
    #[inline(never)]
    pub fn grow(&self, job: &ForestJob, root: Node, draws: &mut Draws, nodes: &mut Nodes) {
        let mut stack = [Node::default(); LANES];
        stack[0] = root;
        let mut len = 1;
        while len > 0 {
            len -= 1;
            let mut node = stack[len % LANES];
            if let Some(parent) = node.parent {
                nodes.is_right_of(parent);
            }
            let leaf = is_leaf(job, &node);
            let best = if leaf { Best::NONE } else { self.search(job, &mut node, draws) };
            if best.found() {
                let (left, right) = self.divide(job, &node, &best, nodes);
                (stack[len % LANES], stack[(len + 1) % LANES]) = (right, left);
                len += 2;
            } else {
                self.push_leaf(&node, nodes);
            }
        }
    }

    #[inline(never)]
    fn search(&self, job: &ForestJob, node: &mut Node, draws: &mut Draws) -> Best {
        let rows = self.gather(node);
        let n = job.binned().bins().len();
        let (mut best, mut drawn, mut varied) = (Best::NONE, 0, false);
        while drawn < n && (drawn < draws.most || !varied) && !best.perfect {
            let feature = draws.draw(drawn);
            drawn += 1;
            if node.constants >> feature & 1 == 1 {
                continue;
            }
            let codes = gather(&self.codes[usize::from(feature) % MOST], &rows.places);
            if equal(&codes, codes[0]) & rows.lanes == rows.lanes {
                node.constants |= 1 << feature;
                continue;
            }
            varied = true;
            if rows.n == 2 {
                return rows.cut_pair(feature, &codes);
            }
            // First missing values, code 0, are beyond all others, then before.
            rows.cut(feature, &codes, 1, &mut best);
            if equal(&codes, 0) & rows.lanes != 0 {
                rows.cut(feature, &codes, 0, &mut best);
            }
        }
        best
    }

    fn gather(&self, node: &Node) -> Gathered {
        let (mut places, mut n, mut left) = ([u8::MAX; LANES], 0, node.rows);
        while left != 0 {
            places[n % LANES] = left.trailing_zeros() as u8;
            left &= left - 1;
            n += 1;
        }
        let (both, second) = (gather(&self.both, &places), gather(&self.second, &places));
        Gathered { n, lanes: first(n), places, both, second, all: node.weights }
    }

    /// Adds a split; its children.
    fn divide(&self, job: &ForestJob, node: &Node, best: &Best, nodes: &mut Nodes) -> (Node, Node) {
        let index = usize::from(best.feature) % MOST;
        let bins = &job.binned().bins()[index];
        let n = node.rows.count_ones() as usize;
        let (threshold, missing_left) = best.place(n, node.weights, bins.n_codes());
        let rule = Rule::Threshold { threshold, missing_left };
        let decrease = best.score / f64::from(node.weights.both);
        let number = nodes.push_split(best.feature, &rule, bins, decrease);
        let from = u8::from(!missing_left);
        let rows = up_to(&self.codes[index], from, threshold - from) & node.rows;
        let others = up_to(&self.other_codes[index], from, threshold - from) & node.others;
        let child = Node { depth: node.depth + 1, parent: None, ..*node };
        let left = Node { rows, others, weights: best.left, ..child };
        let right = Node {
            rows: node.rows & !rows,
            others: node.others & !others,
            weights: node.weights.less(best.left),
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
            let row = self.others[left.trailing_zeros() as usize % LANES];
            nodes.reached.push((row, outputs));
            left &= left - 1;
        }
    }
}

/// The bits of the first `n` lanes, of which there is at least one.
fn first(n: usize) -> u16 {
    u16::MAX >> ((LANES - n) % LANES)
}

/// The rows of a node side by side, from the first lane on.
struct Gathered {
    n: usize,
    /// Their bits.
    lanes: u16,
    places: Lanes,
    both: Lanes,
    second: Lanes,
    /// What they weigh.
    all: Weights,
}

impl Gathered {
    /// Looks at the cuts of a feature, with codes taken less `from`.
    #[inline(always)]
    fn cut(&self, feature: u16, codes: &Lanes, from: u8, best: &mut Best) {
        let sums = sums_up_to(codes, from, self.n, &self.both, &self.second);
        let mut by_lane = [0.0; LANES];
        let score = scores(&sums, self.n, self.all, &mut by_lane);
        if score <= best.score {
            return;
        }
        // Of equals the lowest code.
        let mut ties = equal_scores(&by_lane, self.n, score) & self.lanes;
        let mut lane = ties.trailing_zeros() as usize % LANES;
        ties &= ties.wrapping_sub(1);
        while ties != 0 {
            let other = ties.trailing_zeros() as usize % LANES;
            ties &= ties - 1;
            if codes[other].wrapping_sub(from) < codes[lane].wrapping_sub(from) {
                lane = other;
            }
        }
        let left = Weights { both: sums[0][lane], second: sums[1][lane] };
        let perfect = left.is_pure() && self.all.less(left).is_pure();
        *best = Best { score, feature, codes: *codes, from, lane, left, perfect };
    }

    /// The one cut of two rows whose codes differ, as their classes do.
    #[inline(always)]
    fn cut_pair(&self, feature: u16, codes: &Lanes) -> Best {
        let lane = usize::from(codes[1].wrapping_sub(1) < codes[0].wrapping_sub(1));
        let left = Weights { both: self.both[lane], second: self.second[lane] };
        let score = left.score(self.all);
        Best { score, feature, codes: *codes, from: 1, lane, left, perfect: true }
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
