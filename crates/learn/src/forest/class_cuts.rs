//! Two ways to cut the rows of a node with three classes or more, whichever is cheaper.

use super::cells::Cell;
use super::classes::Classes;
use super::split::{CODES, Cut, Profile};

/// Rows linked by code: for nodes whose rows are few beside the cells of a histogram.
pub(super) struct ChainProfile<'a, W: Cell> {
    pub node: &'a mut Classes<W>,
    pub feature: u16,
    pub rows: &'a [W::Row],
    pub heads: &'a [u32; CODES],
}

/// A cut being moved: what is left of it.
#[derive(Clone, Copy)]
struct Side<W: Cell> {
    weight: W,
    rows: u32,
    /// Sums of squares over classes, left and right.
    squares: W::Square,
    others: W::Square,
}

impl<W: Cell> Side<W> {
    /// Nothing on the left.
    fn new(node: &Classes<W>) -> Self {
        let (weight, squares) = (W::default(), W::Square::default());
        Self { weight, rows: 0, squares, others: node.squares }
    }
}

impl<W: Cell> ChainProfile<'_, W> {
    #[inline]
    fn pass(&mut self, code: u8, side: &mut Side<W>) {
        let mut at = self.heads[usize::from(code)];
        while let Some(&row) = self.rows.get(at as usize) {
            let (class, w) = (W::class(row), W::weight(row));
            let mut left = self.node.left[class];
            let right = self.node.total[class] - left;
            side.squares += w.times(left);
            side.others -= w.times(right);
            left += w;
            side.squares += w.times(left);
            side.others -= w.times(right - w);
            side.weight += w;
            side.rows += 1;
            self.node.left[class] = left;
            at = self.node.next[at as usize];
        }
    }

    fn forget(&mut self, code: u8) {
        let mut at = self.heads[usize::from(code)];
        while let Some(&row) = self.rows.get(at as usize) {
            self.node.left[W::class(row)] = W::default();
            at = self.node.next[at as usize];
        }
    }
}

impl<W: Cell> Profile for ChainProfile<'_, W> {
    #[inline(never)]
    fn cut(&mut self, lead: Option<u8>, ends: &[u8], from: usize, floor: f64) -> Option<Cut> {
        let mut side = Side::new(self.node);
        if let Some(code) = lead {
            self.pass(code, &mut side);
        }
        let mut search = CutSearch::new(self.node, floor);
        for (place, &code) in ends.iter().enumerate() {
            self.pass(code, &mut side);
            if place >= from {
                search.offer(place + 1, &side);
            }
        }
        lead.iter().chain(ends).for_each(|&code| self.forget(code));
        search.finish()
    }

    fn category_key(&mut self, code: u8) -> f64 {
        let (mut main, mut all) = (W::default(), W::default());
        let mut at = self.heads[usize::from(code)];
        while let Some(&row) = self.rows.get(at as usize) {
            all += W::weight(row);
            if W::class(row) == self.node.main() {
                main += W::weight(row);
            }
            at = self.node.next[at as usize];
        }
        self.node.category_key(self.feature, code, main, all)
    }
}

/// Weights by code and class: for the other nodes.
pub(super) struct HistogramProfile<'a, W: Cell> {
    pub node: &'a mut Classes<W>,
    /// Of the histogram.
    pub index: usize,
    pub feature: u16,
}

impl<W: Cell> HistogramProfile<'_, W> {
    #[inline]
    fn pass(&mut self, code: u8, side: &mut Side<W>) {
        let Classes { left, total, histograms, counts, weight, .. } = &mut *self.node;
        let width = left.len();
        let cells = &histograms[self.index][usize::from(code) * width..][..width];
        (side.weight, side.squares, side.others) = W::pass(left, total, cells, *weight);
        side.rows += counts[usize::from(code)];
    }
}

impl<W: Cell> Profile for HistogramProfile<'_, W> {
    #[inline(never)]
    fn cut(&mut self, lead: Option<u8>, ends: &[u8], from: usize, floor: f64) -> Option<Cut> {
        let mut side = Side::new(self.node);
        let mut search = CutSearch::new(self.node, floor);
        let leads = usize::from(lead.is_some());
        for (place, &code) in lead.iter().chain(ends).enumerate() {
            self.pass(code, &mut side);
            if place >= leads + from {
                search.offer(place + 1 - leads, &side);
            }
        }
        self.node.left.fill(W::default());
        search.finish()
    }

    fn category_key(&mut self, code: u8) -> f64 {
        let width = self.node.total.len();
        let cells = &self.node.histograms[self.index][usize::from(code) * width..][..width];
        let mut all = W::default();
        cells.iter().for_each(|&weight| all += weight);
        self.node.category_key(self.feature, code, cells[self.node.main()], all)
    }
}

/// The best of the cuts offered, by the sum over both sides of squares by weight.
struct CutSearch {
    weight: f64,
    rows: u32,
    min_rows: u32,
    score: f64,
    end: usize,
    left: f64,
}

impl CutSearch {
    fn new<W: Cell>(node: &Classes<W>, floor: f64) -> Self {
        let (weight, rows, min_rows) = (node.weight.number(), node.rows, node.min_rows);
        Self { weight, rows, min_rows, score: floor, end: 0, left: 0.0 }
    }

    #[inline]
    fn offer<W: Cell>(&mut self, end: usize, side: &Side<W>) {
        let left = side.weight.number();
        let right = self.weight - left;
        let score = W::square_number(side.squares) / left + W::square_number(side.others) / right;
        let enough = || {
            let (least, rows) = (self.min_rows, side.rows);
            least <= 1 || (rows >= least && self.rows - rows >= least)
        };
        if score > self.score && right > 0.0 && enough() {
            self.score = score;
            self.end = end;
            self.left = left;
        }
    }

    fn finish(self) -> Option<Cut> {
        (self.end > 0).then_some(Cut {
            score: self.score,
            end: self.end,
            left_heavier: self.left > self.weight - self.left,
            perfect: self.score >= self.weight,
        })
    }
}
