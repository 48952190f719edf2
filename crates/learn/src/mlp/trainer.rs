//! Batches, epochs, and when to stop.

use hedgerow_model::{Dense, Mlp as Network};

use super::Mlp;
use super::adam::Adam;
use super::epochs::Epochs;
use super::examples::Examples;
use super::pass::Pass;
use super::validation::{Tally, keep};
use crate::LearnError;
use crate::forest::Random;

/// A network in training.
pub(super) struct Trainer {
    params: Mlp,
    pub examples: Examples,
    seed: u64,
    pub network: Network,
    pass: Pass,
    adam: Adam,
    dropout: Random,
    pub epochs: Epochs,
    /// The rows learned from, in the order of the epoch.
    rows: Vec<u32>,
    kept: Vec<u32>,
    /// Passed rows of this epoch, those learned from first.
    at: usize,
    /// Loss and weight of this batch and of this epoch.
    batch: Sums,
    epoch: Sums,
    tally: Tally,
    best: Best,
    pub losses: Vec<f64>,
    pub scores: Vec<f64>,
}

#[derive(Default)]
struct Sums {
    loss: f64,
    weight: f64,
}

/// The best epoch so far, and how many there were since the last that was better.
struct Best {
    value: f64,
    stale: u32,
    layers: Vec<Dense>,
}

/// What is drawn, each by a generator of its own; epochs follow.
const WEIGHTS: usize = 0;
const KEPT: usize = 1;
const DROPOUT: usize = 2;
const EPOCHS: usize = 3;

impl Trainer {
    pub fn new(params: Mlp, examples: Examples, seed: u64) -> Result<Self, LearnError> {
        let widths = params.widths(examples.features, examples.target.n_scores())?;
        let network = Network {
            layers: begin(&widths, &mut Random::for_tree(seed, WEIGHTS)),
            activation: params.activation,
            link: examples.target.link(),
            target: examples.target.scale(),
        };
        let (rows, kept) = if params.early_stopping {
            keep(&examples, params.validation_fraction, &mut Random::for_tree(seed, KEPT))?
        } else {
            ((0..examples.rows() as u32).collect(), Vec::new())
        };
        let batch = params.batch(rows.len());
        let weights = network.layers.iter().map(|layer| layer.weights.len()).sum();
        let epochs = Epochs::new(rows.len(), kept.len(), batch, weights);
        Ok(Self {
            pass: Pass::new(&network, epochs.pass, params.dropout > 0.0),
            adam: Adam::new(&network, params.learning_rate),
            dropout: Random::for_tree(seed, DROPOUT),
            best: Best { value: f64::NEG_INFINITY, stale: 0, layers: Vec::new() },
            epochs,
            at: 0,
            batch: Sums::default(),
            epoch: Sums::default(),
            tally: Tally::default(),
            losses: Vec::new(),
            scores: Vec::new(),
            params,
            examples,
            seed,
            network,
            rows,
            kept,
        })
    }

    /// Some passes, to the end of the epoch at most.
    ///
    /// # Errors
    /// [`LearnError::Diverged`].
    pub fn step(&mut self) -> Result<(), LearnError> {
        if self.at == 0 {
            Random::for_tree(self.seed, EPOCHS + self.losses.len()).shuffle(&mut self.rows);
        }
        for _ in 0..self.epochs.passes {
            if self.at < self.rows.len() {
                self.learn();
            } else {
                self.validate();
            }
            if self.at == self.rows.len() + self.kept.len() {
                return self.end_epoch();
            }
        }
        Ok(())
    }

    /// Whether there were enough epochs.
    pub fn ended(&self) -> bool {
        self.losses.len() >= self.params.max_iter as usize
            || self.best.stale > self.params.n_iter_no_change
    }

    /// The network, with the weights of the best epoch where rows were kept to tell.
    pub fn finish(mut self) -> (Network, Vec<f64>, Vec<f64>) {
        if !self.best.layers.is_empty() {
            self.network.layers = self.best.layers;
        }
        (self.network, self.losses, self.scores)
    }

    fn learn(&mut self) {
        let (end, last) = self.epochs.pass_end(self.at);
        let rows = &self.rows[self.at..end];
        let share = self.params.dropout;
        let dropout = (share > 0.0).then_some((share, &mut self.dropout));
        self.batch.loss += self.pass.learn(&self.network, &self.examples, rows, dropout);
        self.batch.weight +=
            rows.iter().map(|&row| f64::from(self.examples.weight(row))).sum::<f64>();
        self.at = end;
        if last {
            self.end_batch();
        }
    }

    fn end_batch(&mut self) {
        let Sums { loss, weight } = std::mem::take(&mut self.batch);
        // A batch of rows that do not count teaches nothing.
        if weight > 0.0 {
            let alpha = self.params.alpha;
            self.epoch.loss += loss + 0.5 * alpha * squares(&self.network);
            self.epoch.weight += weight;
            self.adam.step(&mut self.network, &self.pass.gradients, weight, alpha);
        }
        self.pass.clear();
    }

    fn validate(&mut self) {
        let start = self.at - self.rows.len();
        let rows = &self.kept[start..self.kept.len().min(start + self.epochs.pass)];
        let (scores, stride) = self.pass.scores(&self.network, &self.examples, rows);
        self.tally.add(&self.examples, rows, scores, stride);
        self.at += rows.len();
    }

    fn end_epoch(&mut self) -> Result<(), LearnError> {
        self.at = 0;
        let Sums { loss, weight } = std::mem::take(&mut self.epoch);
        let loss = loss / weight;
        self.losses.push(loss);
        let finite = |layer: &Dense| layer.weights.iter().all(|weight| weight.is_finite());
        if !loss.is_finite() || !self.network.layers.iter().all(finite) {
            return Err(LearnError::Diverged { epoch: self.losses.len() });
        }
        if self.kept.is_empty() {
            self.judge(-loss);
        } else {
            let score = std::mem::take(&mut self.tally).score(&self.examples.target);
            self.scores.push(score);
            if self.judge(score) {
                self.best.layers.clone_from(&self.network.layers);
            }
        }
        Ok(())
    }

    /// Whether an epoch is the best so far.
    fn judge(&mut self, value: f64) -> bool {
        let clearly = value >= self.best.value + self.params.tol;
        self.best.stale = if clearly { 0 } else { self.best.stale + 1 };
        let better = value > self.best.value;
        if better {
            self.best.value = value;
        }
        better
    }
}

/// Weights and biases drawn evenly within ±sqrt(6 / (inputs + units)) (Glorot & Bengio 2010).
fn begin(widths: &[usize], random: &mut Random) -> Vec<Dense> {
    let layer = |pair: &[usize]| {
        let bound = (6.0 / (pair[0] + pair[1]).max(1) as f64).sqrt();
        let mut draw = || ((random.uniform() * 2.0 - 1.0) * bound) as f32;
        let mut layer = Dense::zeros(pair[0], pair[1]);
        layer.weights.iter_mut().for_each(|weight| *weight = draw());
        layer.biases.iter_mut().for_each(|bias| *bias = draw());
        layer
    };
    widths.windows(2).map(layer).collect()
}

/// The sum of all squared weights, in four sums side by side.
fn squares(network: &Network) -> f64 {
    let mut sums = [0.0f64; 4];
    for layer in &network.layers {
        for quad in layer.weights.chunks(4) {
            sums.iter_mut().zip(quad).for_each(|(sum, weight)| *sum += f64::from(weight * weight));
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}
