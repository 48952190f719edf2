//! Four numbers side by side, half as exact as [`Two`](super::two::Two) and twice as quick; see
//! [`lanes`](super::lanes).

use super::lanes::lanes;

lanes! {
    /// Four numbers.
    Four: [f32; 4] by f32x4_splat, f32x4_add, f32x4_sub, f32x4_mul, f32x4_pmin, f32x4_pmax
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::*;

    use super::Four;

    impl Four {
        /// The nearest to these.
        #[inline(always)]
        pub fn near([a, b, c, d]: [f64; 4]) -> Self {
            let (low, high) =
                (f32x4_demote_f64x2_zero(f64x2(a, b)), f32x4_demote_f64x2_zero(f64x2(c, d)));
            Self(i64x2_shuffle::<0, 2>(low, high))
        }

        #[inline(always)]
        pub fn get(self) -> [f32; 4] {
            [
                f32x4_extract_lane::<0>(self.0),
                f32x4_extract_lane::<1>(self.0),
                f32x4_extract_lane::<2>(self.0),
                f32x4_extract_lane::<3>(self.0),
            ]
        }

        #[inline(always)]
        pub fn div(self, other: Self) -> Self {
            Self(f32x4_div(self.0, other.0))
        }

        #[inline(always)]
        pub fn abs(self) -> Self {
            Self(f32x4_abs(self.0))
        }

        /// `self` where `x` is less than 0, else `other`.
        #[inline(always)]
        pub fn where_negative(self, x: Self, other: Self) -> Self {
            Self(v128_bitselect(self.0, other.0, f32x4_lt(x.0, f32x4_splat(0.0))))
        }

        /// 2 to the power that stands in the lower bits.
        #[inline(always)]
        pub fn power_of_two(self) -> Self {
            Self(i32x4_shl(i32x4_add(self.0, i32x4_splat(127)), 23))
        }

        /// Pairs of these as gradients and `hessians`.
        #[inline(always)]
        pub fn pairs(self, hessians: Self) -> [u64; 4] {
            let low = i32x4_shuffle::<0, 4, 1, 5>(hessians.0, self.0);
            let high = i32x4_shuffle::<2, 6, 3, 7>(hessians.0, self.0);
            [
                u64x2_extract_lane::<0>(low),
                u64x2_extract_lane::<1>(low),
                u64x2_extract_lane::<0>(high),
                u64x2_extract_lane::<1>(high),
            ]
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod scalar {
    use super::super::pairs::raw;
    use super::Four;

    impl Four {
        /// The nearest to these.
        #[inline(always)]
        pub fn near(values: [f64; 4]) -> Self {
            Self(values.map(|value| value as f32))
        }

        #[inline(always)]
        pub fn get(self) -> [f32; 4] {
            self.0
        }

        #[inline(always)]
        pub fn div(self, other: Self) -> Self {
            self.each(other, |a, b| a / b)
        }

        #[inline(always)]
        pub fn abs(self) -> Self {
            Self(self.0.map(f32::abs))
        }

        /// `self` where `x` is less than 0, else `other`.
        #[inline(always)]
        pub fn where_negative(self, x: Self, other: Self) -> Self {
            let choose = |at: usize| if x.0[at] < 0.0 { self.0[at] } else { other.0[at] };
            Self(std::array::from_fn(choose))
        }

        /// 2 to the power that stands in the lower bits.
        #[inline(always)]
        pub fn power_of_two(self) -> Self {
            Self(self.0.map(|value| f32::from_bits(value.to_bits().wrapping_add(127) << 23)))
        }

        /// Pairs of these as gradients and `hessians`.
        #[inline(always)]
        pub fn pairs(self, hessians: Self) -> [u64; 4] {
            std::array::from_fn(|at| raw(self.0[at], hessians.0[at]))
        }
    }
}
