//! What holds for boosting as a whole.

mod laws;
mod objectives;
mod stopping;

use std::borrow::Cow;

use hedgerow_data::sorted_numbers;
use hedgerow_model::Bins;

use super::GradientBoosting;
use super::fit::{Boosted, Boosting};
use super::start::Names;
use crate::LearnError;
use crate::binning::{encode, fit_bins};
use crate::forest::{Binned, Target};

/// Columns; those named `c…` are categories.
#[derive(Clone)]
struct Data {
    columns: Vec<(String, Vec<f64>)>,
    target: Target,
    weights: Option<Vec<f64>>,
}

impl Data {
    fn new(columns: Vec<(&str, Vec<f64>)>, target: Target) -> Self {
        let columns = columns.into_iter().map(|(name, values)| (name.to_owned(), values)).collect();
        Self { columns, target, weights: None }
    }

    fn binned(&self) -> Binned {
        let bins: Vec<Bins> = self
            .columns
            .iter()
            .map(|(name, values)| match name.starts_with('c') {
                true => Bins::Categorical {
                    n: values.iter().fold(0.0, |a: f64, &b| a.max(b)) as u32 + 1,
                },
                false => fit_bins(&sorted_numbers(values), 255),
            })
            .collect();
        let codes = self.columns.iter().zip(&bins).map(|(column, bins)| encode(&column.1, bins));
        let codes = codes.collect();
        Binned::new(codes, bins, self.target.len()).unwrap()
    }

    fn begin(&self, params: &GradientBoosting) -> Result<Boosting, LearnError> {
        let names: Vec<String> = self.columns.iter().map(|column| column.0.clone()).collect();
        let numeric: Vec<bool> = names.iter().map(|name| !name.starts_with('c')).collect();
        let names = Names { names: &names, numeric: &numeric };
        let (target, weights) = (self.target.clone(), self.weights.clone());
        Boosting::new(params.clone(), self.binned(), names, target, weights, 42)
    }

    fn fit(&self, params: &GradientBoosting) -> Boosted {
        let mut boosting = self.begin(params).unwrap();
        while !boosting.ended() {
            boosting.advance(usize::MAX);
        }
        let boosted = boosting.finish();
        boosted.trees.check().unwrap();
        boosted
    }

    /// Predictions for its own rows.
    fn predict(&self, boosted: &Boosted) -> Vec<f64> {
        let features: Vec<Cow<[f64]>> =
            self.columns.iter().map(|column| Cow::Borrowed(&column.1[..])).collect();
        boosted.trees.predict(&features, self.columns[0].1.len())
    }

    fn fit_predict(&self, params: &GradientBoosting) -> Vec<f64> {
        self.predict(&self.fit(params))
    }

    /// Its rows in another order, some perhaps more than once.
    fn take(&self, rows: &[usize]) -> Self {
        let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<_>>();
        let columns = self.columns.iter().map(|(name, values)| (name.clone(), pick(values)));
        Self {
            columns: columns.collect(),
            target: match &self.target {
                Target::Values(values) => Target::Values(pick(values)),
                Target::Classes { codes, n } => {
                    Target::Classes { codes: rows.iter().map(|&row| codes[row]).collect(), n: *n }
                }
            },
            weights: self.weights.as_deref().map(pick),
        }
    }
}

/// Numbers from 0 to 1 that look random.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A step, a slope, a category and noise; `a` and `c` have holes.
fn mixed(rows: usize, seed: u64) -> Data {
    let mut next = noise(seed);
    let mut columns = vec![("a", vec![]), ("b", vec![]), ("c", vec![]), ("d", vec![])];
    let mut target = vec![];
    for _ in 0..rows {
        let (a, b, c, d) = (next(), next(), (next() * 12.0).floor(), next());
        let hole = |value: f64, draw: f64| if draw < 0.1 { f64::NAN } else { value };
        let step = if a > 0.6 { 4.0 } else { 0.0 };
        target.push(((step + 3.0 * b + (c * 5.0) % 7.0 + next()) * 64.0).round() / 64.0);
        for (column, value) in columns.iter_mut().zip([hole(a, next()), b, hole(c, next()), d]) {
            column.1.push(value);
        }
    }
    Data::new(columns, Target::Values(target))
}

/// The same with classes: the target cut at `cuts`.
fn classes(data: Data, cuts: &[f64]) -> Data {
    let Target::Values(values) = &data.target else { return data };
    let codes = values.iter().map(|value| cuts.partition_point(|cut| cut < value) as u32).collect();
    Data { target: Target::Classes { codes, n: cuts.len() + 1 }, ..data }
}

fn numbers(data: &Data) -> &[f64] {
    match &data.target {
        Target::Values(values) => values,
        Target::Classes { .. } => &[],
    }
}

fn small() -> GradientBoosting {
    GradientBoosting { n_estimators: 20, num_leaves: 8, ..GradientBoosting::default() }
}
