//! Experiments that are made up, and looked at all the time.

#![allow(dead_code, reason = "not everyone needs all of it")]

use hedgerow_monitor::experiment::{Arm, Covariate, any_time, estimate};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

pub const ALPHA: f64 = 0.05;
pub const MIXTURE: f64 = 0.05;

/// What outcomes are drawn from.
#[derive(Debug, Clone, Copy)]
pub enum World {
    /// Yes with these probabilities.
    Shares([f64; 2]),
    /// Normal numbers with these means and deviations.
    Normal([(f64, f64); 2]),
    /// Exponential numbers with these means: skewed.
    Waits([f64; 2]),
    /// Nothing but with these probabilities, else an exponential number: very skewed.
    Revenue([f64; 2]),
    /// Numbers whose logarithms are standard normal: very skewed.
    LogNormal,
    /// Normal numbers with these means, of which a covariate explains four fifths of the variance.
    Explained([f64; 2]),
}

/// How an experiment is run.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    pub world: World,
    /// Units of each variant at the end.
    pub pairs: u64,
    /// Units of each variant between two looks, and before the first.
    pub every: u64,
    /// Units of the variant for one of the control.
    pub ratio: u64,
}

impl Course {
    /// Whether the test that may be looked at at any time ever found a difference, and with how many units.
    pub fn found(&self, seed: u64, mixture: f64) -> Option<u64> {
        self.look(seed, |a, b| {
            any_time(a, b, ALPHA, mixture).is_ok_and(|found| found.p_value <= ALPHA)
        })
    }

    /// Whether the test that may be looked at once did.
    pub fn found_by_peeking(&self, seed: u64) -> Option<u64> {
        self.look(seed, |a, b| estimate(a, b, ALPHA).is_ok_and(|found| found.p_value <= ALPHA))
    }

    /// Whether the confidence sequence ever missed the true difference.
    pub fn missed(&self, seed: u64, truth: f64) -> Option<u64> {
        self.look(seed, |a, b| {
            let interval = any_time(a, b, ALPHA, MIXTURE).ok().and_then(|found| found.interval);
            interval.is_some_and(|[low, high]| truth < low || truth > high)
        })
    }

    fn look(&self, seed: u64, is_found: impl Fn(&Arm, &Arm) -> bool) -> Option<u64> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut arms = [self.world.empty(); 2];
        for pair in 1..=self.pairs {
            self.world.draw(&mut random, &mut arms, 0);
            for _ in 0..self.ratio {
                self.world.draw(&mut random, &mut arms, 1);
            }
            if pair % self.every == 0 && is_found(&arms[0], &arms[1]) {
                return Some(pair);
            }
        }
        None
    }
}

impl World {
    fn empty(self) -> Arm {
        let covariate = matches!(self, Self::Explained(_)).then(Covariate::default);
        match self {
            Self::Shares(_) => Arm::Proportion { n: 0, successes: 0 },
            _ => Arm::Mean { n: 0, sum: 0.0, sum_squares: 0.0, covariate },
        }
    }

    fn draw(self, random: &mut Xoshiro256PlusPlus, arms: &mut [Arm; 2], index: usize) {
        let one = match self {
            Self::Shares(shares) => {
                Arm::Proportion { n: 1, successes: u64::from(uniform(random) < shares[index]) }
            }
            Self::Normal(all) => of(all[index].0 + all[index].1 * normal(random)),
            Self::Waits(means) => of(-means[index] * libm::log(uniform(random))),
            Self::Revenue(shares) => {
                let is_some = uniform(random) < shares[index];
                of(if is_some { -libm::log(uniform(random)) } else { 0.0 })
            }
            Self::LogNormal => of(libm::exp(normal(random))),
            Self::Explained(means) => {
                let before = normal(random);
                let outcome = means[index] + 2.0 * before + normal(random);
                Arm::of(&[outcome], Some(&[before]))
            }
        };
        arms[index].merge(&one).unwrap();
    }
}

fn of(outcome: f64) -> Arm {
    Arm::Mean { n: 1, sum: outcome, sum_squares: outcome * outcome, covariate: None }
}

/// Above 0 and below 1.
fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// Box and Muller (1958).
fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    let (u, v) = (uniform(random), uniform(random));
    libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v)
}
