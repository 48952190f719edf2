//! Regression and two classes: a split depends on weight and sum of the target only.
//!
//! For two classes coded 0 and 1 the Gini impurity is twice the variance, so both are one search.

use super::ids::{CHUNK, Ids};
use super::kernel::{BATCH, Kernel};
use super::priors::Priors;
use super::split::{Best, CODES, Cut, Feature, Profile, Rule, codes_seen, middle, search_feature};
use super::sums::Sums;

/// Up to so many rows the codes that occur are sorted one by one.
const FEW: usize = 8;

/// From so many rows on almost all codes occur, so that it need not be noted which.
const BIG: usize = 512;

/// Sums by code.
type Histogram<S> = [S; CODES];

/// 1 by code that occurs.
type Seen = [u8; CODES];

/// The kernel.
pub(super) struct Moments<S> {
    node: Node<S>,
    pure: bool,
    /// All 0 between searches, as `seen`.
    histograms: Box<[Histogram<S>; BATCH]>,
    seen: Box<[Seen; BATCH]>,
    /// Room for the codes that occur.
    codes: Box<[u8; CODES]>,
    /// Taken off every target: keeps sums small where all targets are large.
    shift: f64,
    /// Leaves hold the shares of two classes instead of a mean.
    classes: bool,
}

/// What a search must know of the node.
struct Node<S> {
    total: S,
    min_rows: u32,
    priors: Priors,
}

impl<S: Sums> Moments<S> {
    /// For numbers around `shift`, or with `classes` for two classes with targets 0 and 1.
    pub fn new(min_rows: u32, shift: f64, classes: bool) -> Self {
        Self {
            node: Node { total: S::default(), min_rows, priors: Priors::default() },
            pure: false,
            histograms: Box::new([[S::default(); CODES]; BATCH]),
            seen: Box::new([[0; CODES]; BATCH]),
            codes: Box::new([0; CODES]),
            shift,
            classes,
        }
    }

    fn search_few(&mut self, feature: Feature, ids: Ids, rows: &[S::Row], best: &mut Best) -> bool {
        if let (&[a, b], None, false) = (rows, feature.draw, feature.categorical) {
            return self.search_pair(feature, ids, [a, b], best);
        }
        let (histogram, codes) = (&mut self.histograms[0], &mut self.codes);
        let present = fill_few(ids, rows, feature.codes, histogram, codes, self.shift);
        self.node.search(histogram, feature, present, best)
    }

    /// What [`search_feature`] finds for numbers in a node of two rows, of which many are.
    fn search_pair(
        &self,
        feature: Feature,
        ids: Ids,
        [a, b]: [S::Row; 2],
        best: &mut Best,
    ) -> bool {
        let mut codes = [0; 2];
        for (code, [found]) in codes.iter_mut().zip(ids.codes([feature.codes])) {
            *code = found as u8;
        }
        if codes[0] == codes[1] {
            return true;
        }
        let (low, high) = (codes[0].min(codes[1]), codes[0].max(codes[1]));
        // The smaller goes left, but a missing value, code 0, right.
        let missing = low == 0;
        let first = if (codes[0] == low) == missing { b } else { a };
        let mut search = self.node.cuts(best.score);
        search.offer(1, S::of(first, self.shift));
        let Some(cut) = search.best() else { return false };
        let (threshold, missing_left) = if missing {
            ((feature.n_codes - 1) as u8, false)
        } else {
            (middle(low, high), cut.left_heavier)
        };
        let rule = Rule::Threshold { threshold, missing_left };
        *best = Best { score: cut.score, feature: feature.index, rule, perfect: cut.perfect };
        false
    }

    /// Bit `i` of the result says that feature `i` has the same code in all rows.
    fn search_many(
        &mut self,
        features: &[Feature],
        ids: Ids,
        rows: &[S::Row],
        best: &mut Best,
    ) -> u32 {
        let note = rows.len() < BIG;
        for (ids, rows) in ids.chunks().zip(rows.chunks(CHUNK)) {
            self.fill(features, ids, rows, note);
        }
        let mut constants = 0;
        for (index, &feature) in features.iter().enumerate() {
            let (histogram, seen) = (&mut self.histograms[index], &mut self.seen[index]);
            let present = if note {
                codes_seen(seen, feature.n_codes, &mut self.codes)
            } else {
                occurring(histogram, feature.n_codes, &mut self.codes)
            };
            present.iter().for_each(|&code| seen[usize::from(code)] = 0);
            let constant = self.node.search(histogram, feature, present, best);
            constants |= u32::from(constant) << index;
        }
        constants
    }

    /// Adds rows to the histograms of `features`, and sets the codes that occur if `note`.
    fn fill(&mut self, features: &[Feature], ids: Ids, rows: &[S::Row], note: bool) {
        let Self { histograms, seen, shift, .. } = self;
        match *features {
            [a] => fill::<S, 1>(ids, rows, [a.codes], histograms, seen, *shift, note),
            [a, b] => fill::<S, 2>(ids, rows, [a.codes, b.codes], histograms, seen, *shift, note),
            [a, b, c] => {
                let columns = [a.codes, b.codes, c.codes];
                fill::<S, 3>(ids, rows, columns, histograms, seen, *shift, note);
            }
            [a, b, c, d] => {
                let columns = [a.codes, b.codes, c.codes, d.codes];
                fill::<S, 4>(ids, rows, columns, histograms, seen, *shift, note);
            }
            _ => {}
        }
    }
}

impl<S: Sums> Node<S> {
    /// The search for a cut with a score above `floor`.
    #[inline(always)]
    fn cuts(&self, floor: f64) -> CutSearch<S> {
        let Self { total, min_rows, .. } = *self;
        CutSearch { all: total, min_rows, score: floor, bar: floor * NEARLY, found: None }
    }

    /// Searches one feature with the codes `present`, and sets their cells to 0 again. Whether it
    /// is constant.
    fn search(
        &self,
        histogram: &mut Histogram<S>,
        feature: Feature,
        present: &mut [u8],
        best: &mut Best,
    ) -> bool {
        let constant = present.len() < 2;
        if !constant {
            let mut profile =
                MomentsProfile { histogram: &*histogram, node: self, feature: feature.index };
            search_feature(&mut profile, feature, present, best);
        }
        present.iter().for_each(|&code| histogram[usize::from(code)] = S::default());
        constant
    }
}

/// The codes below `n_codes` with rows, ascending.
fn occurring<'a, S: Sums>(
    histogram: &Histogram<S>,
    n_codes: usize,
    codes: &'a mut [u8; CODES],
) -> &'a mut [u8] {
    let mut len = 0;
    for (code, sums) in histogram.iter().enumerate().take(n_codes) {
        codes[len] = code as u8;
        len += usize::from(!sums.is_empty());
        if len == CODES {
            break;
        }
    }
    &mut codes[..len]
}

/// Adds rows to a histogram for each column; if `note`, sets 1 in `seen` for every code that occurs.
fn fill<S: Sums, const N: usize>(
    ids: Ids,
    rows: &[S::Row],
    columns: [&[u8]; N],
    histograms: &mut [Histogram<S>; BATCH],
    seen: &mut [Seen; BATCH],
    shift: f64,
    note: bool,
) {
    if note {
        fill_and_note(ids, rows, columns, histograms, seen, shift);
    } else {
        fill_only(ids, rows, columns, histograms, shift);
    }
}

#[inline(never)]
fn fill_only<S: Sums, const N: usize>(
    ids: Ids,
    rows: &[S::Row],
    columns: [&[u8]; N],
    histograms: &mut [Histogram<S>; BATCH],
    shift: f64,
) {
    for (codes, &row) in ids.codes(columns).zip(rows) {
        let sums = S::of(row, shift);
        for (histogram, code) in histograms.iter_mut().zip(codes) {
            histogram[code].add(sums);
        }
    }
}

#[inline(never)]
fn fill_and_note<S: Sums, const N: usize>(
    ids: Ids,
    rows: &[S::Row],
    columns: [&[u8]; N],
    histograms: &mut [Histogram<S>; BATCH],
    seen: &mut [Seen; BATCH],
    shift: f64,
) {
    for (codes, &row) in ids.codes(columns).zip(rows) {
        let sums = S::of(row, shift);
        for ((histogram, seen), code) in histograms.iter_mut().zip(&mut *seen).zip(codes) {
            histogram[code].add(sums);
            seen[code] = 1;
        }
    }
}

/// Adds a few rows to a histogram; the codes that occur, ascending.
#[inline(never)]
fn fill_few<'a, S: Sums>(
    ids: Ids,
    rows: &[S::Row],
    codes: &[u8],
    histogram: &mut Histogram<S>,
    present: &'a mut [u8; CODES],
    shift: f64,
) -> &'a mut [u8] {
    let mut len = 0;
    for ([code], &row) in ids.codes([codes]).zip(rows) {
        if histogram[code].is_empty() {
            let mut place = len;
            while place > 0 && usize::from(present[place - 1]) > code {
                present[place] = present[place - 1];
                place -= 1;
            }
            present[place] = code as u8;
            len += 1;
        }
        histogram[code].add(S::of(row, shift));
    }
    &mut present[..len]
}

struct MomentsProfile<'a, S> {
    node: &'a Node<S>,
    feature: u16,
    histogram: &'a Histogram<S>,
}

impl<S: Sums> Profile for MomentsProfile<'_, S> {
    fn cut(&mut self, lead: Option<u8>, ends: &[u8], from: usize, floor: f64) -> Option<Cut> {
        let mut left = lead.map_or(S::default(), |code| self.histogram[usize::from(code)]);
        let (before, ends) = ends.split_at(from);
        before.iter().for_each(|&code| left.add(self.histogram[usize::from(code)]));
        let mut found = cut(self.histogram, left, ends, self.node.cuts(floor))?;
        found.end += from;
        Some(found)
    }

    fn category_key(&mut self, code: u8) -> f64 {
        let sums = &self.histogram[usize::from(code)];
        self.node.priors.blend(self.feature, code, 0, sums.sum(), sums.weight())
    }

    fn absent_below(&mut self, border: f64, _: usize) -> [u32; CODES / 32] {
        self.node.priors.absent_below(self.feature, border)
    }
}

/// A division and what led to it round by a few of the last bit; this is some more.
const NEARLY: f64 = 1.0 - 8.0 * f64::EPSILON;

/// Cuts looked at together; most of the time none of them is better than the best so far.
const BLOCK: usize = 4;

/// The best end of a prefix of `order`, by the decrease of the weighted sum of squares times the
/// node's weight: `(s_l W - S w_l)^2 / (w_l w_r)`. Divides only where that may be the best so far.
#[inline(never)]
fn cut<S: Sums>(
    histogram: &Histogram<S>,
    mut left: S,
    order: &[u8],
    mut search: CutSearch<S>,
) -> Option<Cut> {
    let (blocks, rest) = order.as_chunks::<BLOCK>();
    let mut end = 0;
    for block in blocks {
        let lefts = block.map(|code| {
            left.add(histogram[usize::from(code)]);
            left
        });
        if search.is_one_better(&lefts) {
            lefts.iter().enumerate().for_each(|(place, &left)| search.offer(end + place + 1, left));
        }
        end += BLOCK;
    }
    for (place, &code) in rest.iter().enumerate() {
        left.add(histogram[usize::from(code)]);
        search.offer(end + place + 1, left);
    }
    search.best()
}

/// The search for the best cut.
struct CutSearch<S> {
    all: S,
    min_rows: u32,
    score: f64,
    /// A little less than the score.
    bar: f64,
    /// The end and what is left of it.
    found: Option<(usize, S)>,
}

impl<S: Sums> CutSearch<S> {
    /// The numerator and denominator of the score of a cut with `left` on its left.
    #[inline(always)]
    fn fraction(&self, left: &S) -> (f64, f64) {
        let (w, s) = (left.weight(), left.sum());
        let difference = s * self.all.weight() - self.all.sum() * w;
        (difference * difference, w * (self.all.weight() - w))
    }

    /// Whether one of them may be better than the best so far.
    #[inline(always)]
    fn is_one_better(&self, lefts: &[S; BLOCK]) -> bool {
        let fractions: [(f64, f64); BLOCK] =
            std::array::from_fn(|place| self.fraction(&lefts[place]));
        let better = fractions.map(|(squared, both)| squared > self.bar * both);
        better.iter().fold(false, |any, &better| any | better)
    }

    #[inline(always)]
    fn offer(&mut self, end: usize, left: S) {
        let (squared, both) = self.fraction(&left);
        if squared > self.bar * both {
            let this = squared / both;
            if this > self.score && both > 0.0 && left.leaves_enough(&self.all, self.min_rows) {
                self.score = this;
                self.bar = this * NEARLY;
                self.found = Some((end, left));
            }
        }
    }

    fn best(self) -> Option<Cut> {
        let (end, left) = self.found?;
        let (weight, right) = (left.weight(), self.all.weight() - left.weight());
        let right_sum = self.all.sum() - left.sum();
        let right_pure = self.all.sum() == left.sum() || right_sum == right;
        let perfect = left.is_pure() && right_pure;
        Some(Cut { score: self.score, end, left_heavier: weight > right, perfect })
    }
}

impl<S: Sums> Kernel for Moments<S> {
    type Row = S::Row;

    fn begin(&mut self, features: &[Feature], ids: Ids, rows: &[S::Row]) {
        self.open(rows);
        let (weight, sum) = (self.node.total.weight(), self.node.total.sum());
        self.node.priors = Priors::new(features.len(), 1, rows.len(), weight);
        for feature in features.iter().filter(|feature| feature.categorical) {
            fill_only(ids, rows, [feature.codes], &mut self.histograms, self.shift);
            let histogram = &mut self.histograms[0][..feature.n_codes];
            let sums = histogram.iter().map(S::sum).collect();
            let weights: Vec<f64> = histogram.iter().map(S::weight).collect();
            histogram.fill(S::default());
            self.node.priors.add(feature.index, sums, &weights, &[sum / weight]);
        }
    }

    #[inline(never)]
    fn open(&mut self, rows: &[S::Row]) -> bool {
        let mut total = S::default();
        rows.iter().for_each(|&row| total.add(S::of(row, self.shift)));
        self.pure = total.are_alike(rows);
        self.node.total = total;
        self.pure
    }

    fn batch(&self, rows: usize) -> usize {
        if rows <= FEW { 1 } else { BATCH }
    }

    fn search(&mut self, features: &[Feature], ids: Ids, rows: &[S::Row], best: &mut Best) -> u32 {
        match features {
            [feature] if rows.len() <= FEW => u32::from(self.search_few(*feature, ids, rows, best)),
            _ => self.search_many(features, ids, rows, best),
        }
    }

    fn decrease(&self, score: f64) -> f64 {
        score / self.node.total.weight()
    }

    /// The Gini impurity of two classes is twice the variance.
    fn risk(&self, rows: &[S::Row]) -> f64 {
        if self.pure {
            return 0.0;
        }
        let mean = self.node.total.sum() / self.node.total.weight();
        let squares = rows.iter().map(|&row| {
            let difference = S::target(row) - self.shift - mean;
            S::of(row, self.shift).weight() * difference * difference
        });
        squares.sum::<f64>() * if self.classes { 2.0 } else { 1.0 }
    }

    fn leaf(&self, rows: &[S::Row], out: &mut Vec<f64>) {
        let mean = match rows.first() {
            Some(&row) if self.pure => S::target(row),
            _ => self.shift + self.node.total.sum() / self.node.total.weight(),
        };
        if self.classes {
            out.push(1.0 - mean);
        }
        out.push(mean);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ids::{Part, TwoBuffers};
    use super::super::sums::{Counted, Packed, Uncounted, Weighted};
    use super::*;

    /// The best split of one feature: as nodes find it, and by the plain histogram.
    fn both_ways<S: Sums>(
        mut kernel: Moments<S>,
        feature: Feature,
        rows: &[S::Row],
    ) -> [(u32, Best); 2] {
        let ids = TwoBuffers::new((0..rows.len() as u32).collect());
        let ids = ids.part(Part::all(rows.len()));
        kernel.begin(&[feature], ids, rows);
        let (mut small, mut plain) = (Best::NONE, Best::NONE);
        let small = (kernel.search(&[feature], ids, rows, &mut small), small);
        let plain = (kernel.search_many(&[feature], ids, rows, &mut plain), plain);
        [small, plain]
    }

    proptest! {
        #[test]
        fn few_rows_are_split_as_the_plain_histogram_splits_them(
            rows in prop::collection::vec((0..9u8, 0..2u8, 1..4u32, -3.0..3.0f64), 2..40),
            pair in any::<bool>(),
            categorical in any::<bool>(),
            min_rows in 1..3u32,
        ) {
            let rows = &rows[..if pair { 2 } else { rows.len() }];
            let codes: Vec<u8> = rows.iter().map(|row| row.0).collect();
            let feature = Feature { index: 0, codes: &codes, n_codes: 9, categorical, draw: None };
            let packed: Vec<Packed> =
                rows.iter().map(|row| Packed::row(u32::from(row.1), row.2)).collect();
            let weighted: Vec<Weighted> = rows
                .iter()
                .map(|row| Weighted { weight: f64::from(row.2), target: row.3 })
                .collect();
            let found = [
                both_ways(Moments::<Packed>::new(min_rows, 0.0, true), feature, &packed),
                both_ways(Moments::<Counted>::new(min_rows, 0.5, false), feature, &weighted),
                both_ways(Moments::<Uncounted>::new(1, 0.5, false), feature, &weighted),
            ];
            for [(is_constant, small), (was_constant, plain)] in found {
                prop_assert_eq!(is_constant, was_constant);
                prop_assert_eq!(small.score.to_bits(), plain.score.to_bits());
                prop_assert_eq!(small.rule, plain.rule);
                prop_assert_eq!(small.perfect, plain.perfect);
            }
        }

        #[test]
        fn a_cut_is_the_first_of_the_best_by_division(
            cells in prop::collection::vec((1..50u32, 0..2u32), 2..60),
        ) {
            let cells: Vec<Packed> =
                cells.iter().map(|&(weight, class)| Packed::row(class, weight)).collect();
            let mut all = Packed::default();
            cells.iter().for_each(|&cell| all.add(cell));
            let order: Vec<u8> = (0..cells.len() as u8 - 1).collect();
            let mut histogram = [Packed::default(); CODES];
            histogram[..cells.len()].copy_from_slice(&cells);
            let node = Node { total: all, min_rows: 1, priors: Priors::default() };
            let search = node.cuts(f64::NEG_INFINITY);
            let found = cut(&histogram, Packed::default(), &order, search).unwrap();
            let (mut score, mut end, mut left) = (f64::NEG_INFINITY, 0, Packed::default());
            for &code in &order {
                left.add(cells[usize::from(code)]);
                let difference = left.sum() * all.weight() - all.sum() * left.weight();
                let this = difference * difference / (left.weight() * (all.weight() - left.weight()));
                if this > score {
                    (score, end) = (this, usize::from(code) + 1);
                }
            }
            prop_assert_eq!((found.score.to_bits(), found.end), (score.to_bits(), end));
        }
    }
}
