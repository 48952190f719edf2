//! Two ways to cut the rows of a node with three classes or more, whichever is cheaper.

use super::classes::{ClassRow, Classes, LANES};
use super::split::{CODES, Cut, Profile};

/// Rows linked by code: for nodes whose rows are few beside the cells of a histogram.
pub(super) struct ChainProfile<'a> {
    pub node: &'a mut Classes,
    pub feature: u16,
    pub rows: &'a [ClassRow],
    pub heads: &'a [u32; CODES],
}

/// A cut being moved: what is left of it.
#[derive(Clone, Copy)]
struct Side {
    weight: f64,
    rows: u32,
    /// Sums of squares over classes, left and right.
    squares: f64,
    others: f64,
}

impl ChainProfile<'_> {
    #[inline]
    fn pass(&mut self, code: u8, side: &mut Side) {
        let mut at = self.heads[usize::from(code)];
        while let Some(row) = self.rows.get(at as usize) {
            let (class, w) = (row.class as usize, row.weight);
            let left = self.node.left[class];
            let right = self.node.total[class] - left;
            side.squares += w * (left + left + w);
            side.others += w * (w - (right + right));
            side.weight += w;
            side.rows += 1;
            self.node.left[class] = left + w;
            at = self.node.next[at as usize];
        }
    }

    fn forget(&mut self, code: u8) {
        let mut at = self.heads[usize::from(code)];
        while let Some(row) = self.rows.get(at as usize) {
            self.node.left[row.class as usize] = 0.0;
            at = self.node.next[at as usize];
        }
    }
}

impl Profile for ChainProfile<'_> {
    #[inline(never)]
    fn cut(&mut self, lead: Option<u8>, order: &[u8], to_end: bool, floor: f64) -> Option<Cut> {
        let mut side = Side { weight: 0.0, rows: 0, squares: 0.0, others: self.node.squares };
        if let Some(code) = lead {
            self.pass(code, &mut side);
        }
        let ends = if to_end { order } else { &order[..order.len().saturating_sub(1)] };
        let mut search = CutSearch::new(self.node, floor);
        for (place, &code) in ends.iter().enumerate() {
            self.pass(code, &mut side);
            search.offer(place + 1, &side);
        }
        lead.iter().chain(ends).for_each(|&code| self.forget(code));
        search.finish()
    }

    fn category_key(&mut self, code: u8) -> f64 {
        let (mut main, mut all) = (0.0, 0.0);
        let mut at = self.heads[usize::from(code)];
        while let Some(row) = self.rows.get(at as usize) {
            all += row.weight;
            main += if row.class == self.node.main_class { row.weight } else { 0.0 };
            at = self.node.next[at as usize];
        }
        self.node.priors.blend(self.feature, code, self.node.main_class, main, all)
    }
}

/// Weights by code and class: for the other nodes.
pub(super) struct HistogramProfile<'a> {
    pub node: &'a mut Classes,
    pub feature: u16,
}

impl HistogramProfile<'_> {
    #[inline]
    fn pass(&mut self, code: u8, side: &mut Side) {
        let Classes { left, total, histogram, counts, .. } = &mut *self.node;
        let width = left.len();
        let cells = &histogram[usize::from(code) * width..][..width];
        let (mut weight, mut squares, mut others) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let left = left.as_chunks_mut::<LANES>().0;
        let parts = left.iter_mut().zip(total.as_chunks::<LANES>().0);
        for ((left, total), cells) in parts.zip(cells.as_chunks::<LANES>().0) {
            for lane in 0..LANES {
                left[lane] += cells[lane];
                let right = total[lane] - left[lane];
                weight[lane] += left[lane];
                squares[lane] += left[lane] * left[lane];
                others[lane] += right * right;
            }
        }
        let sum = |lanes: [f64; LANES]| (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        side.weight = sum(weight);
        side.squares = sum(squares);
        side.others = sum(others);
        side.rows += counts[usize::from(code)];
    }
}

impl Profile for HistogramProfile<'_> {
    #[inline(never)]
    fn cut(&mut self, lead: Option<u8>, order: &[u8], to_end: bool, floor: f64) -> Option<Cut> {
        let mut side = Side { weight: 0.0, rows: 0, squares: 0.0, others: self.node.squares };
        if let Some(code) = lead {
            self.pass(code, &mut side);
        }
        let ends = if to_end { order } else { &order[..order.len().saturating_sub(1)] };
        let mut search = CutSearch::new(self.node, floor);
        for (place, &code) in ends.iter().enumerate() {
            self.pass(code, &mut side);
            search.offer(place + 1, &side);
        }
        self.node.left.fill(0.0);
        search.finish()
    }

    fn category_key(&mut self, code: u8) -> f64 {
        let width = self.node.total.len();
        let cells = &self.node.histogram[usize::from(code) * width..][..width];
        let main = self.node.main_class;
        let all = cells.iter().sum();
        self.node.priors.blend(self.feature, code, main, cells[main as usize], all)
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
    fn new(node: &Classes, floor: f64) -> Self {
        let Classes { weight, rows, min_rows, .. } = *node;
        Self { weight, rows, min_rows, score: floor, end: 0, left: 0.0 }
    }

    #[inline]
    fn offer(&mut self, end: usize, side: &Side) {
        let right = self.weight - side.weight;
        let score = side.squares / side.weight + side.others / right;
        let enough = side.rows >= self.min_rows && self.rows - side.rows >= self.min_rows;
        if score > self.score && right > 0.0 && enough {
            self.score = score;
            self.end = end;
            self.left = side.weight;
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
