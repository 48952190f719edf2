//! Sorting, once for all crates: each type and order that is sorted adds some 10 kB to the training
//! module.

use std::cmp::Ordering;

use crate::decimals;

/// From so many numbers on, counting their digits is quicker than comparing them.
const MANY: usize = 4_096;

/// Bits of a digit.
const DIGIT: usize = 11;

/// Numbers that one call of a hot loop handles: V8 swaps in optimised code only at the next call.
const CHUNK: usize = 1 << 14;

/// Sorts numbers in ascending order; -0 comes before 0, and NaN last.
#[inline(never)]
pub fn sort_numbers(values: &mut [f64]) {
    if values.len() < MANY || u32::try_from(values.len()).is_err() {
        values.sort_unstable_by(f64::total_cmp);
    } else {
        sort_digits(values);
    }
}

fn sort_digits(values: &mut [f64]) {
    let keys = sorted_keys(values.iter().map(|value| key(*value)).collect(), u64::BITS);
    values.iter_mut().zip(&keys).for_each(|(value, &key)| *value = number(key));
}

/// Radix sort, from the last digit to the first (Knuth, volume 3, section 5.2.5), of keys of so many
/// bits. A digit that all share costs nothing. (160,000 numbers take a fifth of the time.)
fn sorted_keys(mut keys: Vec<u64>, bits: u32) -> Vec<u64> {
    let mut other = vec![0; keys.len()];
    let mut counts = vec![[0u32; 1 << DIGIT]; (bits as usize).div_ceil(DIGIT)];
    keys.chunks(CHUNK).for_each(|keys| count_digits(keys, &mut counts));
    for (place, counts) in counts.iter_mut().enumerate() {
        if counts.iter().any(|&count| count as usize == keys.len()) {
            continue;
        }
        let mut start = 0;
        counts.iter_mut().for_each(|count| start += std::mem::replace(count, start));
        keys.chunks(CHUNK).for_each(|keys| spread(keys, &mut other, counts, place));
        std::mem::swap(&mut keys, &mut other);
    }
    keys
}

/// Bits that order as unsigned numbers as the floats do: all of a negative one are turned, of others
/// the sign.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    bits ^ ((bits as i64 >> 63) as u64 | 1 << 63)
}

fn number(key: u64) -> f64 {
    f64::from_bits(key ^ ((!key as i64 >> 63) as u64 | 1 << 63))
}

fn digit(key: u64, place: usize) -> usize {
    (key >> (place * DIGIT)) as usize & ((1 << DIGIT) - 1)
}

#[inline(never)]
fn count_digits(keys: &[u64], counts: &mut [[u32; 1 << DIGIT]]) {
    for &key in keys {
        for (place, counts) in counts.iter_mut().enumerate() {
            counts[digit(key, place)] += 1;
        }
    }
}

/// Puts every key at the place that its digit's `starts` tells.
#[inline(never)]
fn spread(keys: &[u64], out: &mut [u64], starts: &mut [u32; 1 << DIGIT], place: usize) {
    for &key in keys {
        let start = &mut starts[digit(key, place)];
        out[*start as usize] = key;
        *start += 1;
    }
}

/// The number that would be at `index` if all were sorted; those before it are then before it.
#[inline(never)]
pub fn select_number(values: &mut [f64], index: usize) -> f64 {
    *values.select_nth_unstable_by(index, f64::total_cmp).1
}

/// Sorts indices by what they stand for; equals keep their order.
#[inline(never)]
pub fn sort_indices(indices: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    indices.sort_by(|&a, &b| compare(a, b));
}

/// The numbers that are not missing, in ascending order; -0 is taken for 0.
pub fn sorted_numbers(values: &[f64]) -> Vec<f64> {
    if let Some((digits, whole)) = many(values).and_then(decimals::whole) {
        return sorted_decimals(&whole, decimals::power(digits));
    }
    let mut known = known_numbers(values);
    sort_numbers(&mut known);
    known
}

fn many(values: &[f64]) -> Option<&[f64]> {
    Some(values).filter(|values| values.len() >= MANY)
}

/// The same of decimals without their point, which have few digits of the kind that is sorted by.
#[inline(never)]
fn sorted_decimals(whole: &[i32], power: f64) -> Vec<f64> {
    let known = whole.iter().filter(|&&number| number != decimals::MISSING);
    let keys = known.map(|&number| u64::from(number as u32 ^ 1 << 31)).collect();
    let number = |key: u64| f64::from((key as u32 ^ 1 << 31) as i32) / power;
    sorted_keys(keys, u32::BITS).into_iter().map(number).collect()
}

/// The numbers that are not missing, in their order; -0 is taken for 0.
pub fn known_numbers(values: &[f64]) -> Vec<f64> {
    // Adding 0 makes -0 positive, and changes nothing else.
    values.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0).collect()
}

/// So many distinct numbers are found by looking for each; where there are more, sorting is quicker.
const FEW: usize = 256;

/// The distinct numbers that are not missing, in ascending order; -0 is taken for 0.
pub fn distinct_numbers(values: &[f64]) -> Vec<f64> {
    let mut known = Vec::new();
    for values in values.chunks(CHUNK) {
        add_distinct(values, &mut known);
        if known.len() > FEW {
            break;
        }
    }
    if known.len() > FEW {
        known = sorted_numbers(values);
        known.dedup();
    }
    known
}

/// Adds numbers to those known, which ascend, each once, until there are too many.
#[inline(never)]
fn add_distinct(values: &[f64], known: &mut Vec<f64>) {
    for value in values {
        let place = known.partition_point(|other| other < value);
        if known.get(place) != Some(value) && !value.is_nan() && known.len() <= FEW {
            known.insert(place, value + 0.0);
        }
    }
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
    fn many_numbers_are_sorted_as_few() {
        let odd =
            [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 5e-324, -1e308];
        let mut state = 7u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            f64::from_bits(state)
        };
        for scale in [None, Some(1e-300), Some(0.01)] {
            let scaled = |value: f64| scale.map_or(value, |by: f64| (value % 1e3).round() * by);
            let mut values: Vec<f64> = (0..10_000).map(|_| scaled(next())).chain(odd).collect();
            let mut compared = values.clone();
            compared.sort_unstable_by(f64::total_cmp);
            sort_numbers(&mut values);
            let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&values), bits(&compared));
        }
    }

    #[test]
    fn many_decimals_are_sorted_as_few_numbers() {
        for odd in [f64::NAN, -0.0, 1.0 / 3.0, 1e300, -2_147_483.646] {
            let values: Vec<f64> = (0..9_000)
                .map(|row| f64::from((row * 7_919) % 4_001 - 2_000) / 1e3)
                .chain([odd])
                .collect();
            let mut compared = known_numbers(&values);
            compared.sort_unstable_by(f64::total_cmp);
            let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&sorted_numbers(&values)), bits(&compared));
        }
    }

    #[test]
    fn distinct_numbers_are_the_same_whether_few_or_many() {
        let odd = [f64::NAN, 3.0, -0.0, 0.0, f64::INFINITY, 3.0];
        assert_eq!(distinct_numbers(&odd), [0.0, 3.0, f64::INFINITY]);
        for n in [10, FEW, FEW + 1, 3_000] {
            let values: Vec<f64> =
                (0..40_000).map(|row| ((row * 7_919) % n) as f64 - 5.0).collect();
            let mut sorted = sorted_numbers(&values);
            sorted.dedup();
            assert_eq!(distinct_numbers(&values), sorted);
        }
    }

    #[test]
    fn equals_keep_their_order() {
        let mut indices = [4, 3, 2, 1, 0];
        sort_indices(&mut indices, &|a, b| (a % 2).cmp(&(b % 2)));
        assert_eq!(indices, [4, 2, 0, 3, 1]);
    }
}
