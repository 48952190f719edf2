//! Random numbers that are the same everywhere.

use rand_xoshiro::{
    Xoshiro256PlusPlus,
    rand_core::{Rng, SeedableRng},
};

/// A number from 0 to `n - 1`, each equally likely; `n` at least 1 and below 2³².
///
/// Lemire, "Fast Random Integer Generation in an Interval", 2019.
pub(crate) fn below(random: &mut Xoshiro256PlusPlus, n: u64) -> u64 {
    let reject_below = (u64::MAX - n + 1) % n;
    loop {
        let product = u128::from(random.next_u64()) * u128::from(n);
        if product as u64 >= reject_below {
            return (product >> 64) as u64;
        }
    }
}

/// Puts values into a random order (Fisher and Yates).
pub(crate) fn shuffle(random: &mut Xoshiro256PlusPlus, values: &mut [u32]) {
    for last in (1..values.len()).rev() {
        values.swap(last, below(random, last as u64 + 1) as usize);
    }
}

/// At most `n` of `rows` row indices, ascending, each set equally likely: selection sampling (Knuth,
/// "The Art of Computer Programming" 2, 3.4.2, algorithm S).
pub(crate) fn sample_rows(rows: usize, n: usize, seed: u64) -> Vec<u32> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut wanted = n.min(rows) as u64;
    let mut chosen = Vec::with_capacity(wanted as usize);
    for row in 0..rows as u64 {
        if below(&mut random, rows as u64 - row) < wanted {
            chosen.push(row as u32);
            wanted -= 1;
        }
    }
    chosen
}
