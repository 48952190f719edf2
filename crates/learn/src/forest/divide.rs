//! Dividing a node's rows into those that go left and those that go right.

use super::ids::{Part, TwoBuffers};
use super::split::Rule;
use crate::CHUNK;
use crate::sides::{Among, Left, UpTo};

/// Writes the rows of `part` to the same places of the other buffer: first those that `rule` sends
/// left, then the others, the last first; the number of the former. `along` is what they bring
/// along, and where it goes.
///
/// So rows that ascend ascend or descend in every node, as is best for reading what they stand for.
pub(super) fn divide<R: Copy>(
    ids: &mut TwoBuffers,
    part: Part,
    along: (&[R], &mut [R]),
    codes: &[u8],
    rule: &Rule,
) -> usize {
    // SAFETY: below, each number of the part goes either to the front or to the back.
    let (from, to, number, limit) = unsafe { ids.both(part) };
    assert!(limit <= codes.len(), "rows are in the column");
    let ids = (from, to, number);
    match rule {
        Rule::Threshold { threshold, missing_left } => match UpTo::of(*threshold, *missing_left) {
            Some(side) => divide_by(ids, along, codes, side),
            None => divide_by(ids, along, codes, Among([0; 8])),
        },
        Rule::Set(words) => divide_by(ids, along, codes, Among(*words)),
    }
}

/// All numbers, the bits `number` of `ids`, are below the length of `codes`.
fn divide_by<R: Copy>(
    (ids, to_ids, number): (&[u32], &mut [u32], u32),
    (along, to_along): (&[R], &mut [R]),
    codes: &[u8],
    side: impl Left,
) -> usize {
    let (mut lefts, mut rest) = (0, ids.len());
    for (ids, along) in ids.chunks(CHUNK).zip(along.chunks(CHUNK)) {
        let to = (&mut to_ids[lefts..rest], &mut to_along[lefts..rest]);
        let moved = chunk((ids, number), along, codes, side, to);
        lefts += moved;
        rest -= ids.len() - moved;
    }
    lefts
}

/// Writes both places for every row, the next at the front and the next at the back, and goes on at
/// one of them, so that no branch has to be guessed.
#[inline(never)]
fn chunk<R: Copy>(
    (ids, number): (&[u32], u32),
    along: &[R],
    codes: &[u8],
    side: impl Left,
    (to_ids, to_along): (&mut [u32], &mut [R]),
) -> usize {
    let room = to_ids.len();
    assert!(along.len() == ids.len() && to_along.len() == room, "every row brings something along");
    assert!(room >= ids.len(), "there is room");
    let (mut at, mut lefts) = (0, 0);
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    if size_of::<R>() == 0 {
        while at + 20 <= ids.len() {
            // SAFETY: all numbers are sound, as `divide` has checked. There are 16 from `at` on, and four
            // more. Of `room` places `at` are filled, of which `lefts` at the front.
            lefts += unsafe {
                let set = crate::sides::simd::lefts(&ids[at..], number, codes, side);
                pack(&ids[at..], set, &mut to_ids[lefts..][..room - at])
            };
            at += 16;
        }
    }
    while at < ids.len() {
        // SAFETY: `at` is below the length of `ids`, which is that of `along`. All numbers are
        // below the length of `codes`, as `divide` has checked. Of `room` places at least as many as there
        // are rows, `at` are filled, of which `lefts` at the front: as many as are left follow these.
        unsafe {
            let (id, row) = (*ids.get_unchecked(at), *along.get_unchecked(at));
            let go = side.left(*codes.get_unchecked((id & number) as usize));
            let back = lefts + room - at - 1;
            *to_ids.get_unchecked_mut(lefts) = id;
            *to_along.get_unchecked_mut(lefts) = row;
            *to_ids.get_unchecked_mut(back) = id;
            *to_along.get_unchecked_mut(back) = row;
            lefts += usize::from(go);
        }
        at += 1;
    }
    lefts
}

/// Writes those of the first 16 words that are in `set` to the front of `to`, and the others to its
/// back, the last first; how many the former are. What is written between them is without meaning.
///
/// # Safety
/// There are 16 words, and 20 places or more.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
unsafe fn pack(words: &[u32], set: u16, to: &mut [u32]) -> usize {
    use core::arch::wasm32::*;

    let mut lefts = 0;
    for group in 0..4 {
        let set = usize::from(set >> (4 * group)) & 15;
        let back = lefts + to.len() - 4 * group;
        // SAFETY: there are four words in the group. The places from `lefts` to `back` are those not
        // filled by the groups before, eight or more: what is written at one end does not reach the
        // other.
        unsafe {
            let four = v128_load(words.as_ptr().add(4 * group).cast());
            let parted = crate::sides::simd::parted(four, set);
            v128_store(to.as_mut_ptr().add(lefts).cast(), parted);
            v128_store(to.as_mut_ptr().add(back - 4).cast(), parted);
        }
        lefts += set.count_ones() as usize;
    }
    lefts
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
        fn both_sides_keep_their_order_and_their_rows(
            codes in prop::collection::vec(any::<u8>(), 1..10_000),
            threshold in any::<u8>(),
            missing_left in any::<bool>(),
            words in any::<[u32; 8]>(),
            use_set in any::<bool>(),
        ) {
            let numeric = Rule::Threshold { threshold, missing_left };
            let rule = if use_set { Rule::Set(words) } else { numeric };
            let ids: Vec<u32> = (0..codes.len() as u32).step_by(2).collect();
            let along: Vec<u64> = ids.iter().map(|&id| u64::from(id) + 7).collect();
            let (left, mut right) = checked(&ids, &codes, &rule);
            right.reverse();
            let mut to = vec![0; along.len()];
            let (all, mut ids) = (Part::all(ids.len()), TwoBuffers::new(ids, u32::MAX));
            let lefts = divide(&mut ids, all, (&along, &mut to), &codes, &rule);
            let (lower, upper) = all.divided(lefts);
            prop_assert_eq!(ids.part(lower).numbers().collect::<Vec<_>>(), left);
            prop_assert_eq!(ids.part(upper).numbers().collect::<Vec<_>>(), right);
            let divided = Part { second: true, ..all };
            let rows = ids.part(divided).numbers().zip(&to);
            prop_assert!(rows.into_iter().all(|(id, &row)| row == u64::from(id) + 7));
        }
    }
}
