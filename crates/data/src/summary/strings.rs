//! How often strings occur.

use super::{TOP, TopValue};
use crate::Dictionary;

/// How often each string of the dictionary occurs.
pub fn counts(codes: &[u32], dictionary: &Dictionary) -> Vec<usize> {
    let mut counts = vec![0; dictionary.len()];
    for &code in codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    counts
}

/// The most frequent strings.
pub fn top(counts: &[usize], dictionary: &Dictionary) -> Vec<TopValue> {
    let text = |code: u32| dictionary.get(code).unwrap_or_default();
    let before = |a: &u32, b: &u32| {
        counts[*b as usize].cmp(&counts[*a as usize]).then_with(|| text(*a).cmp(text(*b)))
    };
    let mut order: Vec<u32> =
        (0..counts.len() as u32).filter(|&code| counts[code as usize] > 0).collect();
    if order.len() > TOP {
        order.select_nth_unstable_by(TOP, before);
        order.truncate(TOP);
    }
    order.sort_unstable_by(before);
    let value = |code: u32| TopValue { value: text(code).to_owned(), count: counts[code as usize] };
    order.into_iter().map(value).collect()
}
