//! The rows of a tree, and the codes of one small subtree's rows close together.
//!
//! The rows of a deep node are scattered over the table, so that every code read is a miss in the
//! processor's cache. Once few enough are left, the codes of all features are copied to where the
//! whole subtree finds them.

use super::ids::{Ids, RowIds};
use super::job::Binned;
use super::partition::{Spare, partition};
use super::split::Rule;

/// Codes copied at most: what stays in the nearest caches beside all else.
const CELLS: usize = 1 << 16;

/// From so many times as many features as a node looks at, copying all costs more than it saves.
const WORTH: usize = 8;

/// Rows from which to copy their codes, if at all.
pub(super) fn limit(features: usize, max_features: usize) -> usize {
    if features > WORTH * max_features { 0 } else { CELLS / features.max(1) }
}

/// Row numbers, of which each node has a part.
pub(super) struct Rows {
    all: RowIds,
    /// The part of the subtree whose codes are copied.
    span: (usize, usize),
    /// Its rows as places in the copy.
    near: RowIds,
    /// The copy, feature by feature.
    codes: Vec<u8>,
}

impl Rows {
    pub fn new(ids: Vec<u32>) -> Self {
        Self { all: RowIds::new(ids), span: (0, 0), near: RowIds::default(), codes: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether the codes of that part are copied.
    pub fn is_near(&self, (start, end): (usize, usize)) -> bool {
        self.span.0 <= start && end <= self.span.1
    }

    /// Copies the codes of a part. Until the next copy it may only be divided further.
    #[inline(never)]
    pub fn bring_near(&mut self, binned: &Binned, (start, end): (usize, usize)) {
        let ids = self.all.part(start, end);
        self.codes.clear();
        for feature in 0..binned.bins().len() {
            let codes = ids.codes([binned.codes(feature)]);
            self.codes.extend(codes.map(|[code]| code as u8));
        }
        self.near.count_to(end - start);
        self.span = (start, end);
    }

    /// A part, and the codes of a feature by its numbers.
    pub fn column<'a>(
        &'a self,
        binned: &'a Binned,
        feature: u16,
        (start, end): (usize, usize),
    ) -> (Ids<'a>, &'a [u8]) {
        if !self.is_near((start, end)) {
            return (self.all.part(start, end), binned.codes(usize::from(feature)));
        }
        let ids = self.near.part(start - self.span.0, end - self.span.0);
        (ids, near_column(&self.codes, self.span, feature))
    }

    /// The row numbers of a part.
    pub fn numbers(&self, (start, end): (usize, usize)) -> impl Iterator<Item = u32> + '_ {
        let (near, base) = (self.is_near((start, end)), self.span.0);
        let from = if near { base } else { 0 };
        let ids = if near { &self.near } else { &self.all };
        let ids = ids.numbers(start - from, end - from);
        ids.iter().map(
            move |&id| {
                if near { self.all.numbers(base, self.span.1)[id as usize] } else { id }
            },
        )
    }

    /// See [`partition`].
    pub fn partition<R: Copy>(
        &mut self,
        binned: &Binned,
        (start, end): (usize, usize),
        rows: &mut [R],
        (feature, rule): (u16, &Rule),
        spare: &mut Spare<R>,
    ) -> usize {
        if start == end {
            return 0;
        }
        if !self.is_near((start, end)) {
            let codes = binned.codes(usize::from(feature));
            return partition(&mut self.all, (start, end), rows, codes, rule, spare);
        }
        let codes = near_column(&self.codes, self.span, feature);
        let part = (start - self.span.0, end - self.span.0);
        partition(&mut self.near, part, rows, codes, rule, spare)
    }
}

fn near_column(codes: &[u8], (start, end): (usize, usize), feature: u16) -> &[u8] {
    let rows = end - start;
    &codes[usize::from(feature) * rows..][..rows]
}

#[cfg(test)]
mod tests {
    use hedgerow_model::Bins;
    use proptest::prelude::*;

    use super::*;

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
            let divide = |near: bool| {
                let mut rows = Rows::new(ids.clone());
                let mut along: Vec<u32> = ids.clone();
                let mut spare = Spare::new(ids.len());
                let mut part = (1, ids.len());
                if near {
                    rows.bring_near(&binned, part);
                }
                for (&threshold, feature) in thresholds.iter().zip([0, 1, 0]) {
                    let rule = Rule::Threshold { threshold, missing_left };
                    let along = &mut along[part.0..part.1];
                    let by = (feature, &rule);
                    let lefts = rows.partition(&binned, part, along, by, &mut spare);
                    part = (part.0 + lefts, part.1);
                    let (ids, column) = rows.column(&binned, feature, part);
                    let right: Vec<usize> = ids.codes([column]).map(|[code]| code).collect();
                    assert!(right.iter().all(|&code| !rule.goes_left(code as u8)));
                }
                let numbers: Vec<u32> = rows.numbers((1, ids.len())).collect();
                (numbers, along, part)
            };
            let near = divide(true);
            prop_assert_eq!(&near.0, &near.1[1..]);
            prop_assert_eq!(near, divide(false));
        }
    }
}
