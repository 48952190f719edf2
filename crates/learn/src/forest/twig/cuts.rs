//! The search for the best cut of a feature in rows that are lanes.

use super::super::job::ForestJob;
use super::super::lanes::{
    LANES, Lanes, MOST_LANES, Weights, equal, equal_scores, next_above, scores, sums_up_to,
};
use super::super::split::middle;

/// How a node is split.
pub(super) struct Split {
    pub score: f64,
    pub feature: u16,
    pub threshold: u8,
    pub missing_left: bool,
    /// What goes left.
    pub left: Weights,
}

/// The best cut of a node so far.
#[derive(Clone, Copy)]
pub(super) struct Best<const R: usize> {
    score: f64,
    feature: u16,
    /// The codes of the rows, and what was taken off them.
    codes: [Lanes; R],
    from: u8,
    /// The last row that goes left.
    lane: usize,
    /// What goes left.
    left: Weights,
    pub perfect: bool,
}

impl<const R: usize> Best<R> {
    pub const NONE: Self = Self {
        score: f64::NEG_INFINITY,
        feature: 0,
        codes: [[0; LANES]; R],
        from: 0,
        lane: 0,
        left: Weights { both: 0, second: 0 },
        perfect: false,
    };

    /// The split, if one was found, of `n` rows that weigh `all`.
    pub fn split(&self, job: &ForestJob, n: usize, all: Weights) -> Option<Split> {
        let Self { score, feature, left, .. } = *self;
        if score == f64::NEG_INFINITY {
            return None;
        }
        let n_codes = job.binned().bins()[usize::from(feature)].n_codes();
        let (threshold, missing_left) = self.place(n, all, n_codes);
        Some(Split { score, feature, threshold, missing_left, left })
    }

    /// The threshold half-way to the next code, and whether missing values go left, which go with
    /// the heavier side where there are none.
    fn place(&self, n: usize, all: Weights, n_codes: usize) -> (u8, bool) {
        let has_missing = equal(&self.codes, 0) & first(n) != 0;
        let code = self.codes.as_flattened()[self.lane % (R * LANES)].wrapping_sub(self.from);
        let next = next_above(&self.codes, self.from, n, code);
        let heavier = self.left.both > all.less(self.left).both;
        let missing_left = if has_missing { self.from == 0 } else { heavier };
        if self.from == 1 && next == u8::MAX {
            return ((n_codes - 1) as u8, missing_left);
        }
        (middle(code.wrapping_add(self.from), next.wrapping_add(self.from)), missing_left)
    }
}

/// The bits of the first `n` lanes, of which there is at least one.
pub(super) fn first(n: usize) -> u32 {
    u32::MAX >> ((MOST_LANES - n) % MOST_LANES)
}

/// The rows of a node side by side, from the first lane on.
pub(super) struct Gathered<const R: usize> {
    pub n: usize,
    /// Their bits.
    pub lanes: u32,
    pub places: [Lanes; R],
    pub both: [Lanes; R],
    pub second: [Lanes; R],
    /// What they weigh.
    pub all: Weights,
}

impl<const R: usize> Gathered<R> {
    /// Looks at the cuts of a feature, with codes taken less `from`.
    #[inline(always)]
    pub fn cut(&self, feature: u16, codes: &[Lanes; R], from: u8, best: &mut Best<R>) {
        let sums = sums_up_to(codes, from, self.n, &self.both, &self.second);
        let mut by_lane = [[0.0; LANES]; R];
        let score = scores(&sums, self.n, self.all, &mut by_lane);
        if score <= best.score {
            return;
        }
        // Of equals the lowest code.
        let own = codes.as_flattened();
        let mut ties = equal_scores(&by_lane, self.n, score) & self.lanes;
        let mut lane = ties.trailing_zeros() as usize % own.len();
        ties &= ties.wrapping_sub(1);
        while ties != 0 {
            let other = ties.trailing_zeros() as usize % own.len();
            ties &= ties - 1;
            if own[other].wrapping_sub(from) < own[lane].wrapping_sub(from) {
                lane = other;
            }
        }
        let [both, second] = sums.map(|sums| sums.as_flattened()[lane]);
        let left = Weights { both, second };
        let perfect = left.is_pure() && self.all.less(left).is_pure();
        *best = Best { score, feature, codes: *codes, from, lane, left, perfect };
    }
}
