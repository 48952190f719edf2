//! Numbers as decimals with a fixed point, which most columns are.

/// What a missing number is among whole ones.
pub(crate) const MISSING: i32 = i32::MIN;

/// Digits after the point at most.
const MOST_DIGITS: u8 = 9;

/// Numbers that are looked at together.
const CHUNK: usize = 256;

/// 1.5 * 2^52: a number added to it loses its fraction.
const TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// The fewest digits after the point with which all numbers are such decimals to the bit, and all
/// without the point. `None` where there are no such digits, or a number has too many before it.
pub(crate) fn whole(values: &[f64]) -> Option<(u8, Vec<i32>)> {
    let (mut digits, mut before) = (0, 0);
    for (index, chunk) in values.chunks(CHUNK).enumerate() {
        while !are_whole(chunk, power(digits)) {
            (digits, before) = (digits + 1, index);
            if digits > MOST_DIGITS {
                return None;
            }
        }
    }
    // Those before had fewer digits, with which they may be too large now.
    let fit = values.chunks(CHUNK).take(before).all(|chunk| are_whole(chunk, power(digits)));
    fit.then(|| (digits, without_point(values, power(digits))))
}

/// The largest absolute number that is not missing.
#[inline(never)]
pub(crate) fn largest(whole: &[i32]) -> u32 {
    let known = |&value: &i32| if value == MISSING { 0 } else { value.unsigned_abs() };
    whole.iter().map(known).max().unwrap_or(0)
}

/// What numbers were multiplied with; powers of ten are exact up to 10^22.
pub(crate) fn power(digits: u8) -> f64 {
    (0..digits).fold(1.0, |power, _| power * 10.0)
}

/// Whether every number is a whole one over `power`, and that is small enough.
#[inline(never)]
fn are_whole(values: &[f64], power: f64) -> bool {
    let is_whole = |value: f64| {
        let whole = nearest(value * power);
        let fits = whole.abs() < f64::from(i32::MAX);
        (whole / power).to_bits() == value.to_bits() && fits || value.is_nan()
    };
    // No branch: numbers are looked at side by side.
    values.iter().fold(true, |all, &value| all & is_whole(value))
}

#[inline(never)]
fn without_point(values: &[f64], power: f64) -> Vec<i32> {
    let whole = |&value: &f64| {
        if value.is_nan() { MISSING } else { nearest(value * power) as i32 }
    };
    values.iter().map(whole).collect()
}

/// The nearest whole number, for numbers below 2^51.
#[inline(always)]
fn nearest(x: f64) -> f64 {
    (x + TO_INTEGER) - TO_INTEGER
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_lose_their_point() {
        assert_eq!(whole(&[0.1, -2.0, f64::NAN]), Some((1, vec![1, -20, MISSING])));
        assert_eq!(whole(&[]), Some((0, vec![])));
        assert_eq!(whole(&[0.23, 1e6]), Some((2, vec![23, 100_000_000])));
    }

    #[test]
    fn what_is_no_short_decimal_stays_as_it_is() {
        for values in [[1.0 / 3.0, 1.0], [-0.0, 1.0], [f64::INFINITY, 0.0], [1e9, 0.01], [3e9, 1.0]]
        {
            assert_eq!(whole(&values), None, "{values:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(
            numbers in prop::collection::vec(-2_000_000_000..2_000_000_000i32, 1..600),
            digits in 0u8..=9,
        ) {
            let values: Vec<f64> =
                numbers.iter().map(|&number| f64::from(number) / power(digits)).collect();
            let (found, whole) = whole(&values).unwrap();
            prop_assert!(found <= digits);
            let back: Vec<u64> =
                whole.iter().map(|&number| (f64::from(number) / power(found)).to_bits()).collect();
            prop_assert_eq!(back, values.iter().map(|value| value.to_bits()).collect::<Vec<_>>());
        }
    }
}
