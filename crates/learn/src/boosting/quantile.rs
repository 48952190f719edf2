//! Weighted quantiles.

use hedgerow_data::{sort_indices, sort_numbers};

/// The smallest value that the part `alpha` of the weight is at most; the mean of it and the next
/// where they share the border, so that a half of an even number is the usual median. `weights`,
/// if any, are one a value. Sorts `values` where there are none.
#[inline(never)]
pub(super) fn quantile(values: &mut [f64], weights: Option<&[f64]>, alpha: f64) -> f64 {
    match weights {
        None => {
            sort_numbers(values);
            of_sorted(values.iter().map(|&value| (value, 1.0)), values.len() as f64, alpha)
        }
        Some(weights) => {
            let mut order: Vec<u32> = (0..values.len() as u32).collect();
            sort_indices(&mut order, &|a, b| values[a as usize].total_cmp(&values[b as usize]));
            let pairs = order.iter().map(|&at| (values[at as usize], weights[at as usize]));
            of_sorted(pairs, weights.iter().sum(), alpha)
        }
    }
}

fn of_sorted(sorted: impl Iterator<Item = (f64, f64)>, total: f64, alpha: f64) -> f64 {
    let target = alpha * total;
    // Weights were added in another order than here: the border is not sharp.
    let slack = 1e-9 * total;
    let (mut sum, mut border, mut last) = (0.0, None, 0.0);
    for (value, weight) in sorted.filter(|pair| pair.1 > 0.0) {
        if let Some(border) = border {
            return border + (value - border) / 2.0;
        }
        sum += weight;
        if sum > target + slack {
            return value;
        }
        if sum >= target - slack {
            border = Some(value);
        }
        last = value;
    }
    last
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn medians_and_quartiles_are_the_usual_ones() {
        assert_eq!(quantile(&mut [3.0, 1.0, 2.0], None, 0.5), 2.0);
        assert_eq!(quantile(&mut [3.0, 1.0, 2.0, 10.0], None, 0.5), 2.5);
        assert_eq!(quantile(&mut [5.0, 4.0, 3.0, 2.0, 1.0], None, 0.9), 5.0);
        assert_eq!(quantile(&mut [7.0], None, 0.01), 7.0);
    }

    proptest! {
        #[test]
        fn a_weight_is_a_number_of_repetitions(
            rows in prop::collection::vec((-100i32..100, 0usize..4), 1..50),
            alpha in 0.01..0.99f64,
        ) {
            prop_assume!(rows.iter().any(|row| row.1 > 0));
            let mut values: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let weights: Vec<f64> = rows.iter().map(|row| row.1 as f64).collect();
            let mut repeated: Vec<f64> =
                rows.iter().flat_map(|row| vec![f64::from(row.0); row.1]).collect();
            prop_assert_eq!(
                quantile(&mut values, Some(&weights), alpha),
                quantile(&mut repeated, None, alpha)
            );
        }
    }
}
