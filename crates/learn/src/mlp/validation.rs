//! Rows kept aside to stop early by.

use super::examples::{Examples, Labels};
use crate::LearnError;
use crate::forest::Random;

/// The rows to learn from and those kept: of classes the same share of each, of numbers of all.
///
/// # Errors
/// [`LearnError::TooFewRows`] when one part would be empty.
pub(super) fn keep(
    examples: &Examples,
    share: f64,
    random: &mut Random,
) -> Result<(Vec<u32>, Vec<u32>), LearnError> {
    let mut order: Vec<u32> = (0..examples.rows() as u32).collect();
    random.shuffle(&mut order);
    let n = match &examples.target {
        Labels::Classes { n, .. } => *n,
        Labels::Values { .. } => 1,
    };
    let class = |row: u32| match &examples.target {
        Labels::Classes { codes, .. } => codes[row as usize] as usize,
        Labels::Values { .. } => 0,
    };
    let mut left = vec![0usize; n];
    order.iter().for_each(|&row| left[class(row)] += 1);
    left.iter_mut().for_each(|count| *count = (*count as f64 * share + 0.5) as usize);
    let (mut learned, mut kept) = (Vec::new(), Vec::new());
    for row in order {
        let left = &mut left[class(row)];
        if *left > 0 {
            *left -= 1;
            kept.push(row);
        } else {
            learned.push(row);
        }
    }
    if learned.is_empty() || kept.is_empty() {
        // One row of a part in each: as many rows as one row is of the smaller share.
        let needed = (1.0 / share.min(1.0 - share)).ceil().min(1e15) as usize;
        let needed = needed.max(examples.rows() + 1);
        return Err(LearnError::TooFewRows { rows: examples.rows(), needed });
    }
    Ok((learned, kept))
}

/// What the kept rows' score is made of.
#[derive(Debug, Default)]
pub(super) struct Tally {
    weight: f64,
    /// Weight of the rows whose class is right, or squared errors.
    sum: f64,
    /// Of the target: weighted sum, and sum of squares.
    values: [f64; 2],
}

impl Tally {
    /// Adds rows, whose `scores` are a panel.
    pub fn add(&mut self, examples: &Examples, rows: &[u32], scores: &[f32], stride: usize) {
        for (column, &row) in rows.iter().enumerate() {
            let weight = f64::from(examples.weight(row));
            let score = |unit: usize| scores[unit * stride + column];
            self.weight += weight;
            self.sum += weight
                * match &examples.target {
                    Labels::Classes { codes, n } => {
                        f64::from(codes[row as usize] as usize == predicted(*n, &score))
                    }
                    Labels::Values { values, .. } => {
                        let value = values[row as usize];
                        self.values[0] += weight * f64::from(value);
                        self.values[1] += weight * f64::from(value * value);
                        f64::from((score(0) - value) * (score(0) - value))
                    }
                };
        }
    }

    /// Accuracy, or the coefficient of determination; 0 where neither is defined.
    pub fn score(&self, target: &Labels) -> f64 {
        let score = match target {
            Labels::Classes { .. } => self.sum / self.weight,
            Labels::Values { .. } => {
                1.0 - self.sum / (self.values[1] - self.values[0] * self.values[0] / self.weight)
            }
        };
        if score.is_finite() { score } else { 0.0 }
    }
}

/// The class of the largest score, the first of equals.
fn predicted(classes: usize, score: &dyn Fn(usize) -> f32) -> usize {
    if classes == 2 {
        return usize::from(score(0) > 0.0);
    }
    (1..classes).fold(0, |best, class| if score(class) > score(best) { class } else { best })
}
