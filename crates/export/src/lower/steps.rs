//! The preparation as the scorer's steps.

use hedgerow_model::{Categories, DatePart, Encoding, Model, Prepared, Scale};
use hedgerow_scorer::{Step, step_flag as flag, step_kind as kind};

use crate::ExportError;
use crate::writer::{Writer, fits};

/// Columns, steps, and the texts that steps know.
pub fn write(model: &Model, writer: &mut Writer) -> Result<(), ExportError> {
    let is_text = |field: &hedgerow_model::Field| u32::from(!field.kind.is_numeric());
    let columns: Vec<u32> = model.schema.features.iter().map(is_text).collect();
    writer.array(&columns)?;
    let mut texts = Texts { offsets: vec![0], bytes: Vec::new() };
    let mut steps = Vec::new();
    for prepared in &model.preparation.columns {
        add(prepared, &mut texts, &mut steps)?;
    }
    writer.array(&steps)?;
    writer.array(&texts.offsets)?;
    writer.array(&texts.bytes)
}

struct Texts {
    /// Where each ends, and the next begins.
    offsets: Vec<u32>,
    bytes: Vec<u8>,
}

fn add(prepared: &Prepared, texts: &mut Texts, steps: &mut Vec<Step>) -> Result<(), ExportError> {
    let step = Step { column: fits(prepared.column)?, ..Step::default() };
    match &prepared.encoding {
        Encoding::Number { impute, scale } => {
            steps.push(number(Step { kind: kind::NUMBER, ..step }, *impute, *scale));
        }
        Encoding::Date { parts, impute, scale } => {
            steps.extend(parts.iter().enumerate().map(|(index, part)| {
                let place = DatePart::ALL.iter().position(|other| other == part).unwrap_or(0);
                let step = Step { kind: kind::DATE, part: place as u32, ..step };
                let own = |values: &[Option<f64>]| values.get(index).copied().flatten();
                number(step, own(impute), scale.get(index).copied().flatten())
            }));
        }
        Encoding::Ordinal { categories } => {
            steps.push(texts.step(Step { kind: kind::ORDINAL, ..step }, categories)?);
        }
        Encoding::OneHot { categories } => {
            steps.push(texts.step(Step { kind: kind::ONE_HOT, ..step }, categories)?);
        }
    }
    Ok(())
}

fn number(step: Step, impute: Option<f64>, scale: Option<Scale>) -> Step {
    let flags = if impute.is_some() { flag::IMPUTE } else { 0 };
    let flags = flags | if scale.is_some() { flag::SCALE } else { 0 };
    let Scale { mean, std } = scale.unwrap_or(Scale { mean: 0.0, std: 1.0 });
    Step { flags, impute: impute.unwrap_or(0.0), mean, std, ..step }
}

impl Texts {
    fn step(&mut self, step: Step, categories: &Categories) -> Result<Step, ExportError> {
        let first_text = fits(self.offsets.len() - 1)?;
        for text in &categories.known {
            self.bytes.extend_from_slice(text.as_bytes());
            self.offsets.push(fits(self.bytes.len())?);
        }
        let flags = if categories.other.is_some() { flag::OTHER } else { 0 };
        let flags = flags | if categories.missing.is_some() { flag::MISSING } else { 0 };
        Ok(Step {
            flags,
            first_text,
            n_texts: fits(categories.known.len())?,
            other: categories.other.unwrap_or(0),
            missing: categories.missing.unwrap_or(0),
            ..step
        })
    }
}
