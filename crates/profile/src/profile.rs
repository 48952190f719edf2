//! The counts of all columns.

use alloc::vec::Vec;

use crate::bytes::{Reader, Writer};
use crate::numbers::total;
use crate::{Count, Fault, Layout, Numbers, Outcome, Outcomes, Shape, Words};

/// What was counted of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counts<C = u64> {
    Numbers(Numbers<C>),
    Words(Words),
}

/// Values of a column, row by row.
#[derive(Debug, Clone, Copy)]
pub enum Values<'v> {
    /// NaN is missing.
    Numbers(&'v [f64]),
    /// Codes into words; any other code is missing.
    Words(&'v [u32], &'v [&'v str]),
    /// So many rows without a value.
    Missing(u64),
}

/// What rows looked like; made by a layout, and read by the same. With counts of 32 bits it takes three quarters of
/// the memory, for who records and gives bytes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile<C = u64> {
    layout: u64,
    /// One a column of the layout.
    columns: Vec<Counts<C>>,
    /// Of a layout with a truth.
    outcomes: Option<Outcomes>,
}

/// The first bytes of a profile: what it is, and the version of what follows.
const MAGIC: &[u8] = b"HGP\x01";
const NAME: &[u8] = b"HGP";

impl<C: Count> Profile<C> {
    fn empty(layout: &Layout) -> Self {
        let empty = |shape: &Shape| match shape {
            Shape::Numbers(bins) => Counts::Numbers(Numbers::new(bins)),
            Shape::Words(words) => Counts::Words(Words::new(words)),
        };
        let columns = layout.columns().iter().map(|column| empty(&column.shape)).collect();
        Self { layout: layout.id(), columns, outcomes: layout.truth().map(Outcomes::new) }
    }

    /// Counts what turned out to be true of a row; whether it is of the layout's truth: a class that there is,
    /// with a probability for each, or finite numbers.
    pub fn record_outcome(&mut self, layout: &Layout, outcome: Outcome<'_>) -> bool {
        match (&mut self.outcomes, layout.truth()) {
            (Some(outcomes), Some(truth)) => outcomes.record(truth, outcome),
            _ => false,
        }
    }

    /// Counts rows of one column. Values of another type than the layout's count as missing.
    ///
    /// # Panics
    /// Where the layout is not the one that the profile was made by, or has no such column.
    pub fn record(&mut self, layout: &Layout, column: usize, values: Values<'_>) {
        match (&layout.columns()[column].shape, &mut self.columns[column], values) {
            (Shape::Numbers(bins), Counts::Numbers(counts), Values::Numbers(values)) => {
                counts.record_all(bins, values);
            }
            (Shape::Words(known), Counts::Words(counts), Values::Words(codes, words)) => {
                let mut rows = alloc::vec![0u64; words.len() + 1];
                for &code in codes {
                    rows[(code as usize).min(words.len())] += 1;
                }
                for (code, &rows) in rows.iter().enumerate() {
                    counts.record_many(known, words.get(code).copied(), rows);
                }
            }
            (
                _,
                Counts::Numbers(Numbers { missing, .. }) | Counts::Words(Words { missing, .. }),
                values,
            ) => {
                *missing = missing.saturating_add(values.rows());
            }
        }
    }

    /// Counts a word of one column a row, if it has one. In a column of numbers, all count as missing.
    ///
    /// # Panics
    /// As [`Self::record`].
    pub fn record_words<'w>(
        &mut self,
        layout: &Layout,
        column: usize,
        words: impl Iterator<Item = Option<&'w str>>,
    ) {
        match (&layout.columns()[column].shape, &mut self.columns[column]) {
            (Shape::Words(known), Counts::Words(counts)) => {
                words.for_each(|word| counts.record(known, word));
            }
            _ => self.record(layout, column, Values::Missing(words.count() as u64)),
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::new(MAGIC);
        out.fixed(self.layout);
        for column in &self.columns {
            match column {
                Counts::Numbers(counts) => counts.write(&mut out),
                Counts::Words(counts) => counts.write(&mut out),
            }
        }
        self.outcomes.iter().for_each(|outcomes| outcomes.write(&mut out));
        out.finish()
    }
}

impl Profile<u32> {
    /// Of no rows, to be recorded and given away as bytes: a count goes up to four thousand million.
    pub fn brief(layout: &Layout) -> Self {
        Self::empty(layout)
    }
}

impl Profile {
    /// Of no rows.
    pub fn new(layout: &Layout) -> Self {
        Self::empty(layout)
    }

    /// In the order of the layout's columns.
    pub fn columns(&self) -> &[Counts] {
        &self.columns
    }

    /// What turned out to be true beside what was answered; none where the layout has no truth.
    pub fn outcomes(&self) -> Option<&Outcomes> {
        self.outcomes.as_ref()
    }

    /// Rows that were counted; those of one column, if columns have more and less.
    pub fn rows(&self) -> u64 {
        self.columns.iter().map(Counts::rows).max().unwrap_or(0)
    }

    /// Adds what another profile counted.
    ///
    /// # Errors
    /// [`Fault::OtherLayout`].
    pub fn merge(&mut self, other: &Self) -> Result<(), Fault> {
        if self.layout != other.layout || self.columns.len() != other.columns.len() {
            return Err(Fault::OtherLayout);
        }
        for pair in self.columns.iter_mut().zip(&other.columns) {
            match pair {
                (Counts::Numbers(counts), Counts::Numbers(more)) => counts.merge(more),
                (Counts::Words(counts), Counts::Words(more)) => counts.merge(more),
                _ => return Err(Fault::OtherLayout),
            }
        }
        match (&mut self.outcomes, &other.outcomes) {
            (Some(outcomes), Some(more)) => outcomes.merge(more),
            (None, None) => Ok(()),
            _ => Err(Fault::OtherLayout),
        }
    }

    /// Whether bytes begin as a profile of any version does, and no text: versions are below 9, a tab.
    pub fn is_begun_by(bytes: &[u8]) -> bool {
        let version = bytes.strip_prefix(NAME).and_then(<[u8]>::first);
        version.is_some_and(|version| (1..9).contains(version))
    }

    /// Reads a profile, from a stranger too.
    ///
    /// # Errors
    /// [`Fault::Damaged`], [`Fault::OtherLayout`].
    pub fn from_bytes(bytes: &[u8], layout: &Layout) -> Result<Self, Fault> {
        let mut from = Reader::new(bytes, MAGIC)?;
        let id = from.fixed()?;
        if id != layout.id() {
            return Err(Fault::OtherLayout);
        }
        let columns = layout.columns().iter().map(|column| match &column.shape {
            Shape::Numbers(bins) => Ok(Counts::Numbers(Numbers::read(&mut from, bins)?)),
            Shape::Words(words) => Ok(Counts::Words(Words::read(&mut from, words)?)),
        });
        let columns = columns.collect::<Result<Vec<_>, Fault>>()?;
        let outcomes = layout.truth().map(|truth| Outcomes::read(&mut from, truth)).transpose()?;
        from.end()?;
        Ok(Self { layout: id, columns, outcomes })
    }
}

impl Values<'_> {
    fn rows(&self) -> u64 {
        match self {
            Self::Numbers(values) => values.len() as u64,
            Self::Words(codes, _) => codes.len() as u64,
            Self::Missing(rows) => *rows,
        }
    }
}

impl Counts {
    /// Rows, with a value or without.
    pub fn rows(&self) -> u64 {
        match self {
            Self::Numbers(counts) => total(&[counts.count(), counts.missing, counts.infinite]),
            Self::Words(counts) => counts.count().saturating_add(counts.missing),
        }
    }

    /// Rows without a value.
    pub fn missing(&self) -> u64 {
        match self {
            Self::Numbers(counts) => counts.missing,
            Self::Words(counts) => counts.missing,
        }
    }
}
