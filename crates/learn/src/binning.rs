//! Numbers to codes of one byte: what the tree engine compares instead of values.

use hedgerow_model::Bins;

use crate::CHUNK;

/// The most value bins of a feature; with code 0 for missing they fill a byte.
pub const MAX_BINS: usize = 255;

/// Fits the bins of a numeric feature on its training values that are not missing, ascending, as
/// [`sorted_numbers`](hedgerow_data::sorted_numbers) gives them.
///
/// With at most `max_bins` (2 to [`MAX_BINS`]) distinct values each gets a bin of its own, with the
/// edge half-way to its neighbour, so that nothing is lost. With more, bins hold about equally many
/// rows, and a value that alone fills a bin has it for itself, as in LightGBM's `GreedyFindBin` (Ke
/// et al. 2017).
#[inline(never)]
pub fn fit_bins(sorted: &[f64], max_bins: usize) -> Bins {
    let distinct = distinct(sorted);
    let edges = if distinct.len() <= max_bins.clamp(2, MAX_BINS) {
        distinct.windows(2).filter_map(|pair| edge(pair[0].0, pair[1].0)).collect()
    } else {
        equal_counts(&distinct, max_bins.clamp(2, MAX_BINS))
    };
    Bins::Numeric { edges }
}

/// Each value once, and how often it is there.
#[inline(never)]
fn distinct(sorted: &[f64]) -> Vec<(f64, usize)> {
    sorted.chunk_by(|a, b| a == b).map(|equal| (equal[0], equal.len())).collect()
}

/// The code of every value.
pub fn encode(values: &[f64], bins: &Bins) -> Vec<u8> {
    let mut codes = vec![0; values.len()];
    let parts = codes.chunks_mut(CHUNK).zip(values.chunks(CHUNK));
    match bins {
        Bins::Numeric { edges } if edges.len() < MAX_BINS => {
            let mut padded = [f64::INFINITY; 256];
            padded[..edges.len()].copy_from_slice(edges);
            parts.for_each(|(codes, values)| encode_numbers(values, &padded, codes));
        }
        _ => parts.for_each(|(codes, values)| encode_part(values, bins, codes)),
    }
    codes
}

/// As [`Bins::code`], without a branch that would have to be guessed: every search takes eight steps.
/// Nothing is greater than the `edges` beyond the true ones.
#[inline(never)]
fn encode_numbers(values: &[f64], edges: &[f64; 256], codes: &mut [u8]) {
    for (code, &value) in codes.iter_mut().zip(values) {
        let mut below = 0;
        for step in [7, 6, 5, 4, 3, 2, 1, 0] {
            let last = below + (1 << step) - 1;
            below += usize::from(edges[last & 255] < value) << step;
        }
        *code = if value.is_nan() { 0 } else { 1 + below as u8 };
    }
}

#[inline(never)]
fn encode_part(values: &[f64], bins: &Bins, codes: &mut [u8]) {
    // fit_bins makes at most 255 value bins. Categories beyond 254 would not fit: they are missing.
    let code = |value: f64| u8::try_from(bins.code(value)).unwrap_or(0);
    codes.iter_mut().zip(values).for_each(|(to, &value)| *to = code(value));
}

/// A finite number `e` with `low <= e < high`, half-way where possible.
pub(crate) fn edge(low: f64, high: f64) -> Option<f64> {
    let halves = low / 2.0 + high / 2.0;
    let middle = if (high - low).is_finite() { low + (high - low) / 2.0 } else { halves };
    [middle, low, f64::MIN].into_iter().find(|e| e.is_finite() && low <= *e && *e < high)
}

/// Edges of at most `max_bins` bins with about equal counts.
fn equal_counts(distinct: &[(f64, usize)], max_bins: usize) -> Vec<f64> {
    let mut rows: usize = distinct.iter().map(|value| value.1).sum();
    let full = rows.div_ceil(max_bins);
    let is_big = |count: usize| count >= full;
    let mut bins = max_bins - distinct.iter().filter(|value| is_big(value.1)).count();
    rows -= distinct.iter().map(|value| value.1).filter(|&count| is_big(count)).sum::<usize>();
    let mut edges = Vec::with_capacity(max_bins - 1);
    let mut held = 0;
    for pair in distinct.windows(2) {
        let [(low, count), (high, next)] = [pair[0], pair[1]];
        held += count;
        if !is_big(count) {
            rows -= count;
        }
        // The share of a bin falls as rows are used up, so recompute it from what is left.
        let share = (rows + held).div_ceil(bins.max(1));
        if is_big(count) || is_big(next) || held >= share {
            if !is_big(count) {
                bins = bins.saturating_sub(1);
            }
            held = 0;
            edges.extend(edge(low, high));
            if edges.len() + 1 == max_bins {
                break;
            }
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use hedgerow_data::sorted_numbers;
    use proptest::prelude::*;

    use super::*;

    fn edges(values: &[f64], max_bins: usize) -> Vec<f64> {
        match fit_bins(&sorted_numbers(values), max_bins) {
            Bins::Numeric { edges } => edges,
            Bins::Categorical { .. } => unreachable!("fit_bins makes numeric bins"),
        }
    }

    #[test]
    fn few_distinct_values_get_a_bin_each() {
        let values = [3.0, 1.0, f64::NAN, 1.0, 7.0];
        assert_eq!(edges(&values, 255), [2.0, 5.0]);
        assert_eq!(encode(&values, &fit_bins(&sorted_numbers(&values), 255)), [2, 1, 0, 1, 3]);
    }

    #[test]
    fn nothing_to_tell_apart_makes_no_edges() {
        for values in [&[][..], &[f64::NAN; 3], &[2.5; 4], &[0.0, -0.0]] {
            assert!(edges(values, 255).is_empty());
        }
    }

    #[test]
    fn neighbours_and_extremes_still_get_sound_edges() {
        let one_up = f64::from_bits(1.0f64.to_bits() + 1);
        assert_eq!(edges(&[1.0, one_up], 255), [1.0]);
        let extremes = [f64::NEG_INFINITY, f64::MIN, -1e308, 1e308, f64::MAX, f64::INFINITY];
        let found = edges(&extremes, 255);
        assert!(found.iter().all(|edge| edge.is_finite()), "{found:?}");
        assert!(found.windows(2).all(|pair| pair[0] < pair[1]), "{found:?}");
    }

    #[test]
    fn many_values_share_bins_equally_and_a_frequent_one_stays_alone() {
        let mut values: Vec<f64> = (0..10_000).map(f64::from).collect();
        values.extend([4_999.25; 5_000]);
        let bins = fit_bins(&sorted_numbers(&values), 100);
        let codes = encode(&values, &bins);
        let mut counts = vec![0; bins.n_codes()];
        codes.iter().for_each(|&code| counts[usize::from(code)] += 1);
        assert_eq!(counts[0], 0);
        assert_eq!(counts.iter().filter(|&&count| count == 5_000).count(), 1);
        let others = counts.iter().skip(1).filter(|&&count| count != 5_000);
        assert!(others.clone().all(|&count| count <= 152), "{counts:?}");
        assert!(others.count() >= 90, "{counts:?}");
    }

    proptest! {
        #[test]
        fn codes_are_those_of_the_bins(
            mut edges in prop::collection::vec(-1e3..1e3, 0..255),
            values in prop::collection::vec(prop_oneof![-2e3..2e3, prop::num::f64::ANY], 0..400),
        ) {
            edges.sort_unstable_by(f64::total_cmp);
            let values = [values, edges.clone()].concat();
            let bins = Bins::Numeric { edges };
            let codes: Vec<u8> = values.iter().map(|&value| bins.code(value) as u8).collect();
            prop_assert_eq!(encode(&values, &bins), codes);
        }

        #[test]
        fn codes_keep_the_order_of_values(
            values in prop::collection::vec(prop::num::f64::ANY, 0..400),
            max_bins in 2..=255usize,
        ) {
            let bins = fit_bins(&sorted_numbers(&values), max_bins);
            prop_assert!(bins.n_codes() <= max_bins + 1);
            let found = edges(&values, max_bins);
            prop_assert!(found.iter().all(|edge| edge.is_finite()));
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
            let codes = encode(&values, &bins);
            for (a, &x) in values.iter().enumerate() {
                prop_assert_eq!(codes[a] == 0, x.is_nan());
                for (b, &y) in values.iter().enumerate() {
                    prop_assert!(x.partial_cmp(&y).is_none_or(Ordering::is_gt) || codes[a] <= codes[b]);
                }
            }
        }
    }
}
