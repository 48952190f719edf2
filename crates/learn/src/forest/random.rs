//! Random numbers: one generator a tree, from the forest's seed and the tree's index; likewise one
//! for each other thing that is drawn.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use crate::CHUNK;

/// The generator of one tree.
pub(crate) struct Random(Xoshiro256PlusPlus);

impl Random {
    /// Tree `index` of a forest with `seed`: the step of splitmix64 (Steele et al. 2014), so that
    /// neighbouring seeds and indices have nothing in common.
    pub fn for_tree(seed: u64, index: usize) -> Self {
        let mut z = seed.wrapping_add((index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self(Xoshiro256PlusPlus::seed_from_u64(z ^ (z >> 31)))
    }

    /// From a number drawn before.
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// Any number.
    pub fn draw(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..n`, all equally likely (Lemire 2019); `n` is at least 1.
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        loop {
            let product = (self.0.next_u64() >> 32) * u64::from(n);
            let low = product as u32;
            if low >= n || low >= n.wrapping_neg() % n {
                return (product >> 32) as u32;
            }
        }
    }

    /// 32 bits, all equally likely.
    #[inline]
    pub fn bits(&mut self) -> u32 {
        (self.0.next_u64() >> 32) as u32
    }

    /// A number from 0 to below 1, of 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Brings items into an order, all equally likely (Fisher & Yates 1938).
    #[inline(never)]
    pub fn shuffle(&mut self, items: &mut [u32]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }

    /// How often each of `rows` rows is drawn in `rows` draws with replacement.
    pub fn bootstrap(&mut self, rows: usize) -> Vec<u32> {
        let mut drawn = vec![0u32; rows];
        for from in (0..rows).step_by(CHUNK) {
            self.draw_rows(CHUNK.min(rows - from), &mut drawn);
        }
        drawn
    }

    #[inline(never)]
    fn draw_rows(&mut self, times: usize, drawn: &mut [u32]) {
        for _ in 0..times {
            drawn[self.below(drawn.len() as u32) as usize] += 1;
        }
    }
}

/// Features being drawn, node after node.
pub(super) struct Draws {
    pub random: Random,
    /// So many are drawn at a node.
    pub most: usize,
    /// All features; the first of them are those drawn last.
    features: Vec<u16>,
}

impl Draws {
    /// Of `n` features `most` at a node.
    pub fn new(random: Random, n: usize, most: usize) -> Self {
        Self { random, most, features: (0..n).map(|feature| feature as u16).collect() }
    }

    /// All features.
    pub fn features(&self) -> &[u16] {
        &self.features
    }

    /// The next feature of a node that has drawn so many; all in order where all are wanted.
    #[inline(always)]
    pub fn draw(&mut self, drawn: usize) -> u16 {
        let n = self.features.len();
        if self.most < n {
            let place = drawn + self.random.below((n - drawn) as u32) as usize;
            self.features.swap(drawn, place);
        }
        self.features[drawn]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_below_is_about_equally_likely() {
        let mut random = Random::for_tree(1, 0);
        let mut counts = [0u32; 7];
        (0..70_000).for_each(|_| counts[random.below(7) as usize] += 1);
        assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
        assert!((0..100).all(|_| random.below(1) == 0));
    }

    #[test]
    fn a_shuffle_puts_every_item_everywhere() {
        let mut random = Random::for_tree(3, 0);
        let mut places = [[0u32; 4]; 4];
        for _ in 0..40_000 {
            let mut items = [0, 1, 2, 3];
            random.shuffle(&mut items);
            items.iter().enumerate().for_each(|(at, &item)| places[item as usize][at] += 1);
        }
        assert!(places.iter().flatten().all(|count| (9_500..10_500).contains(count)), "{places:?}");
        assert!((0..1_000).all(|_| (0.0..1.0).contains(&random.uniform())));
    }

    #[test]
    fn trees_and_seeds_draw_differently_and_repeatably() {
        let draw = |seed, index| Random::for_tree(seed, index).bootstrap(50);
        assert_eq!(draw(7, 3), draw(7, 3));
        assert_ne!(draw(7, 3), draw(7, 4));
        assert_ne!(draw(7, 3), draw(8, 3));
        assert_eq!(draw(7, 3).iter().sum::<u32>(), 50);
    }
}
