//! What can go wrong, by the numbers that the exports return.

/// Why there is no answer. The numbers are part of the ABI: they never change meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Neither is an image embedded nor was one handed over.
    NoImage,
    /// The image is not one, or not whole, or not sound.
    Damaged,
    /// The image is of a version that this scorer does not know.
    LaterVersion,
    /// There is no memory for so many rows or so large an image.
    TooLarge,
    /// A number is infinite where the model calculates with it.
    NotFinite { row: u32, column: u32 },
    /// A text lies outside the texts handed over.
    NoText { row: u32, column: u32 },
    /// No input was asked for, or the last was refused.
    NoInput,
}

/// In place of a row or column, none.
pub const NOWHERE: u32 = u32::MAX;

impl Fault {
    /// The status; 0 is none of these.
    pub fn status(self) -> u32 {
        match self {
            Self::NoImage => 1,
            Self::Damaged => 2,
            Self::LaterVersion => 3,
            Self::TooLarge => 4,
            Self::NotFinite { .. } => 5,
            Self::NoText { .. } => 6,
            Self::NoInput => 7,
        }
    }

    /// Row and column, counted from 0, or [`NOWHERE`].
    pub fn place(self) -> (u32, u32) {
        match self {
            Self::NotFinite { row, column } | Self::NoText { row, column } => (row, column),
            _ => (NOWHERE, NOWHERE),
        }
    }

    /// What happened and what to do, in a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::NoImage => "There is no model: hand over an image.",
            Self::Damaged => "The image is damaged: export the model again.",
            Self::LaterVersion => "The image is of a later version: export the model again.",
            Self::TooLarge => "These are too many: score fewer rows at a time.",
            Self::NotFinite { .. } => "An infinite number, with which this model cannot calculate.",
            Self::NoText { .. } => "A text lies outside of the texts.",
            Self::NoInput => "There are no rows: ask for an input first.",
        }
    }
}

impl From<hedgerow_score::Unsound> for Fault {
    fn from(_: hedgerow_score::Unsound) -> Self {
        Self::Damaged
    }
}
