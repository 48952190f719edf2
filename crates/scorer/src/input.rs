//! Raw cells as a host writes them.

use core::ops::Range;

use bytemuck::{Pod, Zeroable};

use crate::Fault;

/// The length of a missing text.
pub const MISSING_TEXT: u32 = u32::MAX;

/// Where a text lies among the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Span {
    pub start: u32,
    /// In bytes, or [`MISSING_TEXT`].
    pub length: u32,
}

/// Rows to score: column by column one cell of 8 bytes a row, and the texts that cells tell of.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub rows: usize,
    /// A number (`f64`; NaN is missing) or a [`Span`], as the column is.
    pub cells: &'a [u64],
    pub texts: &'a [u8],
}

impl<'a> Input<'a> {
    /// A column of numbers; empty where there is none.
    pub fn numbers(&self, column: usize) -> &'a [f64] {
        bytemuck::cast_slice(self.column(column))
    }

    /// The texts of a column; `None` where missing.
    pub fn texts(
        &self,
        column: usize,
    ) -> impl Iterator<Item = Result<Option<&'a [u8]>, Fault>> + use<'a> {
        let texts = self.texts;
        self.places(column).enumerate().map(move |(row, place)| {
            let Some(place) = place else { return Ok(None) };
            let text = texts.get(place);
            text.map(Some).ok_or(Fault::NoText { row: row as u32, column: column as u32 })
        })
    }

    /// Where the texts of a column are among all; `None` where missing.
    pub fn places(&self, column: usize) -> impl Iterator<Item = Option<Range<usize>>> + use<'a> {
        let spans: &[Span] = bytemuck::cast_slice(self.column(column));
        spans.iter().map(|span| {
            let start = span.start as usize;
            let end = start.saturating_add(span.length as usize);
            (span.length != MISSING_TEXT).then_some(start..end)
        })
    }

    fn column(&self, column: usize) -> &'a [u64] {
        let begin = column.saturating_mul(self.rows);
        self.cells.get(begin..begin.saturating_add(self.rows)).unwrap_or(&[])
    }
}
