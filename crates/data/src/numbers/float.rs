//! Decimal digits to the nearest `f64`.
//!
//! Short decimals by one exact division or multiplication (Clinger 1990); longer ones by Lemire,
//! "Number Parsing at a Gigabyte per Second" (2021), section 5; what is left by the standard
//! library.

/// The nearest `f64` to `digits * 10^power`; infinite when there is none.
#[inline]
pub fn nearest(digits: u64, power: i32) -> f64 {
    if digits < 1 << 53 {
        // Through a signed integer, which WebAssembly converts in one step.
        let exact = digits as i64 as f64;
        match power {
            0 => return exact,
            -22..0 => return exact / POWERS_OF_TEN[power.unsigned_abs() as usize],
            1..=22 => return exact * POWERS_OF_TEN[power.unsigned_abs() as usize],
            _ => {}
        }
    } else if power == 0 {
        return digits as f64;
    }
    by_product(digits, power).unwrap_or_else(|| by_text(digits, power))
}

/// 10 to the power of `n`, where `f64` has it exactly: below 23.
#[inline]
pub fn power_of_ten(n: u8) -> Option<f64> {
    POWERS_OF_TEN.get(usize::from(n)).copied()
}

const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// 5^54 fits into 126 bits.
const MAX_DIVISOR: usize = 54;

/// The 128 leading bits of `5^-n`; rounded up to n = 27, cut off from there, as the proof asks.
static RECIPROCALS_OF_FIVE: [u128; MAX_DIVISOR + 1] = reciprocals();

const fn reciprocals() -> [u128; MAX_DIVISOR + 1] {
    let mut table = [0; MAX_DIVISOR + 1];
    let mut divisor: u128 = 1;
    let mut n = 1;
    while n <= MAX_DIVISOR {
        divisor *= 5;
        let bits = 128 - (divisor - 1).leading_zeros();
        let (mut quotient, mut remainder) = (0, 1);
        let mut step = 0;
        while step < bits + 127 {
            remainder <<= 1;
            quotient <<= 1;
            if remainder >= divisor {
                remainder -= divisor;
                quotient |= 1;
            }
            step += 1;
        }
        table[n] = if n <= 27 { quotient + 1 } else { quotient };
        n += 1;
    }
    table
}

/// Bits of the significand that the product must decide: 52, the leading one, and two to round by.
const PRECISION: u32 = 55;

#[inline(never)]
fn by_product(digits: u64, power: i32) -> Option<f64> {
    if digits == 0 {
        return Some(0.0);
    }
    let n = usize::try_from(-power).ok().filter(|n| (1..=MAX_DIVISOR).contains(n))?;
    let shift = digits.leading_zeros();
    let (low, high) = product(digits << shift, RECIPROCALS_OF_FIVE[n]);
    if low == u64::MAX && n > 27 {
        return None;
    }
    let upper = (high >> 63) as u32;
    let kept = upper + 64 - PRECISION;
    let mut significand = high >> kept;
    // floor(power * log2(10)), by an integer product.
    let exponent = ((power * 217_706) >> 16) + 63 + upper as i32 - shift as i32;
    // Exactly between two floats: to the even one.
    if low <= 1 && n <= 4 && significand & 3 == 1 && significand << kept == high {
        significand &= !1;
    }
    significand += significand & 1;
    significand >>= 1;
    // Powers down to -54 leave everything far from subnormal and from overflow. A carry into the
    // next power of two adds one to the exponent by itself.
    let bits = (((exponent + 1022) as u64) << 52) + significand;
    Some(f64::from_bits(bits))
}

/// The leading 128 bits of the product, as exact as the significand needs.
#[inline]
fn product(digits: u64, reciprocal: u128) -> (u64, u64) {
    let first = u128::from(digits) * (reciprocal >> 64);
    let (mut low, mut high) = (first as u64, (first >> 64) as u64);
    let undecided = u64::MAX >> PRECISION;
    if high & undecided == undecided {
        let second = (u128::from(digits) * (reciprocal & u128::from(u64::MAX))) >> 64;
        let (sum, carry) = low.overflowing_add(second as u64);
        low = sum;
        high += u64::from(carry);
    }
    (low, high)
}

#[cold]
fn by_text(digits: u64, power: i32) -> f64 {
    format!("{digits}e{power}").parse().expect("digits, e and an integer are a number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn it_is_the_standard_library_s_float(
            digits in prop_oneof![any::<u64>(), 0u64..1 << 55, 9_007_199_254_740_900u64..9_007_199_254_741_100],
            power in prop_oneof![-60i32..=0, -310i32..=310],
        ) {
            let expected: f64 = format!("{digits}e{power}").parse().unwrap();
            prop_assert_eq!(nearest(digits, power).to_bits(), expected.to_bits());
        }

        #[test]
        fn halfway_cases_round_to_even(odd in 1u64 << 52..1 << 53, power in 1i32..=4) {
            // (2 odd + 1) / 2 lies between two floats; as a decimal it has that many digits.
            let halfway = (2 * odd + 1) % (u64::MAX / 10_000);
            let digits = halfway * 5u64.pow(power as u32) % 10_000_000_000_000_000_000;
            let expected: f64 = format!("{digits}e{}", -power).parse().unwrap();
            prop_assert_eq!(nearest(digits, -power).to_bits(), expected.to_bits());
        }
    }
}
