//! Dividing a node's rows into those that go left and those that go right.

use super::ids::{CHUNK, Part, TwoBuffers};
use super::split::Rule;

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
        Rule::Threshold { threshold, missing_left } => {
            // Without missing values on the left, code 0 wraps around and is beyond any threshold.
            let first = u8::from(!missing_left);
            let limit = u16::from(*threshold) + u16::from(*missing_left);
            divide_by(ids, along, codes, |code| u16::from(code.wrapping_sub(first)) < limit)
        }
        Rule::Set(_) => {
            let table = rule.table();
            divide_by(ids, along, codes, |code| table[usize::from(code)] == 1)
        }
    }
}

/// All numbers, the bits `number` of `ids`, are below the length of `codes`.
fn divide_by<R: Copy>(
    (ids, to_ids, number): (&[u32], &mut [u32], u32),
    (along, to_along): (&[R], &mut [R]),
    codes: &[u8],
    left: impl Fn(u8) -> bool + Copy,
) -> usize {
    let (mut lefts, mut rest) = (0, ids.len());
    for (ids, along) in ids.chunks(CHUNK).zip(along.chunks(CHUNK)) {
        let to = (&mut to_ids[lefts..rest], &mut to_along[lefts..rest]);
        let moved = chunk((ids, number), along, codes, left, to);
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
    left: impl Fn(u8) -> bool,
    (to_ids, to_along): (&mut [u32], &mut [R]),
) -> usize {
    let room = to_ids.len();
    assert!(along.len() == ids.len() && to_along.len() == room, "every row brings something along");
    assert!(room >= ids.len(), "there is room");
    let (mut lefts, mut back) = (0, room);
    for at in 0..ids.len() {
        // SAFETY: `at` is below the length of `ids`, which is that of `along`. All numbers are
        // below the length of `codes`, as `divide` has checked. Of `room` places at least as many as there
        // are rows, `at` are filled: `lefts` at the front and `room - back` at the back, so
        // `lefts < back <= room`.
        unsafe {
            let (id, row) = (*ids.get_unchecked(at), *along.get_unchecked(at));
            let go = left(*codes.get_unchecked((id & number) as usize));
            *to_ids.get_unchecked_mut(lefts) = id;
            *to_along.get_unchecked_mut(lefts) = row;
            *to_ids.get_unchecked_mut(back - 1) = id;
            *to_along.get_unchecked_mut(back - 1) = row;
            lefts += usize::from(go);
            back -= usize::from(!go);
        }
    }
    lefts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same without any trick.
    fn checked(ids: &[u32], codes: &[u8], rule: &Rule) -> (Vec<u32>, Vec<u32>) {
        let table = rule.table();
        ids.iter().partition(|&&id| table[usize::from(codes[id as usize])] == 1)
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
