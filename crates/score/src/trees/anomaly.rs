//! How long paths are, and what that says of a row (Liu, Ting & Zhou 2008, "Isolation Forest").

use alloc::vec::Vec;
use core::f64::consts::LN_2;

/// Euler and Mascheroni's constant.
const GAMMA: f64 = 0.577_215_664_901_532_9;

/// The mean length of the path to a leaf in a tree that tells `rows` rows apart at random: that of an
/// unsuccessful search in a binary search tree (equation 1 of the paper); 0 for up to one row.
pub fn average_path(rows: u32) -> f64 {
    match rows {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => {
            let others = f64::from(rows - 1);
            2.0 * (libm::log(others) + GAMMA) - 2.0 * others / f64::from(rows)
        }
    }
}

/// Of each row what the score leaves to 1, and the score; `normalizer` for the sum over the trees.
#[inline(never)]
pub(super) fn shares(sums: &[f64], normalizer: f64) -> Vec<f64> {
    // Not exp2, whose tables would add 4 kB to the training module.
    let score = |sum: &f64| libm::exp(-sum / normalizer * LN_2);
    sums.iter().map(score).flat_map(|score| [1.0 - score, score]).collect()
}

/// Whether scores come out between 0 and 1.
pub(super) fn is_sound(normalizer: f64, paths: &[f64]) -> bool {
    // No sum of so many overflows.
    let most = f64::from(u32::MAX);
    normalizer > 0.0 && normalizer <= most && paths.iter().all(|path| (0.0..=most).contains(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn average_paths_are_those_of_the_paper() {
        let known = [(0, 0.0), (1, 0.0), (2, 1.0), (256, 10.244770920119917)];
        for (rows, expected) in known {
            assert!((average_path(rows) - expected).abs() < 1e-12, "{rows}");
        }
        assert!((2..2_000).all(|rows| average_path(rows) < average_path(rows + 1)));
    }
}
