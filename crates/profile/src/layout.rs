//! What is counted, column by column.

use alloc::string::String;
use alloc::vec::Vec;

use crate::bytes::{Reader, Writer};
use crate::{Bins, Fault, Truth, Vocabulary};

/// What a column is to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Feature,
    /// What the model answered.
    Prediction,
    /// How sure it was: the probability of the second of two classes, or of the predicted one of more.
    Probability,
    /// What was true.
    Target,
}

impl Role {
    /// All of them, in the order of the numbers that bytes have for them.
    pub const ALL: [Self; 4] = [Self::Feature, Self::Prediction, Self::Probability, Self::Target];

    /// What it is called in reports and rules.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Prediction => "prediction",
            Self::Probability => "probability",
            Self::Target => "target",
        }
    }
}

/// How the values of a column are counted.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Numbers(Bins),
    Words(Vocabulary),
}

/// A column that is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: String,
    pub role: Role,
    pub shape: Shape,
}

/// All that is counted for a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    columns: Vec<Column>,
    truth: Option<Truth>,
    id: u64,
}

/// The first bytes of a layout: what it is, and the version of what follows.
const MAGIC: &[u8] = b"HGL\x02";
/// Of layouts from before there were outcomes.
const WITHOUT_TRUTH: &[u8] = b"HGL\x01";

impl Layout {
    /// Columns, and what can be true of a row, where that is to be counted, too.
    pub fn new(columns: Vec<Column>, truth: Option<Truth>) -> Self {
        let mut layout = Self { columns, truth, id: 0 };
        layout.id = fingerprint(&layout.to_bytes());
        layout
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What outcomes are of.
    pub fn truth(&self) -> Option<&Truth> {
        self.truth.as_ref()
    }

    /// Tells layouts apart; profiles carry that of theirs.
    pub fn id(&self) -> u64 {
        self.id
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::new(MAGIC);
        out.whole(self.columns.len() as u64);
        for Column { name, role, shape } in &self.columns {
            out.text(name);
            out.byte(Role::ALL.iter().position(|one| one == role).unwrap_or(0) as u8);
            match shape {
                Shape::Numbers(bins) => {
                    out.byte(0);
                    bins.write(&mut out);
                }
                Shape::Words(words) => {
                    out.byte(1);
                    words.write(&mut out);
                }
            }
        }
        match &self.truth {
            None => out.byte(0),
            Some(truth) => truth.write(&mut out),
        }
        out.finish()
    }

    /// Reads a layout, from a stranger too.
    ///
    /// # Errors
    /// [`Fault::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        let has_truth = !bytes.starts_with(WITHOUT_TRUTH);
        let mut from = Reader::new(bytes, if has_truth { MAGIC } else { WITHOUT_TRUTH })?;
        let n = from.length(4)?;
        let read = |_| {
            let (name, role) = (from.text()?, usize::from(from.byte()?));
            let role = *Role::ALL.get(role).ok_or(Fault::Damaged("a column of an unknown role"))?;
            let shape = match from.byte()? {
                0 => Shape::Numbers(Bins::read(&mut from)?),
                1 => Shape::Words(Vocabulary::read(&mut from)?),
                _ => return Err(Fault::Damaged("a column of an unknown shape")),
            };
            Ok(Column { name, role, shape })
        };
        let columns = (0..n).map(read).collect::<Result<Vec<_>, Fault>>()?;
        let truth = if has_truth { Truth::read(&mut from)? } else { None };
        from.end()?;
        Ok(Self { columns, truth, id: fingerprint(bytes) })
    }
}

fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
