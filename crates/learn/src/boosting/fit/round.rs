//! What happens in a round: gradients, trees on them, and the loss they leave.

use super::{Boosting, Targets, best_round};
use crate::boosting::grow::Grower;
use crate::boosting::loss::{Block, differentiate, differentiate_class, log_sums};
use crate::boosting::members::Members;
use crate::boosting::pairs::{Pair, Quanta};
use crate::boosting::quantile::quantile;
use crate::boosting::sample::{draw_features, draw_rows};
use crate::boosting::trees::leaf_of;
use crate::forest::{Binned, Random};

impl Boosting {
    /// Derives the loss at the scores as they are, for the next round.
    #[inline(never)]
    pub(super) fn refresh(&mut self) -> f64 {
        match &self.targets {
            Targets::Numbers(targets) => {
                let block = Block { scores: &self.scores, targets, weights: &self.weights };
                self.tally = differentiate(self.loss, block, self.unit, &mut self.pairs);
                self.tally.losses()
            }
            Targets::Classes(classes) => {
                log_sums(&self.scores, classes, &self.weights, &mut self.log_sums)
            }
        }
    }

    #[inline(never)]
    pub(super) fn begin_tree(&mut self) {
        let (class, n) = (self.class(), self.binned.rows());
        if let Targets::Classes(classes) = &self.targets {
            self.tally = differentiate_class(
                (class as u32, self.base.len()),
                &self.scores[class * n..][..n],
                &self.log_sums,
                classes,
                &self.weights,
                &mut self.pairs,
            );
        }
        self.quanta = Quanta::new(n, self.tally.gradients(), self.tally.hessians());
        if self.counts() {
            self.quanta = self.quanta.counting();
        }
        let total = self.quanta.round(&mut self.pairs);
        let mut random = Random::for_tree(self.seed, self.grown);
        let sampled = self.params.colsample < 1.0;
        if sampled || self.grown == 0 {
            let features = if sampled {
                draw_features(&self.features, self.params.colsample, &mut random)
            } else {
                self.features.clone()
            };
            self.rows.fill(&self.binned, &features);
        }
        self.others.clear();
        self.others.extend_from_slice(&self.validation.rows);
        let mut grower = std::mem::take(&mut self.grower);
        if self.params.subsample < 1.0 {
            let mut drawn = Vec::new();
            let fraction = self.params.subsample;
            draw_rows(self.learn.all(), fraction, &mut random, &mut drawn, &mut self.others);
            let total = sum(&drawn, &self.pairs);
            grower.begin(self.ground(), &Members::new(drawn), total);
        } else {
            let ids = self.learn.all();
            let total = if ids.len() == n { total } else { sum(ids, &self.pairs) };
            grower.begin(self.ground(), &self.learn, total);
        }
        self.grower = grower;
    }

    #[inline(never)]
    pub(super) fn end_tree(&mut self, grower: &mut Grower) {
        let (g, h) = self.units();
        let gain = self.quanta.gradient / self.quanta.hessian * self.quanta.gradient;
        let values: Vec<f64> = match self.loss.quantile() {
            Some(alpha) => self.quantiles(grower, alpha),
            None => grower.leaves.iter().map(|leaf| leaf.value * (g / h)).collect(),
        };
        // Finite, so that a file can hold it, whatever the target.
        let shrink = |value: f64| (value * self.params.learning_rate).clamp(f64::MIN, f64::MAX);
        let values: Vec<f64> = values.into_iter().map(shrink).collect();
        let n = self.binned.rows();
        let class = self.class();
        let scores = &mut self.scores[class * n..][..n];
        for (leaf, value) in grower.leaves.iter().zip(&values) {
            add(scores, grower.ids.numbers(leaf.rows.0, leaf.rows.1), *value);
        }
        add_to_others(scores, &self.others, &values, grower, &self.binned);
        self.trees.push(grower, self.binned.bins(), &values, gain);
        self.useful |= values.len() > 1;
        self.grown += 1;
        if self.class() == 0 {
            self.end_round();
        }
    }

    /// The quantile of what is left of the target, leaf by leaf.
    #[inline(never)]
    fn quantiles(&self, grower: &Grower, alpha: f64) -> Vec<f64> {
        let Targets::Numbers(targets) = &self.targets else { return Vec::new() };
        let of_leaf = |(start, end): (usize, usize)| {
            let ids = grower.ids.numbers(start, end);
            let mut residuals: Vec<f64> =
                ids.iter().map(|&id| targets[id as usize] - self.scores[id as usize]).collect();
            let weights: Option<Vec<f64>> = (!self.unweighted)
                .then(|| ids.iter().map(|&id| self.weights[id as usize]).collect());
            quantile(&mut residuals, weights.as_deref(), alpha)
        };
        grower.leaves.iter().map(|leaf| of_leaf(leaf.rows)).collect()
    }

    #[inline(never)]
    fn end_round(&mut self) {
        let sum = self.refresh();
        let loss = if self.validation.rows.is_empty() {
            sum / self.learn_weight
        } else {
            self.validation_loss()
        };
        // Finite, so that a file can hold it, whatever the target.
        self.losses.push(if loss.is_finite() { loss } else { f64::MAX });
        let patience = self.params.early_stopping_rounds.map_or(usize::MAX, |n| n as usize);
        let waited = self.losses.len() - 1 - best_round(&self.losses);
        let all_see_the_same = self.params.subsample >= 1.0 && self.params.colsample >= 1.0;
        self.ended = self.losses.len() >= self.n_rounds()
            || !self.validation.rows.is_empty() && waited >= patience
            || !self.useful && all_see_the_same
            || self.trees.nodes() > u32::MAX as usize / 2;
        self.useful = false;
    }

    #[inline(never)]
    fn validation_loss(&self) -> f64 {
        let total: f64 = self.validation.weights.iter().sum();
        let n = self.binned.rows();
        let pick = |values: &[f64]| -> Vec<f64> {
            self.validation.rows.iter().map(|&row| values[row as usize]).collect()
        };
        let rows = self.validation.rows.len();
        let weights = &self.validation.weights;
        let sum = match &self.targets {
            Targets::Numbers(targets) => {
                let (scores, targets) = (pick(&self.scores), pick(targets));
                let block = Block { scores: &scores, targets: &targets, weights };
                differentiate(self.loss, block, self.unit, &mut vec![0; rows]).losses()
            }
            Targets::Classes(classes) => {
                let scores: Vec<f64> = self.scores.chunks_exact(n).flat_map(pick).collect();
                let classes: Vec<u32> =
                    self.validation.rows.iter().map(|&row| classes[row as usize]).collect();
                log_sums(&scores, &classes, weights, &mut vec![0.0; rows])
            }
        };
        sum / total
    }
}

// Loops over rows are functions of their own, so that engines need not optimise more than these.

#[inline(never)]
fn sum(ids: &[u32], pairs: &[Pair]) -> Pair {
    ids.iter().fold(0, |sum: Pair, &id| sum.wrapping_add(pairs[id as usize]))
}

#[inline(never)]
fn add_to_others(
    scores: &mut [f64],
    rows: &[u32],
    values: &[f64],
    grower: &Grower,
    binned: &Binned,
) {
    for &row in rows {
        scores[row as usize] += values[leaf_of(grower, binned, row as usize)];
    }
}

#[inline(never)]
fn add(scores: &mut [f64], ids: &[u32], value: f64) {
    ids.iter().for_each(|&id| scores[id as usize] += value);
}
