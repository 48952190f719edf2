//! Two numbers side by side; see [`lanes`](super::lanes).

use super::lanes::lanes;

lanes! {
    /// Two numbers.
    Two: [f64; 2] by f64x2_splat, f64x2_add, f64x2_sub, f64x2_mul, f64x2_pmin, f64x2_pmax
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::*;

    use super::Two;
    use crate::boosting::elementary::TO_INTEGER;

    #[inline(always)]
    fn halves(two: v128) -> [u64; 2] {
        [u64x2_extract_lane::<0>(two), u64x2_extract_lane::<1>(two)]
    }

    impl Two {
        #[inline(always)]
        pub fn new(values: [f64; 2]) -> Self {
            Self(f64x2(values[0], values[1]))
        }

        #[inline(always)]
        pub fn get(self) -> [f64; 2] {
            [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)]
        }

        /// Raw pairs of these, rounded to `f32`, as gradients and `hessians`.
        #[inline(always)]
        pub fn pairs(self, hessians: Self) -> [u64; 2] {
            let (g, h) = (f32x4_demote_f64x2_zero(self.0), f32x4_demote_f64x2_zero(hessians.0));
            halves(i32x4_shuffle::<0, 4, 1, 5>(h, g))
        }

        /// Raw pairs in quanta, of which there are so many in 1: the nearest whole numbers.
        #[inline(always)]
        pub fn quanta([pair, other]: [u64; 2], gradients: f64, hessians: f64) -> [u64; 2] {
            let (pairs, by) = (u64x2(pair, other), f64x2(hessians, gradients));
            let nearest = |two| {
                f64x2_add(f64x2_mul(f64x2_promote_low_f32x4(two), by), f64x2_splat(TO_INTEGER))
            };
            let (first, second) = (nearest(pairs), nearest(i64x2_shuffle::<1, 1>(pairs, pairs)));
            halves(i32x4_shuffle::<0, 2, 4, 6>(first, second))
        }

        /// The bits, changed.
        #[inline(always)]
        pub fn with_bits_added(self, bits: u64) -> Self {
            Self(i64x2_add(self.0, u64x2_splat(bits)))
        }

        #[inline(always)]
        pub fn with_bits_left(self, by: u32) -> Self {
            Self(i64x2_shl(self.0, by))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod scalar {
    use super::Two;
    use crate::boosting::elementary::TO_INTEGER;
    use crate::boosting::pairs::raw;

    impl Two {
        #[inline(always)]
        pub fn new(values: [f64; 2]) -> Self {
            Self(values)
        }

        #[inline(always)]
        pub fn get(self) -> [f64; 2] {
            self.0
        }

        #[inline(always)]
        fn bits(self, f: impl Fn(u64) -> u64) -> Self {
            Self(self.0.map(|value| f64::from_bits(f(value.to_bits()))))
        }

        /// Raw pairs of these, rounded to `f32`, as gradients and `hessians`.
        #[inline(always)]
        pub fn pairs(self, hessians: Self) -> [u64; 2] {
            std::array::from_fn(|at| raw(self.0[at] as f32, hessians.0[at] as f32))
        }

        /// Raw pairs in quanta, of which there are so many in 1: the nearest whole numbers.
        #[inline(always)]
        pub fn quanta(pairs: [u64; 2], gradients: f64, hessians: f64) -> [u64; 2] {
            let nearest = |half: u64, by: f64| {
                (f64::from(f32::from_bits(half as u32)) * by + TO_INTEGER).to_bits() as u32
            };
            pairs.map(|pair| {
                let (gradient, hessian) = (nearest(pair >> 32, gradients), nearest(pair, hessians));
                u64::from(gradient) << 32 | u64::from(hessian)
            })
        }

        /// The bits, changed.
        #[inline(always)]
        pub fn with_bits_added(self, bits: u64) -> Self {
            self.bits(|own| own.wrapping_add(bits))
        }

        #[inline(always)]
        pub fn with_bits_left(self, by: u32) -> Self {
            self.bits(|own| own << by)
        }
    }
}
