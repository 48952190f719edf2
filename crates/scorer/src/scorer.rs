//! A model that is ready to score.

use alloc::vec::Vec;

use hedgerow_score::Calibration;

use crate::form::Form;
use crate::image::Reader;
use crate::steps::Steps;
use crate::{Fault, Input, calibration};

/// A model, whose arrays lie in an image.
pub struct Scorer<'a> {
    description: &'a [u8],
    steps: Steps<'a>,
    form: Form<'a>,
    calibration: Option<Calibration>,
    threshold: Option<f64>,
}

/// What comes out for some rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    /// Row by row, [`Scorer::n_outputs`] each: probabilities of the classes, or one number.
    pub values: Vec<f64>,
    /// One a row: the class that is predicted, or 0 where there are no classes.
    pub classes: Vec<u32>,
}

impl<'a> Scorer<'a> {
    /// Reads and checks an image that begins at a multiple of 8.
    ///
    /// # Errors
    /// [`Fault::Damaged`], [`Fault::LaterVersion`].
    pub fn load(image: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = Reader::open(image)?;
        let scorer = Self {
            description: reader.array()?,
            steps: Steps::read(&mut reader)?,
            form: Form::read(&mut reader)?,
            calibration: calibration::read(&mut reader)?,
            threshold: match *reader.array()? {
                [] => None,
                [threshold] => Some(threshold),
                _ => return Err(Fault::Damaged),
            },
        };
        reader.finish()?;
        scorer.check()?;
        Ok(scorer)
    }

    fn check(&self) -> Result<(), Fault> {
        if self.steps.n_features() != self.form.n_features() {
            return Err(Fault::Damaged);
        }
        if let Some(calibration) = &self.calibration {
            calibration.check(self.n_outputs())?;
        }
        if self.threshold.is_some_and(|at| self.n_outputs() != 2 || !(0.0..=1.0).contains(&at)) {
            return Err(Fault::Damaged);
        }
        Ok(())
    }

    /// What the model is and reads: JSON.
    pub fn description(&self) -> &'a [u8] {
        self.description
    }

    /// Number of raw columns.
    pub fn n_columns(&self) -> usize {
        self.steps.columns.len()
    }

    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        self.form.n_outputs()
    }

    /// At most so many numbers are held while so many rows are scored: features, a few times the outputs,
    /// and a block of codes. `None` beyond all memory.
    #[cfg(feature = "module")]
    pub fn work(&self, rows: usize) -> Option<usize> {
        const BLOCK: usize = 1 << 19;
        rows.checked_mul(self.form.n_features() + 4 * self.n_outputs() + 1)?
            .checked_add(BLOCK.min(rows << 12))
    }

    /// Scores rows of [`Self::n_columns`] columns.
    ///
    /// # Errors
    /// [`Fault::NotFinite`], [`Fault::NoText`].
    pub fn score(&self, input: &Input) -> Result<Scores, Fault> {
        let features = self.steps.apply(input)?;
        if self.form.calculates() {
            for (values, column) in features.iter().zip(self.steps.columns_of_features()) {
                if let Some(row) = values.iter().position(|value| value.is_infinite()) {
                    return Err(Fault::NotFinite { row: row as u32, column });
                }
            }
        }
        let mut values = self.form.predict(&features, input.rows);
        if let Some(calibration) = &self.calibration {
            calibration.apply(&mut values, self.n_outputs());
        }
        let classes = values.chunks_exact(self.n_outputs()).map(|row| self.class(row)).collect();
        Ok(Scores { values, classes })
    }

    /// The class of the largest output, the first of equals; but by the threshold where there is one.
    fn class(&self, row: &[f64]) -> u32 {
        if let (Some(threshold), &[_, second]) = (self.threshold, row) {
            return u32::from(second >= threshold);
        }
        let better = |best: usize, (index, value): (usize, &f64)| {
            if *value > row[best] { index } else { best }
        };
        row.iter().enumerate().fold(0, better) as u32
    }
}
