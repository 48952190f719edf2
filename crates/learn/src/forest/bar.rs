//! Whether cuts may be better than the best so far: four are looked at together, as most of the time
//! none of them is.

use super::sums::{Packed, Sums};

/// Cuts looked at together.
pub(super) const BLOCK: usize = 4;

/// The numerator and denominator of the score of a cut with `left` on its left.
#[inline(always)]
pub(super) fn fraction<S: Sums>(left: &S, all: &S) -> (f64, f64) {
    let (w, s) = (left.weight(), left.sum());
    let difference = s * all.weight() - all.sum() * w;
    (difference * difference, w * (all.weight() - w))
}

/// Whether one of the cuts with these sums on their left may score above `bar`: [`fraction`] of two
/// at a time.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
pub(super) fn may_exceed<S: Sums>(bar: f64, [a, b, c, d]: &[S; BLOCK], all: &S) -> bool {
    use core::arch::wasm32::*;
    let (weight, sum) = (f64x2_splat(all.weight()), f64x2_splat(all.sum()));
    let better = |a: &S, b: &S| {
        let (w, s) = (f64x2(a.weight(), b.weight()), f64x2(a.sum(), b.sum()));
        let difference = f64x2_sub(f64x2_mul(s, weight), f64x2_mul(sum, w));
        let both = f64x2_mul(w, f64x2_sub(weight, w));
        f64x2_gt(f64x2_mul(difference, difference), f64x2_mul(f64x2_splat(bar), both))
    };
    v128_any_true(v128_or(better(a, b), better(c, d)))
}

/// Whether one of the cuts with these sums on their left may score above `bar`.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
pub(super) fn may_exceed<S: Sums>(bar: f64, lefts: &[S; BLOCK], all: &S) -> bool {
    let better = |left| {
        let (squared, both) = fraction(left, all);
        squared > bar * both
    };
    lefts.iter().fold(false, |any, left| any | better(left))
}

/// The same for whole numbers: all four at a time, and in few bits, by which they are taken to be a
/// little better than they are.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
pub(super) fn whole_may_exceed(bar: f64, lefts: &[Packed; BLOCK], all: &Packed) -> bool {
    use core::arch::wasm32::*;
    let [weight, sum] = [all.field(0), all.field(1)].map(|field| field as i32);
    // All that is multiplied below fits into 32 bits, whose quarter the largest product is.
    if weight >= 1 << 16 {
        return true;
    }
    let [a, b, c, d] = lefts.map(|left| left.0);
    let (first, last) = (u64x2(a, b), u64x2(c, d));
    let field = |first, last| {
        let low = i32x4_shuffle::<0, 2, 4, 6>(first, last);
        v128_and(low, u32x4_splat(Packed::MASK as u32))
    };
    let w = field(first, last);
    let s = field(u64x2_shr(first, Packed::BITS), u64x2_shr(last, Packed::BITS));
    let (weight, sum) = (i32x4_splat(weight), i32x4_splat(sum));
    let difference = i32x4_sub(i32x4_mul(s, weight), i32x4_mul(sum, w));
    let difference = f32x4_convert_i32x4(difference);
    let both = f32x4_convert_i32x4(i32x4_mul(w, i32x4_sub(weight, w)));
    // Seven roundings by 2^-24 at most.
    let bar = f32x4_splat((bar * (1.0 - 1.0 / f64::from(1 << 20))) as f32);
    v128_any_true(f32x4_gt(f32x4_mul(difference, difference), f32x4_mul(bar, both)))
}

/// The same for whole numbers.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
pub(super) fn whole_may_exceed(bar: f64, lefts: &[Packed; BLOCK], all: &Packed) -> bool {
    may_exceed(bar, lefts, all)
}
