//! Raw cells as a host writes them.

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
        let spans: &[Span] = bytemuck::cast_slice(self.column(column));
        spans.iter().enumerate().map(move |(row, span)| {
            if span.length == MISSING_TEXT {
                return Ok(None);
            }
            let start = span.start as usize;
            let end = start.checked_add(span.length as usize);
            let text = end.and_then(|end| texts.get(start..end));
            text.map(Some).ok_or(Fault::NoText { row: row as u32, column: column as u32 })
        })
    }

    fn column(&self, column: usize) -> &'a [u64] {
        let begin = column.saturating_mul(self.rows);
        self.cells.get(begin..begin.saturating_add(self.rows)).unwrap_or(&[])
    }
}
