//! Boosting, tree by tree.

mod round;

use hedgerow_model::{Combine, TreeEnsemble};

use super::grow::{Ground, Grower};
use super::loss::{Loss, Tally};
use super::members::Members;
use super::pairs::{Pair, Quanta};
use super::params::GradientBoosting;
use super::rows::Rows;
use super::sample::split_validation;
use super::split::Criterion;
use super::start::{self, Names};
use super::trees::Trees;
use crate::LearnError;
use crate::forest::{Binned, Target};

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
    learn: Members,
    /// Of all rows that are learned from.
    learn_weight: f64,
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
    /// Whether the loss was derived where boosting starts.
    derived: bool,
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
        let weighing = weights.as_deref().map_or_else(|| all_rows(n), rows_of_weight);
        let mut weights = weights.unwrap_or_else(|| start::copies(&[1.0], n));
        let (learn, validate): (Vec<u32>, _) = match params.early_stopping_rounds {
            Some(_) => split_validation(&weighing, &target, params.validation_fraction, seed),
            None => (weighing, Vec::new()),
        };
        if learn.is_empty() {
            return Err(LearnError::TooFewRows { rows: 0, needed: 1 });
        }
        let learn_weight =
            if unweighted { learn.len() as f64 } else { start::weight(&learn, &weights) };
        let base = start::base(loss, &target, (&learn, &weights, learn_weight));
        let validation = Validation { weights: pick(&weights, &validate), rows: validate };
        validation.rows.iter().for_each(|&row| weights[row as usize] = 0.0);
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
        Ok(Self {
            scores: start::copies(&base, n),
            log_sums: vec![0.0; if base.len() > 1 { n } else { 0 }],
            pairs: vec![0; n],
            loss,
            seed,
            targets,
            weights,
            unweighted,
            learn: Members::new(learn),
            learn_weight,
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
            derived: false,
            params,
            binned,
        })
    }

    /// Rounds there are at most.
    pub fn n_rounds(&self) -> usize {
        self.params.n_estimators as usize
    }

    /// What [`Self::advance`] returns for a round, added up, about.
    pub fn round_cost(&self) -> usize {
        let splits = (6 * self.binned.rows()).saturating_mul(self.split_cost());
        splits.saturating_add(self.begin_cost()).saturating_mul(self.base.len())
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
        if !self.derived {
            self.refresh();
            self.derived = true;
            return self.begin_cost();
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
}

#[inline(never)]
fn all_rows(n: usize) -> Vec<u32> {
    (0..n as u32).collect()
}

#[inline(never)]
fn rows_of_weight(weights: &[f64]) -> Vec<u32> {
    (0..weights.len() as u32).filter(|&row| weights[row as usize] > 0.0).collect()
}

/// Those of some rows.
#[inline(never)]
fn pick(values: &[f64], rows: &[u32]) -> Vec<f64> {
    rows.iter().map(|&row| values[row as usize]).collect()
}

/// The first round with the smallest loss.
fn best_round(losses: &[f64]) -> usize {
    let smaller = |best: usize, (round, loss): (usize, &f64)| {
        if *loss < losses[best] { round } else { best }
    };
    losses.iter().enumerate().fold(0, smaller)
}
