//! Page's test of cumulated deviations from the mean.

use serde::Deserialize;

use super::{MeanChange, is_usable};
use crate::MonitorError;
use crate::error::check_option;

/// Changes of which direction count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Up,
    Down,
    #[default]
    Both,
}

/// How changes are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PageHinkleyOptions {
    /// Values before the first change. Default 30.
    pub min_instances: u64,
    /// Deviations from the mean that do not count, from 0 on, in the values' unit. Default 0.005.
    pub delta: f64,
    /// The sum of deviations beyond which there is a change, above 0, in the values' unit. Default 50.
    pub threshold: f64,
    /// What a sum keeps with every value, above 0, at most 1. Default 0.9999.
    pub alpha: f64,
    pub mode: Mode,
}

impl Default for PageHinkleyOptions {
    fn default() -> Self {
        Self {
            min_instances: 30,
            delta: 0.005,
            threshold: 50.0,
            alpha: 1.0 - 0.0001,
            mode: Mode::Both,
        }
    }
}

/// The test of Page and Hinkley (Page 1954, "Continuous inspection schemes"): how far the sum of deviations from the
/// mean is from where it was lowest, or highest. After a change it begins anew.
#[derive(Debug, Clone)]
pub struct PageHinkley {
    options: PageHinkleyOptions,
    /// Values seen, and those of them before it began anew.
    seen: u64,
    start: u64,
    mean: f64,
    rise: Cumulated,
    fall: Cumulated,
}

/// Deviations summed up in one direction.
#[derive(Debug, Clone, Copy)]
struct Cumulated {
    sum: f64,
    /// Where it was lowest: the sum, the values up to then, their mean.
    least: f64,
    n: f64,
    mean: f64,
}

impl PageHinkley {
    /// # Errors
    /// [`MonitorError::BadOption`].
    pub fn new(options: PageHinkleyOptions) -> Result<Self, MonitorError> {
        let PageHinkleyOptions { delta, threshold, alpha, .. } = options;
        check_option("delta", delta, (0.0..=1e100).contains(&delta), "0 or more")?;
        let is_sound = threshold > 0.0 && threshold <= 1e200;
        check_option("threshold", threshold, is_sound, "above 0")?;
        check_option("alpha", alpha, alpha > 0.0 && alpha <= 1.0, "above 0, and 1 at most")?;
        let none = Cumulated::default();
        Ok(Self { options, seen: 0, start: 0, mean: 0.0, rise: none, fall: none })
    }

    /// Takes the next value. Values that are not finite, or beyond 1e100, are passed over.
    pub fn update(&mut self, value: f64) -> Option<MeanChange> {
        if !is_usable(value) {
            return None;
        }
        let PageHinkleyOptions { min_instances, delta, threshold, alpha, mode } = self.options;
        self.seen += 1;
        let n = (self.seen - self.start) as f64;
        self.mean += (value - self.mean) / n;
        let deviation = value - self.mean;
        let (is_up, is_down) = (
            self.rise.add(alpha, deviation - delta, n, self.mean) > threshold,
            self.fall.add(alpha, -deviation - delta, n, self.mean) > threshold,
        );
        let found = match mode {
            Mode::Up | Mode::Both if is_up => self.rise,
            Mode::Down | Mode::Both if is_down => self.fall,
            _ => return None,
        };
        if self.seen - self.start < min_instances {
            return None;
        }
        let change = MeanChange {
            found: self.seen - 1,
            began: self.start + found.n as u64,
            before: found.mean,
            after: (self.mean * n - found.mean * found.n) / (n - found.n),
        };
        let none = Cumulated::default();
        *self = Self { start: self.seen, mean: 0.0, rise: none, fall: none, ..*self };
        Some(change)
    }
}

impl Default for Cumulated {
    fn default() -> Self {
        Self { sum: 0.0, least: f64::INFINITY, n: 0.0, mean: 0.0 }
    }
}

impl Cumulated {
    /// Adds a deviation; how far the sum is above its least.
    fn add(&mut self, kept: f64, deviation: f64, n: f64, mean: f64) -> f64 {
        self.sum = kept * self.sum + deviation;
        if self.sum < self.least {
            *self = Self { least: self.sum, n, mean, ..*self };
        }
        self.sum - self.least
    }
}
