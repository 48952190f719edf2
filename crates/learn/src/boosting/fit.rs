//! Boosting, tree by tree.

use hedgerow_model::{Combine, TreeEnsemble};

use super::grow::{Ground, Grower};
use super::loss::{Block, Loss, Tally, differentiate, differentiate_class, log_sums};
use super::pairs::{Pair, Quanta};
use super::params::GradientBoosting;
use super::quantile::quantile;
use super::rows::Rows;
use super::sample::{draw_features, draw_rows, split_validation};
use super::split::Criterion;
use super::start::{self, Names};
use super::trees::{Trees, leaf_of};
use crate::LearnError;
use crate::forest::{Binned, Random, Target};

/// Memory for histograms; leaves for whose there is none are counted anew.
const HISTOGRAM_BYTES: usize = 128 << 20;

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Boosted {
    pub trees: TreeEnsemble,
    /// Each feature's part of what the splits gained; sums to 1, or is all 0.
    pub importances: Vec<f64>,
    /// `validation_loss` with early stopping, else `training_loss`.
    pub loss_name: &'static str,
    /// The loss after each round.
    pub losses: Vec<f64>,
    /// That of the last round that was kept.
    pub best_loss: f64,
}

/// A boosting under way.
pub(super) struct Boosting {
    params: GradientBoosting,
    binned: Binned,
    loss: Loss,
    seed: u64,
    targets: Targets,
    /// One a row; 0 for those that are not learned from.
    weights: Vec<f64>,
    /// All rows that are learned from count 1.
    unweighted: bool,
    learn: Vec<u32>,
    validation: Validation,
    features: Vec<u16>,
    orders: Vec<i8>,
    base: Vec<f64>,
    /// Class by class.
    scores: Vec<f64>,
    /// Logarithms of the sums of exponentials; of softmax only.
    log_sums: Vec<f64>,
    /// What gradients are stored in.
    unit: f64,
    pairs: Vec<Pair>,
    tally: Tally,
    quanta: Quanta,
    rows: Rows,
    others: Vec<u32>,
    grower: Grower,
    growing: bool,
    trees: Trees,
    /// Trees grown so far.
    grown: usize,
    /// Whether any tree of the round has a split.
    useful: bool,
    losses: Vec<f64>,
    ended: bool,
    pub(super) histogram_bytes: usize,
}

enum Targets {
    Numbers(Vec<f64>),
    Classes(Vec<u32>),
}

/// Rows that tell when to stop.
struct Validation {
    rows: Vec<u32>,
    /// One each.
    weights: Vec<f64>,
}

impl Boosting {
    /// Gets everything ready for the first tree. `weights`, if any, are one a row, finite and at
    /// least 0, with a positive and finite sum.
    ///
    /// # Errors
    /// [`LearnError::BadParameter`] for parameters out of their range or not for this target,
    /// [`LearnError::TooFewRows`] where none has weight.
    pub fn new(
        params: GradientBoosting,
        binned: Binned,
        names: Names,
        target: Target,
        weights: Option<Vec<f64>>,
        seed: u64,
    ) -> Result<Self, LearnError> {
        params.check()?;
        let loss = start::loss(&params, &target)?;
        let orders = start::orders(&params, loss, names)?;
        let n = binned.rows();
        let unweighted = weights.is_none();
        let mut weights = weights.unwrap_or_else(|| vec![1.0; n]);
        let weighing: Vec<u32> = (0..n as u32).filter(|&row| weights[row as usize] > 0.0).collect();
        let (learn, validate): (Vec<u32>, _) = match params.early_stopping_rounds {
            Some(_) => split_validation(&weighing, &target, params.validation_fraction, seed),
            None => (weighing, Vec::new()),
        };
        if learn.is_empty() {
            return Err(LearnError::TooFewRows { rows: 0, needed: 1 });
        }
        let validation = Validation {
            weights: validate.iter().map(|&row| weights[row as usize]).collect(),
            rows: validate,
        };
        validation.rows.iter().for_each(|&row| weights[row as usize] = 0.0);
        let base = start::base(loss, &target, &learn, &weights);
        let targets = match (loss, target) {
            (Loss::Softmax(_), Target::Classes { codes, .. }) => Targets::Classes(codes),
            (_, target) => Targets::Numbers(start::numbers(&target)),
        };
        let unit = match &targets {
            Targets::Numbers(targets) => start::unit(loss, targets, base[0]),
            Targets::Classes(_) => 1.0,
        };
        let features = (0..binned.bins().len() as u16)
            .filter(|&feature| binned.bins()[usize::from(feature)].n_codes() > 1)
            .collect();
        let mut boosting = Self {
            scores: base.iter().flat_map(|&base| std::iter::repeat_n(base, n)).collect(),
            log_sums: vec![0.0; if base.len() > 1 { n } else { 0 }],
            pairs: vec![0; n],
            loss,
            seed,
            targets,
            weights,
            unweighted,
            learn,
            validation,
            features,
            orders,
            base,
            unit,
            tally: Tally::default(),
            quanta: Quanta { gradient: 1.0, hessian: 1.0 },
            rows: Rows::default(),
            others: Vec::new(),
            grower: Grower::default(),
            growing: false,
            trees: Trees::default(),
            grown: 0,
            useful: false,
            losses: Vec::new(),
            ended: false,
            histogram_bytes: HISTOGRAM_BYTES,
            params,
            binned,
        };
        boosting.refresh();
        Ok(boosting)
    }

    /// Rounds there are at most.
    pub fn n_rounds(&self) -> usize {
        self.params.n_estimators as usize
    }

    /// What [`Self::advance`] returns for a round, added up, about.
    pub fn round_cost(&self) -> usize {
        let a_tree = self.begin_cost() + 6 * self.binned.rows() * self.split_cost();
        a_tree * self.base.len()
    }

    /// Of the gradients and the root, in additions to a histogram.
    fn begin_cost(&self) -> usize {
        self.binned.rows() * (self.features.len() + 20)
    }

    /// Of a split, for each of the rows.
    fn split_cost(&self) -> usize {
        self.features.len() / 2 + 4
    }

    /// Whether all trees were grown, or more would not help.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// The loss after each round so far.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// What [`Self::losses`] are.
    pub fn loss_name(&self) -> &'static str {
        if self.validation.rows.is_empty() { "training_loss" } else { "validation_loss" }
    }

    /// Begins a tree, or goes on with one until it is complete or as much work was done as `budget`
    /// additions to histograms are. About how much it was.
    pub fn advance(&mut self, budget: usize) -> usize {
        if self.ended {
            return 0;
        }
        if !self.growing {
            self.begin_tree();
            self.growing = true;
            return self.begin_cost();
        }
        let mut grower = std::mem::take(&mut self.grower);
        let (rows, complete) = grower.grow(self.ground(), (budget / self.split_cost()).max(1));
        if complete {
            self.end_tree(&mut grower);
            self.growing = false;
        }
        self.grower = grower;
        rows * self.split_cost() + 1
    }

    /// The trees, cut off after the best round where a validation part told which it was.
    pub fn finish(mut self) -> Boosted {
        let last = if self.validation.rows.is_empty() {
            self.losses.len().saturating_sub(1)
        } else {
            best_round(&self.losses)
        };
        self.trees.truncate((last + 1) * self.base.len());
        let combine = Combine::Sum { base: self.base.clone(), link: self.loss.link() };
        Boosted {
            importances: self.trees.importances(self.binned.bins().len()),
            loss_name: self.loss_name(),
            trees: self.trees.into_ensemble(&self.binned, combine),
            best_loss: self.losses.get(last).copied().unwrap_or_default(),
            losses: self.losses,
        }
    }

    /// The class whose score the next tree adds to.
    fn class(&self) -> usize {
        self.grown % self.base.len()
    }

    /// Derives the loss at the scores as they are, for the next round.
    fn refresh(&mut self) -> f64 {
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

    fn begin_tree(&mut self) {
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
        self.quanta.round(&mut self.pairs);
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
            draw_rows(&self.learn, fraction, &mut random, &mut drawn, &mut self.others);
            grower.begin(self.ground(), &drawn);
        } else {
            grower.begin(self.ground(), &self.learn);
        }
        self.grower = grower;
    }

    /// A pair's Hessian is 1.
    fn counts(&self) -> bool {
        self.unweighted && self.loss.hessian_is_weight()
    }

    /// What a quantum of gradient and of Hessian really is.
    fn units(&self) -> (f64, f64) {
        let unit = if self.loss == Loss::Poisson { self.unit } else { 1.0 };
        (self.quanta.gradient * self.unit, self.quanta.hessian * unit)
    }

    fn ground(&self) -> Ground<'_> {
        let (g, h) = self.units();
        let params = &self.params;
        Ground {
            binned: &self.binned,
            rows: &self.rows,
            pairs: &self.pairs,
            orders: &self.orders,
            criterion: Criterion {
                l1: params.reg_alpha / g,
                l2: params.reg_lambda / h,
                min_gain: params.min_split_gain / g * h / g,
                min_hessian: (params.min_child_weight / h).max(1.0),
                min_rows: f64::from(params.min_samples_leaf),
                cat_l2: params.cat_l2 / h,
                cat_smooth: params.cat_smooth / h,
                min_cat_rows: params.cat_smooth,
                max_cat_threshold: params.max_cat_threshold as usize,
                bounded: self.orders.iter().any(|&order| order != 0),
            },
            max_leaves: params.num_leaves as usize,
            max_depth: params.max_depth.unwrap_or(u32::MAX),
            histogram_bytes: self.histogram_bytes,
            counts: self.counts(),
        }
    }

    fn end_tree(&mut self, grower: &mut Grower) {
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
        for &row in &self.others {
            scores[row as usize] += values[leaf_of(grower, &self.binned, row as usize)];
        }
        self.trees.push(grower, self.binned.bins(), &values, gain);
        self.useful |= values.len() > 1;
        self.grown += 1;
        if self.class() == 0 {
            self.end_round();
        }
    }

    /// The quantile of what is left of the target, leaf by leaf.
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

    fn end_round(&mut self) {
        let sum = self.refresh();
        let loss = if self.validation.rows.is_empty() {
            let weights = self.learn.iter().map(|&row| self.weights[row as usize]);
            sum / weights.sum::<f64>()
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

/// The first round with the smallest loss.
fn best_round(losses: &[f64]) -> usize {
    let smaller = |best: usize, (round, loss): (usize, &f64)| {
        if *loss < losses[best] { round } else { best }
    };
    losses.iter().enumerate().fold(0, smaller)
}

#[inline(never)]
fn add(scores: &mut [f64], ids: &[u32], value: f64) {
    ids.iter().for_each(|&id| scores[id as usize] += value);
}
