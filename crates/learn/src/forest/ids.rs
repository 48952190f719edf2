//! Row numbers that are known to be in bounds, so that hot loops need not ask for each.

use std::slice::Chunks;

/// Rows that one call of a hot loop handles: V8 swaps in optimised code only at the next call.
pub(super) const CHUNK: usize = 4_096;

/// Row numbers.
#[derive(Clone, Copy)]
pub(super) struct Ids<'a> {
    ids: &'a [u32],
    /// All are below this. Private to this file, and only [`TwoBuffers`] makes one.
    end: usize,
}

/// A part of row numbers: places in one of two buffers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Part {
    pub start: usize,
    pub end: usize,
    /// Which buffer.
    pub second: bool,
}

impl Part {
    /// All of `len` rows, in the first buffer.
    pub fn all(len: usize) -> Self {
        Self { start: 0, end: len, second: false }
    }

    pub fn len(self) -> usize {
        self.end - self.start
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether it is within `other`, in whichever buffer.
    pub fn is_within(self, other: Self) -> bool {
        other.start <= self.start && self.end <= other.end
    }

    /// The two parts it is divided into, whose rows are in the other buffer.
    pub fn divided(self, lefts: usize) -> (Self, Self) {
        let (middle, second) = (self.start + lefts, !self.second);
        (Self { end: middle, second, ..self }, Self { start: middle, second, ..self })
    }
}

/// Row numbers of a tree in two buffers: a node's are in one, and its children's are written to the
/// other, so that nothing has to be moved twice.
#[derive(Default)]
pub(super) struct TwoBuffers {
    buffers: [Vec<u32>; 2],
    /// All numbers are below this. Private to this file.
    end: usize,
}

impl TwoBuffers {
    pub fn new(ids: Vec<u32>) -> Self {
        let end = ids.iter().fold(0, |end, &id| end.max(id)) as usize + 1;
        let other = vec![0; ids.len()];
        Self { buffers: [ids, other], end }
    }

    pub fn len(&self) -> usize {
        self.buffers[0].len()
    }

    /// Makes it the places of as many rows as `part` has, `stride` apart.
    pub fn count_to(&mut self, part: Part, stride: usize) {
        let [first, second] = &mut self.buffers;
        let (ids, other) = if part.second { (second, first) } else { (first, second) };
        ids.clear();
        ids.extend((0..part.len()).map(|row| (row * stride) as u32));
        other.clear();
        other.resize(part.len(), 0);
        self.end = (part.len() * stride).saturating_sub(stride) + 1;
    }

    pub fn numbers(&self, part: Part) -> &[u32] {
        &self.buffers[usize::from(part.second)][part.start..part.end]
    }

    pub fn part(&self, part: Part) -> Ids<'_> {
        Ids { ids: self.numbers(part), end: self.end }
    }

    /// The numbers of a part, the same places of the other buffer, and what all are below.
    ///
    /// # Safety
    /// Only numbers of the part may be written.
    pub unsafe fn both(&mut self, part: Part) -> (&[u32], &mut [u32], usize) {
        let [first, second] = &mut self.buffers;
        let (from, to) = if part.second { (second, first) } else { (first, second) };
        (&from[part.start..part.end], &mut to[part.start..part.end], self.end)
    }
}

impl<'a> Ids<'a> {
    /// No rows.
    pub const NONE: Self = Ids { ids: &[], end: 0 };

    pub fn len(self) -> usize {
        self.ids.len()
    }

    /// Parts of [`CHUNK`] rows.
    pub fn chunks(self) -> IdChunks<'a> {
        IdChunks { chunks: self.ids.chunks(CHUNK), end: self.end }
    }

    /// For each row its code in each of the columns.
    #[inline(always)]
    pub fn codes<const N: usize>(
        self,
        columns: [&'a [u8]; N],
    ) -> impl Iterator<Item = [usize; N]> + 'a {
        assert!(columns.iter().all(|column| self.end <= column.len()), "rows are in all columns");
        self.ids.iter().map(move |&id| {
            columns.map(|column| {
                // SAFETY: every id is below `end`, which is at most the length of every column.
                // Measured: 160,000 rows and 100 trees take 3.5 s instead of 5.6 s.
                usize::from(unsafe { *column.get_unchecked(id as usize) })
            })
        })
    }
}

/// See [`Ids::chunks`].
pub(super) struct IdChunks<'a> {
    chunks: Chunks<'a, u32>,
    end: usize,
}

impl<'a> Iterator for IdChunks<'a> {
    type Item = Ids<'a>;

    fn next(&mut self) -> Option<Ids<'a>> {
        self.chunks.next().map(|ids| Ids { ids, end: self.end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_hold_all_rows_in_order() {
        let ids: Vec<u32> = (0..10_000).rev().collect();
        let column: Vec<u8> = (0..10_000).map(|row| (row % 251) as u8).collect();
        let checked: Vec<[usize; 2]> =
            ids.iter().map(|&id| [usize::from(column[id as usize]); 2]).collect();
        let ids = TwoBuffers::new(ids);
        let chunks = ids.part(Part::all(ids.len())).chunks();
        let chunked: Vec<[usize; 2]> =
            chunks.flat_map(|chunk| chunk.codes([&column, &column])).collect();
        assert_eq!(chunked, checked);
    }

    #[test]
    #[should_panic(expected = "rows are in all columns")]
    fn a_row_outside_of_a_column_is_noticed() {
        let _ = TwoBuffers::new(vec![0, 3]).part(Part::all(2)).codes([&[0; 3]]).count();
    }

    #[test]
    fn no_rows_read_nothing() {
        assert_eq!(TwoBuffers::new(vec![]).part(Part::all(0)).codes([&[7][..]]).count(), 0);
    }
}
