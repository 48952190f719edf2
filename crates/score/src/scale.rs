//! Numbers as most estimators want them: none missing, all of one size.

/// Centre and spread of a standardised number: `(x - mean) / std`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Scale {
    pub mean: f64,
    /// Population standard deviation; 1 for a constant column, so never 0.
    pub std: f64,
}

/// A value, or `impute` where it is missing (NaN), standardised.
#[inline]
pub fn impute_and_scale(value: f64, impute: Option<f64>, scale: Option<Scale>) -> f64 {
    let filled = if value.is_nan() { impute.unwrap_or(f64::NAN) } else { value };
    scale.map_or(filled, |scale| (filled - scale.mean) / scale.std)
}
