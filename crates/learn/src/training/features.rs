//! The columns to learn from: which they are, how they are prepared, and their binned codes.

use std::borrow::Cow;

use hedgerow_data::{Column, Table, Values, sorted_numbers};
use hedgerow_model::{
    Bins, Categories, Encoding, FeatureKind, Field, Kind, LEAF, Preparation, Prepared,
};

use super::TrainOptions;
use crate::LearnError;
use crate::binning::{encode, fit_bins};
use crate::preparation::{fit_encoding, median_of_sorted};

/// A feature's number must be below the mark of a leaf.
const MAX_FEATURES: usize = LEAF as usize - 1;

/// Everything about the features.
pub(super) struct Features {
    pub fields: Vec<Field>,
    pub preparation: Preparation,
    pub bins: Vec<Bins>,
    /// One byte a row for each feature.
    pub codes: Vec<Vec<u8>>,
}

/// Fits preparation and bins, column by column, so that only one column's features exist as
/// numbers at a time.
pub(super) fn prepare(
    table: &Table,
    options: &TrainOptions,
    max_bins: usize,
) -> Result<Features, LearnError> {
    let mut features = Features {
        fields: Vec::new(),
        preparation: Preparation::default(),
        bins: Vec::new(),
        codes: Vec::new(),
    };
    for column in choose(table, options)? {
        if let Some(encoding) = fit_encoding(column, &options.preparation) {
            features.push(column, encoding, max_bins);
        }
        if features.bins.len() > MAX_FEATURES {
            let (features, limit) = (features.bins.len(), MAX_FEATURES);
            return Err(LearnError::TooManyFeatures { features, limit });
        }
    }
    if features.bins.is_empty() {
        return Err(LearnError::NoFeatures);
    }
    Ok(features)
}

impl Features {
    fn push(&mut self, column: &Column, encoding: Encoding, max_bins: usize) {
        let index = self.fields.len();
        let sorted = match &column.values {
            Values::Numbers(values) => sorted_numbers(values),
            Values::Strings { .. } => Vec::new(),
        };
        let described = encoding.features(index, &column.name);
        for (feature, values) in described.iter().zip(encoding.apply(&column.raw())) {
            let bins = match feature.kind {
                FeatureKind::Categorical { n } => Bins::Categorical { n },
                // Borrowed: the column's values as they are.
                FeatureKind::Numeric if matches!(values, Cow::Borrowed(_)) => {
                    fit_bins(&sorted, max_bins)
                }
                FeatureKind::Numeric => fit_bins(&sorted_numbers(&values), max_bins),
            };
            self.codes.push(encode(&values, &bins));
            self.bins.push(bins);
        }
        self.fields.push(field(column, &sorted, &encoding));
        self.preparation.columns.push(Prepared { column: index, encoding });
    }
}

fn choose<'a>(table: &'a Table, options: &TrainOptions) -> Result<Vec<&'a Column>, LearnError> {
    let weight = options.sample_weight.as_deref();
    let role = |column: &Column| match column.name.as_str() {
        name if name == options.target => Some("target"),
        name if Some(name) == weight => Some("sample weight"),
        _ if column.kind == Kind::Text => Some("kind free text, which is not learned from,"),
        _ => None,
    };
    let Some(names) = &options.features else {
        return Ok(table.columns().iter().filter(|column| role(column).is_none()).collect());
    };
    let mut chosen: Vec<&Column> = Vec::new();
    for name in names {
        let column = table.column(name)?;
        if let Some(role) = role(column) {
            return Err(LearnError::NotAFeature { column: name.clone(), role });
        }
        if !chosen.iter().any(|other| other.name == *name) {
            chosen.push(column);
        }
    }
    Ok(chosen)
}

#[inline(never)]
fn field(column: &Column, sorted: &[f64], encoding: &Encoding) -> Field {
    let bare = Field::new(column.name.clone(), column.kind);
    match (&column.values, encoding) {
        (Values::Numbers(_), _) => Field {
            min: sorted.first().copied(),
            max: sorted.last().copied(),
            typical: (!sorted.is_empty()).then(|| median_of_sorted(sorted)),
            ..bare
        },
        (_, Encoding::Ordinal { categories } | Encoding::OneHot { categories }) => Field {
            categories: categories.known.clone(),
            typical: most_frequent(column, categories),
            ..bare
        },
        _ => bare,
    }
}

fn most_frequent(column: &Column, categories: &Categories) -> Option<f64> {
    let codes = Encoding::Ordinal { categories: categories.clone() }.apply(&column.raw());
    let mut counts = vec![0u64; categories.known.len()];
    for &code in codes.iter().flat_map(|codes| codes.iter()) {
        // A missing code is NaN, and NaN as usize is 0.
        if let Some(count) = counts.get_mut(code as usize).filter(|_| !code.is_nan()) {
            *count += 1;
        }
    }
    let best = counts.iter().enumerate().rev().max_by_key(|&(_, count)| count)?;
    Some(best.0 as f64)
}
