//! The rows of a tree, leaf by leaf, and how a leaf's are sorted into those that go left and those
//! that go right.

use crate::CHUNK;
use crate::forest::Rule;
use crate::sides::{Among, Left, UpTo};

/// Rows that are sorted at a time where there are instructions for it.
const GROUP: usize = 4;

/// Row numbers that are only ever put in another order, so that their limit is found once.
#[derive(Default)]
pub(super) struct Members {
    ids: Vec<u32>,
    /// All are below this.
    end: usize,
    /// Room for the rows that go right, and for a group more.
    spare: Vec<u32>,
}

impl Members {
    pub fn new(ids: Vec<u32>) -> Self {
        let end = largest(&ids) as usize + 1;
        Self { ids, end, spare: Vec::new() }
    }

    /// Makes the numbers those of `other`.
    pub fn copy(&mut self, other: &Self) {
        self.ids.clone_from(&other.ids);
        self.end = other.end;
        self.spare.resize(self.ids.len() + GROUP, 0);
    }

    /// All numbers.
    pub fn all(&self) -> &[u32] {
        &self.ids
    }

    /// The numbers at these places.
    pub fn numbers(&self, start: usize, end: usize) -> &[u32] {
        &self.ids[start..end]
    }

    /// Moves the rows from `start` to `end` that `rule` sends left to the front, both sides staying
    /// in order; their number.
    pub fn partition(&mut self, start: usize, end: usize, codes: &[u8], rule: &Rule) -> usize {
        assert!(self.end <= codes.len(), "rows are in the column");
        assert!(self.spare.len() >= end - start + GROUP, "there is room");
        let (ids, spare) = (&mut self.ids[start..end], self.spare.as_mut_slice());
        match rule {
            Rule::Threshold { threshold, missing_left } => {
                match UpTo::of(*threshold, *missing_left) {
                    Some(side) => sort(ids, codes, side, spare),
                    None => 0,
                }
            }
            Rule::Set(words) => sort(ids, codes, Among(*words), spare),
        }
    }
}

#[inline(never)]
fn largest(ids: &[u32]) -> u32 {
    ids.iter().fold(0, |largest, &id| largest.max(id))
}

/// All `ids` are below the length of `codes`; `spare` has room for as many and a group.
fn sort<L: Left>(ids: &mut [u32], codes: &[u8], side: L, spare: &mut [u32]) -> usize {
    let (mut lefts, mut rights) = (0, 0);
    for start in (0..ids.len()).step_by(CHUNK) {
        let end = ids.len().min(start + CHUNK);
        // SAFETY: the ids are sound, as `partition` has checked, and as it has checked the room
        // left is enough for the rows left and a group.
        let moved = unsafe {
            chunk(&mut ids[lefts..end], start - lefts, codes, side, &mut spare[rights..])
        };
        lefts += moved;
        rights += end - start - moved;
    }
    ids[lefts..].copy_from_slice(&spare[..rights]);
    lefts
}

/// Handles the rows from `from` on: left ones go to the front, right ones to `spare`; how many go
/// left.
///
/// # Safety
/// All `ids` are below the length of `codes`, and `spare` has room for the rows and a group.
#[inline(never)]
unsafe fn chunk<L: Left>(
    ids: &mut [u32],
    from: usize,
    codes: &[u8],
    side: L,
    spare: &mut [u32],
) -> usize {
    let (mut at, mut lefts, mut rights) = (from, 0, 0);
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    while at + 16 <= ids.len() {
        // SAFETY: as asked for; there are 16 ids from `at` on.
        let bits = unsafe { crate::sides::simd::lefts(&ids[at..], u32::MAX, codes, side) };
        for group in 0..4 {
            let bits = usize::from(bits >> (4 * group)) & 15;
            // SAFETY: `lefts` is at most the place of the group, and `rights` at most the number of
            // rows handled, which leaves a group's room.
            unsafe { pack(ids, at + 4 * group, bits, lefts, spare, rights) };
            lefts += bits.count_ones() as usize;
            rights += 4 - bits.count_ones() as usize;
        }
        at += 16;
    }
    // Writes both places for every row and advances one, so that no branch has to be guessed.
    while at < ids.len() {
        // SAFETY: `at` is below the length. Ids are below that of `codes`, as asked for. `lefts` and
        // `rights` are at most the number of rows handled, so `lefts <= at`, and there is room for
        // all in `spare`.
        unsafe {
            let id = *ids.get_unchecked(at);
            let go = side.left(*codes.get_unchecked(id as usize));
            *ids.get_unchecked_mut(lefts) = id;
            *spare.get_unchecked_mut(rights) = id;
            lefts += usize::from(go);
            rights += usize::from(!go);
        }
        at += 1;
    }
    lefts
}

/// Writes those of the four ids from `at` on that are in `bits` to `ids[lefts..]`, and the others to
/// `spare[rights..]`. What is written after them is without meaning.
///
/// # Safety
/// There are four ids from `at` on, `lefts <= at`, and four places in `spare`.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
unsafe fn pack(
    ids: &mut [u32],
    at: usize,
    bits: usize,
    lefts: usize,
    spare: &mut [u32],
    rights: usize,
) {
    use core::arch::wasm32::*;

    use crate::sides::simd::parted;
    // SAFETY: as asked for.
    unsafe {
        let four = v128_load(ids.as_ptr().add(at).cast());
        v128_store(ids.as_mut_ptr().add(lefts).cast(), parted(four, bits));
        v128_store(spare.as_mut_ptr().add(rights).cast(), parted(four, bits ^ 15));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same without any trick.
    fn checked(ids: &[u32], codes: &[u8], rule: &Rule) -> (Vec<u32>, Vec<u32>) {
        ids.iter().partition(|&&id| rule.goes_left(codes[id as usize]))
    }

    proptest! {
        #[test]
        fn both_sides_keep_their_order(
            codes in prop::collection::vec(any::<u8>(), 1..10_000),
            threshold in any::<u8>(),
            missing_left in any::<bool>(),
            words in any::<[u32; 8]>(),
            use_set in any::<bool>(),
            step in 1usize..3,
        ) {
            let numeric = Rule::Threshold { threshold, missing_left };
            let rule = if use_set { Rule::Set(words) } else { numeric };
            let ids: Vec<u32> = (0..codes.len() as u32).step_by(step).collect();
            let (start, end) = (ids.len() / 7, ids.len());
            let (left, right) = checked(&ids[start..], &codes, &rule);
            let mut members = Members::default();
            members.copy(&Members::new(ids.clone()));
            let lefts = members.partition(start, end, &codes, &rule);
            prop_assert_eq!(members.numbers(0, start), &ids[..start]);
            prop_assert_eq!(members.numbers(start, start + lefts), left);
            prop_assert_eq!(members.numbers(start + lefts, end), right);
        }
    }
}
