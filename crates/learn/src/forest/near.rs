//! The rows of a tree, and the codes of one small subtree's rows close together.
//!
//! The rows of a deep node are scattered over the table, so that every code read is a miss in the
//! processor's cache. Once few enough are left, the codes of all features are copied to where the
//! whole subtree finds them.

use super::divide::divide;
use super::ids::{Along, Members, Part, TwoBuffers};
use super::lanes::{AllLanes, LANES, MOST_LANES, turned};
use super::layout::{Codes, STEP};
use super::split::Rule;

/// Codes copied at most: what stays in the nearer caches beside all else.
const CELLS: usize = 1 << 17;

/// From so many times as many features as a node looks at, copying all costs more than it saves.
const WORTH: usize = 8;

/// Rows from which to copy their codes, if at all.
pub(super) fn limit(features: usize, max_features: usize) -> usize {
    if features > WORTH * max_features { 0 } else { CELLS / features.max(1) }
}

/// Rows with what they bring along, of which each node has a part.
pub(super) struct Rows<R: Along> {
    all: TwoBuffers,
    /// What is kept beside their numbers, in two buffers too.
    beside: [Vec<R::Beside>; 2],
    /// The part of the subtree whose codes are copied.
    span: Part,
    /// Its rows as places in the copy.
    near: TwoBuffers,
    /// The copy.
    codes: Vec<u8>,
    /// From one row of it to the next.
    stride: usize,
}

impl<R: Along> Rows<R> {
    /// Numbers with what is kept with them, and what is kept beside.
    pub fn new(words: Vec<u32>, beside: Vec<R::Beside>) -> Self {
        assert!(words.len() == beside.len(), "every row brings something along");
        let other = vec![R::Beside::default(); beside.len()];
        let (span, near) = (Part::default(), TwoBuffers::default());
        let (all, codes) = (TwoBuffers::new(words, R::NUMBER), Vec::new());
        Self { all, beside: [beside, other], span, near, codes, stride: 1 }
    }

    /// All of them.
    pub fn all(&self) -> Part {
        Part::all(self.all.len())
    }

    /// The rows of a part; their numbers are those of the table, or of the copy.
    pub fn members(&self, part: Part) -> Members<'_, R> {
        let near = self.is_near(part);
        let ids = if near { self.near.part(self.in_span(part)) } else { self.all.part(part) };
        Members::new(ids, &self.beside[usize::from(part.second)][part.start..part.end])
    }

    /// Whether the codes of that part are copied.
    pub fn is_near(&self, part: Part) -> bool {
        part.is_within(self.span)
    }

    /// Copies the codes of a part. Until the next copy it may only be divided further.
    #[inline(never)]
    pub fn bring_near(&mut self, codes: Codes, part: Part) {
        codes.copy(self.all.part(part), &mut self.codes);
        self.stride = codes.stride();
        self.near.count(&self.all, part, self.stride);
        self.span = part;
    }

    /// A part's place among the rows that are copied.
    fn in_span(&self, part: Part) -> Part {
        Part { start: part.start - self.span.start, end: part.end - self.span.start, ..part }
    }

    /// The codes of a feature by the numbers of a part.
    pub fn column<'a>(&'a self, codes: Codes<'a>, feature: u16, part: Part) -> &'a [u8] {
        if self.is_near(part) {
            codes.copied(&self.codes, self.span.len(), feature)
        } else {
            codes.column(feature)
        }
    }

    /// The codes of a part's rows by feature, if they are copied row by row.
    #[inline(never)]
    pub fn lanes(&self, part: Part, out: &mut [AllLanes]) -> bool {
        if self.stride == 1 || !self.is_near(part) || part.len() > MOST_LANES {
            return false;
        }
        let part = self.in_span(part);
        for (register, start) in (part.start..part.end).step_by(LANES).enumerate() {
            let ids = self.near.part(Part { start, end: part.end.min(start + LANES), ..part });
            for (step, out) in out[..self.stride].as_chunks_mut::<STEP>().0.iter_mut().enumerate() {
                let mut rows = [[0; STEP]; LANES];
                for (row, id) in rows.iter_mut().zip(ids.numbers()) {
                    let codes = &self.codes[id as usize..];
                    row.copy_from_slice(&codes[step * STEP..][..STEP]);
                }
                let lanes = turned(&rows);
                out.iter_mut().zip(lanes).for_each(|(out, lanes)| out[register] = lanes);
            }
        }
        true
    }

    /// The row numbers of a part.
    pub fn numbers(&self, part: Part) -> impl Iterator<Item = u32> + '_ {
        let (near, stride) = (self.is_near(part), self.stride as u32);
        let spanned = self.all.part(self.span);
        let ids = self.members(part).ids().numbers();
        ids.map(move |id| if near { spanned.number((id / stride) as usize) } else { id })
    }

    /// Divides a part by a feature's codes; see [`divide`].
    pub fn divide(&mut self, codes: Codes, part: Part, feature: u16, rule: &Rule) -> (Part, Part) {
        if part.is_empty() {
            return part.divided(0);
        }
        let near = self.is_near(part);
        let within = if near { self.in_span(part) } else { part };
        let column = if near {
            codes.copied(&self.codes, self.span.len(), feature)
        } else {
            codes.column(feature)
        };
        let ids = if near { &mut self.near } else { &mut self.all };
        let [first, second] = &mut self.beside;
        let (from, to) = if part.second { (second, first) } else { (first, second) };
        let beside = (&from[part.start..part.end], &mut to[part.start..part.end]);
        part.divided(divide(ids, within, beside, column, rule))
    }
}

#[cfg(test)]
mod tests {
    use hedgerow_model::Bins;
    use proptest::prelude::*;

    use super::super::job::Binned;
    use super::super::layout::ByRow;
    use super::super::sums::Packed;
    use super::*;

    /// What a row brings along.
    fn row(id: u32) -> Packed {
        Packed::row(id % 2, 1 + id % 100)
    }

    proptest! {
        #[test]
        fn near_rows_are_divided_as_those_far_away(
            codes in prop::collection::vec((0..6u8, 0..6u8), 12..200),
            thresholds in prop::array::uniform3(1..5u8),
            missing_left in any::<bool>(),
        ) {
            let numeric = || Bins::Numeric { edges: vec![0.0, 1.0, 2.0, 3.0] };
            let columns =
                vec![codes.iter().map(|row| row.0).collect(), codes.iter().map(|row| row.1).collect()];
            let binned = Binned::new(columns, vec![numeric(), numeric()], codes.len()).unwrap();
            let ids: Vec<u32> = (0..codes.len() as u32).rev().step_by(2).collect();
            let by_row = ByRow::new(&binned);
            let divide = |near: bool, by_row: &ByRow| {
                let codes = Codes::new(&binned, by_row);
                let words = ids.iter().map(|&id| id | row(id).keep().0).collect();
                let mut rows = Rows::<Packed>::new(words, vec![(); ids.len()]);
                let mut part = rows.all();
                if near {
                    rows.bring_near(codes, part);
                }
                for (&threshold, feature) in thresholds.iter().zip([0, 1, 0]) {
                    let rule = Rule::Threshold { threshold, missing_left };
                    let (_, right) = rows.divide(codes, part, feature, &rule);
                    part = right;
                    let column = rows.column(codes, feature, part);
                    let ids = rows.members(part).ids();
                    let right: Vec<usize> = ids.codes([column]).map(|[code]| code).collect();
                    assert!(right.iter().all(|&code| !rule.goes_left(code as u8)));
                }
                let numbers: Vec<u32> = rows.numbers(part).collect();
                (numbers, rows.members(part).iter().collect::<Vec<_>>(), part)
            };
            let near = divide(true, &by_row);
            let expected: Vec<_> = near.0.iter().map(|&id| row(id)).collect();
            prop_assert_eq!(&expected, &near.1);
            prop_assert_eq!(&near, &divide(false, &by_row));
            prop_assert_eq!(&near, &divide(true, &ByRow::default()));
            prop_assert_eq!(&near, &divide(false, &ByRow::default()));
        }
    }
}
