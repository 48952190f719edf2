//! Adaptive windowing.

use serde::Deserialize;

use super::{MeanChange, is_usable};
use crate::MonitorError;
use crate::error::check_option;

/// How changes are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AdwinOptions {
    /// How likely a false alarm is, above 0 and below 1. Default 0.002.
    pub delta: f64,
    /// It looks for a change with every so many values, at least 1. Default 32.
    pub clock: u64,
    /// Buckets of each size, 1 to 1,000: more of them tell better when a change began. Default 5.
    pub max_buckets: usize,
    /// Values on either side of a change, at least 1. Default 5.
    pub min_window_length: u64,
    /// Values in the window before it looks for the first time. Default 10.
    pub grace_period: u64,
}

impl Default for AdwinOptions {
    fn default() -> Self {
        Self { delta: 0.002, clock: 32, max_buckets: 5, min_window_length: 5, grace_period: 10 }
    }
}

/// Adaptive windowing, ADWIN2 (Bifet and Gavaldà 2007, "Learning from time-changing data with adaptive windowing"):
/// a window of the latest values, in buckets whose sizes double, which is looked at for a cut with other means on
/// its sides. Memory is some 150 bytes for every doubling of the window. After a change it begins anew, as river's
/// does.
#[derive(Debug, Clone)]
pub struct Adwin {
    options: AdwinOptions,
    window: Window,
    /// Values seen, and those of them before the window began to be filled.
    seen: u64,
    start: u64,
}

/// Values that follow each other: their sum, and that of their squared deviations from the mean.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    n: f64,
    total: f64,
    spread: f64,
}

/// Buckets of one value, of two, of four …; in each row the oldest first. The sum of all beside them.
#[derive(Debug, Clone, Default)]
struct Window {
    rows: Vec<Vec<Bucket>>,
    all: Bucket,
}

impl Adwin {
    /// # Errors
    /// [`MonitorError::BadOption`].
    pub fn new(options: AdwinOptions) -> Result<Self, MonitorError> {
        let AdwinOptions { delta, clock, max_buckets, min_window_length, .. } = options;
        check_option("delta", delta, delta > 0.0 && delta < 1.0, "above 0 and below 1")?;
        check_option("clock", clock as f64, clock > 0, "at least 1")?;
        let buckets = max_buckets as f64;
        check_option("maxBuckets", buckets, (1..=1_000).contains(&max_buckets), "1 to 1000")?;
        let least = min_window_length as f64;
        check_option("minWindowLength", least, min_window_length > 0, "at least 1")?;
        Ok(Self { options, window: Window::default(), seen: 0, start: 0 })
    }

    /// Takes the next value. Values that are not finite, or beyond 1e100, are passed over.
    pub fn update(&mut self, value: f64) -> Option<MeanChange> {
        if !is_usable(value) {
            return None;
        }
        self.window.push(value, self.options.max_buckets);
        self.seen += 1;
        let Self { seen, start, .. } = *self;
        let is_time = (seen - start).is_multiple_of(self.options.clock);
        if !is_time || seen - start <= self.options.grace_period {
            return None;
        }
        let cut = self.window.cut(&self.options)?;
        let rest = self.window.all.n - cut.n;
        let after = (self.window.all.total - cut.total) / rest;
        self.window = Window::default();
        self.start = seen;
        Some(MeanChange { found: seen - 1, began: start + cut.n as u64, before: cut.mean(), after })
    }

    /// The mean of the window; nothing before the first value.
    pub fn mean(&self) -> Option<f64> {
        (self.window.all.n > 0.0).then(|| self.window.all.mean())
    }
}

impl Bucket {
    fn mean(&self) -> f64 {
        self.total / self.n
    }

    /// Both together (Babcock, Datar, Motwani and O'Callaghan 2003).
    fn with(&self, other: &Self) -> Self {
        Self {
            n: self.n + other.n,
            total: self.total + other.total,
            spread: self.spread + other.spread + self.between(other),
        }
    }

    fn between(&self, other: &Self) -> f64 {
        let far = self.mean() - other.mean();
        self.n * other.n * far * far / (self.n + other.n)
    }
}

impl Window {
    fn push(&mut self, value: f64, max_buckets: usize) {
        let one = Bucket { n: 1.0, total: value, spread: 0.0 };
        self.all = if self.all.n > 0.0 { self.all.with(&one) } else { one };
        let mut carried = Some(one);
        let mut row = 0;
        while let Some(bucket) = carried {
            if row == self.rows.len() {
                self.rows.push(Vec::with_capacity(max_buckets + 1));
            }
            carried =
                self.rows.get_mut(row).and_then(|buckets| added(buckets, bucket, max_buckets));
            row += 1;
        }
    }

    /// The oldest values whose mean is too far from that of the others to be of one distribution; where there are
    /// several such cuts, the clearest.
    fn cut(&self, options: &AdwinOptions) -> Option<Bucket> {
        let mut old = Bucket::default();
        let mut clearest = None;
        let mut most = 1.0;
        for bucket in self.rows.iter().rev().flatten() {
            // Nobody asks for the spread of a part.
            old = Bucket { n: old.n + bucket.n, total: old.total + bucket.total, spread: 0.0 };
            let far = self.distance(&old, options);
            if far > most {
                (most, clearest) = (far, Some(old));
            }
        }
        clearest
    }

    /// How far the mean of the oldest values is from that of the others, in what is possible by chance.
    fn distance(&self, old: &Bucket, options: &AdwinOptions) -> f64 {
        let (width, rest) = (self.all.n, self.all.n - old.n);
        let least = options.min_window_length as f64;
        if old.n < least || rest < least {
            return 0.0;
        }
        let surety = libm::log(2.0 * libm::log(width) / options.delta);
        let harmonic = 1.0 / (old.n - least + 1.0) + 1.0 / (rest - least + 1.0);
        let variance = self.all.spread / width;
        let bound = libm::sqrt(2.0 * harmonic * variance * surety) + 2.0 / 3.0 * surety * harmonic;
        (old.mean() - (self.all.total - old.total) / rest).abs() / bound
    }
}

/// Adds a bucket to its row; where that is too long, its two oldest are given out as one.
fn added(row: &mut Vec<Bucket>, bucket: Bucket, max_buckets: usize) -> Option<Bucket> {
    row.push(bucket);
    let [first, second, ..] = row.as_slice() else { return None };
    let both = first.with(second);
    (row.len() > max_buckets).then(|| {
        row.drain(..2);
        both
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_window_takes_little_memory() {
        let mut adwin = Adwin::new(AdwinOptions::default()).unwrap();
        for n in 0..300_000_u32 {
            assert_eq!(adwin.update(f64::from(n % 10)), None);
        }
        let Window { rows, all } = &adwin.window;
        let (values, buckets) =
            rows.iter().flatten().fold((0.0, 0), |(n, b), one| (n + one.n, b + 1));
        assert_eq!((values, all.n), (300_000.0, 300_000.0));
        assert!(buckets <= 5 * 18, "{buckets}");
        assert!((all.spread / all.n - 8.25).abs() < 1e-6 && (all.mean() - 4.5).abs() < 1e-9);
    }
}
