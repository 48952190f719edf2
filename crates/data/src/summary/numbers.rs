//! Spread, quantiles and histogram of numbers.

use super::{Histogram, Quantiles, Spread, TopValue};
use crate::sorted_numbers;

/// Most bins of a histogram.
const BINS: usize = 24;

/// The values that are not missing, in ascending order.
pub struct Sorted(Vec<f64>);

impl Sorted {
    pub fn new(values: &[f64]) -> Self {
        Self(sorted_numbers(values))
    }

    pub fn values(&self) -> &[f64] {
        &self.0
    }

    pub fn n_distinct(&self) -> usize {
        self.0.chunk_by(|a, b| a == b).count()
    }

    /// Whether all values are whole numbers that `f64` tells apart.
    pub fn is_whole(&self) -> bool {
        self.0.iter().all(|&value| value == (value as i64) as f64 && libm::fabs(value) < 9e15)
    }

    /// `false` and `true` with their counts, the more frequent one first.
    pub fn booleans(&self) -> Vec<TopValue> {
        let n_false = self.0.partition_point(|&value| value == 0.0);
        let n_true = self.0.len() - n_false;
        let mut both = [("false", n_false), ("true", n_true)];
        if n_true > n_false {
            both.reverse();
        }
        both.into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(value, count)| TopValue { value: value.to_owned(), count })
            .collect()
    }

    /// The value below which a share of the others lies; numpy's default, `linear`.
    fn quantile(&self, share: f64) -> f64 {
        let place = share * (self.0.len() - 1) as f64;
        let below = libm::floor(place);
        let (low, high) = (self.0[below as usize], self.0[libm::ceil(place) as usize]);
        let weight = place - below;
        // As numpy does, so that equal neighbours give themselves; the widest ones would overflow.
        let step = high - low;
        let between = if step.is_infinite() {
            low * (1.0 - weight) + high * weight
        } else if weight < 0.5 {
            low + step * weight
        } else {
            high - step * (1.0 - weight)
        };
        between.clamp(low, high)
    }

    /// About as many bins as the root of the number of values, at most 24. Whole numbers get bins
    /// of whole widths around them, so that every bin holds equally many of them.
    pub fn histogram(&self) -> Option<Histogram> {
        let (&min, &max) = (self.0.first()?, self.0.last()?);
        let n_bins = (libm::sqrt(self.0.len() as f64) as usize).clamp(5, BINS);
        let edges = if self.is_whole() {
            whole_edges(min, max, n_bins)
        } else if min == max {
            vec![min, max]
        } else {
            // Divided first, so that the widest range does not overflow.
            let width = max / n_bins as f64 - min / n_bins as f64;
            let inner = (1..n_bins).map(|bin| (min + width * bin as f64).clamp(min, max));
            std::iter::once(min).chain(inner).chain([max]).collect()
        };
        let ends = edges[1..edges.len() - 1]
            .iter()
            .map(|&edge| self.0.partition_point(|&value| value < edge))
            .chain([self.0.len()]);
        let mut before = 0;
        let counts = ends.map(|end| (end - std::mem::replace(&mut before, end)) as u32).collect();
        Some(Histogram { edges, counts })
    }
}

fn whole_edges(min: f64, max: f64, n_bins: usize) -> Vec<f64> {
    let n_values = max - min + 1.0;
    let n_bins = if n_values <= (BINS + 6) as f64 { n_values } else { n_bins as f64 };
    let width = libm::ceil(n_values / n_bins);
    let n_bins = libm::ceil(n_values / width) as usize;
    (0..=n_bins).map(|edge| min - 0.5 + width * edge as f64).collect()
}

/// Sums are taken in the order of the rows, so that they are the same everywhere.
pub fn spread(values: &[f64], sorted: &Sorted) -> Option<Spread> {
    let (&min, &max) = (sorted.0.first()?, sorted.0.last()?);
    let n = sorted.0.len() as f64;
    let present = || values.iter().filter(|value| !value.is_nan());
    let sum: f64 = present().sum();
    let mean = if sum.is_finite() { sum / n } else { present().map(|value| value / n).sum() };
    let squares: f64 = present().map(|value| (value - mean) * (value - mean)).sum();
    Some(Spread {
        min,
        max,
        mean,
        std: if n > 1.0 { libm::sqrt(squares / (n - 1.0)) } else { 0.0 },
        quantiles: Quantiles {
            p5: sorted.quantile(0.05),
            p25: sorted.quantile(0.25),
            p50: sorted.quantile(0.5),
            p75: sorted.quantile(0.75),
            p95: sorted.quantile(0.95),
        },
    })
}
