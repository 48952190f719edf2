//! Numbers: counts in bins, moments in whole numbers.

use alloc::vec::Vec;

use crate::Fault;
use crate::bytes::{Reader, Writer};
use crate::places::Places;

/// Edges of a column at most: with counts 3 kB, so that twenty columns fit into 64 kB.
const MOST: usize = 192;

/// Edges beyond the smallest and beyond the largest training value, each twice as far as the one before.
const BEYOND: i32 = 8;
/// How far the nearest of them is, as a share of the range: 2 to this.
const NEAREST: i32 = -3;

/// Edges between the smallest and the largest training value at most.
const INNER: usize = MOST - 2 * BEYOND as usize;

/// How often the first and the last part of the training values is halved, towards the ends: there, few
/// values are far apart.
const HALVED: usize = 5;

/// Steps a standard deviation is divided into for the moments: 2 to this.
const FINE: i32 = 20;
/// Where moments stop to tell values apart, in steps: a million standard deviations from the middle.
const FARTHEST: f64 = (1u64 << 40) as f64;

/// Values that are counted at a time, and steps from the middle of those that are: the squares of so many add up
/// to less than 2 to 62.
const SOME: usize = 1 << 10;
const NEAR: f64 = (1u64 << 26) as f64;

/// What numbers are counted by.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    /// Ascending; bin `i` holds values from edge `i - 1` on, below edge `i`.
    pub edges: Vec<f64>,
    /// The middle that moments are measured from.
    pub middle: f64,
    /// The unit that moments are measured in.
    pub step: f64,
    /// Whether every distinct value that the bins were made from has a bin that begins with it.
    pub is_discrete: bool,
    places: Places,
}

impl Bins {
    /// Bins of about equally many training values, which ascend and are finite; each distinct value has its
    /// own where there are few, and so has what lies between two of them, the widest gaps first. Beyond both
    /// ends bins get wider and wider.
    pub fn of(sorted: &[f64]) -> Self {
        let (Some(&least), Some(&most)) = (sorted.first(), sorted.last()) else {
            return Self::with(Vec::new(), 0.0, 1.0, true);
        };
        let (inner, is_discrete) = quantiles(sorted, INNER);
        let inner = if is_discrete { apart(&inner, INNER - inner.len()) } else { inner };
        let range = most / 2.0 - least / 2.0;
        let range = if range > 0.0 { range * 2.0 } else { least.abs().max(1.0) };
        let beyond = |j: i32| libm::ldexp(range, NEAREST + j);
        let below = (0..BEYOND).rev().map(|j| least - beyond(j));
        let above = (0..BEYOND).map(|j| most + beyond(j));
        let mut edges: Vec<f64> = below.chain(inner).chain(above).collect();
        edges.retain(|edge| edge.is_finite());
        // Of a range as small as rounding, what is beyond is not beyond what lies between.
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup();
        let (middle, spread) = middle_and_spread(sorted);
        let unit = if spread > 0.0 && spread.is_finite() { spread } else { range.min(f64::MAX) };
        let step = libm::ldexp(unit, -FINE).max(f64::MIN_POSITIVE);
        Self::with(edges, middle, step, is_discrete)
    }

    fn with(edges: Vec<f64>, middle: f64, step: f64, is_discrete: bool) -> Self {
        let places = Places::of(&edges);
        Self { edges, middle, step, is_discrete, places }
    }

    /// Bins, one more than there are edges.
    pub fn len(&self) -> usize {
        self.edges.len() + 1
    }

    /// Whether there is but one bin.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// The bin of a finite value.
    pub fn place(&self, value: f64) -> usize {
        self.places.find(&self.edges, value)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.number(self.middle);
        out.number(self.step);
        out.byte(u8::from(self.is_discrete));
        out.whole(self.edges.len() as u64);
        self.edges.iter().for_each(|&edge| out.number(edge));
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        let (middle, step) = (from.number()?, from.number()?);
        let is_discrete = from.byte()? != 0;
        let n = from.length(8)?;
        let mut edges = Vec::with_capacity(n.min(MOST));
        for _ in 0..n {
            edges.push(from.number()?);
        }
        let ascend = edges.windows(2).all(|pair| pair[0] < pair[1]);
        let sound = middle.is_finite() && step > 0.0 && step.is_finite();
        if n > MOST || !ascend || !sound || !edges.iter().all(|edge| edge.is_finite()) {
            return Err(Fault::Damaged("bins do not ascend"));
        }
        Ok(Self::with(edges, middle, step, is_discrete))
    }
}

/// At most `most` distinct values, and whether they are all: otherwise they cut the others into about equal
/// parts, and smaller ones at both ends.
fn quantiles(sorted: &[f64], most: usize) -> (Vec<f64>, bool) {
    let mut distinct: Vec<f64> = Vec::new();
    for &value in sorted {
        if distinct.last() != Some(&value) {
            if distinct.len() == most {
                return (cuts(sorted, most - 1 - 2 * HALVED), false);
            }
            distinct.push(value);
        }
    }
    (distinct, true)
}

fn cuts(sorted: &[f64], parts: usize) -> Vec<f64> {
    let last = sorted.len() - 1;
    let halved = (1..=HALVED).map(|times| (last / parts) >> times);
    let mut places: Vec<usize> = (0..=parts).map(|part| part * last / parts).collect();
    places.extend(halved.flat_map(|place| [place, last - place]));
    places.sort_unstable();
    let mut cuts: Vec<f64> = places.into_iter().map(|place| sorted[place]).collect();
    cuts.dedup();
    cuts
}

/// Values, and behind so many of them the next larger number: so a bin holds the value, and nothing else. They are
/// those with the widest gaps behind them, where a value that is none of these would be farthest from the one that it
/// counts as; behind the last one there is no end.
fn apart(values: &[f64], gaps: usize) -> Vec<f64> {
    let wide = |at: usize| values.get(at + 1).map_or(f64::INFINITY, |next| next - values[at]);
    let mut widest: Vec<usize> = (0..values.len()).collect();
    widest.sort_by(|&a, &b| wide(b).total_cmp(&wide(a)));
    let behind = widest.iter().take(gaps).map(|&at| values[at].next_up());
    values.iter().copied().chain(behind).collect()
}

fn middle_and_spread(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    // Shares first: a sum of large numbers has no end.
    let middle = values.iter().map(|value| value / n).sum::<f64>();
    let squares = values.iter().map(|value| (value - middle) * ((value - middle) / n)).sum::<f64>();
    (middle, libm::sqrt(squares))
}

/// How often something was counted.
pub trait Count: Copy + Default {
    /// One more; it stops at its end.
    fn next(self) -> Self;
    fn get(self) -> u64;
}

impl Count for u64 {
    fn next(self) -> Self {
        self.saturating_add(1)
    }

    fn get(self) -> u64 {
        self
    }
}

impl Count for u32 {
    fn next(self) -> Self {
        self.saturating_add(1)
    }

    fn get(self) -> u64 {
        self.into()
    }
}

/// What was counted of a column of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers<C = u64> {
    /// Values by bin; infinite ones are in none.
    pub bins: Vec<C>,
    pub missing: u64,
    pub infinite: u64,
    /// Steps from the middle, summed up, and their squares.
    sum: i128,
    squares: i128,
    /// The smallest and largest finite value, as bits that order as they do.
    range: Option<(u64, u64)>,
}

impl<C: Count> Numbers<C> {
    pub(crate) fn new(bins: &Bins) -> Self {
        let bins = alloc::vec![C::default(); bins.len()];
        Self { bins, missing: 0, infinite: 0, sum: 0, squares: 0, range: None }
    }

    /// Counts a value; NaN is missing.
    pub fn record(&mut self, by: &Bins, value: f64) {
        if !value.is_finite() {
            let place = if value.is_nan() { &mut self.missing } else { &mut self.infinite };
            *place = place.saturating_add(1);
            return;
        }
        let bin = &mut self.bins[by.place(value)];
        *bin = bin.next();
        let steps = libm::rint((value - by.middle) / by.step).clamp(-FARTHEST, FARTHEST) as i64;
        self.sum = self.sum.saturating_add(i128::from(steps));
        self.squares = self.squares.saturating_add(i128::from(steps) * i128::from(steps));
        self.reach(key(value), key(value));
    }

    /// Counts values as [`Self::record`] does, in less time.
    pub fn record_all(&mut self, by: &Bins, values: &[f64]) {
        values.chunks(SOME).for_each(|some| self.record_some(by, some));
    }

    /// Moments of so few values, and so near ones, fit into 64 bits.
    fn record_some(&mut self, by: &Bins, values: &[f64]) {
        let (mut sum, mut squares) = (0i64, 0i64);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for &value in values {
            let steps = (value - by.middle) / by.step;
            let is_near = libm::fabs(steps) < NEAR;
            if !is_near {
                self.record(by, value);
                continue;
            }
            let bin = &mut self.bins[by.place(value)];
            *bin = bin.next();
            let steps = rounded(steps);
            sum += steps;
            squares += steps * steps;
            low = if value < low { value } else { low };
            high = if value > high { value } else { high };
        }
        self.sum = self.sum.saturating_add(i128::from(sum));
        self.squares = self.squares.saturating_add(i128::from(squares));
        if low <= high {
            self.reach(key(low), key(high));
        }
    }

    fn reach(&mut self, low: u64, high: u64) {
        let (least, most) = self.range.unwrap_or((low, high));
        self.range = Some((least.min(low), most.max(high)));
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        self.bins.iter().for_each(|&count| out.whole(count.get()));
        out.whole(self.missing);
        out.whole(self.infinite);
        out.wide(self.sum);
        out.wide(self.squares);
        out.byte(u8::from(self.range.is_some()));
        if let Some((least, most)) = self.range {
            out.number(number(least));
            out.number(number(most));
        }
    }
}

impl Numbers {
    pub(crate) fn merge(&mut self, other: &Self) {
        add_all(&mut self.bins, &other.bins);
        self.missing = self.missing.saturating_add(other.missing);
        self.infinite = self.infinite.saturating_add(other.infinite);
        self.sum = self.sum.saturating_add(other.sum);
        self.squares = self.squares.saturating_add(other.squares);
        self.range = match (self.range, other.range) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
    }

    /// Finite values.
    pub fn count(&self) -> u64 {
        total(&self.bins)
    }

    /// The smallest and largest finite value.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.range.map(|(least, most)| (number(least), number(most)))
    }

    /// The mean of finite values.
    pub fn mean(&self, by: &Bins) -> Option<f64> {
        let n = self.count();
        (n > 0).then(|| by.middle + by.step * (self.sum as f64 / n as f64))
    }

    /// The standard deviation of finite values (divided by n, as numpy has it).
    pub fn std(&self, by: &Bins) -> Option<f64> {
        let n = self.count() as f64;
        let mean = self.sum as f64 / n;
        let variance = self.squares as f64 / n - mean * mean;
        (n > 0.0).then(|| by.step * libm::sqrt(variance.max(0.0)))
    }

    pub(crate) fn read(from: &mut Reader<'_>, by: &Bins) -> Result<Self, Fault> {
        let bins = (0..by.len()).map(|_| from.count()).collect::<Result<Vec<_>, _>>()?;
        let (missing, infinite) = (from.count()?, from.count()?);
        let (sum, squares) = (from.wide()?, from.wide()?);
        let range = match from.byte()? {
            0 => None,
            _ => Some((key(from.number()?), key(from.number()?))),
        };
        let read = Self { bins, missing, infinite, sum, squares, range };
        let is_some = read.count() > 0;
        let sound = read.squares >= 0 && read.range.is_some() == is_some;
        if !sound || range.is_some_and(|(least, most)| least > most) {
            return Err(Fault::Damaged("moments that no values have"));
        }
        Ok(read)
    }
}

/// Adds counts to counts; of a stranger's they may be as large as there is.
pub(crate) fn add_all(counts: &mut [u64], more: &[u64]) {
    counts.iter_mut().zip(more).for_each(|(count, more)| *count = count.saturating_add(*more));
}

pub(crate) fn total(counts: &[u64]) -> u64 {
    counts.iter().fold(0, |sum: u64, &count| sum.saturating_add(count))
}

/// The nearest whole number of one whose fraction has bits left, of two that are as near the even one: as
/// [`libm::rint`], by the rounding of a sum.
fn rounded(near: f64) -> i64 {
    const ONES: f64 = 1.5 * (1u64 << 52) as f64;
    ((near + ONES) - ONES) as i64
}

/// Bits that order as unsigned numbers as the floats do.
fn key(value: f64) -> u64 {
    // -0 is 0.
    let bits = (value + 0.0).to_bits();
    bits ^ ((bits as i64 >> 63) as u64 | 1 << 63)
}

fn number(key: u64) -> f64 {
    f64::from_bits(key ^ ((!key as i64 >> 63) as u64 | 1 << 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounded_is_as_rint_has_it(near in -NEAR..NEAR, half in -1_000_000i32..1_000_000) {
            for value in [near, f64::from(half) / 2.0, libm::trunc(near) + 0.5, -0.5, 0.5, 1.5] {
                prop_assert_eq!(rounded(value), libm::rint(value) as i64);
            }
        }
    }
}
