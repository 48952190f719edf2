//! How an epoch is cut: batches into passes, passes into steps of some milliseconds.

use super::pass::PASS;

/// Multiplications a step may take, roughly: some 5 ms in WebAssembly, and still below 50 before an
/// engine has compiled it well.
const STEP: usize = 10_000_000;

/// The plan of every epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Epochs {
    /// Rows to learn from.
    pub rows: usize,
    /// Rows a batch, the last one apart.
    pub batch: usize,
    /// Rows a pass at most.
    pub pass: usize,
    /// Passes a step.
    pub passes: usize,
    /// Steps an epoch.
    pub steps: usize,
}

impl Epochs {
    /// For `rows` rows to learn from and `kept` to watch the score on, and so many weights.
    pub fn new(rows: usize, kept: usize, batch: usize, weights: usize) -> Self {
        let pass = batch.next_multiple_of(8).min(PASS);
        let of_batches = rows / batch * batch.div_ceil(pass) + (rows % batch).div_ceil(pass);
        let all = of_batches + kept.div_ceil(pass);
        // Forward and twice back; Adam's step on all weights costs like some rows more.
        let work = 3 * weights.max(1) * (pass + 8);
        let passes = (STEP / work).max(1);
        Self { rows, batch, pass, passes, steps: all.div_ceil(passes) }
    }

    /// The end of the pass that begins at row `at`, and whether its batch ends there.
    pub fn pass_end(&self, at: usize) -> (usize, bool) {
        let batch_end = (at / self.batch * self.batch + self.batch).min(self.rows);
        let end = batch_end.min(at + self.pass);
        (end, end == batch_end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn all_passes_fit_into_the_steps(
            rows in 1usize..3_000, kept in 0usize..600, batch in 1usize..900, weights in 1usize..90_000,
        ) {
            let epochs = Epochs::new(rows, kept, batch.min(rows), weights);
            let (mut at, mut passes, mut batches) = (0, 0, 0);
            while at < rows {
                let (end, last) = epochs.pass_end(at);
                prop_assert!(end > at && end - at <= PASS);
                (at, passes, batches) = (end, passes + 1, batches + usize::from(last));
            }
            passes += kept.div_ceil(epochs.pass);
            prop_assert_eq!(batches, rows.div_ceil(epochs.batch));
            prop_assert_eq!(epochs.steps, passes.div_ceil(epochs.passes));
        }
    }
}
