//! Numbers side by side: compilers do not find them in loops that choose and shift, so the
//! WebAssembly instructions are named. Every operation is the scalar one for each number, to the bit.

/// Makes a type of so many numbers and what is done with each: by `SIMD` instructions in WebAssembly,
/// elsewhere one by one.
macro_rules! lanes {
    (
        $(#[$doc:meta])*
        $name:ident: [$number:ty; $n:literal] by $splat:ident, $add:ident, $sub:ident, $mul:ident,
        $at_most:ident, $at_least:ident
    ) => {
        $(#[$doc])*
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        #[derive(Clone, Copy)]
        pub(super) struct $name(core::arch::wasm32::v128);

        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        impl $name {
            #[inline(always)]
            pub fn all(value: $number) -> Self {
                Self(core::arch::wasm32::$splat(value))
            }

            #[inline(always)]
            pub fn add(self, other: Self) -> Self {
                Self(core::arch::wasm32::$add(self.0, other.0))
            }

            #[inline(always)]
            pub fn sub(self, other: Self) -> Self {
                Self(core::arch::wasm32::$sub(self.0, other.0))
            }

            #[inline(always)]
            pub fn mul(self, other: Self) -> Self {
                Self(core::arch::wasm32::$mul(self.0, other.0))
            }

            /// `other` where it is less.
            #[inline(always)]
            pub fn at_most(self, other: Self) -> Self {
                Self(core::arch::wasm32::$at_most(self.0, other.0))
            }

            /// `other` where it is more.
            #[inline(always)]
            pub fn at_least(self, other: Self) -> Self {
                Self(core::arch::wasm32::$at_least(self.0, other.0))
            }
        }

        $(#[$doc])*
        #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
        #[derive(Clone, Copy)]
        pub(super) struct $name([$number; $n]);

        #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
        impl $name {
            #[inline(always)]
            pub fn all(value: $number) -> Self {
                Self([value; $n])
            }

            #[inline(always)]
            fn each(self, other: Self, f: impl Fn($number, $number) -> $number) -> Self {
                Self(std::array::from_fn(|at| f(self.0[at], other.0[at])))
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
        }
    };
}
pub(super) use lanes;
