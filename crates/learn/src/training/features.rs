//! The columns to learn from: which they are, how they are prepared, and what the learner gets.

mod numbers;

use std::borrow::Cow;

use hedgerow_data::{Column, Table, Values, sorted_numbers};
use hedgerow_model::{
    Bins, Categories, Encoding, Feature, FeatureKind, Field, Kind, LEAF, Preparation, Prepared,
};

use super::TrainOptions;
use crate::LearnError;
use crate::binning::{encode, fit_bins};
use crate::fitting::{Input, Needs};
use crate::forest::Binned;
use crate::preparation::{
    MissingNumbers, PreparationOptions, fit_encoding, median, median_of_sorted,
};
use numbers::NumberColumns;

/// A feature's number must be below the mark of a leaf.
const MAX_FEATURES: usize = LEAF as usize - 1;

/// What is known of the features so far: preparation and bins are fitted column by column, so that
/// only one column's features exist as numbers at a time where the learner wants codes.
pub(super) struct Features {
    options: PreparationOptions,
    fields: Vec<Field>,
    preparation: Preparation,
    described: Vec<Feature>,
    columns: Columns,
    rows: usize,
}

/// Everything about the features: columns, preparation, features, and their values for the learner.
pub(super) type Finished = (Vec<Field>, Preparation, Vec<Feature>, Input);

/// The features' values as a learner needs them.
enum Columns {
    Binned {
        max_bins: usize,
        bins: Vec<Bins>,
        /// One byte a row for each feature.
        codes: Vec<Vec<u8>>,
    },
    Numbers(NumberColumns),
}

impl Columns {
    fn new(needs: Needs, learner: &str) -> Self {
        match needs {
            Needs::Binned { max_bins } => {
                Self::Binned { max_bins, bins: Vec::new(), codes: Vec::new() }
            }
            Needs::Numbers { missing, .. } => Self::Numbers(NumberColumns::new(learner, missing)),
        }
    }
}

impl Features {
    /// None yet, of the rows of a table.
    #[cold]
    pub fn new(table: &Table, options: &TrainOptions) -> Self {
        let needs = options.learner.needs();
        Self {
            options: options.preparation.resolve(needs),
            fields: Vec::new(),
            preparation: Preparation::default(),
            described: Vec::new(),
            columns: Columns::new(needs, options.learner.kind()),
            rows: table.rows(),
        }
    }

    /// Adds the features of a column.
    #[inline(never)]
    pub fn push(&mut self, column: &Column) -> Result<(), LearnError> {
        if column.len() != self.rows {
            return Err(LearnError::BadJob { reason: "this is another table".to_owned() });
        }
        let options = &self.options;
        let Some(encoding) = fit_encoding(column, options) else { return Ok(()) };
        let index = self.fields.len();
        let sorted = match (&column.values, &self.columns) {
            (Values::Numbers(values), Columns::Binned { .. }) => sorted_numbers(values),
            _ => Vec::new(),
        };
        let described = encoding.features(index, &column.name);
        for (feature, values) in described.iter().zip(encoding.apply(&column.raw())) {
            let as_is = matches!(values, Cow::Borrowed(_));
            match &mut self.columns {
                Columns::Binned { max_bins, bins, codes } => {
                    let own = bins_of(feature.kind, values.as_ref(), as_is, &sorted, *max_bins);
                    codes.push(encode(&values, &own));
                    bins.push(own);
                }
                Columns::Numbers(numbers) => numbers.push(column, values)?,
            }
        }
        self.described.extend(described);
        self.fields.push(field(
            column,
            Range::new(column, &sorted, known_median(column, &encoding, options)),
            &encoding,
        ));
        self.preparation.columns.push(Prepared { column: index, encoding });
        if self.described.len() > MAX_FEATURES {
            let (features, limit) = (self.described.len(), MAX_FEATURES);
            return Err(LearnError::TooManyFeatures { features, limit });
        }
        Ok(())
    }

    /// Puts some of the values in the order that the learner reads them in; whether there are more.
    pub fn line_up(&mut self) -> bool {
        match &mut self.columns {
            Columns::Binned { .. } => false,
            Columns::Numbers(numbers) => numbers.line_up(self.rows),
        }
    }

    /// All of them.
    #[cold]
    pub fn finish(mut self) -> Result<Finished, LearnError> {
        if self.described.is_empty() {
            return Err(LearnError::NoFeatures);
        }
        while self.line_up() {}
        let input = match self.columns {
            Columns::Binned { bins, codes, .. } => {
                Input::Binned(Binned::new(codes, bins, self.rows)?)
            }
            Columns::Numbers(numbers) => Input::Numbers(numbers.finish(self.rows)),
        };
        Ok((self.fields, self.preparation, self.described, input))
    }
}

/// `as_is` says that the values are the column's own, which are there `sorted`.
fn bins_of(
    kind: FeatureKind,
    values: &[f64],
    as_is: bool,
    sorted: &[f64],
    max_bins: usize,
) -> Bins {
    match kind {
        FeatureKind::Categorical { n } => Bins::Categorical { n },
        FeatureKind::Numeric if as_is => fit_bins(sorted, max_bins),
        FeatureKind::Numeric => fit_bins(&sorted_numbers(values), max_bins),
    }
}

/// The names of the columns to learn from.
pub(super) fn choose(table: &Table, options: &TrainOptions) -> Result<Vec<String>, LearnError> {
    let weight = options.sample_weight.as_deref();
    let role = |column: &Column| match column.name.as_str() {
        name if Some(name) == options.target.as_deref() => Some("target"),
        name if Some(name) == weight => Some("sample weight"),
        _ if column.kind == Kind::Text => Some("kind free text, which is not learned from,"),
        _ => None,
    };
    let Some(names) = &options.features else {
        let chosen = table.columns().iter().filter(|column| role(column).is_none());
        return Ok(chosen.map(|column| column.name.clone()).collect());
    };
    let mut chosen: Vec<String> = Vec::new();
    for name in names {
        if let Some(role) = role(table.column(name)?) {
            return Err(LearnError::NotAFeature { column: name.clone(), role });
        }
        if !chosen.contains(name) {
            chosen.push(name.clone());
        }
    }
    Ok(chosen)
}

/// The median, where it was looked for to fill missing numbers with.
fn known_median(column: &Column, encoding: &Encoding, options: &PreparationOptions) -> Option<f64> {
    match encoding {
        Encoding::Number { impute, .. }
            if options.missing_numbers == MissingNumbers::Median && column.kind == Kind::Number =>
        {
            *impute
        }
        _ => None,
    }
}

/// Least, greatest and middle number of a column.
#[derive(Default)]
struct Range {
    min: Option<f64>,
    max: Option<f64>,
    median: Option<f64>,
}

impl Range {
    /// From the numbers in order where that was needed anyway, else without sorting them.
    #[inline(never)]
    fn new(column: &Column, sorted: &[f64], known_median: Option<f64>) -> Self {
        if let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) {
            let median = Some(median_of_sorted(sorted));
            return Self { min: Some(first), max: Some(last), median };
        }
        let Values::Numbers(values) = &column.values else { return Self::default() };
        let known = || values.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0);
        let (min, max) = (known().reduce(f64::min), known().reduce(f64::max));
        Self { min, max, median: min.and(known_median.or_else(|| median(values))) }
    }
}

#[inline(never)]
fn field(column: &Column, range: Range, encoding: &Encoding) -> Field {
    let bare = Field::new(column.name.clone(), column.kind);
    match (&column.values, encoding) {
        (Values::Numbers(_), _) => {
            Field { min: range.min, max: range.max, typical: range.median, ..bare }
        }
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
    codes.iter().for_each(|codes| count(codes, &mut counts));
    let best = counts.iter().enumerate().rev().max_by_key(|&(_, count)| count)?;
    Some(best.0 as f64)
}

#[inline(never)]
fn count(codes: &[f64], counts: &mut [u64]) {
    for &code in codes {
        // A missing code is NaN, and NaN as usize is 0.
        if let Some(count) = counts.get_mut(code as usize).filter(|_| !code.is_nan()) {
            *count += 1;
        }
    }
}
