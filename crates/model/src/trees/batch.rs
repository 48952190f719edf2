//! Trees in the form that many rows go through quickly.

use hedgerow_score::trees::{
    BitTree, MOST_EDGES, MOST_LEAVES, MOST_NODES, Node, Sets, Tree, Trees, ranges,
};

use super::{Bins, LEAF, MISSING_LEFT, TreeEnsemble};

/// One tree of an ensemble, its nodes packed.
pub(super) struct Packed<'a> {
    nodes: Vec<Node>,
    sets: Sets<'a>,
    bits: Option<BitTree>,
    values: &'a [f64],
    n_outputs: usize,
}

impl<'a> Packed<'a> {
    /// Whether the nodes of an ensemble fit into this form.
    pub fn fits(trees: &TreeEnsemble) -> bool {
        let fits = |bins: &Bins| match bins {
            Bins::Numeric { edges } => edges.len() <= MOST_EDGES,
            Bins::Categorical { .. } => true,
        };
        trees.bins.iter().all(fits)
            && ranges(&trees.roots, trees.feature.len()).all(|nodes| nodes.len() <= MOST_NODES)
            && trees.values.len() / trees.n_outputs.max(1) <= MOST_LEAVES
    }

    /// The tree whose nodes are from `root` to `end`.
    #[inline(never)]
    pub fn new(trees: &'a TreeEnsemble, root: usize, end: usize) -> Self {
        let nodes: Vec<Node> = (root..end).map(|node| trees.packed(node)).collect();
        let has_sets = nodes.iter().any(|node| node.has_set());
        let splits = if has_sets { &trees.split[root..end] } else { &[] };
        let one = trees.n_outputs == 1;
        let bits = if one { BitTree::new(&nodes, &trees.values) } else { None };
        let sets = Sets { splits, words: &trees.category_sets };
        Self { nodes, sets, bits, values: &trees.values, n_outputs: trees.n_outputs }
    }

    pub fn tree(&self) -> Tree<'_> {
        let trees = Trees { nodes: &self.nodes, sets: self.sets };
        let Self { values, n_outputs, .. } = *self;
        Tree { trees, root: 0, bits: self.bits.as_ref(), values, n_outputs }
    }
}

impl TreeEnsemble {
    /// All nodes in eight bytes each; `None` where there are more nodes, leaves or edges than those can
    /// tell apart.
    pub fn packed_nodes(&self) -> Option<Vec<Node>> {
        let nodes = || (0..self.feature.len()).map(|node| self.packed(node)).collect();
        Packed::fits(self).then(nodes)
    }

    fn packed(&self, node: usize) -> Node {
        let (feature, split) = (self.feature[node], self.split[node]);
        let child = self.child[node];
        let Some(bins) = self.bins.get(usize::from(feature)) else {
            debug_assert!(feature == LEAF, "checked when it was read");
            return Node::leaf(self.bins.len() as u16, child);
        };
        let step = child - node as u32;
        match bins {
            Bins::Categorical { .. } => Node::categorical(feature, step),
            Bins::Numeric { edges } => {
                // Thresholds beyond all codes send all of them left.
                let most = edges.len() as u32 + 1;
                let threshold = (split & !MISSING_LEFT).min(most) as u16;
                Node::numeric(feature, threshold, split & MISSING_LEFT != 0, step)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hedgerow_score::trees::{END, LANES};
    use proptest::prelude::*;

    use super::*;
    use crate::Combine;

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
            prop_assert!(Packed::fits(&trees));
            let rows = codes;
            let mut codes = vec![0; rows.len().div_ceil(LANES) * 4 * LANES];
            codes.chunks_mut(4 * LANES).for_each(|group| group[3 * LANES..].fill(END));
            for (row, &(a, b, c)) in rows.iter().enumerate() {
                let group = &mut codes[row / LANES * 4 * LANES..];
                (0..).zip([a, b, c]).for_each(|(f, code)| group[f * LANES + row % LANES] = code);
            }
            for (root, end) in [(0, second), (second, trees.feature.len())] {
                let tree = Packed::new(&trees, root, end);
                let mut reached = vec![0.0; rows.len()];
                tree.tree().add(&codes, 4 * LANES, &mut reached, 1, 0);
                let alone: Vec<f64> = rows
                    .iter()
                    .map(|&(a, b, c)| trees.leaf(root as u32, |f| [a, b, c][usize::from(f)]))
                    .map(|leaf| trees.values[leaf as usize])
                    .collect();
                prop_assert_eq!(reached, alone);
            }
        }
    }
}
