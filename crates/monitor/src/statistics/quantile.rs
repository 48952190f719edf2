//! Where a probability is reached.

use super::normal_two_sided;

/// Halvings after which two numbers of any sizes met here have no number between them.
const HALVINGS: usize = 200;

/// The first number from `low` to `high` for which something is true that stays true from there on; `high`
/// where it never is.
pub fn between(mut low: f64, mut high: f64, is_reached: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if is_reached(middle) { high = middle } else { low = middle }
    }
    high
}

/// The same from 0 to wherever it is; infinite where it is nowhere.
pub fn above(is_reached: impl Fn(f64) -> bool) -> f64 {
    let mut high = 1.0;
    while !is_reached(high) {
        high *= 2.0;
        if high == f64::INFINITY {
            return high;
        }
    }
    between(0.0, high, is_reached)
}

/// How far from 0 a standard normal number is with probability `alpha` at least.
pub fn normal_critical(alpha: f64) -> f64 {
    above(|z| normal_two_sided(z) <= alpha)
}
