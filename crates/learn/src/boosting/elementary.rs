//! `e^x`, quick in bulk, and the same on every machine: nothing but additions and
//! multiplications in a fixed order, without branches, two rows at a time.
//! (libm's is exact to the last bit and five times as slow; it makes what a model predicts.)

use std::f64::consts::{LN_2, LOG2_E};

use super::two::Two;

/// 1.5 * 2^52: a number added to it loses its fraction, and its integer stands in the lower bits.
pub(super) const TO_INTEGER: f64 = 6_755_399_441_055_744.0;
/// The first bits of ln 2, so that a small multiple of it is exact.
const LN_2_HIGH: f64 = f64::from_bits(LN_2.to_bits() & !0xFFFF_FFFF);
const LN_2_LOW: f64 = 4.749_325_039_031_672_6e-7;

/// `e^x` to 1e-8 of itself; beyond ±700, that of ±700.
#[inline(always)]
pub(super) fn exp(x: Two) -> Two {
    let x = x.at_most(Two::all(700.0)).at_least(Two::all(-700.0));
    let shifted = x.mul(Two::all(LOG2_E)).add(Two::all(TO_INTEGER));
    let k = shifted.sub(Two::all(TO_INTEGER));
    // |r| <= ln 2 / 2.
    let r = x.sub(k.mul(Two::all(LN_2_HIGH))).sub(k.mul(Two::all(LN_2_LOW)));
    // Estrin's scheme: no long chain of operations that wait for each other.
    let pair = |a: f64, b: f64| Two::all(a).add(r.mul(Two::all(b)));
    let (r2, low, high) = (r.mul(r), pair(1.0, 1.0), pair(1.0 / 2.0, 1.0 / 6.0));
    let r4 = r2.mul(r2);
    let (higher, highest) = (pair(1.0 / 24.0, 1.0 / 120.0), pair(1.0 / 720.0, 1.0 / 5_040.0));
    let sum = low.add(r2.mul(high)).add(r4.mul(higher.add(r2.mul(highest))));
    // 2^k: k stands in the lower bits.
    sum.mul(shifted.with_bits_added(1_023).with_bits_left(52))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exp(x: f64) -> f64 {
        super::exp(Two::new([0.0, x])).get()[1]
    }

    proptest! {
        #[test]
        fn it_is_libms(x in -700.0..700.0f64) {
            prop_assert!((exp(x) / libm::exp(x) - 1.0).abs() < 1e-8);
        }
    }

    #[test]
    fn ends_stay_finite() {
        assert!(exp(f64::INFINITY).is_finite() && exp(f64::NEG_INFINITY) > 0.0);
        assert_eq!(exp(0.0), 1.0);
    }
}
