//! How raw columns become features, as the library's preparation does it.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use bytemuck::{Pod, Zeroable};
use hedgerow_score::{DatePart, Scale, impute_and_scale};

use crate::image::Reader;
use crate::{Fault, Input};

/// What a step makes of its column.
pub mod kind {
    /// The number.
    pub const NUMBER: u32 = 0;
    /// The number that is the date's part.
    pub const DATE: u32 = 1;
    /// The code of a text.
    pub const ORDINAL: u32 = 2;
    /// One feature a code, 1 where the text has it and 0 elsewhere.
    pub const ONE_HOT: u32 = 3;
}

/// What else a step has.
pub mod flag {
    /// `impute` is put where a number is missing.
    pub const IMPUTE: u32 = 1;
    /// Numbers are standardised by `mean` and `std`.
    pub const SCALE: u32 = 2;
    /// `other` is the code of texts that are none of the known.
    pub const OTHER: u32 = 4;
    /// `missing` is the code of missing texts.
    pub const MISSING: u32 = 8;
}

/// How a column becomes one feature, or with [`kind::ONE_HOT`] several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Step {
    pub column: u32,
    /// One of [`kind`].
    pub kind: u32,
    /// Some of [`flag`].
    pub flags: u32,
    /// Of a date: the place of the part among [`DatePart::ALL`].
    pub part: u32,
    pub impute: f64,
    pub mean: f64,
    pub std: f64,
    /// Which of the texts are known, in ascending order; the first has code 0.
    pub first_text: u32,
    pub n_texts: u32,
    pub other: u32,
    pub missing: u32,
}

/// All steps, and the texts that they know.
#[derive(Debug, Clone, Copy)]
pub struct Steps<'a> {
    /// Of each column, whether its cells are texts.
    pub columns: &'a [u32],
    pub steps: &'a [Step],
    offsets: &'a [u32],
    texts: &'a [u8],
}

impl<'a> Steps<'a> {
    /// Reads and checks them.
    ///
    /// # Errors
    /// [`Fault::Damaged`].
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let (columns, steps) = (reader.array()?, reader.array()?);
        let steps = Self { columns, steps, offsets: reader.array()?, texts: reader.array()? };
        let ordered = steps.offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        let inside = steps.offsets.last().is_none_or(|&end| end as usize <= steps.texts.len());
        if ordered && inside && steps.steps.iter().all(|step| steps.is_sound(step)) {
            return Ok(steps);
        }
        Err(Fault::Damaged)
    }

    fn is_sound(&self, step: &Step) -> bool {
        let Some(&is_text) = self.columns.get(step.column as usize) else { return false };
        match step.kind {
            kind::NUMBER => is_text == 0,
            kind::DATE => is_text == 0 && (step.part as usize) < DatePart::ALL.len(),
            kind::ORDINAL | kind::ONE_HOT => {
                let known = u64::from(step.first_text) + u64::from(step.n_texts);
                // So that no image can ask for billions of features.
                let codes = step.n_texts.checked_add(2);
                is_text == 1
                    && known < self.offsets.len() as u64
                    && codes.is_some_and(|codes| step.n_codes() <= codes)
            }
            _ => false,
        }
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.steps.iter().map(|step| step.n_features() as usize).sum()
    }

    /// The column that each feature is of.
    pub fn columns_of_features(&self) -> impl Iterator<Item = u32> + '_ {
        let repeat = |step: &Step| core::iter::repeat_n(step.column, step.n_features() as usize);
        self.steps.iter().flat_map(repeat)
    }

    /// Every feature's values.
    ///
    /// # Errors
    /// [`Fault::NoText`].
    pub fn apply<'i>(&self, input: &Input<'i>) -> Result<Vec<Cow<'i, [f64]>>, Fault> {
        let mut features = Vec::with_capacity(self.steps.len());
        for step in self.steps {
            self.add(step, input, &mut features)?;
        }
        Ok(features)
    }

    fn add<'i>(
        &self,
        step: &Step,
        input: &Input<'i>,
        features: &mut Vec<Cow<'i, [f64]>>,
    ) -> Result<(), Fault> {
        let column = step.column as usize;
        match step.kind {
            kind::NUMBER if step.flags == 0 => {
                features.push(Cow::Borrowed(input.numbers(column)));
            }
            kind::NUMBER => {
                let values = input.numbers(column).iter();
                features.push(values.map(|&value| step.number(value)).collect());
            }
            kind::DATE => {
                let part = DatePart::ALL[step.part as usize];
                let values = input.numbers(column).iter();
                features.push(values.map(|&value| step.number(part.of(value))).collect());
            }
            kind => {
                let mut codes = Vec::with_capacity(input.rows);
                for text in input.texts(column) {
                    codes.push(self.code(step, text?));
                }
                if kind == kind::ORDINAL {
                    features.push(Cow::Owned(codes));
                } else {
                    let indicator = |code: u32| {
                        codes.iter().map(|&x| f64::from(u8::from(x == f64::from(code)))).collect()
                    };
                    features.extend((0..step.n_codes()).map(indicator));
                }
            }
        }
        Ok(())
    }

    /// The code of a text, or NaN.
    fn code(&self, step: &Step, text: Option<&[u8]>) -> f64 {
        let code = match text {
            None => step.missing(),
            Some(text) => self.known(step, text).or(step.other()),
        };
        code.map_or(f64::NAN, f64::from)
    }

    fn known(&self, step: &Step, text: &[u8]) -> Option<u32> {
        let known = &self.offsets[step.first_text as usize..][..step.n_texts as usize + 1];
        let at = |index: usize| &self.texts[known[index] as usize..known[index + 1] as usize];
        let (mut low, mut high) = (0, step.n_texts as usize);
        while low < high {
            let middle = low.midpoint(high);
            match at(middle).cmp(text) {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Greater => high = middle,
                core::cmp::Ordering::Equal => return Some(middle as u32),
            }
        }
        None
    }
}

impl Step {
    fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    fn number(&self, value: f64) -> f64 {
        let scale = Scale { mean: self.mean, std: self.std };
        let impute = self.has(flag::IMPUTE).then_some(self.impute);
        impute_and_scale(value, impute, self.has(flag::SCALE).then_some(scale))
    }

    fn other(&self) -> Option<u32> {
        self.has(flag::OTHER).then_some(self.other)
    }

    fn missing(&self) -> Option<u32> {
        self.has(flag::MISSING).then_some(self.missing)
    }

    /// The known texts, and the codes that `other` and `missing` add.
    fn n_codes(&self) -> u32 {
        let own = [self.other(), self.missing()].into_iter().flatten();
        own.fold(self.n_texts, |n, code| n.max(code.saturating_add(1)))
    }

    fn n_features(&self) -> u32 {
        if self.kind == kind::ONE_HOT { self.n_codes() } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_sound(offsets: &[u32], first_text: u32, n_texts: u32) -> bool {
        let step = Step { kind: kind::ORDINAL, first_text, n_texts, ..Step::default() };
        Steps { columns: &[1], steps: &[], offsets, texts: b"ab" }.is_sound(&step)
    }

    #[test]
    fn a_step_knows_only_texts_that_are_there() {
        assert!(
            are_sound(&[0, 1, 2], 0, 2) && are_sound(&[0, 1, 2], 1, 1) && are_sound(&[0], 0, 0)
        );
        assert!(!are_sound(&[], 0, 0), "even no texts have a place where they begin");
        assert!(!are_sound(&[0, 1, 2], 1, 2) && !are_sound(&[0, 1, 2], u32::MAX, u32::MAX));
    }
}
