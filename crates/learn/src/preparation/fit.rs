//! One column's encoding from its training values.

use hedgerow_data::{Column, Values, known_numbers, select_number, sort_indices, sorted_numbers};
use hedgerow_model::{Categories, DatePart, Encoding, Kind, Scale};

use super::{EncodeCategories, MissingCategories, MissingNumbers, PreparationOptions};

/// The encoding of one column, or `None` for text, which has none. What `options` leave to the
/// learner is as trees like it.
pub fn fit_encoding(column: &Column, options: &PreparationOptions) -> Option<Encoding> {
    match &column.values {
        Values::Numbers(values) if column.kind == Kind::Date => Some(fit_date(values, options)),
        Values::Numbers(values) => {
            let (impute, scale) = fit_number(values, column.kind == Kind::Boolean, options);
            Some(Encoding::Number { impute, scale })
        }
        Values::Strings { .. } if column.kind == Kind::Text => None,
        Values::Strings { codes, dictionary } => {
            let counts = count_codes(codes, dictionary.len());
            let categories = fit_categories(&counts, |code| dictionary.get(code), options);
            Some(match options.encode_categories {
                EncodeCategories::Auto | EncodeCategories::Ordinal => {
                    Encoding::Ordinal { categories }
                }
                EncodeCategories::OneHot => Encoding::OneHot { categories },
            })
        }
    }
}

fn fit_number(
    values: &[f64],
    is_boolean: bool,
    options: &PreparationOptions,
) -> (Option<f64>, Option<Scale>) {
    let impute = match options.missing_numbers {
        MissingNumbers::Auto | MissingNumbers::Keep => None,
        MissingNumbers::Median if !is_boolean => Some(median(values).unwrap_or(0.0)),
        MissingNumbers::Median | MissingNumbers::MostFrequent => Some(most_frequent(values)),
    };
    let scale = (options.standardize == Some(true)).then(|| fit_scale(values, impute));
    (impute, scale)
}

/// A date becomes its instant and those calendar parts that differ among the training rows.
fn fit_date(values: &[f64], options: &PreparationOptions) -> Encoding {
    let mut parts = Vec::new();
    let mut impute = Vec::new();
    let mut scale = Vec::new();
    for part in DatePart::ALL {
        let numbers: Vec<f64> = values.iter().map(|&millis| part.of(millis)).collect();
        if part == DatePart::Time || varies(&numbers) {
            let (fitted_impute, fitted_scale) = fit_number(&numbers, false, options);
            parts.push(part);
            impute.push(fitted_impute);
            scale.push(fitted_scale);
        }
    }
    Encoding::Date { parts, impute, scale }
}

fn varies(values: &[f64]) -> bool {
    let mut known = values.iter().filter(|value| !value.is_nan());
    known.next().is_some_and(|first| known.any(|value| value != first))
}

/// The middle one of ascending values, or the mean of the two middle ones; 0 when there are none.
pub(crate) fn median_of_sorted(values: &[f64]) -> f64 {
    let middle = values.len() / 2;
    match values {
        [] => 0.0,
        _ if values.len() % 2 == 1 => values[middle],
        _ => values[middle - 1] + (values[middle] - values[middle - 1]) / 2.0,
    }
}

/// As [`median_of_sorted`] without sorting all; `None` when there are no numbers.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut known = known_numbers(values);
    let middle = known.len() / 2;
    if known.is_empty() {
        return None;
    }
    let upper = select_number(&mut known, middle);
    if known.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = known[..middle].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(lower + (upper - lower) / 2.0)
}

fn most_frequent(values: &[f64]) -> f64 {
    let known = sorted_numbers(values);
    // The last of the longest runs when walked backwards is the one of the smallest value.
    let runs = known.chunk_by(|a, b| a == b).rev();
    runs.max_by_key(|run| run.len()).map_or(0.0, |run| run[0])
}

fn fit_scale(values: &[f64], impute: Option<f64>) -> Scale {
    let filled = || {
        values
            .iter()
            .map(|&x| if x.is_nan() { impute.unwrap_or(x) } else { x })
            .filter(|x| !x.is_nan())
    };
    let n = filled().count().max(1) as f64;
    let mean = filled().sum::<f64>() / n;
    let variance = filled().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    let std = if variance.is_normal() {
        variance.sqrt()
    } else {
        let most = filled().map(|x| (x - mean).abs()).fold(0.0, f64::max);
        let shares = filled().map(|x| (x - mean) / most).map(|share| share * share);
        // Of numbers whose squares are too large or too small to be held; NaN where all are the same.
        most * (shares.sum::<f64>() / n).sqrt()
    };
    Scale { mean, std: if std > 0.0 && std.is_finite() { std } else { 1.0 } }
}

#[inline(never)]
fn count_codes(codes: &[u32], n: usize) -> Vec<u32> {
    let mut counts = vec![0; n];
    for &code in codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    counts
}

fn fit_categories<'a>(
    counts: &[u32],
    name: impl Fn(u32) -> Option<&'a str>,
    options: &PreparationOptions,
) -> Categories {
    let count = |code: u32| counts[code as usize];
    let mut seen: Vec<u32> =
        (0..counts.len() as u32).filter(|&code| count(code) > 0 && name(code).is_some()).collect();
    sort_indices(&mut seen, &|a, b| count(b).cmp(&count(a)).then_with(|| name(a).cmp(&name(b))));
    let most_frequent = seen.first().and_then(|&code| name(code));
    let frequent = seen.iter().copied().filter(|&code| count(code) >= options.min_frequency);
    let mut kept: Vec<u32> = frequent.take(options.max_categories as usize).collect();
    sort_indices(&mut kept, &|a, b| name(a).cmp(&name(b)));
    let known: Vec<String> = kept.into_iter().filter_map(&name).map(str::to_owned).collect();
    let other = (known.len() < seen.len()).then_some(known.len() as u32);
    let missing = match options.missing_categories {
        MissingCategories::Auto | MissingCategories::Keep => None,
        MissingCategories::MostFrequent => most_frequent
            .and_then(|name| known.binary_search_by(|known| known.as_str().cmp(name)).ok())
            .map(|index| index as u32)
            .or(other),
        MissingCategories::OwnCategory => Some(other.map_or(known.len() as u32, |code| code + 1)),
    };
    Categories { known, other, missing }
}
