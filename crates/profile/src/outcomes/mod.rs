//! Answers beside what turned out to be true, in counts that add up exactly.

mod classes;
mod numbers;
#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::vec::Vec;

use crate::Fault;
use crate::bytes::{Reader, Writer};

pub use classes::{ClassOutcomes, PARTS, part, sureness};
pub use numbers::NumberOutcomes;

/// Classes at most: their counts have 24 bytes each.
const MOST_CLASSES: usize = 1_000;

/// What can be true of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    /// Classes by their names, in the model's order.
    Classes(Vec<String>),
    /// Numbers: the middle that their moments are measured from, and the unit that errors are measured in, the
    /// smallest difference that matters.
    Numbers { middle: f64, step: f64 },
}

/// What a model said of a row, and what was true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome<'o> {
    /// Classes as indices in the model's order, and the probability of each.
    Class {
        truth: usize,
        predicted: usize,
        probabilities: &'o [f64],
    },
    Number {
        truth: f64,
        predicted: f64,
    },
}

/// All that was counted of outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcomes {
    Classes(ClassOutcomes),
    Numbers(NumberOutcomes),
}

/// A mean and the standard deviation of what it is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    pub mean: f64,
    pub std: f64,
}

impl Truth {
    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Self::Classes(names) => {
                out.byte(1);
                out.whole(names.len() as u64);
                names.iter().for_each(|name| out.text(name));
            }
            Self::Numbers { middle, step } => {
                out.byte(2);
                out.number(*middle);
                out.number(*step);
            }
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Option<Self>, Fault> {
        match from.byte()? {
            0 => Ok(None),
            1 => {
                let n = from.length(1)?;
                let names = (0..n).map(|_| from.text()).collect::<Result<Vec<_>, Fault>>()?;
                let classes = Self::classes(names);
                classes.map(Some).ok_or(Fault::Damaged("it has too many classes, or none"))
            }
            2 => {
                let (middle, step) = (from.number()?, from.number()?);
                let sound = step > 0.0;
                if sound { Ok(Some(Self::Numbers { middle, step })) } else { Err(UNSOUND) }
            }
            _ => Err(Fault::Damaged("a truth of an unknown kind")),
        }
    }

    /// Classes, where they are not too many to be counted.
    pub fn classes(names: Vec<String>) -> Option<Self> {
        (1..=MOST_CLASSES).contains(&names.len()).then_some(Self::Classes(names))
    }
}

const UNSOUND: Fault = Fault::Damaged("outcomes that no rows have");

impl Outcomes {
    pub(crate) fn new(truth: &Truth) -> Self {
        match truth {
            Truth::Classes(names) => Self::Classes(ClassOutcomes::new(names.len())),
            Truth::Numbers { .. } => Self::Numbers(NumberOutcomes::default()),
        }
    }

    /// Counts an outcome; whether it is one: of the classes there are, or of finite numbers.
    pub(crate) fn record(&mut self, truth: &Truth, outcome: Outcome<'_>) -> bool {
        match (self, truth, outcome) {
            (
                Self::Classes(counts),
                Truth::Classes(_),
                Outcome::Class { truth, predicted, probabilities },
            ) => counts.record(truth, predicted, probabilities),
            (
                Self::Numbers(counts),
                Truth::Numbers { middle, step },
                Outcome::Number { truth, predicted },
            ) => counts.record((*middle, *step), truth, predicted),
            _ => false,
        }
    }

    /// Rows whose truth is known.
    pub fn rows(&self) -> u64 {
        match self {
            Self::Classes(counts) => counts.rows(),
            Self::Numbers(counts) => counts.rows,
        }
    }

    /// Adds what another counted.
    pub(crate) fn merge(&mut self, other: &Self) -> Result<(), Fault> {
        match (self, other) {
            (Self::Classes(counts), Self::Classes(more)) => counts.merge(more),
            (Self::Numbers(counts), Self::Numbers(more)) => counts.merge(more),
            _ => return Err(Fault::OtherLayout),
        }
        Ok(())
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Self::Classes(counts) => counts.write(out),
            Self::Numbers(counts) => counts.write(out),
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>, truth: &Truth) -> Result<Self, Fault> {
        match truth {
            Truth::Classes(names) => Ok(Self::Classes(ClassOutcomes::read(from, names.len())?)),
            Truth::Numbers { .. } => Ok(Self::Numbers(NumberOutcomes::read(from)?)),
        }
    }
}
