//! The preparation that makes what an estimator reads, and where in it each column is.

use std::collections::BTreeMap;
use std::rc::Rc;

use hedgerow_model::{Categories, Encoding, Preparation, Prepared, Scale};

use crate::feature::{Mapped, RAW};

/// A preparation in the making.
#[derive(Default)]
pub struct Layout {
    columns: Vec<Prepared>,
    width: usize,
    /// Where the codes or indicators of a column's categories begin.
    encoded: BTreeMap<(usize, Rc<[String]>), usize>,
}

/// How categories are given to an estimator.
#[derive(Clone, Copy)]
pub enum As {
    /// One feature: a code.
    Codes,
    /// A feature a code.
    Indicators,
}

impl Layout {
    /// The place of a number, filled in and scaled.
    pub fn number(&mut self, column: usize, fill: Option<f64>, scale: Scale) -> usize {
        let scale = (scale != RAW).then_some(scale);
        self.add(column, Encoding::Number { impute: fill, scale }, 1)
    }

    /// The first place of categories: codes are in the order of `known`, then that of all other texts and
    /// of missing ones.
    pub fn categories(&mut self, column: usize, mapped: &Mapped, how: As) -> usize {
        let key = (column, Rc::clone(&mapped.known));
        if let Some(&place) = self.encoded.get(&key) {
            return place;
        }
        let other = mapped.known.len() as u32;
        // The empty text is what a missing one is in ONNX.
        let missing = mapped.known.iter().position(String::is_empty).map(|place| place as u32);
        let categories = Categories {
            known: mapped.known.to_vec(),
            other: Some(other),
            missing: Some(missing.unwrap_or(other)),
        };
        let (encoding, width) = match how {
            As::Codes => (Encoding::Ordinal { categories }, 1),
            As::Indicators => (Encoding::OneHot { categories }, mapped.values.len()),
        };
        let place = self.add(column, encoding, width);
        self.encoded.insert(key, place);
        place
    }

    fn add(&mut self, column: usize, encoding: Encoding, width: usize) -> usize {
        self.columns.push(Prepared { column, encoding });
        self.width += width;
        self.width - width
    }

    /// Number of features.
    pub fn width(&self) -> usize {
        self.width
    }

    pub fn finish(self) -> Preparation {
        Preparation { columns: self.columns }
    }
}
