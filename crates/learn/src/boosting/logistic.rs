//! The log loss of two classes, four rows at a time in `f32`: gradients are rounded to quanta anyway,
//! and this is a tenth of a training where twice as exact it was a fifth. Nothing but additions,
//! multiplications and one division in a fixed order, without branches: the same on every machine.

use std::f32::consts::LOG2_E;

use super::four::Four;
use super::loss::{Block, Tally};
use super::pairs::Pair;

/// Rows whose sums are kept in `f32`.
const BLOCK: usize = 256;
/// 1.5 * 2^23: a number added to it loses its fraction, and its integer stands in the lower bits.
const TO_INTEGER: f32 = 12_582_912.0;
/// ln 2 in two parts, so that a small multiple of the first is exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// Of `e^r` after `1 + r`, for `|r| <= ln 2 / 2`, from the highest power down (Cephes, `expf.c`).
const EXP: [f32; 6] = [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5];
/// Of `ln(1 + x)` for `x` in 0 to 1, to 3e-8, from the highest power down (Abramowitz & Stegun
/// 1964, 4.1.44).
const LN_1P: [f32; 8] = [
    -0.006_453_544_2,
    0.036_088_493,
    -0.095_329_39,
    0.167_654_07,
    -0.240_733_8,
    0.331_799_03,
    -0.499_874_11,
    0.999_996_4,
];

/// Gradients and Hessians of some rows, whose sums are added to the tally's. Scores beyond ±87 have
/// those of ±87.
#[inline(never)]
pub(super) fn logistic(block: Block, pairs: &mut [Pair], tally: &mut Tally) {
    for (part, pairs) in pairs.chunks_mut(BLOCK).enumerate() {
        let rows = part * BLOCK..part * BLOCK + pairs.len();
        let (scores, last_score) = block.scores[rows.clone()].as_chunks();
        let (targets, last_target) = block.targets[rows.clone()].as_chunks();
        let (weights, last_weight) = block.weights[rows].as_chunks();
        let (fours, last) = pairs.as_chunks_mut();
        let mut sums = [Four::all(0.0); 3];
        for (((out, score), target), weight) in
            fours.iter_mut().zip(scores).zip(targets).zip(weights)
        {
            *out = four(*score, *target, *weight, &mut sums);
        }
        if !last.is_empty() {
            let [score, target, weight] = [last_score, last_target, last_weight].map(padded);
            let out = four(score, target, weight, &mut sums);
            last.copy_from_slice(&out[..last.len()]);
        }
        tally.add(sums.map(Four::get));
    }
}

/// Some numbers, and zeros.
#[inline(always)]
fn padded(some: &[f64]) -> [f64; 4] {
    std::array::from_fn(|at| some.get(at).copied().unwrap_or(0.0))
}

/// Pairs of four rows. Sums are of absolute gradients, Hessians and losses.
#[inline(always)]
fn four(score: [f64; 4], target: [f64; 4], weight: [f64; 4], sums: &mut [Four; 3]) -> [Pair; 4] {
    let (zero, one) = (Four::all(0.0), Four::all(1.0));
    let weight = Four::near(weight).at_most(Four::all(1e18));
    let side = Four::near(target).mul(Four::all(2.0)).sub(one);
    // How far the score is on the side of the row's class.
    let margin = Four::near(score).mul(side);
    let odds = exp_minus(margin.abs());
    let likely = one.div(one.add(odds));
    let unlikely = odds.mul(likely);
    let gradient = likely.where_negative(margin, unlikely).mul(weight);
    let hessian = unlikely.mul(likely).mul(weight);
    let loss = zero.sub(margin).at_least(zero).add(polynomial(odds, &LN_1P).mul(odds));
    sums[0] = sums[0].add(gradient);
    sums[1] = sums[1].add(hessian);
    sums[2] = sums[2].add(loss.mul(weight));
    zero.sub(gradient).mul(side).pairs(hessian)
}

/// `e^-x` for numbers from 0 on; beyond 87, that of 87.
#[inline(always)]
fn exp_minus(x: Four) -> Four {
    let x = Four::all(0.0).sub(x.at_most(Four::all(87.0)));
    let shifted = x.mul(Four::all(LOG2_E)).add(Four::all(TO_INTEGER));
    let k = shifted.sub(Four::all(TO_INTEGER));
    let r = x.sub(k.mul(Four::all(LN_2_HIGH))).sub(k.mul(Four::all(LN_2_LOW)));
    let sum = polynomial(r, &EXP).mul(r).mul(r).add(r).add(Four::all(1.0));
    sum.mul(shifted.power_of_two())
}

/// Horner's rule: what is calculated of other rows meanwhile hides its long chain.
#[inline(always)]
fn polynomial(x: Four, coefficients: &[f32]) -> Four {
    let mut sum = Four::all(coefficients[0]);
    for &coefficient in &coefficients[1..] {
        sum = sum.mul(x).add(Four::all(coefficient));
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn gradients_hessians_and_losses_are_those_of_the_formulas(
            rows in prop::collection::vec((-30.0..30.0f64, any::<bool>(), 0.0..3.0f64), 1..600),
        ) {
            let scores: Vec<f64> = rows.iter().map(|row| row.0).collect();
            let targets: Vec<f64> = rows.iter().map(|row| f64::from(u8::from(row.1))).collect();
            let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
            let block = Block { scores: &scores, targets: &targets, weights: &weights };
            let (mut pairs, mut tally) = (vec![0; rows.len()], Tally::default());
            logistic(block, &mut pairs, &mut tally);
            let mut sums = [0.0; 3];
            for ((score, is_one, weight), pair) in rows.into_iter().zip(pairs) {
                let margin = if is_one { score } else { -score };
                let wrong = weight / (1.0 + libm::exp(margin));
                let hessian = wrong / (1.0 + libm::exp(-margin));
                let gradient = f64::from(f32::from_bits((pair >> 32) as u32));
                prop_assert!((gradient.abs() - wrong).abs() <= 1e-5 * wrong);
                prop_assert_eq!(gradient <= 0.0, is_one || wrong == 0.0);
                let found = f64::from(f32::from_bits(pair as u32));
                prop_assert!((found - hessian).abs() <= 1e-5 * hessian);
                let loss = weight * libm::log1p(libm::exp(-margin));
                sums.iter_mut().zip([wrong, hessian, loss]).for_each(|(sum, x)| *sum += x);
            }
            for (sum, found) in sums.iter().zip([tally.gradients(), tally.hessians(), tally.losses()]) {
                prop_assert!((sum - found).abs() <= 1e-5 * sum + 1e-6);
            }
        }
    }

    #[test]
    fn scores_without_end_have_finite_gradients() {
        let scores = [f64::MAX, f64::MIN, 1e30, -1e30, 0.0];
        let block =
            Block { scores: &scores, targets: &[1.0, 1.0, 0.0, 0.0, 1.0], weights: &[1.0; 5] };
        let (mut pairs, mut tally) = ([0; 5], Tally::default());
        logistic(block, &mut pairs, &mut tally);
        let gradients = pairs.map(|pair| f32::from_bits((pair >> 32) as u32));
        assert!(gradients[0].abs() < 1e-30 && gradients[3].abs() < 1e-30);
        assert_eq!(gradients[1..3], [-1.0, 1.0]);
        assert_eq!(gradients[4], -0.5);
    }
}
