//! Three classes or more: Gini impurity from the weight of every class.

use super::class_cuts::{ChainProfile, HistogramProfile};
use super::ids::{CHUNK, Ids};
use super::kernel::Kernel;
use super::priors::Priors;
use super::split::{Best, CODES, Feature, codes_of, search_feature};

/// Additions side by side, in the same order everywhere.
pub(super) const LANES: usize = 4;

/// Cost of a row in a chain, in cells of a histogram.
const CHAIN_COST: usize = 8;

/// End of a chain of rows.
const END: u32 = u32::MAX;

/// Class and weight of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ClassRow {
    pub class: u32,
    pub weight: f64,
}

/// The kernel. Sums of whole weights are exact in `f64`, so the order of rows does not matter to
/// them.
pub(super) struct Classes {
    pub n: usize,
    pub min_rows: u32,
    /// Weight by class in the node; as long as `left`.
    pub total: Vec<f64>,
    pub weight: f64,
    /// Sum of the squares of `total`.
    pub squares: f64,
    pub rows: u32,
    pure: bool,
    /// The class with the largest weight in the node.
    pub main_class: u32,
    /// Weight by class left of the cut; all 0 between cuts.
    pub left: Vec<f64>,
    /// Weight by code and class, `total.len()` apart; all 0 between features.
    pub histogram: Vec<f64>,
    /// Rows by code.
    pub counts: Box<[u32; CODES]>,
    /// For each row of a small node the next one with the same code.
    pub next: Vec<u32>,
    pub priors: Priors,
}

impl Classes {
    pub fn new(n: usize, min_rows: u32) -> Self {
        let width = n.next_multiple_of(LANES);
        Self {
            n,
            min_rows,
            total: vec![0.0; width],
            weight: 0.0,
            squares: 0.0,
            rows: 0,
            pure: false,
            main_class: 0,
            left: vec![0.0; width],
            histogram: vec![0.0; width * CODES],
            counts: Box::new([0; CODES]),
            next: Vec::new(),
            priors: Priors::default(),
        }
    }

    #[inline(never)]
    fn sum_up(&mut self, rows: &[ClassRow]) {
        self.total.fill(0.0);
        rows.iter().for_each(|row| self.total[row.class as usize] += row.weight);
        (self.weight, self.squares) = (0.0, 0.0);
        let mut most = 0.0;
        for (class, &weight) in (0..).zip(&self.total) {
            self.weight += weight;
            self.squares += weight * weight;
            if weight > most {
                (most, self.main_class) = (weight, class);
            }
        }
    }

    fn search_chains(
        &mut self,
        feature: Feature,
        ids: Ids,
        rows: &[ClassRow],
        best: &mut Best,
    ) -> bool {
        self.next.resize(ids.len().max(self.next.len()), END);
        let mut heads = [END; CODES];
        let bits = chain(ids, feature.codes, &mut heads, &mut self.next);
        let mut codes = [0; CODES];
        let present = codes_of(&bits, &mut codes);
        if present.len() < 2 {
            return true;
        }
        let mut profile = ChainProfile { node: self, feature: feature.index, rows, heads: &heads };
        search_feature(&mut profile, feature, present, best);
        false
    }

    fn search_histogram(
        &mut self,
        feature: Feature,
        ids: Ids,
        rows: &[ClassRow],
        best: &mut Best,
    ) -> bool {
        let width = self.total.len();
        for (ids, rows) in ids.chunks().zip(rows.chunks(CHUNK)) {
            fill(ids, rows, feature.codes, &mut self.histogram, &mut self.counts, width);
        }
        let mut codes = [0; CODES];
        let mut len = 0;
        for code in 0..feature.n_codes {
            if self.counts[code] > 0 {
                codes[len] = code as u8;
                len += 1;
            }
        }
        let present = &mut codes[..len];
        let constant = present.len() < 2;
        if !constant {
            search_feature(
                &mut HistogramProfile { node: self, feature: feature.index },
                feature,
                present,
                best,
            );
        }
        for &code in &*present {
            self.counts[usize::from(code)] = 0;
            self.histogram[usize::from(code) * width..][..width].fill(0.0);
        }
        constant
    }
}

/// Links the rows of equal code, the last one first; returns the set of codes that occur.
#[inline(never)]
fn chain(ids: Ids, codes: &[u8], heads: &mut [u32; CODES], next: &mut [u32]) -> [u64; CODES / 64] {
    let mut bits = [0; CODES / 64];
    for (index, ([code], next)) in ids.codes([codes]).zip(next).enumerate() {
        *next = heads[code];
        heads[code] = index as u32;
        bits[code / 64] |= 1 << (code % 64);
    }
    bits
}

#[inline(never)]
fn fill(
    ids: Ids,
    rows: &[ClassRow],
    codes: &[u8],
    histogram: &mut [f64],
    counts: &mut [u32; CODES],
    width: usize,
) {
    assert!(width > 0 && histogram.len() >= CODES * width, "every code has a cell for every class");
    for ([code], row) in ids.codes([codes]).zip(rows) {
        let class = (row.class as usize).min(width - 1);
        // SAFETY: codes are bytes, so below CODES, and the class is below `width`.
        *unsafe { histogram.get_unchecked_mut(code % CODES * width + class) } += row.weight;
        counts[code % CODES] += 1;
    }
}

impl Kernel for Classes {
    type Row = ClassRow;

    fn begin(&mut self, features: &[Feature], ids: Ids, rows: &[ClassRow]) {
        self.sum_up(rows);
        let width = self.total.len();
        let shares: Vec<f64> = self.total.iter().map(|weight| weight / self.weight).collect();
        self.priors = Priors::new(features.len(), width, rows.len(), self.weight);
        for feature in features.iter().filter(|feature| feature.categorical) {
            let mut sums = vec![0.0; width * CODES];
            fill(ids, rows, feature.codes, &mut sums, &mut [0; CODES], width);
            let weights: Vec<f64> =
                sums.chunks_exact(width).map(|sums| sums.iter().sum()).collect();
            self.priors.add(feature.index, sums, &weights, &shares);
        }
    }

    #[inline(never)]
    fn open(&mut self, rows: &[ClassRow]) -> bool {
        self.rows = rows.len() as u32;
        self.main_class = rows.first().map_or(0, |row| row.class);
        self.pure = rows.iter().all(|row| row.class == self.main_class);
        if !self.pure {
            self.sum_up(rows);
        }
        self.pure
    }

    fn batch(&self, _: usize) -> usize {
        1
    }

    fn search(
        &mut self,
        features: &[Feature],
        ids: Ids,
        rows: &[ClassRow],
        best: &mut Best,
    ) -> u32 {
        let mut constants = 0;
        for (index, &feature) in features.iter().enumerate() {
            let cells = feature.n_codes.min(ids.len()) * self.n;
            let constant = if ids.len() * CHAIN_COST < cells {
                self.search_chains(feature, ids, rows, best)
            } else {
                self.search_histogram(feature, ids, rows, best)
            };
            constants |= u32::from(constant) << index;
        }
        constants
    }

    fn decrease(&self, score: f64) -> f64 {
        (score - self.squares / self.weight).max(0.0)
    }

    fn leaf(&self, _: &[ClassRow], out: &mut Vec<f64>) {
        if self.pure {
            out.resize(out.len() + self.n, 0.0);
            let first = out.len() - self.n;
            out[first + self.main_class as usize] = 1.0;
        } else {
            out.extend(self.total[..self.n].iter().map(|weight| weight / self.weight));
        }
    }
}
