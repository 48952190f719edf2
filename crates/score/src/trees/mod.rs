//! Trees as nodes of eight bytes, and how codes become predictions by them.

mod anomaly;
mod bins;
mod bits;
mod check;
mod combine;
mod ensemble;
mod lanes;
mod node;
mod prefixes;
mod tree;
mod walk;

pub use anomaly::average_path;
pub use bins::Bins;
pub use bits::BitTree;
pub use check::{check, ranges};
pub use combine::Combine;
pub use ensemble::{Ensemble, Parts};
pub use node::{MOST_EDGES, MOST_LEAVES, MOST_NODES, Node};
pub use tree::Tree;
pub use walk::{Sets, Trees};

use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Deref;

/// Rows whose codes lie side by side: a group.
pub const LANES: usize = 16;

/// Rows whose codes are held at a time, in whole groups, and how many codes at most, or one group's.
const BLOCK: usize = 16_384;
const BLOCK_CODES: usize = 1 << 20;

/// Rows that one call of a hot loop handles, in whole groups: engines swap in optimised code only at the
/// next call.
pub const CALL: usize = 1_024;

/// What stands behind every row's codes: beyond all limits, so that a row that has reached a leaf stays.
pub const END: u16 = u16::MAX;

/// Outputs for `rows` rows, row by row, of trees whose leaves hold `n_outputs` numbers. `add` is given
/// the codes of some rows, and adds every tree's leaves to their scores, [`Combine::n_scores`] each. Codes
/// are group after group; in a group the [`LANES`] codes of one feature after those of another, and
/// [`END`] for each row. Behind the last row are codes of no meaning, such as any row might have.
pub fn predict<A: Deref<Target = [f64]>>(
    bins: &[Bins<A>],
    combine: &Combine,
    (n_outputs, n_trees): (usize, usize),
    (features, rows): (&[Cow<[f64]>], usize),
    mut add: impl FnMut(&[u16], &mut [f64]),
) -> Vec<f64> {
    let width = (bins.len() + 1) * LANES;
    let n_scores = combine.n_scores(n_outputs);
    let mut scores = combine.begin(n_outputs, rows);
    let groups = (BLOCK_CODES / width).clamp(1, BLOCK / LANES).min(rows.div_ceil(LANES));
    let mut codes = vec![0; groups * width];
    codes.chunks_mut(width).for_each(|group| group[width - LANES..].fill(END));
    for start in (0..rows).step_by((groups * LANES).max(1)) {
        let block = start..rows.min(start + groups * LANES);
        for (index, bins) in bins.iter().enumerate() {
            let values = features.get(index).and_then(|values| values.get(block.clone()));
            let parts = codes[index * LANES..].chunks_mut(CALL / LANES * width);
            let values = values.unwrap_or(&[]).chunks(CALL);
            parts.zip(values).for_each(|(codes, values)| encode(bins, values, codes, width));
        }
        let codes = &codes[..block.len().div_ceil(LANES) * width];
        add(codes, &mut scores[block.start * n_scores..block.end * n_scores]);
    }
    combine.finish(scores, n_outputs, n_trees)
}

/// Puts the codes of a feature's values into groups of so many codes.
#[inline(never)]
fn encode<A: Deref<Target = [f64]>>(
    bins: &Bins<A>,
    values: &[f64],
    codes: &mut [u16],
    width: usize,
) {
    for (group, values) in codes.chunks_mut(width).zip(values.chunks(LANES)) {
        group.iter_mut().zip(values).for_each(|(code, &value)| *code = bins.code(value));
    }
}
