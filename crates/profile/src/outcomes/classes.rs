//! Predicted classes beside true ones.

use alloc::vec::Vec;

use super::{Mean, UNSOUND};
use crate::Fault;
use crate::bytes::{Reader, Writer};
use crate::numbers::{add_all, total};

/// Parts of the probabilities from 0 to 1.
pub const PARTS: usize = 100;

/// Steps a loss of 1 is divided into: 2 to this.
const FINE: i32 = 32;

/// How near probabilities come to 0 and 1 where their logarithm is taken, as in scikit-learn.
const LEAST: f64 = f64::EPSILON;

/// All that was counted of classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassOutcomes {
    /// Rows by their true class.
    pub truths: Vec<u64>,
    /// Rows by the class that was predicted.
    pub predicted: Vec<u64>,
    /// Rows by their true class where it was predicted.
    pub hits: Vec<u64>,
    /// Rows by how sure the model was, in [`PARTS`] equal parts of the probability, where it was so: that of two
    /// classes is of the second one, which is true or not; of more, of the predicted one.
    pub sure_so: Vec<u64>,
    /// Rows by how sure the model was where it was not so.
    pub sure_not: Vec<u64>,
    log_loss: Sum,
    brier: Sum,
}

/// A sum of losses and of their squares, in whole steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sum {
    of: i128,
    squares: i128,
}

impl ClassOutcomes {
    pub(super) fn new(n: usize) -> Self {
        let zeros = |n| alloc::vec![0; n];
        Self {
            truths: zeros(n),
            predicted: zeros(n),
            hits: zeros(n),
            sure_so: zeros(PARTS),
            sure_not: zeros(PARTS),
            log_loss: Sum::default(),
            brier: Sum::default(),
        }
    }

    pub(super) fn record(&mut self, truth: usize, predicted: usize, probabilities: &[f64]) -> bool {
        let n = self.truths.len();
        let sound = probabilities.iter().all(|p| (0.0..=1.0).contains(p));
        if truth >= n || predicted >= n || probabilities.len() != n || !sound {
            return false;
        }
        let is_hit = truth == predicted;
        for (counts, index, is_so) in [
            (&mut self.truths, truth, true),
            (&mut self.predicted, predicted, true),
            (&mut self.hits, truth, is_hit),
        ] {
            counts[index] = counts[index].saturating_add(u64::from(is_so));
        }
        let is_so = if n == 2 { truth == 1 } else { is_hit };
        let part = part(sureness(probabilities));
        let counts = if is_so { &mut self.sure_so } else { &mut self.sure_not };
        counts[part] = counts[part].saturating_add(1);
        self.log_loss.add(-libm::log(probabilities[truth].clamp(LEAST, 1.0 - LEAST)));
        self.brier.add(brier(probabilities, truth));
        true
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (counts, more) in self.lists_mut().into_iter().zip(other.lists()) {
            add_all(counts, more);
        }
        self.log_loss.merge(other.log_loss);
        self.brier.merge(other.brier);
    }

    /// Rows whose truth is known.
    pub fn rows(&self) -> u64 {
        total(&self.truths)
    }

    fn lists(&self) -> [&Vec<u64>; 5] {
        [&self.truths, &self.predicted, &self.hits, &self.sure_so, &self.sure_not]
    }

    fn lists_mut(&mut self) -> [&mut Vec<u64>; 5] {
        let Self { truths, predicted, hits, sure_so, sure_not, .. } = self;
        [truths, predicted, hits, sure_so, sure_not]
    }

    /// The mean of the negative logarithm of the true class's probability; none of no rows.
    pub fn log_loss(&self) -> Option<Mean> {
        self.log_loss.mean(self.rows())
    }

    /// The mean of half the squared distance from certainty (Brier 1950); none of no rows.
    pub fn brier(&self) -> Option<Mean> {
        self.brier.mean(self.rows())
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.lists().into_iter().flatten().for_each(|&count| out.whole(count));
        [self.log_loss, self.brier].into_iter().for_each(|sum| sum.write(out));
    }

    pub(super) fn read(from: &mut Reader<'_>, n: usize) -> Result<Self, Fault> {
        let mut read = Self::new(n);
        for list in read.lists_mut() {
            for count in list {
                *count = from.count()?;
            }
        }
        read.log_loss = Sum::read(from)?;
        read.brier = Sum::read(from)?;
        let rows = read.rows();
        let sure = total(&read.sure_so).saturating_add(total(&read.sure_not));
        let hits = |of: &[u64]| read.hits.iter().zip(of).all(|(hits, all)| hits <= all);
        let sound = total(&read.predicted) == rows && sure == rows;
        if sound && hits(&read.truths) && hits(&read.predicted) { Ok(read) } else { Err(UNSOUND) }
    }
}

/// How sure a model is: the probability of the second of two classes, or of the likeliest of more.
pub fn sureness(probabilities: &[f64]) -> f64 {
    match probabilities {
        [_, second] => *second,
        more => more.iter().copied().fold(0.0, f64::max),
    }
}

/// The part that a probability is in.
pub fn part(probability: f64) -> usize {
    ((probability * PARTS as f64) as usize).min(PARTS - 1)
}

/// Half the squared distance from certainty.
fn brier(probabilities: &[f64], truth: usize) -> f64 {
    let far = |class: usize| probabilities[class] - if class == truth { 1.0 } else { 0.0 };
    (0..probabilities.len()).map(|class| far(class) * far(class)).sum::<f64>() / 2.0
}

impl Sum {
    fn add(&mut self, loss: f64) {
        let steps = libm::rint(libm::ldexp(loss, FINE)) as i128;
        self.merge(Self { of: steps, squares: steps * steps });
    }

    fn merge(&mut self, other: Self) {
        self.of = self.of.saturating_add(other.of);
        self.squares = self.squares.saturating_add(other.squares);
    }

    fn mean(&self, rows: u64) -> Option<Mean> {
        let unit = libm::ldexp(1.0, -FINE);
        let (n, mean) = (rows as f64, self.of as f64 * unit / rows as f64);
        let variance = self.squares as f64 * unit * unit / n - mean * mean;
        (rows > 0).then(|| Mean { mean, std: libm::sqrt(variance.max(0.0)) })
    }

    fn write(self, out: &mut Writer) {
        out.wide(self.of);
        out.wide(self.squares);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        let read = Self { of: from.wide()?, squares: from.wide()? };
        if read.of >= 0 && read.squares >= 0 { Ok(read) } else { Err(UNSOUND) }
    }
}
