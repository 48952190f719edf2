//! Three classes or more: Gini impurity from the weight of every class.

use std::mem::take;

use super::cells::{Cell, LANES};
use super::class_cuts::{ChainProfile, HistogramProfile};
use super::ids::{Ids, Members};
use super::kernel::{BATCH, Kernel};
use super::priors::Priors;
use super::split::{Best, CODES, Feature, codes_of, codes_seen, search_feature};
use crate::CHUNK;

/// Cost of a row in a chain, in cells of a histogram.
const CHAIN_COST: usize = 16;

/// From how many rows on features are searched together. Together, all are looked at, even where
/// the first turns out to be perfect.
const MANY: usize = 64;

/// End of a chain of rows.
const END: u32 = u32::MAX;

/// The kernel. Within a node the classes it has are numbered anew, without gaps: most nodes have
/// few of many classes, and what is done for each class is then done for those.
pub(super) struct Classes<W: Cell> {
    pub n: usize,
    pub min_rows: u32,
    /// Weight by class of the whole problem; all 0 between sums.
    by_class: Vec<W>,
    /// Bits of the classes that occur; all 0 between sums.
    has_class: Vec<u64>,
    /// The node's number of a class.
    numbers: Vec<u32>,
    /// The class of a node's number, ascending.
    classes: Vec<u32>,
    /// The node's rows with classes numbered anew, if they are.
    renumbered: Vec<W::Row>,
    /// Weight by class in the node, filled up to whole lanes; as long as `left`.
    pub total: Vec<W>,
    pub weight: W,
    /// Sum of the squares of `total`.
    pub squares: W::Square,
    pub rows: u32,
    pure: bool,
    /// The number of the class with the largest weight in the node.
    main: usize,
    /// Weight by class left of the cut; all 0 between cuts.
    pub left: Vec<W>,
    /// Of features searched together the weight by code and class, `total.len()` apart; all 0
    /// between searches.
    pub histograms: [Vec<W>; BATCH],
    /// Rows by code, where leaves need more than one.
    pub counts: Box<[u32; CODES]>,
    /// For each row of a small node the next one with the same code.
    pub next: Vec<u32>,
    priors: Priors,
}

impl<W: Cell> Classes<W> {
    pub fn new(n: usize, min_rows: u32) -> Self {
        let width = n.next_multiple_of(LANES);
        Self {
            n,
            min_rows,
            by_class: vec![W::default(); n],
            has_class: vec![0; n.div_ceil(64)],
            numbers: vec![0; n],
            classes: Vec::with_capacity(n),
            renumbered: Vec::new(),
            total: Vec::with_capacity(width),
            weight: W::default(),
            squares: W::Square::default(),
            rows: 0,
            pure: false,
            main: 0,
            left: Vec::with_capacity(width),
            histograms: std::array::from_fn(|_| vec![W::default(); width * CODES]),
            counts: Box::new([0; CODES]),
            next: Vec::new(),
            priors: Priors::default(),
        }
    }

    /// What a category is ordered by, of which a node's rows weigh so much, `main` in its main class.
    pub fn category_key(&self, feature: u16, code: u8, main: W, all: W) -> f64 {
        let class = self.classes[self.main];
        self.priors.blend(feature, code, class, main.number(), all.number())
    }

    /// The number of the class with the largest weight in the node.
    pub fn main(&self) -> usize {
        self.main
    }

    #[inline(never)]
    fn sum_up(&mut self, rows: Members<W::Row>) {
        add_up(rows, &mut self.by_class, &mut self.has_class);
        self.classes.clear();
        self.total.clear();
        (self.weight, self.squares, self.main) = (W::default(), W::Square::default(), 0);
        let mut most = W::default();
        for (index, word) in self.has_class.iter_mut().enumerate() {
            while *word != 0 {
                let class = index * 64 + word.trailing_zeros() as usize;
                *word &= *word - 1;
                let weight = take(&mut self.by_class[class]);
                let number = self.classes.len();
                self.numbers[class] = number as u32;
                self.classes.push(class as u32);
                self.total.push(weight);
                self.weight += weight;
                self.squares += weight.times(weight);
                if weight > most {
                    (most, self.main) = (weight, number);
                }
            }
        }
        let width = self.total.len().next_multiple_of(LANES);
        self.total.resize(width, W::default());
        self.left.clear();
        self.left.resize(width, W::default());
    }

    /// Numbers the classes of the rows of a node that lacks some anew.
    #[inline(never)]
    fn renumber(&mut self, rows: Members<W::Row>) {
        self.renumbered.clear();
        if self.classes.len() < self.n {
            let numbers = &self.numbers;
            let renumber = |row| W::relabel(row, numbers[W::class(row)] as usize);
            self.renumbered.extend(rows.iter().map(renumber));
        } else {
            self.renumbered.extend(rows.iter());
        }
    }

    fn prefers_chains(&self, feature: Feature, rows: usize) -> bool {
        rows * CHAIN_COST < feature.n_codes.min(rows) * self.total.len()
    }

    fn search_chains(
        &mut self,
        feature: Feature,
        ids: Ids,
        rows: &[W::Row],
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

    /// Bit `i` of the result says that feature `i` has the same code in all rows.
    fn search_histograms(
        &mut self,
        features: &[Feature],
        ids: Ids,
        rows: &[W::Row],
        best: &mut Best,
    ) -> u32 {
        let width = self.total.len();
        let mut constants = 0;
        if let [a, b, c, d] = features {
            let columns = [a.codes, b.codes, c.codes, d.codes];
            let mut seen = [[0; CODES]; BATCH];
            for (ids, rows) in ids.chunks().zip(rows.chunks(CHUNK)) {
                fill_four(ids, rows, columns, &mut self.histograms, &mut seen, width);
            }
            for (index, (&feature, seen)) in features.iter().zip(&seen).enumerate() {
                constants |= u32::from(self.search_one(index, feature, ids, seen, best)) << index;
            }
        } else {
            for (index, &feature) in features.iter().enumerate() {
                let mut seen = [0; CODES];
                for (ids, rows) in ids.chunks().zip(rows.chunks(CHUNK)) {
                    fill(ids, rows, feature.codes, &mut self.histograms[0], &mut seen, width);
                }
                constants |= u32::from(self.search_one(0, feature, ids, &seen, best)) << index;
            }
        }
        constants
    }

    fn search_one(
        &mut self,
        index: usize,
        feature: Feature,
        ids: Ids,
        seen: &[u8; CODES],
        best: &mut Best,
    ) -> bool {
        let width = self.total.len();
        let mut codes = [0; CODES];
        let present = codes_seen(seen, feature.n_codes, &mut codes);
        let constant = present.len() < 2;
        if !constant {
            if self.min_rows > 1 {
                count(ids, feature.codes, &mut self.counts);
            }
            let mut profile = HistogramProfile { node: self, index, feature: feature.index };
            search_feature(&mut profile, feature, present, best);
        }
        for &code in &*present {
            self.counts[usize::from(code)] = 0;
            let first = usize::from(code) * width;
            self.histograms[index][first..][..width].fill(W::default());
        }
        constant
    }
}

/// Adds to each class's weight, and sets the bits of the classes that occur.
#[inline(never)]
fn add_up<W: Cell>(rows: Members<W::Row>, by_class: &mut [W], has_class: &mut [u64]) {
    if rows.len() < by_class.len() {
        for row in rows.iter() {
            let class = W::class(row);
            by_class[class] += W::weight(row);
            has_class[class / 64] |= 1 << (class % 64);
        }
        return;
    }
    rows.iter().for_each(|row| by_class[W::class(row)] += W::weight(row));
    for (word, weights) in has_class.iter_mut().zip(by_class.chunks(64)) {
        for (class, &weight) in weights.iter().enumerate() {
            *word |= u64::from(weight > W::default()) << class;
        }
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

/// Adds rows to a histogram and sets 1 in `seen` for every code that occurs.
#[inline(never)]
fn fill<W: Cell>(
    ids: Ids,
    rows: &[W::Row],
    codes: &[u8],
    histogram: &mut [W],
    seen: &mut [u8; CODES],
    width: usize,
) {
    assert!(width > 0 && histogram.len() >= CODES * width, "every code has a cell for every class");
    for ([code], &row) in ids.codes([codes]).zip(rows) {
        let class = W::class(row).min(width - 1);
        // SAFETY: codes are bytes, so below CODES, and the class is below `width`.
        *unsafe { histogram.get_unchecked_mut(code % CODES * width + class) } += W::weight(row);
        seen[code % CODES] = 1;
    }
}

/// The same for four features at once.
#[inline(never)]
fn fill_four<W: Cell>(
    ids: Ids,
    rows: &[W::Row],
    columns: [&[u8]; BATCH],
    [in_a, in_b, in_c, in_d]: &mut [Vec<W>; BATCH],
    [seen_a, seen_b, seen_c, seen_d]: &mut [[u8; CODES]; BATCH],
    width: usize,
) {
    let fits = |histogram: &[W]| width > 0 && histogram.len() >= CODES * width;
    assert!(fits(in_a) && fits(in_b) && fits(in_c) && fits(in_d), "as in `fill`");
    for ([a, b, c, d], &row) in ids.codes(columns).zip(rows) {
        let class = W::class(row).min(width - 1);
        let weight = W::weight(row);
        // SAFETY: as in `fill`.
        unsafe {
            *in_a.get_unchecked_mut(a % CODES * width + class) += weight;
            *in_b.get_unchecked_mut(b % CODES * width + class) += weight;
            *in_c.get_unchecked_mut(c % CODES * width + class) += weight;
            *in_d.get_unchecked_mut(d % CODES * width + class) += weight;
        }
        seen_a[a % CODES] = 1;
        seen_b[b % CODES] = 1;
        seen_c[c % CODES] = 1;
        seen_d[d % CODES] = 1;
    }
}

#[inline(never)]
fn count(ids: Ids, codes: &[u8], counts: &mut [u32; CODES]) {
    ids.codes([codes]).for_each(|[code]| counts[code % CODES] += 1);
}

impl<W: Cell> Kernel for Classes<W> {
    type Row = W::Row;
    type Known = ();

    fn begin(&mut self, features: &[Feature], rows: Members<W::Row>) {
        self.sum_up(rows);
        let width = self.n.next_multiple_of(LANES);
        let weight = self.weight.number();
        let mut shares = vec![0.0; width];
        for (&class, weight_of) in self.classes.iter().zip(&self.total) {
            shares[class as usize] = weight_of.number() / weight;
        }
        self.priors = Priors::new(features.len(), width, rows.len(), weight);
        for feature in features.iter().filter(|feature| feature.categorical) {
            let mut cells = vec![W::default(); width * CODES];
            let along: Vec<W::Row> = rows.iter().collect();
            fill(rows.ids(), &along, feature.codes, &mut cells, &mut [0; CODES], width);
            let sums: Vec<f64> = cells.into_iter().map(W::number).collect();
            let weights: Vec<f64> =
                sums.chunks_exact(width).map(|sums| sums.iter().sum()).collect();
            self.priors.add(feature.index, sums, &weights, &shares);
        }
    }

    #[inline(never)]
    fn open(&mut self, rows: Members<W::Row>, (): ()) -> bool {
        self.rows = rows.len() as u32;
        let first = rows.iter().next().map_or(0, W::class);
        self.pure = rows.iter().all(|row| W::class(row) == first);
        if self.pure {
            self.main = 0;
            self.classes.clear();
            self.classes.push(first as u32);
        } else {
            self.sum_up(rows);
            self.renumber(rows);
        }
        self.pure
    }

    fn batch(&self, rows: usize) -> usize {
        if rows < MANY { 1 } else { BATCH }
    }

    fn search(&mut self, features: &[Feature], rows: Members<W::Row>, best: &mut Best) -> u32 {
        let ids = rows.ids();
        let rows = take(&mut self.renumbered);
        let constants = match features {
            [feature] if self.prefers_chains(*feature, ids.len()) => {
                u32::from(self.search_chains(*feature, ids, &rows, best))
            }
            _ => self.search_histograms(features, ids, &rows, best),
        };
        self.renumbered = rows;
        constants
    }

    fn decrease(&self, score: f64) -> f64 {
        (score - W::square_number(self.squares) / self.weight.number()).max(0.0)
    }

    fn risk(&self, _: Members<W::Row>) -> f64 {
        if self.pure {
            return 0.0;
        }
        let weight = self.weight.number();
        weight - W::square_number(self.squares) / weight
    }

    fn leaf(&self, _: Members<W::Row>, out: &mut Vec<f64>) {
        let first = out.len();
        out.resize(first + self.n, 0.0);
        if self.pure {
            out[first + self.classes[0] as usize] = 1.0;
            return;
        }
        for (&class, weight) in self.classes.iter().zip(&self.total) {
            out[first + class as usize] = weight.number() / self.weight.number();
        }
    }
}
