//! Losses, row by row: their gradients and Hessians by the score.

use hedgerow_model::Link;

use super::elementary::exp;
use super::logistic::logistic;
use super::pairs::Pair;
use super::two::Two;
use crate::CHUNK;

/// `e^0.7`: what LightGBM multiplies the Hessian of the Poisson loss with, so that no step of a leaf
/// is too long (its `poisson_max_delta_step`).
const POISSON_CAUTION: f64 = 2.013_752_707_470_476_5;

/// What is lowered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Loss {
    /// The square of the error.
    Squared,
    /// The error times `above` where the score is too high, `below` where it is too low: the pinball
    /// loss of a quantile, and the absolute error with 1 and 1.
    Pinball { above: f64, below: f64 },
    /// `e^score - y * score`, but for a constant.
    Poisson,
    /// The log loss of class 1 of 0 and 1.
    Logistic,
    /// The log loss of so many classes.
    Softmax(usize),
}

impl Loss {
    pub fn link(self) -> Link {
        match self {
            Self::Squared | Self::Pinball { .. } => Link::Identity,
            Self::Poisson => Link::Exp,
            Self::Logistic => Link::Logistic,
            Self::Softmax(_) => Link::Softmax,
        }
    }

    /// Whether the Hessian is the row's weight.
    pub fn hessian_is_weight(self) -> bool {
        matches!(self, Self::Squared | Self::Pinball { .. })
    }

    /// The quantile of the residuals that a leaf should hold, where the gradients do not tell its
    /// value.
    pub fn quantile(self) -> Option<f64> {
        if let Self::Pinball { above, below } = self { Some(below / (above + below)) } else { None }
    }
}

/// Sums over rows: absolute gradients in units, Hessians, and losses; each in two parts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally([[f64; 2]; 3]);

impl Tally {
    /// Of absolute gradients, in units.
    pub fn gradients(&self) -> f64 {
        self.0[0].iter().sum()
    }

    pub fn hessians(&self) -> f64 {
        self.0[1].iter().sum()
    }

    pub fn losses(&self) -> f64 {
        self.0[2].iter().sum()
    }

    /// Adds sums of each, in four parts.
    #[inline(always)]
    pub fn add(&mut self, parts: [[f32; 4]; 3]) {
        for (sums, [a, b, c, d]) in self.0.iter_mut().zip(parts.map(|part| part.map(f64::from))) {
            sums[0] += a + b;
            sums[1] += c + d;
        }
    }
}

/// Some rows: scores, targets and weights, one each.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub scores: &'a [f64],
    pub targets: &'a [f64],
    pub weights: &'a [f64],
}

/// Gradients, in `unit`s, and Hessians of all rows, and the sums of their absolutes and of losses.
/// Not for softmax, which has functions of its own.
#[inline(never)]
pub(super) fn differentiate(loss: Loss, block: Block, unit: f64, pairs: &mut [Pair]) -> Tally {
    let mut tally = Tally::default();
    let per_unit = 1.0 / unit;
    for (part, pairs) in pairs.chunks_mut(CHUNK).enumerate() {
        let rows = part * CHUNK..part * CHUNK + pairs.len();
        let block = Block {
            scores: &block.scores[rows.clone()],
            targets: &block.targets[rows.clone()],
            weights: &block.weights[rows],
        };
        match loss {
            Loss::Squared => squared(block, per_unit, pairs, &mut tally),
            Loss::Pinball { above, below } => pinball(block, above, below, pairs, &mut tally),
            Loss::Poisson => poisson(block, per_unit, pairs, &mut tally),
            Loss::Logistic | Loss::Softmax(_) => logistic(block, pairs, &mut tally),
        }
    }
    tally
}

/// `derive` makes gradient, Hessian and loss of score and target.
#[inline(always)]
fn each_row(
    block: Block,
    per_unit: f64,
    pairs: &mut [Pair],
    tally: &mut Tally,
    derive: impl Fn(Two, Two) -> (Two, Two, Two),
) {
    let (most, least) = (Two::all(1e18), Two::all(-1e18));
    let mut sums = tally.0.map(Two::new);
    let mut two = |scores, targets, weights| {
        let weights = Two::new(weights);
        let (gradient, hessian, loss) = derive(Two::new(scores), Two::new(targets));
        // Finite whatever the target, so that sums are.
        let gradient = gradient.mul(Two::all(per_unit)).mul(weights).at_most(most).at_least(least);
        let hessian = hessian.mul(weights).at_most(most);
        sums[0] = sums[0].add(gradient.at_least(Two::all(0.0).sub(gradient)));
        sums[1] = sums[1].add(hessian);
        sums[2] = sums[2].add(loss.mul(weights));
        gradient.pairs(hessian)
    };
    let (scores, last_score) = block.scores.as_chunks();
    let (targets, last_target) = block.targets.as_chunks();
    let (weights, last_weight) = block.weights.as_chunks();
    let (twos, last) = pairs.as_chunks_mut();
    for (((out, scores), targets), weights) in twos.iter_mut().zip(scores).zip(targets).zip(weights)
    {
        *out = two(*scores, *targets, *weights);
    }
    if let ([out], [score], [target], [weight]) = (last, last_score, last_target, last_weight) {
        *out = two([*score, 0.0], [*target, 0.0], [*weight, 0.0])[0];
    }
    tally.0 = sums.map(Two::get);
}

#[inline(never)]
fn squared(block: Block, per_unit: f64, pairs: &mut [Pair], tally: &mut Tally) {
    each_row(block, per_unit, pairs, tally, |score, target| {
        let error = score.sub(target);
        (error, Two::all(1.0), error.mul(error))
    });
}

#[inline(never)]
fn pinball(block: Block, above: f64, below: f64, pairs: &mut [Pair], tally: &mut Tally) {
    each_row(block, 1.0, pairs, tally, |score, target| {
        let error = score.sub(target);
        let gradient = Two::new(error.get().map(|error| if error >= 0.0 { above } else { -below }));
        (gradient, Two::all(1.0), gradient.mul(error))
    });
}

#[inline(never)]
fn poisson(block: Block, per_unit: f64, pairs: &mut [Pair], tally: &mut Tally) {
    each_row(block, per_unit, pairs, tally, |score, target| {
        let mean = exp(score);
        let hessian = mean.mul(Two::all(per_unit * POISSON_CAUTION));
        (mean.sub(target), hessian, mean.sub(target.mul(score)))
    });
}

/// The logarithm of the sum of `e^score` over classes, for all rows; `scores` are class by class.
/// The sum of the losses.
pub(super) fn log_sums(scores: &[f64], classes: &[u32], weights: &[f64], sums: &mut [f64]) -> f64 {
    let rows = sums.len();
    let mut loss = 0.0;
    for (part, sums) in sums.chunks_mut(CHUNK).enumerate() {
        let first = part * CHUNK;
        let mut most = vec![f64::NEG_INFINITY; sums.len()];
        sums.fill(0.0);
        for scores in scores.chunks_exact(rows) {
            larger(&scores[first..][..sums.len()], &mut most);
        }
        for scores in scores.chunks_exact(rows) {
            add_exponentials(&scores[first..][..sums.len()], &most, sums);
        }
        for (at, (sum, most)) in sums.iter_mut().zip(&most).enumerate() {
            let row = first + at;
            *sum = most + libm::log(*sum);
            loss += weights[row] * (*sum - scores[classes[row] as usize * rows + row]);
        }
    }
    loss
}

#[inline(never)]
fn larger(scores: &[f64], most: &mut [f64]) {
    most.iter_mut().zip(scores).for_each(|(most, &score)| {
        *most = if score > *most { score } else { *most };
    });
}

#[inline(never)]
fn add_exponentials(scores: &[f64], most: &[f64], sums: &mut [f64]) {
    let two = |[a, b]: [f64; 2], [c, d]: [f64; 2], [e, f]: [f64; 2]| {
        Two::new([a, b]).add(exp(Two::new([c, d]).sub(Two::new([e, f])))).get()
    };
    let (sums, last) = sums.as_chunks_mut();
    let ((scores, last_score), (most, last_most)) = (scores.as_chunks(), most.as_chunks());
    for ((sum, score), most) in sums.iter_mut().zip(scores).zip(most) {
        *sum = two(*sum, *score, *most);
    }
    if let ([sum], [score], [most]) = (last, last_score, last_most) {
        *sum = two([*sum, 0.0], [*score, 0.0], [*most, 0.0])[0];
    }
}

/// Gradients and Hessians of one class's scores; `n` classes. Friedman's (2001) factor makes the
/// Hessian of `n` scores, of which one is redundant, that of `n - 1`.
pub(super) fn differentiate_class(
    (class, n): (u32, usize),
    scores: &[f64],
    sums: &[f64],
    classes: &[u32],
    weights: &[f64],
    pairs: &mut [Pair],
) -> Tally {
    let mut tally = Tally::default();
    let factor = n as f64 / (n as f64 - 1.0);
    for (part, pairs) in pairs.chunks_mut(CHUNK).enumerate() {
        let rows = part * CHUNK..part * CHUNK + pairs.len();
        let shifted: Vec<f64> =
            scores[rows.clone()].iter().zip(&sums[rows.clone()]).map(|(s, sum)| s - sum).collect();
        let is_class = |&code: &u32| if code == class { 1.0 } else { 0.0 };
        let targets: Vec<f64> = classes[rows.clone()].iter().map(is_class).collect();
        let block = Block { scores: &shifted, targets: &targets, weights: &weights[rows] };
        one_class(block, factor, pairs, &mut tally);
    }
    tally
}

#[inline(never)]
fn one_class(block: Block, factor: f64, pairs: &mut [Pair], tally: &mut Tally) {
    each_row(block, 1.0, pairs, tally, |score, target| {
        let share = exp(score);
        // Rounding may leave a little more than 1.
        let rest = Two::all(1.0).sub(share).at_least(Two::all(0.0));
        (share.sub(target), Two::all(factor).mul(share).mul(rest), Two::all(0.0))
    });
}
