//! Sorting a node's rows into those that go left and those that go right.

use super::ids::{CHUNK, RowIds};
use super::split::Rule;

/// Room for the rows that go right.
#[derive(Default)]
pub(crate) struct Spare<R> {
    ids: Vec<u32>,
    rows: Vec<R>,
}

impl<R: Copy + Default> Spare<R> {
    /// Room for `rows` rows.
    pub fn new(rows: usize) -> Self {
        Self { ids: vec![0; rows], rows: vec![R::default(); rows] }
    }
}

/// Moves the rows from `start` to `end` that `rule` sends left to the front, both sides staying in
/// order; their number. `rows` is what these bring along, and `spare` has room for all.
pub(crate) fn partition<R: Copy>(
    ids: &mut RowIds,
    (start, end): (usize, usize),
    rows: &mut [R],
    codes: &[u8],
    rule: &Rule,
    spare: &mut Spare<R>,
) -> usize {
    // SAFETY: below, each number goes to the left or to the spare room, which goes to the right.
    let (ids, limit) = unsafe { ids.part_mut(start, end) };
    assert!(limit <= codes.len(), "rows are in the column");
    assert!(rows.len() == ids.len(), "every row brings something along");
    match rule {
        Rule::Threshold { threshold, missing_left } => {
            // Without missing values on the left, code 0 wraps around and is beyond any threshold.
            let from = u8::from(!missing_left);
            let limit = u16::from(*threshold) + u16::from(*missing_left);
            let left = |code: u8| u16::from(code.wrapping_sub(from)) < limit;
            partition_by(ids, rows, codes, left, spare)
        }
        Rule::Set(_) => {
            let table = rule.table();
            partition_by(ids, rows, codes, |code| table[usize::from(code)] == 1, spare)
        }
    }
}

/// All `ids` are below the length of `codes`.
fn partition_by<R: Copy>(
    ids: &mut [u32],
    rows: &mut [R],
    codes: &[u8],
    left: impl Fn(u8) -> bool + Copy,
    spare: &mut Spare<R>,
) -> usize {
    let (mut lefts, mut rights) = (0, 0);
    for start in (0..ids.len()).step_by(CHUNK) {
        let end = ids.len().min(start + CHUNK);
        let (ids, rows) = (&mut ids[lefts..end], &mut rows[lefts..end]);
        let spare = (&mut spare.ids[rights..], &mut spare.rows[rights..]);
        let moved = chunk(ids, rows, start - lefts, codes, left, spare);
        lefts += moved;
        rights += end - start - moved;
    }
    ids[lefts..].copy_from_slice(&spare.ids[..rights]);
    rows[lefts..].copy_from_slice(&spare.rows[..rights]);
    lefts
}

/// Handles the rows from `from` on: left ones go to the front, right ones to `spare`. Writes both
/// places for every row and advances one, so that no branch has to be guessed.
#[inline(never)]
fn chunk<R: Copy>(
    ids: &mut [u32],
    rows: &mut [R],
    from: usize,
    codes: &[u8],
    left: impl Fn(u8) -> bool,
    (spare_ids, spare_rows): (&mut [u32], &mut [R]),
) -> usize {
    let new = ids.len() - from;
    assert!(rows.len() == ids.len(), "every row brings something along");
    assert!(spare_ids.len() >= new && spare_rows.len() >= new, "there is room");
    let (mut lefts, mut rights) = (0, 0);
    for at in from..ids.len() {
        // SAFETY: `at` is below the length of `ids`, which is that of `rows`. All ids are below the
        // length of `codes`, as `partition` has checked. `lefts` and `rights` are at most the
        // number of rows handled, so `lefts <= at`, and `rights` is below the number of rows to
        // handle and so of the spare room.
        unsafe {
            let (id, row) = (*ids.get_unchecked(at), *rows.get_unchecked(at));
            let go = left(*codes.get_unchecked(id as usize));
            *ids.get_unchecked_mut(lefts) = id;
            *rows.get_unchecked_mut(lefts) = row;
            *spare_ids.get_unchecked_mut(rights) = id;
            *spare_rows.get_unchecked_mut(rights) = row;
            lefts += usize::from(go);
            rights += usize::from(!go);
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
            let mut rows: Vec<u64> = ids.iter().map(|&id| u64::from(id) + 7).collect();
            let (left, right) = checked(&ids, &codes, &rule);
            let (all, mut spare) = ((0, ids.len()), Spare::new(ids.len()));
            let mut ids = RowIds::new(ids);
            let lefts = partition(&mut ids, all, &mut rows, &codes, &rule, &mut spare);
            let ids = ids.numbers(0, all.1);
            prop_assert_eq!(&ids[..lefts], left);
            prop_assert_eq!(&ids[lefts..], right);
            prop_assert!(ids.iter().zip(&rows).all(|(&id, &row)| row == u64::from(id) + 7));
        }
    }
}
