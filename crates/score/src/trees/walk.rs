//! Down trees, several ways at once, so that while one waits for its node the others get on.

use super::LANES;
use super::node::Node;

/// Ways at once: as many as registers hold, where the loop over them is written out for speed.
const WAYS: usize = if cfg!(feature = "speed") { 8 } else { 4 };

/// The categories that splits send left.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sets<'a> {
    /// One a node: where its set begins among `words`. Empty where no node has one.
    pub splits: &'a [u32],
    /// The sets' bits, one a code.
    pub words: &'a [u32],
}

/// One tree, or several one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Trees<'a> {
    /// Tree by tree, in preorder.
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

impl Trees<'_> {
    /// The leaf rows that the rows of a group reach from `root` on.
    pub fn of_group(&self, codes: &[u16], root: u32) -> [u32; LANES] {
        let mut leaves = [0; LANES];
        for (some, leaves) in leaves.as_chunks_mut::<WAYS>().0.iter_mut().enumerate() {
            let codes = &codes[some * WAYS..];
            let ends = if self.sets.splits.is_empty() {
                self.descend::<false>(codes, root)
            } else {
                self.descend::<true>(codes, root)
            };
            *leaves = ends.map(|end| self.nodes[end as usize].leaf_row());
        }
        leaves
    }

    /// The leaf row that the row at `lane` of a group reaches from `root` on.
    pub fn of_row(&self, codes: &[u16], lane: usize, root: u32) -> u32 {
        let mut at = root;
        loop {
            match self.step::<true>(at, codes, lane) {
                0 => return self.nodes[at as usize].leaf_row(),
                step => at += step,
            }
        }
    }

    /// The nodes in which rows side by side end, from a node on.
    #[inline(never)]
    fn descend<const SETS: bool>(&self, codes: &[u16], root: u32) -> [u32; WAYS] {
        let mut at = [root; WAYS];
        loop {
            let mut moved = 0;
            for (lane, at) in at.iter_mut().enumerate() {
                let step = self.step::<SETS>(*at, codes, lane);
                moved |= step;
                *at += step;
            }
            if moved == 0 {
                return at;
            }
        }
    }

    #[inline(always)]
    fn step<const SETS: bool>(&self, at: u32, codes: &[u16], lane: usize) -> u32 {
        let node = self.nodes[at as usize];
        let code = codes[usize::from(node.feature) * LANES + lane];
        if SETS && node.has_set() {
            node.choose(u32::from(self.sets.contains(at, code)).wrapping_neg())
        } else {
            node.next(code)
        }
    }
}
