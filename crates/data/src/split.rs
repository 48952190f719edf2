//! A table in two parts, one to fit and one to test.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use serde::{Deserialize, Serialize};

use crate::column::CHUNK;
use crate::{Column, DataError, Table, Values, distinct_numbers, sort_indices};

/// The seed where none is given, here and in all that builds on this.
pub const DEFAULT_SEED: u64 = 42;

/// How a table is split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SplitOptions {
    /// Share of the rows to test with, more than 0 and less than 1; the count is rounded up, as
    /// scikit-learn does. Default 0.2.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub test_size: f64,
    /// The same seed gives the same split. Default 42.
    #[cfg_attr(feature = "ts", tsify(optional, type = "number"))]
    pub seed: u64,
    /// A column whose values both parts shall have in equal shares.
    #[cfg_attr(feature = "ts", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stratify: Option<String>,
}

impl Default for SplitOptions {
    fn default() -> Self {
        Self { test_size: 0.2, seed: DEFAULT_SEED, stratify: None }
    }
}

/// Splits a table into rows to fit with and rows to test with; in both, rows keep their order.
///
/// # Errors
/// [`DataError::BadOption`] for a share outside 0 to 1, [`DataError::TooFewRows`] when a part would
/// be empty, [`DataError::UnknownColumn`] for `stratify`.
pub fn train_test_split(
    table: &Table,
    options: &SplitOptions,
) -> Result<(Table, Table), DataError> {
    if !(options.test_size > 0.0 && options.test_size < 1.0) {
        return Err(DataError::BadOption {
            reason: format!("the test size is {}, not between 0 and 1", options.test_size),
            advice: "Give the share of rows to test with, such as 0.2.",
        });
    }
    let rows = table.rows();
    let n_test = libm::ceil(rows as f64 * options.test_size) as usize;
    if rows < 2 || n_test >= rows {
        return Err(DataError::TooFewRows { reason: "a split", needed: 2, found: rows });
    }
    let groups = match &options.stratify {
        Some(name) => groups(table.column(name)?),
        None => vec![(0..rows as u32).collect()],
    };
    let is_test = draw(rows, &groups, n_test, options.seed);
    let part = |test: bool| -> Vec<u32> {
        (0..rows as u32).filter(|&row| is_test[row as usize] == test).collect()
    };
    Ok((table.take(&part(false)), table.take(&part(true))))
}

/// Draws from each group its share of `n_test` rows.
fn draw(rows: usize, groups: &[Vec<u32>], n_test: usize, seed: u64) -> Vec<bool> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut is_test = vec![false; rows];
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    for (group, n) in groups.iter().zip(largest_remainder(&sizes, n_test)) {
        let mut shuffled = group.clone();
        shuffle(&mut shuffled, &mut random);
        for &row in &shuffled[..n] {
            is_test[row as usize] = true;
        }
    }
    is_test
}

/// Shares out `total` over groups in proportion to their sizes: each gets the whole part of its
/// share, and those with the largest remainders one more; the first of equals.
fn largest_remainder(sizes: &[usize], total: usize) -> Vec<usize> {
    let all = sizes.iter().sum::<usize>().max(1) as u128;
    let exact = |size: usize| size as u128 * total as u128;
    let mut shares: Vec<usize> = sizes.iter().map(|&size| (exact(size) / all) as usize).collect();
    let mut order: Vec<u32> = (0..sizes.len() as u32).collect();
    let remainder = |group: u32| exact(sizes[group as usize]) % all;
    sort_indices(&mut order, &|a, b| remainder(b).cmp(&remainder(a)));
    let left = total.saturating_sub(shares.iter().sum());
    for &group in order.iter().take(left) {
        shares[group as usize] += 1;
    }
    shares
}

/// The rows of each distinct value, ordered by value; missing ones last.
pub(crate) fn groups(column: &Column) -> Vec<Vec<u32>> {
    let (places, n) = places(column);
    let mut sizes = vec![0; n];
    places.chunks(CHUNK).for_each(|places| count(places, &mut sizes));
    let mut groups: Vec<Vec<u32>> = sizes.into_iter().map(Vec::with_capacity).collect();
    for (chunk, places) in places.chunks(CHUNK).enumerate() {
        deal(chunk * CHUNK, places, &mut groups);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Where each row's value stands among the distinct ones, and how many places there are.
fn places(column: &Column) -> (Vec<u32>, usize) {
    let mut places = Vec::with_capacity(column.len());
    match &column.values {
        Values::Numbers(values) => {
            let distinct = distinct_numbers(values);
            values.chunks(CHUNK).for_each(|values| add_places(values, &distinct, &mut places));
            (places, distinct.len() + 1)
        }
        Values::Strings { codes, dictionary } => {
            let missing = dictionary.len() as u32;
            places.extend(codes.iter().map(|&code| code.min(missing)));
            (places, dictionary.len() + 1)
        }
    }
}

#[inline(never)]
fn add_places(values: &[f64], distinct: &[f64], places: &mut Vec<u32>) {
    places.extend(values.iter().map(|value| {
        let place = distinct.partition_point(|other| other < value || value.is_nan());
        place as u32
    }));
}

#[inline(never)]
fn count(places: &[u32], sizes: &mut [usize]) {
    places.iter().for_each(|&place| sizes[place as usize] += 1);
}

#[inline(never)]
fn deal(first: usize, places: &[u32], groups: &mut [Vec<u32>]) {
    for (row, &place) in (first as u32..).zip(places) {
        groups[place as usize].push(row);
    }
}

/// Fisher and Yates, with Lemire's unbiased bounded numbers.
pub(crate) fn shuffle(rows: &mut [u32], random: &mut Xoshiro256PlusPlus) {
    let mut end = rows.len();
    while end > 1 {
        let start = end.saturating_sub(CHUNK).max(1);
        shuffle_from(start, &mut rows[..end], random);
        end = start;
    }
}

#[inline(never)]
fn shuffle_from(start: usize, rows: &mut [u32], random: &mut Xoshiro256PlusPlus) {
    for last in (start..rows.len()).rev() {
        let other = below(last as u64 + 1, random) as usize;
        rows.swap(last, other);
    }
}

/// A number below `bound`, each equally likely (Lemire 2019, "Fast Random Integer Generation in an
/// Interval").
fn below(bound: u64, random: &mut Xoshiro256PlusPlus) -> u64 {
    loop {
        let product = u128::from(random.next_u64()) * u128::from(bound);
        // What is left of a division by the bound is less than it: mostly there is no need to divide.
        let low = product as u64;
        if low >= bound || low >= bound.wrapping_neg() % bound {
            return (product >> 64) as u64;
        }
    }
}

#[cfg(test)]
mod tests;
