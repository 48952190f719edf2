//! Many rows through one tree: several go down at once, so that while one waits for its node the
//! others get on.

use super::node::Node;

/// Rows that go down at once.
const ROWS: usize = 8;

/// The categories that splits send left.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sets<'a> {
    /// One a node of the tree: where its set begins among `words`. Empty where no node has one.
    pub splits: &'a [u32],
    /// The sets' bits, one a code.
    pub words: &'a [u32],
}

/// One tree.
#[derive(Debug, Clone, Copy)]
pub struct Tree<'a> {
    /// In preorder.
    pub nodes: &'a [Node],
    pub sets: Sets<'a>,
}

impl Sets<'_> {
    #[inline(never)]
    fn contains(&self, node: u32, code: u16) -> bool {
        let word = self.splits[node as usize] as usize + usize::from(code / 32);
        self.words[word] >> (code % 32) & 1 == 1
    }
}

impl Tree<'_> {
    /// Gives `reach` the leaf row that each row of `codes`, of `stride` codes each, reaches, in order.
    pub fn leaves(&self, codes: &[u16], stride: usize, mut reach: impl FnMut(u32)) {
        let mut rows = codes.chunks_exact(stride * ROWS);
        for rows in &mut rows {
            let ends = if self.sets.splits.is_empty() {
                self.descend::<false>(rows, stride)
            } else {
                self.descend::<true>(rows, stride)
            };
            ends.iter().for_each(|&end| reach(self.nodes[end as usize].leaf_row()));
        }
        for row in rows.remainder().chunks_exact(stride) {
            reach(self.leaf(row));
        }
    }

    /// The leaf row that a row of codes reaches.
    #[inline]
    pub fn leaf(&self, codes: &[u16]) -> u32 {
        let mut at = 0u32;
        loop {
            let node = self.nodes[at as usize];
            if node.step() == 0 {
                return node.leaf_row();
            }
            at += self.next(node, at, codes[usize::from(node.feature)]);
        }
    }

    #[inline(always)]
    fn next(&self, node: Node, at: u32, code: u16) -> u32 {
        if node.has_set() {
            node.choose(u32::from(self.sets.contains(at, code)).wrapping_neg())
        } else {
            node.next(code)
        }
    }

    /// The nodes in which [`ROWS`] rows end.
    #[inline(never)]
    fn descend<const SETS: bool>(&self, codes: &[u16], stride: usize) -> [u32; ROWS] {
        let mut at = [0u32; ROWS];
        loop {
            let mut moved = 0;
            for (row, at) in at.iter_mut().enumerate() {
                let node = self.nodes[*at as usize];
                let code = codes[row * stride + usize::from(node.feature)];
                let step = if SETS { self.next(node, *at, code) } else { node.next(code) };
                moved |= step;
                *at += step;
            }
            if moved == 0 {
                return at;
            }
        }
    }
}
