//! Sums whose error does not grow with their length.

/// The sum, in order, by Neumaier's compensated summation (A. Neumaier, "Rundungsfehleranalyse
/// einiger Verfahren zur Summation endlicher Summen", 1974).
pub(crate) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = 0.0;
    let mut lost = 0.0;
    for value in values {
        let next = sum + value;
        // An infinite or NaN sum has lost nothing that could be told.
        if next.is_finite() {
            let larger_sum = libm::fabs(sum) >= libm::fabs(value);
            lost += if larger_sum { (sum - next) + value } else { (value - next) + sum };
        }
        sum = next;
    }
    sum + lost
}

/// The mean of `n` values; NaN of none.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>, n: usize) -> f64 {
    sum(values) / n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_terms_beside_large_ones_are_not_lost() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(sum([f64::INFINITY, 1.0]), f64::INFINITY);
        assert!(mean([], 0).is_nan());
    }
}
