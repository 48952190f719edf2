//! Where a model is wrong most: parts of the rows, by one or two of their features, whose errors are larger than
//! those of all other rows, beyond chance.
//!
//! After Chung et al. 2019, "Slice Finder: Automated Data Slicing for Model Validation": parts are compared with
//! the rest by Welch's test, and two features are put together only where that is worse than each alone.

use hedgerow_data::{Column, Table, Values, select_number, sort_indices};
use hedgerow_evaluate::{Truths, column_for, columns_for, truths};
use hedgerow_model::{Field, Kind, Model};
use serde::Serialize;

use crate::MonitorError;
use crate::statistics::{CRITICAL_95, normal_two_sided};

/// Rows that are looked at, at most: an even sample of more.
const SAMPLE: usize = 50_000;
/// Parts of about equally many rows that numbers are cut into.
const PARTS: usize = 5;
/// Words that are parts of their own, the most frequent ones.
const WORDS: usize = 20;
/// Parts that are put together with others.
const BEAM: usize = 12;
/// Rows of a part at least, and as a share of all.
const FEW: usize = 30;
const SMALL: f64 = 0.01;
/// The probability of a part as bad by chance, times the parts that were looked at.
const SIGNIFICANCE: f64 = 0.05;
/// Parts that are told, at most.
const TOLD: usize = 5;

/// Rows that are predicted worse than others.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// All of them hold for its rows.
    pub conditions: Vec<Condition>,
    /// Its rows, of those that were looked at.
    pub rows: usize,
    /// Its share of the rows.
    pub share: f64,
    /// `errorRate` of classes, 0 to 1; `mae` of numbers.
    pub metric: &'static str,
    /// The mean error of its rows, and of all other rows.
    pub error: f64,
    pub error_elsewhere: f64,
    /// How probable so large a difference is by chance, given all parts that were looked at.
    pub p_value: f64,
}

/// What holds for the rows of a part.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    pub column: String,
    #[serde(flatten)]
    #[cfg_attr(
        feature = "ts",
        tsify(
            type = "({ is: string } | { between: [number | null, number | null] } | { missing: null })"
        )
    )]
    pub values: Part,
}

/// Values of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// A word.
    Is(String),
    /// Numbers from the first on, below the second; dates in milliseconds since 1970.
    Between(Option<f64>, Option<f64>),
    Missing,
}

/// The worst parts of rows whose target is known, worst first: by how much worse they surely are.
///
/// # Errors
/// [`MonitorError::Evaluate`] where the rows cannot be predicted, or have no target.
pub fn worst_segments(model: &Model, table: &Table) -> Result<Vec<Segment>, MonitorError> {
    let every = table.rows().div_ceil(SAMPLE).max(1);
    let sample: Vec<u32> = (0..table.rows() as u32).step_by(every).collect();
    let table = table.take(&sample);
    let (metric, errors) = errors(model, &table)?;
    let known: Vec<u32> =
        (0..errors.len() as u32).filter(|&row| errors[row as usize].is_finite()).collect();
    let errors: Vec<f64> = known.iter().map(|&row| errors[row as usize]).collect();
    let columns = columns(model, &table.take(&known));
    Ok(Search::new(&columns, &errors).worst(metric))
}

/// The error of each row; no finite one where its target is not known, or is infinite.
fn errors(model: &Model, table: &Table) -> Result<(&'static str, Vec<f64>), MonitorError> {
    let prediction = model.predict(&columns_for(model, table)?.raw())?;
    Ok(match truths(model, table)? {
        Truths::Classes(truths) => {
            let wrong = |(predicted, truth): (u32, Option<u32>)| {
                truth.map_or(f64::NAN, |truth| if predicted == truth { 0.0 } else { 1.0 })
            };
            ("errorRate", prediction.classes().into_iter().zip(truths).map(wrong).collect())
        }
        Truths::Values(truths) => {
            let far = |(predicted, truth): (&f64, f64)| (predicted - truth).abs();
            ("mae", prediction.values.iter().zip(truths).map(far).collect())
        }
    })
}

/// A column by parts: which one each row is in, from 1 on; 0 for none.
struct Parted {
    name: String,
    parts: Vec<Part>,
    places: Vec<u8>,
}

fn columns(model: &Model, table: &Table) -> Vec<Parted> {
    let features = model.schema.features.iter().filter(|field| field.kind != Kind::Text);
    let parted = |field: &Field| {
        let column = column_for(field, table.column(&field.name).ok()?);
        column.ok().map(|column| parted(&column))
    };
    features.filter_map(parted).collect()
}

fn parted(column: &Column) -> Parted {
    let mut parts = vec![Part::Missing];
    let missing = |row: usize| column.is_missing(row);
    let place: Box<dyn Fn(usize) -> usize> = match &column.values {
        Values::Numbers(values) => {
            let cuts = cuts(values);
            let ends = |part: usize| {
                let before = part.checked_sub(1).map(|cut| cuts[cut]);
                Part::Between(before, cuts.get(part).copied())
            };
            parts.extend((0..=cuts.len()).map(ends));
            Box::new(move |row| 2 + cuts.partition_point(|cut| *cut <= values[row]))
        }
        Values::Strings { codes, dictionary } => {
            let mut rows = vec![0usize; dictionary.len()];
            codes.iter().for_each(|&code| {
                if let Some(rows) = rows.get_mut(code as usize) {
                    *rows += 1;
                }
            });
            let mut frequent: Vec<u32> = (0..rows.len() as u32).collect();
            sort_indices(&mut frequent, &|a, b| rows[b as usize].cmp(&rows[a as usize]));
            frequent.truncate(WORDS);
            let word = |&code: &u32| dictionary.get(code).map(str::to_owned);
            parts.extend(frequent.iter().filter_map(word).map(Part::Is));
            let mut places = vec![0; rows.len()];
            frequent
                .iter()
                .enumerate()
                .for_each(|(place, &code)| places[code as usize] = place + 2);
            Box::new(move |row| places.get(codes[row] as usize).copied().unwrap_or(0))
        }
    };
    let place = |row| if missing(row) { 1 } else { place(row) as u8 };
    Parted { name: column.name.clone(), places: (0..column.len()).map(place).collect(), parts }
}

/// Where numbers are cut into parts of about equally many.
fn cuts(values: &[f64]) -> Vec<f64> {
    let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let n = finite.len();
    let mut cuts: Vec<f64> = (1..PARTS)
        .filter(|_| n > 0)
        .map(|part| select_number(&mut finite, part * n / PARTS))
        .collect();
    cuts.dedup();
    cuts
}

/// A part of the rows that was looked at: by one column, or by two.
#[derive(Clone)]
struct Candidate {
    /// Columns, and the parts of them.
    of: Vec<(usize, u8)>,
    rows: usize,
    error: f64,
    elsewhere: f64,
    /// How much worse it surely is.
    surely: f64,
    p: f64,
}

/// The surest first; of equals the first.
fn sorted(all: Vec<Candidate>) -> Vec<Candidate> {
    let mut order: Vec<u32> = (0..all.len() as u32).collect();
    let of = |index: u32| all[index as usize].surely;
    sort_indices(&mut order, &|a, b| of(b).total_cmp(&of(a)));
    order.into_iter().map(|index| all[index as usize].clone()).collect()
}

struct Search<'a> {
    columns: &'a [Parted],
    errors: &'a [f64],
    sum: Sums,
    looked_at: usize,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    rows: f64,
    sum: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, error: f64) {
        *self = Self {
            rows: self.rows + 1.0,
            sum: self.sum + error,
            squares: self.squares + error * error,
        };
    }

    fn without(self, other: Self) -> Self {
        Self {
            rows: self.rows - other.rows,
            sum: self.sum - other.sum,
            squares: self.squares - other.squares,
        }
    }

    fn mean(self) -> f64 {
        self.sum / self.rows
    }

    /// The squared standard error of the mean.
    fn doubt(self) -> f64 {
        let variance = (self.squares / self.rows - self.mean() * self.mean()).max(0.0);
        variance / (self.rows - 1.0).max(1.0)
    }
}

impl<'a> Search<'a> {
    fn new(columns: &'a [Parted], errors: &'a [f64]) -> Self {
        let mut sum = Sums::default();
        errors.iter().for_each(|&error| sum.add(error));
        Self { columns, errors, sum, looked_at: 0 }
    }

    fn worst(mut self, metric: &'static str) -> Vec<Segment> {
        let mut all = sorted(self.within(&[]));
        for one in all.iter().take(BEAM).cloned().collect::<Vec<_>>() {
            let worse = self.within(&one.of).into_iter().filter(|two| {
                // Both columns must matter: alone, neither is as bad.
                let other = all.iter().find(|other| other.of == two.of[1..]);
                two.surely > one.surely && other.is_none_or(|other| two.surely > other.surely)
            });
            let worse: Vec<Candidate> = worse.collect();
            all.extend(worse);
        }
        let looked_at = self.looked_at as f64;
        all.retain(|one| one.surely > 0.0 && one.p * looked_at < SIGNIFICANCE);
        let all = sorted(all);
        let mut told: Vec<Candidate> = Vec::new();
        for one in all {
            if told.len() < TOLD && !told.iter().any(|other| self.is_much_the_same(&one, other)) {
                told.push(one);
            }
        }
        told.into_iter().map(|one| self.segment(one, metric)).collect()
    }

    /// All parts of columns behind those of some conditions, within the rows for which they hold.
    fn within(&mut self, of: &[(usize, u8)]) -> Vec<Candidate> {
        let rows: Vec<usize> = (0..self.errors.len()).filter(|&row| self.holds(of, row)).collect();
        let mut found = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            if of.iter().any(|(other, _)| *other == index) {
                continue;
            }
            let mut sums = vec![Sums::default(); column.parts.len() + 1];
            rows.iter()
                .for_each(|&row| sums[usize::from(column.places[row])].add(self.errors[row]));
            for (place, sums) in sums.into_iter().enumerate().skip(1) {
                let of = [of, &[(index, place as u8)]].concat();
                found.extend(self.candidate(of, sums));
            }
        }
        found
    }

    fn candidate(&mut self, of: Vec<(usize, u8)>, sums: Sums) -> Option<Candidate> {
        let rest = self.sum.without(sums);
        let least = (SMALL * self.sum.rows).max(FEW as f64);
        if sums.rows < least || rest.rows < least {
            return None;
        }
        self.looked_at += 1;
        let (worse, doubt) = (sums.mean() - rest.mean(), sums.doubt() + rest.doubt());
        let doubt = libm::sqrt(doubt);
        let p = if doubt > 0.0 { normal_two_sided(worse / doubt) } else { f64::from(worse == 0.0) };
        Some(Candidate {
            of,
            rows: sums.rows as usize,
            error: sums.mean(),
            elsewhere: rest.mean(),
            surely: worse - CRITICAL_95 * doubt,
            p,
        })
    }

    fn holds(&self, of: &[(usize, u8)], row: usize) -> bool {
        of.iter().all(|&(column, place)| self.columns[column].places[row] == place)
    }

    /// Whether most rows of either are rows of both.
    fn is_much_the_same(&self, a: &Candidate, b: &Candidate) -> bool {
        let both = (0..self.errors.len())
            .filter(|&row| self.holds(&a.of, row) && self.holds(&b.of, row))
            .count();
        2 * both > a.rows + b.rows - both
    }

    fn segment(&self, one: Candidate, metric: &'static str) -> Segment {
        let condition = |&(column, place): &(usize, u8)| {
            let Parted { name, parts, .. } = &self.columns[column];
            Condition { column: name.clone(), values: parts[usize::from(place) - 1].clone() }
        };
        Segment {
            conditions: one.of.iter().map(condition).collect(),
            rows: one.rows,
            share: one.rows as f64 / self.sum.rows,
            metric,
            error: one.error,
            error_elsewhere: one.elsewhere,
            p_value: (one.p * self.looked_at as f64).min(1.0),
        }
    }
}
