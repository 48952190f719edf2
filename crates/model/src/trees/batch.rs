//! Many rows through one tree: several go down at once, so that while one waits for its node the
//! others get on.

use super::{Bins, LEAF, MISSING_LEFT, TreeEnsemble};

/// Rows that go down at once.
const ROWS: usize = 8;

/// A [`Node::limit`] that tells of a set of categories.
const SET: u16 = u16::MAX;

/// In [`Node::child`]: missing values go right.
const MISSING_RIGHT: u32 = 1 << 31;

/// All that a step needs in one place.
#[derive(Clone, Copy)]
struct Node {
    feature: u16,
    /// A row goes left when its code, less 1 with [`MISSING_RIGHT`], is below this. 0 in leaves.
    limit: u16,
    /// The right child, counted from the root; of a leaf itself, so that a row there stays.
    child: u32,
}

/// One tree of an ensemble.
pub(super) struct Tree<'a> {
    trees: &'a TreeEnsemble,
    root: usize,
    nodes: Vec<Node>,
}

impl<'a> Tree<'a> {
    /// Whether the nodes of an ensemble fit into this form.
    pub fn fits(trees: &TreeEnsemble) -> bool {
        let fits = |bins: &Bins| match bins {
            Bins::Numeric { edges } => edges.len() < 1 << 15,
            Bins::Categorical { .. } => true,
        };
        !trees.bins.is_empty() && trees.bins.iter().all(fits) && trees.feature.len() < 1 << 31
    }

    /// The tree whose nodes are from `root` to `end`.
    #[inline(never)]
    pub fn new(trees: &'a TreeEnsemble, root: usize, end: usize) -> Self {
        let nodes = (root..end).map(|node| trees.packed(node, root)).collect();
        Self { trees, root, nodes }
    }

    /// Gives `reach` the leaf row that each row of `codes` reaches, in order.
    pub fn leaves(&self, codes: &[u16], mut reach: impl FnMut(u32)) {
        let width = self.trees.bins.len();
        let has_sets = self.nodes.iter().any(|node| node.limit == SET);
        let mut rows = codes.chunks_exact(width * ROWS);
        for rows in &mut rows {
            let ends = if has_sets {
                self.descend::<true>(rows, width)
            } else {
                self.descend::<false>(rows, width)
            };
            ends.iter().for_each(|&end| reach(self.trees.child[self.root + end as usize]));
        }
        for row in rows.remainder().chunks_exact(width) {
            reach(self.trees.leaf(self.root as u32, row));
        }
    }

    /// The nodes in which [`ROWS`] rows end.
    #[inline(never)]
    fn descend<const SETS: bool>(&self, codes: &[u16], width: usize) -> [u32; ROWS] {
        let mut at = [0u32; ROWS];
        loop {
            let mut moved = 0;
            for (row, at) in at.iter_mut().enumerate() {
                let node = self.nodes[*at as usize];
                let code = codes[row * width + usize::from(node.feature)];
                let left = if SETS && node.limit == SET {
                    u32::from(self.has_category(node, *at, code)).wrapping_neg()
                } else {
                    let code = code.wrapping_sub((node.child >> 31) as u16);
                    // All ones where the difference is negative. Not a branch: which way a row
                    // goes cannot be guessed.
                    ((i32::from(code) - i32::from(node.limit)) >> 31) as u32
                };
                let right = node.child & !MISSING_RIGHT;
                let next = right ^ ((right ^ (*at + 1)) & left);
                moved |= next ^ *at;
                *at = next;
            }
            if moved == 0 {
                return at;
            }
        }
    }

    #[inline(never)]
    fn has_category(&self, node: Node, at: u32, code: u16) -> bool {
        let split = self.trees.split[self.root + at as usize];
        self.trees.goes_left(node.feature, split, code)
    }
}

impl TreeEnsemble {
    fn packed(&self, node: usize, root: usize) -> Node {
        let (feature, split) = (self.feature[node], self.split[node]);
        let child = self.child[node];
        let Some(bins) = self.bins.get(usize::from(feature)) else {
            debug_assert!(feature == LEAF, "checked when it was read");
            return Node { feature: 0, limit: 0, child: (node - root) as u32 };
        };
        let child = child - root as u32;
        match bins {
            Bins::Categorical { .. } => Node { feature, limit: SET, child },
            Bins::Numeric { edges } => {
                // Thresholds beyond all codes send all of them left.
                let most = edges.len() as u32 + 1;
                let threshold = (split & !MISSING_LEFT).min(most) as u16;
                if split & MISSING_LEFT != 0 {
                    Node { feature, limit: threshold + 1, child }
                } else {
                    // Missing, code 0, wraps around to be beyond any limit.
                    Node { feature, limit: threshold, child: child | MISSING_RIGHT }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Combine;
    use super::*;

    /// Takes a tree of at most `depth` splits in preorder from `picks`.
    fn grow(trees: &mut TreeEnsemble, picks: &mut impl Iterator<Item = u32>, depth: u32) {
        let node = trees.feature.len();
        let pick = picks.next().unwrap_or(0);
        let feature = (pick % 4) as u16;
        trees.split.push(0);
        trees.child.push(0);
        if depth == 0 || feature == 3 {
            trees.feature.push(LEAF);
            trees.child[node] = trees.values.len() as u32;
            trees.values.push(f64::from(pick));
            return;
        }
        trees.feature.push(feature);
        trees.split[node] = match trees.bins[usize::from(feature)] {
            Bins::Numeric { .. } => (pick / 4 % 9) | (pick & MISSING_LEFT),
            Bins::Categorical { .. } => {
                trees.category_sets.extend([pick, pick.rotate_left(16)]);
                trees.category_sets.len() as u32 - 2
            }
        };
        grow(trees, picks, depth - 1);
        trees.child[node] = trees.feature.len() as u32;
        grow(trees, picks, depth - 1);
    }

    proptest! {
        #[test]
        fn many_rows_at_once_reach_the_leaves_that_each_reaches_alone(
            picks in prop::collection::vec(any::<u32>(), 1..200),
            codes in prop::collection::vec((0..8u16, 0..4u16, 0..40u16), 0..50),
        ) {
            let numeric = |edges: u32| Bins::Numeric { edges: (0..edges).map(f64::from).collect() };
            let mut trees = TreeEnsemble {
                bins: vec![numeric(6), numeric(2), Bins::Categorical { n: 39 }],
                roots: vec![0],
                feature: vec![],
                split: vec![],
                child: vec![],
                category_sets: vec![],
                n_outputs: 1,
                values: vec![],
                rows: vec![],
                combine: Combine::Mean,
            };
            let mut picks = picks.into_iter();
            grow(&mut trees, &mut picks, 9);
            let second = trees.feature.len();
            trees.roots.push(second as u32);
            grow(&mut trees, &mut picks, 3);
            prop_assert_eq!(trees.check(), Ok(()));
            prop_assert!(Tree::fits(&trees));
            let codes: Vec<u16> = codes.into_iter().flat_map(|(a, b, c)| [a, b, c]).collect();
            for (root, end) in [(0, second), (second, trees.feature.len())] {
                let mut reached = Vec::new();
                Tree::new(&trees, root, end).leaves(&codes, |leaf| reached.push(leaf));
                let alone: Vec<u32> =
                    codes.chunks(3).map(|row| trees.leaf(root as u32, row)).collect();
                prop_assert_eq!(reached, alone);
            }
        }
    }
}
