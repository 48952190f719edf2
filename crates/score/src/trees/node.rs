//! A node of eight bytes: all that a step down a tree needs.

use bytemuck::{Pod, Zeroable};

/// The most edges of a feature: a limit is up to two more, and one number of 16 bits tells of sets.
pub const MOST_EDGES: usize = u16::MAX as usize - 3;

/// The most nodes a tree may have, and the most leaf rows an ensemble.
pub const MOST_NODES: usize = 1 << STEP_BITS;
pub const MOST_LEAVES: usize = 1 << 23;

const STEP_BITS: u32 = 24;
const STEP: u32 = (1 << STEP_BITS) - 1;

/// In `child` of a split: missing values go right.
const MISSING_RIGHT: u32 = 1 << 31;

/// A `limit` that tells of a set of categories.
pub(super) const SET: u16 = u16::MAX;

/// Bits of a leaf's number in `limit`; the others are above the step.
const LEAF_BITS: u32 = 15;

/// A node of a tree in preorder. A split's left child is the next node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Node {
    /// Whose code is compared. In a leaf the number of features, where [`super::END`] stands.
    pub feature: u16,
    /// A row goes left when its code, less 1 where missing goes right, is below this.
    limit: u16,
    /// From this node to the right child in the low 24 bits; 0 in leaves. Above them the rest of a
    /// leaf's number, or where missing goes.
    child: u32,
}

impl Node {
    /// A split that sends codes `1..=threshold` left and missing ones (code 0) where `missing_left`
    /// says; `step` is the distance to the right child, below [`MOST_NODES`].
    pub fn numeric(feature: u16, threshold: u16, missing_left: bool, step: u32) -> Self {
        debug_assert!(threshold < SET - 1 && (step as usize) < MOST_NODES);
        if missing_left {
            Self { feature, limit: threshold + 1, child: step }
        } else {
            // Missing, code 0, wraps around to be beyond any limit.
            Self { feature, limit: threshold, child: step | MISSING_RIGHT }
        }
    }

    /// A split on a categorical feature, whose set stands elsewhere.
    pub fn categorical(feature: u16, step: u32) -> Self {
        Self { feature, limit: SET, child: step }
    }

    /// A leaf with row `leaf` of the values, below [`MOST_LEAVES`], of trees over `width` features.
    pub fn leaf(width: u16, leaf: u32) -> Self {
        debug_assert!((leaf as usize) < MOST_LEAVES);
        let (low, high) = (leaf & ((1 << LEAF_BITS) - 1), leaf >> LEAF_BITS);
        Self { feature: width, limit: low as u16, child: high << STEP_BITS }
    }

    /// The row of values of a leaf.
    #[inline]
    pub fn leaf_row(self) -> u32 {
        u32::from(self.limit) | (self.child >> STEP_BITS) << LEAF_BITS
    }

    /// How far the right child is; 0 of a leaf.
    #[inline]
    pub fn step(self) -> u32 {
        self.child & STEP
    }

    /// Whether it splits by a set of categories.
    #[inline]
    pub fn has_set(self) -> bool {
        self.limit == SET
    }

    /// Whether a split's limit is one of so many codes, or just beyond.
    pub(super) fn is_within(self, n_codes: usize) -> bool {
        usize::from(self.limit) <= n_codes
    }

    /// Whether a leaf's number is where it belongs.
    pub(super) fn is_leaf(self) -> bool {
        self.step() == 0 && self.limit < 1 << LEAF_BITS
    }

    /// What of a split sends a row right: that its code, less the first, is not below the second.
    pub(super) fn goes_right(self) -> [u16; 2] {
        [(self.child >> 31) as u16, self.limit]
    }

    /// How far a row with this code goes; from a leaf nowhere.
    #[inline(always)]
    pub(super) fn next(self, code: u16) -> u32 {
        let code = code.wrapping_sub((self.child >> 31) as u16);
        // All ones where the difference is negative. Not a branch: which way a row goes cannot be
        // guessed.
        let left = ((i32::from(code) - i32::from(self.limit)) >> 31) as u32;
        self.choose(left)
    }

    /// How far a row goes: left where all bits are set, right where none is.
    #[inline(always)]
    pub(super) fn choose(self, left: u32) -> u32 {
        let right = self.step();
        right ^ ((right ^ 1) & left)
    }
}

#[cfg(test)]
mod tests {
    use super::super::END;
    use super::*;

    #[test]
    fn a_split_sends_codes_and_missing_where_it_says() {
        let left = Node::numeric(0, 3, true, 7);
        assert_eq!([0, 1, 3, 4, 9].map(|code| left.next(code)), [1, 1, 1, 7, 7]);
        let right = Node::numeric(0, 3, false, 7);
        assert_eq!([0, 1, 3, 4, 9].map(|code| right.next(code)), [7, 1, 1, 7, 7]);
    }

    #[test]
    fn a_leaf_holds_its_number_and_a_row_there_stays() {
        for number in [0, 1, 0x7fff, 0x8000, 0x12_3456, MOST_LEAVES as u32 - 1] {
            let leaf = Node::leaf(4, number);
            assert_eq!((leaf.leaf_row(), leaf.step(), leaf.next(END)), (number, 0, 0));
        }
    }
}
