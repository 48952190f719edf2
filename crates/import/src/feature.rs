//! A column on its way through the graph: which raw column it comes from, and what was done to it.

use std::rc::Rc;

use hedgerow_model::Scale;

/// The scale that changes nothing.
pub const RAW: Scale = Scale { mean: 0.0, std: 1.0 };

/// How a matrix holds its numbers. Trees compare as precisely as that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    Single,
    Double,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Feature {
    /// The raw column's index.
    pub column: usize,
    pub source: Source,
}

/// What its values are.
#[derive(Debug, Clone)]
pub enum Source {
    /// Raw texts.
    Text,
    /// Numbers: `(x - mean) / std`, of `fill` where one is missing.
    Number { fill: Option<f64>, scale: Scale },
    /// A number for each category, as of encoders.
    Mapped(Mapped),
}

/// What categories become. Texts that are none of them, and missing ones, have the last number.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// Sorted, none twice.
    pub known: Rc<[String]>,
    /// One more than there are categories.
    pub values: Rc<[f64]>,
}

impl Feature {
    /// A raw column of numbers.
    pub fn number(column: usize) -> Self {
        Self { column, source: Source::Number { fill: None, scale: RAW } }
    }

    /// How many numbers a change of the column makes anew.
    pub fn n_values(&self) -> usize {
        match &self.source {
            Source::Mapped(mapped) => mapped.values.len(),
            Source::Text | Source::Number { .. } => 1,
        }
    }

    /// The column times `factor`, plus `summand`; `None` of texts, and of what leaves no number.
    pub fn line(&self, factor: f64, summand: f64) -> Option<Self> {
        let source = match &self.source {
            Source::Text => return None,
            Source::Number { fill, scale } => {
                // ((x - mean) / std) * factor + summand
                let std = scale.std / factor;
                let mean = scale.mean - summand * std;
                if !std.is_normal() || !mean.is_finite() {
                    return None;
                }
                Source::Number { fill: *fill, scale: Scale { mean, std } }
            }
            Source::Mapped(mapped) => Source::Mapped(mapped.map(|x| x * factor + summand)),
        };
        Some(Self { column: self.column, source })
    }

    /// The column with `value` where it had none; `None` of texts.
    pub fn filled(&self, value: f64) -> Option<Self> {
        let source = match &self.source {
            Source::Text => return None,
            Source::Number { fill, scale } => {
                let raw = value * scale.std + scale.mean;
                Source::Number { fill: Some(fill.unwrap_or(raw)), scale: *scale }
            }
            Source::Mapped(mapped) => {
                Source::Mapped(mapped.map(|x| if x.is_nan() { value } else { x }))
            }
        };
        Some(Self { column: self.column, source })
    }
}

impl Mapped {
    /// Other numbers for the same categories.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        let values = self.values.iter().map(|&value| change(value)).collect();
        Self { known: Rc::clone(&self.known), values }
    }
}
