//! Gradients and Hessians as integers, two in a word, so that the order of adding cannot matter.
//!
//! A [`Pair`] has a gradient in its upper half, signed, and a Hessian in its lower half, unsigned.
//! Adding two words adds both halves: the scale is chosen so that not even the sum over all rows
//! leaves its half. Sums are exact, so a histogram is the same in any order and its sibling's is an
//! exact difference (Shi et al. 2022, with more bits than theirs).

use super::two::Two;
use crate::CHUNK;

/// A gradient and a Hessian, or sums of them.
pub(super) type Pair = u64;

/// The gradient, in quanta.
#[inline]
pub(super) fn gradient(pair: Pair) -> f64 {
    f64::from((pair >> 32) as u32 as i32)
}

/// The Hessian, in quanta.
#[inline]
pub(super) fn hessian(pair: Pair) -> f64 {
    f64::from(pair as u32)
}

/// Two numbers that are not rounded to quanta yet.
#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
#[inline]
pub(super) fn raw(gradient: f32, hessian: f32) -> Pair {
    u64::from(gradient.to_bits()) << 32 | u64::from(hessian.to_bits())
}

/// What one quantum is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quanta {
    pub gradient: f64,
    pub hessian: f64,
}

impl Quanta {
    /// The smallest powers of two with which sums over `rows` rows fit, given the sums of absolute
    /// gradients and of Hessians. Rounding may add half a quantum a row, and to `f32` before some 128
    /// in all.
    pub fn new(rows: usize, gradients: f64, hessians: f64) -> Self {
        let half = rows as f64 / 2.0 + 1_024.0;
        Self {
            gradient: power_of_two(gradients / (f64::from(i32::MAX) - half).max(1.0)),
            hessian: power_of_two(hessians / (f64::from(u32::MAX) - half).max(1.0)),
        }
    }

    /// With Hessians that are all 1, for which a sum is a count.
    pub fn counting(self) -> Self {
        Self { hessian: 1.0, ..self }
    }

    /// Rounds pairs made by [`raw`]; the sum of all.
    pub fn round(self, pairs: &mut [Pair]) -> Pair {
        let sums = pairs.chunks_mut(CHUNK).map(|chunk| round(chunk, self));
        sums.fold(0, Pair::wrapping_add)
    }
}

/// The smallest power of two that is at least `x`; 1 for what is not positive and normal.
fn power_of_two(x: f64) -> f64 {
    if !x.is_normal() || x < 0.0 {
        return 1.0;
    }
    let exponent = x.to_bits() >> 52;
    let is_power = x.to_bits() << 12 == 0;
    f64::from_bits((exponent + u64::from(!is_power)) << 52)
}

#[inline(never)]
fn round(pairs: &mut [Pair], quanta: Quanta) -> Pair {
    let (g, h) = (1.0 / quanta.gradient, 1.0 / quanta.hessian);
    let mut sums: [Pair; 2] = [0; 2];
    let (twos, last) = pairs.as_chunks_mut();
    for two in twos {
        *two = Two::quanta(*two, g, h);
        sums = [sums[0].wrapping_add(two[0]), sums[1].wrapping_add(two[1])];
    }
    if let [last] = last {
        *last = Two::quanta([*last, 0], g, h)[0];
        sums[0] = sums[0].wrapping_add(*last);
    }
    sums[0].wrapping_add(sums[1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sums_of_quanta_are_those_of_the_numbers(
            rows in prop::collection::vec((-1e3..1e3f32, 0.0..10.0f32), 1..500),
        ) {
            let sum = |f: &dyn Fn(&(f32, f32)) -> f64| rows.iter().map(f).sum::<f64>();
            let (g, h) = (sum(&|row| f64::from(row.0.abs())), sum(&|row| f64::from(row.1)));
            let quanta = Quanta::new(rows.len(), g, h);
            let mut pairs: Vec<Pair> = rows.iter().map(|&(g, h)| raw(g, h)).collect();
            let total = quanta.round(&mut pairs);
            prop_assert_eq!(total, pairs.iter().fold(0, |sum: u64, &pair| sum.wrapping_add(pair)));
            let slack = rows.len() as f64 / 2.0;
            let g = sum(&|row| f64::from(row.0)) / quanta.gradient;
            prop_assert!((gradient(total) - g).abs() <= slack);
            prop_assert!((hessian(total) - h / quanta.hessian).abs() <= slack);
        }
    }

    #[test]
    fn the_largest_sums_fit_their_halves() {
        for n in [1usize, 3, 1_000, 100_000] {
            for sign in [1.0, -1.0] {
                let quanta = Quanta::new(n, n as f64 * 1e-3, n as f64 * 0.25);
                let mut pairs = vec![raw(1e-3 * sign, 0.25); n];
                quanta.round(&mut pairs);
                let total = pairs.iter().fold(0u64, |sum, &pair| sum.wrapping_add(pair));
                let real = gradient(total) * quanta.gradient;
                assert!((real - f64::from(sign) * n as f64 * 1e-3).abs() < 1e-3 * n as f64 * 1e-3);
                assert!((hessian(total) * quanta.hessian - 0.25 * n as f64).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn powers_of_two_are_at_least_the_number() {
        for (x, power) in [(1.0, 1.0), (1.1, 2.0), (0.3, 0.5), (0.0, 1.0), (f64::NAN, 1.0)] {
            assert_eq!(power_of_two(x), power);
        }
    }
}
