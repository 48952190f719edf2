//! Regression and two classes: a split depends on weight and sum of the target only.
//!
//! For two classes coded 0 and 1 the Gini impurity is twice the variance, so both are one search.

mod cuts;
mod histogram;

use cuts::{CutSearch, cut};
use histogram::{Histogram, Seen, fill, fill_few, occurring};

use super::ids::Members;
use super::kernel::{BATCH, Kernel};
use super::lanes::{LANES, Weights};
use super::priors::Priors;
use super::split::{Best, CODES, Cut, Feature, Profile, Rule, codes_seen, middle, search_feature};
use super::sums::Sums;

/// Up to so many rows the codes that occur are sorted one by one.
const FEW: usize = 8;

/// From so many rows on almost all codes occur, so that it need not be noted which.
const BIG: usize = 512;

/// The kernel.
pub(super) struct Moments<S> {
    node: Node<S>,
    /// What is left of the best cut of the node so far.
    left: S,
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
            left: S::default(),
            pure: false,
            histograms: Box::new([[S::default(); CODES]; BATCH]),
            seen: Box::new([[0; CODES]; BATCH]),
            codes: Box::new([0; CODES]),
            shift,
            classes,
        }
    }

    fn search_few(&mut self, feature: Feature, rows: Members<S::Row>, best: &mut Best) -> bool {
        if rows.len() == 2 && feature.draw.is_none() && !feature.categorical {
            return self.search_pair(feature, rows, best);
        }
        let (histogram, codes) = (&mut self.histograms[0], &mut self.codes);
        let present = fill_few(rows, feature.codes, histogram, codes, self.shift);
        self.node.search(histogram, feature, present, best, &mut self.left)
    }

    /// What [`search_feature`] finds for numbers in a node of two rows, of which many are.
    fn search_pair(&mut self, feature: Feature, rows: Members<S::Row>, best: &mut Best) -> bool {
        let mut pair = rows.codes([feature.codes]);
        let (Some(([a], first)), Some(([b], second))) = (pair.next(), pair.next()) else {
            return true;
        };
        if a == b {
            return true;
        }
        let (low, high) = (a.min(b) as u8, a.max(b) as u8);
        // The smaller goes left, but a missing value, code 0, right.
        let missing = low == 0;
        let left = if (a < b) == missing { second } else { first };
        let mut search = self.node.cuts(best.score);
        search.offer(1, S::of(left, self.shift));
        let Some((cut, left)) = search.best() else { return false };
        self.left = left;
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
    fn search_many(&mut self, features: &[Feature], rows: Members<S::Row>, best: &mut Best) -> u32 {
        let note = rows.len() < BIG;
        for rows in rows.chunks() {
            if note {
                self.fill::<true>(features, rows);
            } else {
                self.fill::<false>(features, rows);
            }
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
            let constant = self.node.search(histogram, feature, present, best, &mut self.left);
            constants |= u32::from(constant) << index;
        }
        constants
    }

    /// Adds rows to the histograms of `features`; if `NOTE`, notes which codes occur.
    fn fill<const NOTE: bool>(&mut self, features: &[Feature], rows: Members<S::Row>) {
        let Self { histograms, seen, shift, .. } = self;
        let shift = *shift;
        match *features {
            [a, b, c] => {
                let columns = [a.codes, b.codes, c.codes];
                fill::<S, 3, NOTE>(rows, columns, &mut **histograms, &mut **seen, shift);
            }
            [a, b, c, d] => {
                let columns = [a.codes, b.codes, c.codes, d.codes];
                fill::<S, 4, NOTE>(rows, columns, &mut **histograms, &mut **seen, shift);
            }
            _ => {
                for (place, one) in features.iter().enumerate() {
                    let (histograms, seen) = (&mut histograms[place..], &mut seen[place..]);
                    fill::<S, 1, NOTE>(rows, [one.codes], histograms, seen, shift);
                }
            }
        }
    }
}

impl<S: Sums> Node<S> {
    /// The search for a cut with a score above `floor`.
    #[inline(always)]
    fn cuts(&self, floor: f64) -> CutSearch<S> {
        let Self { total, min_rows, .. } = *self;
        CutSearch::new(total, min_rows, floor)
    }

    /// Searches one feature with the codes `present`, and sets their cells to 0 again. If a better cut
    /// is found, `left` becomes what is left of it. Whether the feature is constant.
    fn search(
        &self,
        histogram: &mut Histogram<S>,
        feature: Feature,
        present: &mut [u8],
        best: &mut Best,
        left: &mut S,
    ) -> bool {
        let constant = present.len() < 2;
        if !constant {
            let mut profile =
                MomentsProfile { histogram: &*histogram, node: self, feature: feature.index, left };
            search_feature(&mut profile, feature, present, best);
        }
        present.iter().for_each(|&code| histogram[usize::from(code)] = S::default());
        constant
    }
}

struct MomentsProfile<'a, S> {
    node: &'a Node<S>,
    feature: u16,
    histogram: &'a Histogram<S>,
    /// What is left of the cut found last, which is the best: others are not told.
    left: &'a mut S,
}

impl<S: Sums> Profile for MomentsProfile<'_, S> {
    fn cut(&mut self, lead: Option<u8>, ends: &[u8], from: usize, floor: f64) -> Option<Cut> {
        let mut left = lead.map_or(S::default(), |code| self.histogram[usize::from(code)]);
        let (before, ends) = ends.split_at(from);
        before.iter().for_each(|&code| left.add(self.histogram[usize::from(code)]));
        let (found, left) = cut(self.histogram, left, ends, self.node.cuts(floor))?;
        *self.left = left;
        Some(Cut { end: found.end + from, ..found })
    }

    fn category_key(&mut self, code: u8) -> f64 {
        let sums = &self.histogram[usize::from(code)];
        self.node.priors.blend(self.feature, code, 0, sums.sum(), sums.weight())
    }

    fn absent_below(&mut self, border: f64, _: usize) -> [u32; CODES / 32] {
        self.node.priors.absent_below(self.feature, border)
    }
}

impl<S: Sums> Kernel for Moments<S> {
    type Row = S::Row;
    type Known = Option<S>;

    fn weights(
        &self,
        rows: Members<S::Row>,
        both: &mut [u8],
        second: &mut [u8],
    ) -> Option<Weights> {
        self.node.total.weights(rows, both, second)
    }

    fn begin(&mut self, features: &[Feature], rows: Members<S::Row>) {
        self.open(rows, None);
        let (weight, sum) = (self.node.total.weight(), self.node.total.sum());
        self.node.priors = Priors::new(features.len(), 1, rows.len(), weight);
        for feature in features.iter().filter(|feature| feature.categorical) {
            self.fill::<false>(std::slice::from_ref(feature), rows);
            let histogram = &mut self.histograms[0][..feature.n_codes];
            let sums = histogram.iter().map(S::sum).collect();
            let weights: Vec<f64> = histogram.iter().map(S::weight).collect();
            histogram.fill(S::default());
            self.node.priors.add(feature.index, sums, &weights, &[sum / weight]);
        }
    }

    #[inline(never)]
    fn open(&mut self, rows: Members<S::Row>, known: Option<S>) -> bool {
        let total = known.unwrap_or_else(|| S::over(rows, self.shift));
        self.pure = total.are_alike(rows);
        self.node.total = total;
        self.pure
    }

    fn children(&self) -> [Option<S>; 2] {
        let right = self.node.total.others(self.left);
        [right.map(|_| self.left), right]
    }

    fn batch(&self, rows: usize) -> usize {
        if rows <= LANES { 1 } else { BATCH }
    }

    fn search(&mut self, features: &[Feature], rows: Members<S::Row>, best: &mut Best) -> u32 {
        match features {
            [feature] if rows.len() <= FEW => u32::from(self.search_few(*feature, rows, best)),
            _ => self.search_many(features, rows, best),
        }
    }

    fn decrease(&self, score: f64) -> f64 {
        score / self.node.total.weight()
    }

    /// The Gini impurity of two classes is twice the variance.
    fn risk(&self, rows: Members<S::Row>) -> f64 {
        if self.pure {
            return 0.0;
        }
        let mean = self.node.total.sum() / self.node.total.weight();
        let squares = rows.iter().map(|row| {
            let difference = S::target(row) - self.shift - mean;
            S::of(row, self.shift).weight() * difference * difference
        });
        squares.sum::<f64>() * if self.classes { 2.0 } else { 1.0 }
    }

    fn leaf(&self, rows: Members<S::Row>, out: &mut Vec<f64>) {
        let mean = match rows.iter().next() {
            Some(row) if self.pure => S::target(row),
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

    use super::super::ids::{Along, Part};
    use super::super::near::Rows;
    use super::super::sums::{Counted, Packed, Weighted};
    use super::*;

    /// The best split of one feature: as nodes find it, and by the plain histogram.
    fn both_ways<S: Sums>(
        mut kernel: Moments<S>,
        feature: Feature,
        rows: &[S::Row],
    ) -> [(u32, Best); 2] {
        let kept = (0..).zip(rows).map(|(id, row)| (id | row.keep().0, row.keep().1));
        let (words, beside) = kept.unzip();
        let kept = Rows::<S::Row>::new(words, beside);
        let rows = kept.members(Part::all(rows.len()));
        kernel.begin(&[feature], rows);
        let (mut small, mut plain) = (Best::NONE, Best::NONE);
        let small = (kernel.search(&[feature], rows, &mut small), small);
        let plain = (kernel.search_many(&[feature], rows, &mut plain), plain);
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
            ];
            for [(is_constant, small), (was_constant, plain)] in found {
                prop_assert_eq!(is_constant, was_constant);
                prop_assert_eq!(small.score.to_bits(), plain.score.to_bits());
                prop_assert_eq!(small.rule, plain.rule);
                prop_assert_eq!(small.perfect, plain.perfect);
            }
        }
    }
}
