//! Which rows and features a tree sees.

use crate::forest::{Random, Target};

/// Random numbers of the choice of the validation part, which no tree has.
const VALIDATION: usize = usize::MAX - 1;

/// `count` of `from`, in their order, all subsets equally likely (Knuth, volume 2, algorithm S).
fn choose<T: Copy>(from: &[T], count: usize, random: &mut Random, mut each: impl FnMut(T, bool)) {
    let mut wanted = count as u32;
    for (at, &item) in from.iter().enumerate() {
        let left = (from.len() - at) as u32;
        let take = wanted > 0 && random.below(left) < wanted;
        wanted -= u32::from(take);
        each(item, take);
    }
}

/// The part `fraction` of `from`, rounded, but one at least.
fn part(fraction: f64, of: usize) -> usize {
    ((fraction * of as f64 + 0.5) as usize).clamp(1, of.max(1))
}

/// Splits rows into those a tree sees and the others.
#[inline(never)]
pub(super) fn draw_rows(
    rows: &[u32],
    fraction: f64,
    random: &mut Random,
    drawn: &mut Vec<u32>,
    others: &mut Vec<u32>,
) {
    choose(rows, part(fraction, rows.len()), random, |row, take| {
        if take { drawn.push(row) } else { others.push(row) }
    });
}

/// The features a tree sees.
pub(super) fn draw_features(features: &[u16], fraction: f64, random: &mut Random) -> Vec<u16> {
    let mut drawn = Vec::new();
    choose(features, part(fraction, features.len()), random, |feature, take| {
        if take {
            drawn.push(feature);
        }
    });
    drawn
}

/// Splits rows into those to learn from and those to validate with; of each class about as large a
/// part, but never all of it.
#[inline(never)]
pub(super) fn split_validation(
    rows: &[u32],
    target: &Target,
    fraction: f64,
    seed: u64,
) -> (Vec<u32>, Vec<u32>) {
    let class = |row: u32| match target {
        Target::Classes { codes, .. } => codes[row as usize] as usize,
        Target::Values(_) => 0,
    };
    let classes = if let Target::Classes { n, .. } = target { *n } else { 1 };
    let mut left = vec![0u32; classes];
    rows.iter().for_each(|&row| left[class(row)] += 1);
    let share =
        |&rows: &u32| ((fraction * f64::from(rows) + 0.5) as u32).min(rows.saturating_sub(1));
    let mut wanted: Vec<u32> = left.iter().map(share).collect();
    let mut random = Random::for_tree(seed, VALIDATION);
    // Algorithm S for all classes at once.
    rows.iter().partition(|&&row| {
        let class = class(row);
        let take = wanted[class] > 0 && random.below(left[class]) < wanted[class];
        left[class] -= 1;
        wanted[class] -= u32::from(take);
        !take
    })
}
