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
    let count = |code: u32| counts[code as usize];
    let before =
        |a: u32, b: u32| count(a) > count(b) || (count(a) == count(b) && text(a) < text(b));
    let mut order: Vec<u32> = Vec::with_capacity(TOP + 1);
    for code in (0..counts.len() as u32).filter(|&code| count(code) > 0) {
        let place = order.partition_point(|&other| before(other, code));
        if place < TOP {
            order.insert(place, code);
            order.truncate(TOP);
        }
    }
    let value = |code: u32| TopValue { value: text(code).to_owned(), count: count(code) };
    order.into_iter().map(value).collect()
}
