//! Sorting, once for all crates: each type and order that is sorted adds some 10 kB to the training
//! module.

use std::cmp::Ordering;

/// Sorts numbers in ascending order; -0 comes before 0, and NaN last.
#[inline(never)]
pub fn sort_numbers(values: &mut [f64]) {
    values.sort_unstable_by(f64::total_cmp);
}

/// Sorts indices by what they stand for; equals keep their order.
#[inline(never)]
pub fn sort_indices(indices: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    indices.sort_by(|&a, &b| compare(a, b));
}

/// The numbers that are not missing, in ascending order; -0 is taken for 0.
pub fn sorted_numbers(values: &[f64]) -> Vec<f64> {
    // Adding 0 makes -0 positive, and changes nothing else.
    let mut known: Vec<f64> =
        values.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0).collect();
    sort_numbers(&mut known);
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_and_missing_ones_go() {
        let sorted = sorted_numbers(&[2.0, f64::NAN, -0.0, f64::NEG_INFINITY, -1.5, 0.0]);
        assert_eq!(sorted, [f64::NEG_INFINITY, -1.5, 0.0, 0.0, 2.0]);
        assert!(sorted.iter().all(|value| *value != 0.0 || value.is_sign_positive()));
    }

    #[test]
    fn equals_keep_their_order() {
        let mut indices = [4, 3, 2, 1, 0];
        sort_indices(&mut indices, &|a, b| (a % 2).cmp(&(b % 2)));
        assert_eq!(indices, [4, 2, 0, 3, 1]);
    }
}
