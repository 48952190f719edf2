//! Random numbers of a study: one generator a trial or fold, from the seed and its index.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use crate::CHUNK;

/// What the numbers are for: nothing that is drawn for one is drawn for another.
#[derive(Clone, Copy)]
pub(super) enum Use {
    Trial = 1,
    Rows = 2,
}

pub(super) struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The finishing step of splitmix64 (Steele et al. 2014) over seed, use and index.
    pub fn new(seed: u64, what: Use, index: usize) -> Self {
        let place = (what as u64) << 56 | (index as u64 + 1);
        let mut z = seed.wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self(Xoshiro256PlusPlus::seed_from_u64(z ^ (z >> 31)))
    }

    /// From 0 to below 1, all equally likely.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number below `n`, which is at least 1. By multiplication (Lemire 2019); that some are likelier by
    /// `n / 2^64` matters to no draw here.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// Fisher and Yates.
    pub fn shuffle(&mut self, rows: &mut [u32]) {
        let mut end = rows.len();
        while end > 1 {
            let start = end.saturating_sub(CHUNK).max(1);
            self.shuffle_from(start, &mut rows[..end]);
            end = start;
        }
    }

    #[inline(never)]
    fn shuffle_from(&mut self, start: usize, rows: &mut [u32]) {
        for last in (start..rows.len()).rev() {
            let other = self.below(last + 1);
            rows.swap(last, other);
        }
    }
}
