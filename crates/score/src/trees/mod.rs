//! Trees as nodes of eight bytes, and how codes become predictions by them.

mod anomaly;
mod batch;
mod bins;
mod combine;
mod ensemble;
mod node;

pub use anomaly::average_path;
pub use batch::{Sets, Tree};
pub use bins::Bins;
pub use combine::Combine;
pub use ensemble::Ensemble;
pub use node::{MOST_LEAVES, MOST_NODES, Node};

use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;

/// Rows whose codes are held at a time, and how many codes at most, or one row's.
const BLOCK: usize = 16_384;
const BLOCK_CODES: usize = 1 << 20;

/// Rows that one call of a hot loop handles: engines swap in optimised code only at the next call.
pub const CALL: usize = 1_024;

/// What stands behind every row's codes: beyond all limits, so that a row that has reached a leaf stays.
pub const END: u16 = u16::MAX;

/// Outputs for `rows` rows, row by row, of trees whose leaves hold `n_outputs` numbers. `add` is given
/// the codes of some rows, `bins.len()` and [`END`] each, and adds every tree's leaves to their scores,
/// [`Combine::n_scores`] each.
pub fn predict<A: core::ops::Deref<Target = [f64]>>(
    bins: &[Bins<A>],
    combine: &Combine,
    (n_outputs, n_trees): (usize, usize),
    (features, rows): (&[Cow<[f64]>], usize),
    mut add: impl FnMut(&[u16], &mut [f64]),
) -> Vec<f64> {
    let stride = bins.len() + 1;
    let n_scores = combine.n_scores(n_outputs);
    let mut scores = combine.begin(n_outputs, rows);
    let block = (BLOCK_CODES / stride).clamp(1, BLOCK).min(rows.max(1));
    let mut codes = vec![END; block * stride];
    for start in (0..rows).step_by(block) {
        let block = start..rows.min(start + block);
        for (index, bins) in bins.iter().enumerate() {
            let values = features.get(index).and_then(|values| values.get(block.clone()));
            encode_block(bins, values, &mut codes, index, stride);
        }
        let scores = &mut scores[block.start * n_scores..block.end * n_scores];
        add(&codes[..block.len() * stride], scores);
    }
    combine.finish(scores, n_outputs, n_trees)
}

fn encode_block<A: core::ops::Deref<Target = [f64]>>(
    bins: &Bins<A>,
    values: Option<&[f64]>,
    codes: &mut [u16],
    index: usize,
    stride: usize,
) {
    match values {
        Some(values) => {
            let parts = codes.chunks_mut(CALL * stride).zip(values.chunks(CALL));
            parts.for_each(|(codes, values)| encode(bins, values, codes, index, stride));
        }
        None => codes.iter_mut().skip(index).step_by(stride).for_each(|code| *code = 0),
    }
}

/// Puts the codes of `values` into column `index` of rows of `stride` codes.
#[inline(never)]
fn encode<A: core::ops::Deref<Target = [f64]>>(
    bins: &Bins<A>,
    values: &[f64],
    codes: &mut [u16],
    index: usize,
    stride: usize,
) {
    let column = codes.iter_mut().skip(index).step_by(stride);
    column.zip(values).for_each(|(code, &value)| *code = bins.code(value));
}
