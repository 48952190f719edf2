//! Row numbers that are known to be in bounds, so that hot loops need not ask for each, and what the
//! rows bring along.

use std::slice::Chunks;

use crate::CHUNK;

/// What a row brings along, and where it is kept: in what its number leaves of a word, or beside.
pub(super) trait Along: Copy {
    /// What is kept beside the number.
    type Beside: Copy + Default + Send + 'static;

    /// The bits of a word that are the number; the others are kept with it.
    const NUMBER: u32 = u32::MAX;

    /// The other bits of the word, and what is beside.
    fn keep(self) -> (u32, Self::Beside);

    /// The same again.
    fn kept(word: u32, beside: Self::Beside) -> Self;
}

/// Makes types something that is kept beside a row's number.
macro_rules! kept_beside {
    ($($row:ty),+) => {
        $(impl $crate::forest::ids::Along for $row {
            type Beside = Self;

            #[inline]
            fn keep(self) -> (u32, Self) {
                (0, self)
            }

            #[inline]
            fn kept(_: u32, beside: Self) -> Self {
                beside
            }
        })+
    };
}
pub(super) use kept_beside;

kept_beside!(());

/// Rows of a node.
#[derive(Clone, Copy)]
pub(super) struct Members<'a, R: Along> {
    ids: Ids<'a>,
    beside: &'a [R::Beside],
}

impl<'a, R: Along + 'a> Members<'a, R> {
    pub fn new(ids: Ids<'a>, beside: &'a [R::Beside]) -> Self {
        assert!(ids.len() == beside.len(), "every row brings something along");
        Self { ids, beside }
    }

    pub fn len(self) -> usize {
        self.ids.len()
    }

    pub fn ids(self) -> Ids<'a> {
        self.ids
    }

    /// What each brings along.
    #[inline(always)]
    pub fn iter(self) -> impl ExactSizeIterator<Item = R> + 'a {
        self.ids.words.iter().zip(self.beside).map(|(&word, &beside)| R::kept(word, beside))
    }

    /// For each row its code in each of the columns, and what it brings along.
    #[inline(always)]
    pub fn codes<const N: usize>(
        self,
        columns: [&'a [u8]; N],
    ) -> impl Iterator<Item = ([usize; N], R)> + 'a {
        self.ids.codes(columns).zip(self.iter())
    }

    /// Parts of [`CHUNK`] rows.
    pub fn chunks(self) -> impl Iterator<Item = Self> {
        let beside = self.beside.chunks(CHUNK);
        self.ids.chunks().zip(beside).map(|(ids, beside)| Self { ids, beside })
    }
}

/// Row numbers.
#[derive(Clone, Copy)]
pub(super) struct Ids<'a> {
    /// Numbers with what is kept with them.
    words: &'a [u32],
    /// The bits that are the number.
    number: u32,
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
    /// Numbers with what is kept with them.
    buffers: [Vec<u32>; 2],
    /// The bits that are the number.
    number: u32,
    /// All numbers are below this. Private to this file.
    end: usize,
}

impl TwoBuffers {
    /// From words of which the bits `number` are the numbers.
    pub fn new(words: Vec<u32>, number: u32) -> Self {
        let end = words.iter().fold(0, |end, &word| end.max(word & number)) as usize + 1;
        let other = vec![0; words.len()];
        Self { buffers: [words, other], number, end }
    }

    pub fn len(&self) -> usize {
        self.buffers[0].len()
    }

    /// Makes it the places of the rows that `part` has of `others`, `stride` apart, with what is kept
    /// with their numbers.
    pub fn count(&mut self, others: &Self, part: Part, stride: usize) {
        let [first, second] = &mut self.buffers;
        let (ids, other) = if part.second { (second, first) } else { (first, second) };
        self.number = others.number;
        let words = others.part(part).words.iter().enumerate();
        ids.clear();
        ids.extend(words.map(|(row, &word)| (row * stride) as u32 | (word & !others.number)));
        other.clear();
        other.resize(part.len(), 0);
        self.end = (part.len() * stride).saturating_sub(stride) + 1;
    }

    pub fn part(&self, part: Part) -> Ids<'_> {
        let words = &self.buffers[usize::from(part.second)][part.start..part.end];
        Ids { words, number: self.number, end: self.end }
    }

    /// The words of a part, the same places of the other buffer, the bits that are the number, and
    /// what all numbers are below.
    ///
    /// # Safety
    /// Only words of the part may be written.
    pub unsafe fn both(&mut self, part: Part) -> (&[u32], &mut [u32], u32, usize) {
        let [first, second] = &mut self.buffers;
        let (from, to) = if part.second { (second, first) } else { (first, second) };
        let (from, to) = (&from[part.start..part.end], &mut to[part.start..part.end]);
        (from, to, self.number, self.end)
    }
}

impl<'a> Ids<'a> {
    pub fn len(self) -> usize {
        self.words.len()
    }

    /// The numbers.
    #[inline(always)]
    pub fn numbers(self) -> impl ExactSizeIterator<Item = u32> + 'a {
        self.words.iter().map(move |word| word & self.number)
    }

    /// The numbers with what is kept with them.
    pub fn words(self) -> &'a [u32] {
        self.words
    }

    /// The number at a place.
    pub fn number(self, place: usize) -> u32 {
        self.words[place] & self.number
    }

    /// Parts of [`CHUNK`] rows.
    pub fn chunks(self) -> IdChunks<'a> {
        IdChunks { chunks: self.words.chunks(CHUNK), all: self }
    }

    /// For each row its code in each of the columns.
    #[inline(always)]
    pub fn codes<const N: usize>(
        self,
        columns: [&'a [u8]; N],
    ) -> impl Iterator<Item = [usize; N]> + 'a {
        assert!(columns.iter().all(|column| self.end <= column.len()), "rows are in all columns");
        self.numbers().map(move |id| {
            columns.map(|column| {
                // SAFETY: every number is below `end`, which is at most the length of every column.
                // Measured: 160,000 rows and 100 trees take 3.5 s instead of 5.6 s.
                usize::from(unsafe { *column.get_unchecked(id as usize) })
            })
        })
    }
}

/// See [`Ids::chunks`].
pub(super) struct IdChunks<'a> {
    chunks: Chunks<'a, u32>,
    all: Ids<'a>,
}

impl<'a> Iterator for IdChunks<'a> {
    type Item = Ids<'a>;

    fn next(&mut self) -> Option<Ids<'a>> {
        self.chunks.next().map(|words| Ids { words, ..self.all })
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
        let ids = TwoBuffers::new(ids, u32::MAX);
        let chunks = ids.part(Part::all(ids.len())).chunks();
        let chunked: Vec<[usize; 2]> =
            chunks.flat_map(|chunk| chunk.codes([&column, &column])).collect();
        assert_eq!(chunked, checked);
    }

    #[test]
    #[should_panic(expected = "rows are in all columns")]
    fn a_row_outside_of_a_column_is_noticed() {
        let _ = TwoBuffers::new(vec![0, 3], u32::MAX).part(Part::all(2)).codes([&[0; 3]]).count();
    }

    #[test]
    fn no_rows_read_nothing() {
        assert_eq!(
            TwoBuffers::new(vec![], u32::MAX).part(Part::all(0)).codes([&[7][..]]).count(),
            0
        );
    }
}
