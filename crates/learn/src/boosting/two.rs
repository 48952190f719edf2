//! Two numbers side by side: compilers do not find them in loops that choose and shift, so the
//! WebAssembly instructions are named. Every operation is the scalar one for each number, to the bit.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::*;

    /// Two numbers.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Two(v128);

    impl Two {
        #[inline(always)]
        pub fn new(values: [f64; 2]) -> Self {
            Self(f64x2(values[0], values[1]))
        }

        #[inline(always)]
        pub fn get(self) -> [f64; 2] {
            [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)]
        }

        #[inline(always)]
        pub fn all(value: f64) -> Self {
            Self(f64x2_splat(value))
        }

        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(f64x2_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            Self(f64x2_sub(self.0, other.0))
        }

        #[inline(always)]
        pub fn mul(self, other: Self) -> Self {
            Self(f64x2_mul(self.0, other.0))
        }

        /// `other` where it is less.
        #[inline(always)]
        pub fn at_most(self, other: Self) -> Self {
            Self(f64x2_pmin(self.0, other.0))
        }

        /// `other` where it is more.
        #[inline(always)]
        pub fn at_least(self, other: Self) -> Self {
            Self(f64x2_pmax(self.0, other.0))
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
    /// Two numbers.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Two([f64; 2]);

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
        pub fn all(value: f64) -> Self {
            Self([value; 2])
        }

        #[inline(always)]
        fn each(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
            Self([f(self.0[0], other.0[0]), f(self.0[1], other.0[1])])
        }

        #[inline(always)]
        fn bits(self, f: impl Fn(u64) -> u64) -> Self {
            Self(self.0.map(|value| f64::from_bits(f(value.to_bits()))))
        }

        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            self.each(other, |a, b| a + b)
        }

        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            self.each(other, |a, b| a - b)
        }

        #[inline(always)]
        pub fn mul(self, other: Self) -> Self {
            self.each(other, |a, b| a * b)
        }

        /// `other` where it is less.
        #[inline(always)]
        pub fn at_most(self, other: Self) -> Self {
            self.each(other, |a, b| if b < a { b } else { a })
        }

        /// `other` where it is more.
        #[inline(always)]
        pub fn at_least(self, other: Self) -> Self {
            self.each(other, |a, b| if a < b { b } else { a })
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

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use scalar::Two;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd::Two;
