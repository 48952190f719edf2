//! One column's encoding from its training values.

use std::cmp::Reverse;

use hedgerow_data::{Column, Values};
use hedgerow_model::{Categories, DatePart, Encoding, Kind, Scale};

use super::{EncodeCategories, MissingCategories, MissingNumbers, PreparationOptions};

/// The encoding of one column, or `None` for text, which has none.
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
                EncodeCategories::Ordinal => Encoding::Ordinal { categories },
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
        MissingNumbers::Keep => None,
        MissingNumbers::Median if !is_boolean => Some(median(values)),
        MissingNumbers::Median | MissingNumbers::MostFrequent => Some(most_frequent(values)),
    };
    let scale = options.standardize.then(|| fit_scale(values, impute));
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

fn known(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|value| !value.is_nan()).collect()
}

/// The median of the known values, the mean of the two middle ones when their number is even; 0
/// when there are none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut known = known(values);
    if known.is_empty() {
        return 0.0;
    }
    let middle = known.len() / 2;
    let is_odd = known.len() % 2 == 1;
    let (below, upper, _) = known.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if !is_odd => lower + (upper - lower) / 2.0,
        _ => upper,
    }
}

fn most_frequent(values: &[f64]) -> f64 {
    let mut known = known(values);
    known.sort_unstable_by(f64::total_cmp);
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
    let std = variance.sqrt();
    Scale { mean, std: if std > 0.0 { std } else { 1.0 } }
}

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
    let mut seen: Vec<(u32, &str)> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .filter_map(|(code, &count)| Some((count, name(code as u32)?)))
        .collect();
    seen.sort_unstable_by_key(|&(count, name)| (Reverse(count), name));
    let most_frequent = seen.first().map(|&(_, name)| name.to_owned());
    let kept = seen.iter().filter(|(count, _)| *count >= options.min_frequency);
    let mut known: Vec<String> =
        kept.take(options.max_categories as usize).map(|&(_, name)| name.to_owned()).collect();
    known.sort_unstable();
    let other = (known.len() < seen.len()).then_some(known.len() as u32);
    let missing = match options.missing_categories {
        MissingCategories::Keep => None,
        MissingCategories::MostFrequent => most_frequent
            .and_then(|name| known.binary_search(&name).ok())
            .map(|index| index as u32)
            .or(other),
        MissingCategories::OwnCategory => Some(other.map_or(known.len() as u32, |code| code + 1)),
    };
    Categories { known, other, missing }
}
