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

    impl Two {
        #[inline(always)]
        pub fn new(values: [f64; 2]) -> Self {
            Self(f64x2(values[0], values[1]))
        }

        #[inline(always)]
        pub fn get(self) -> [f64; 2] {
            [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)]
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
