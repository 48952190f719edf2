//! Changes in a stream of numbers, such as a model's errors, found value by value in little memory.
//!
//! [`Adwin`] finds any change of the mean and needs no idea of its size; [`PageHinkley`] is cheaper, and is told how
//! large a change matters. Both have river's parameters and defaults (0.26) and find changes where it does.

mod adwin;
mod page_hinkley;
#[cfg(test)]
mod tests;

pub use adwin::{Adwin, AdwinOptions};
pub use page_hinkley::{Mode, PageHinkley, PageHinkleyOptions};

use serde::{Deserialize, Serialize};

use crate::MonitorError;

/// A change of the mean that was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct MeanChange {
    /// The value with which it was found, as its number from 0 in the stream; values that were passed over have no
    /// number.
    pub found: u64,
    /// The value with which it began, as far as can be told: by [`Adwin`] to a few values, by [`PageHinkley`] where
    /// its delta is not so small that chance alone adds up.
    pub began: u64,
    /// The mean before that, since the last change.
    pub before: f64,
    /// The mean since.
    pub after: f64,
}

/// A detector that is asked for, by its name, with its options.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(tag = "detector", rename_all = "snake_case")]
pub enum DetectorOptions {
    Adwin(AdwinOptions),
    PageHinkley(PageHinkleyOptions),
}

/// One of the detectors.
#[derive(Debug, Clone)]
pub enum Detector {
    Adwin(Adwin),
    PageHinkley(PageHinkley),
}

impl Detector {
    /// # Errors
    /// [`MonitorError::BadOption`].
    pub fn new(options: DetectorOptions) -> Result<Self, MonitorError> {
        Ok(match options {
            DetectorOptions::Adwin(options) => Self::Adwin(Adwin::new(options)?),
            DetectorOptions::PageHinkley(options) => Self::PageHinkley(PageHinkley::new(options)?),
        })
    }

    /// Takes the next value. Values that are not finite, or beyond 1e100, are passed over.
    pub fn update(&mut self, value: f64) -> Option<MeanChange> {
        match self {
            Self::Adwin(adwin) => adwin.update(value),
            Self::PageHinkley(test) => test.update(value),
        }
    }
}

/// All changes in a series, whose numbers are places in it, also where values are passed over.
///
/// # Errors
/// [`MonitorError::BadOption`].
pub fn find_changes(
    values: &[f64],
    options: DetectorOptions,
) -> Result<Vec<MeanChange>, MonitorError> {
    let mut detector = Detector::new(options)?;
    let (mut places, mut changes) = (Vec::new(), Vec::new());
    for (place, &value) in values.iter().enumerate().filter(|(_, value)| is_usable(**value)) {
        places.push(place as u64);
        if let Some(change) = detector.update(value) {
            let at = |number: u64| places.get(number as usize).copied().unwrap_or(place as u64);
            changes.push(MeanChange { found: at(change.found), began: at(change.began), ..change });
        }
    }
    Ok(changes)
}

/// Whether a value can be added up; others, infinite ones and those that are none are passed over.
fn is_usable(value: f64) -> bool {
    value.abs() <= 1e100
}
