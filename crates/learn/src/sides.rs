//! Which rows of a node go left, and how they are brought together: sixteen at a time where there are
//! instructions for it.

/// Which codes go left.
pub(crate) trait Left: Copy {
    fn left(self, code: u8) -> bool;

    /// All bits of those that go left.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    fn lefts(self, codes: core::arch::wasm32::v128) -> core::arch::wasm32::v128;
}

/// Those at most `most` more than `from`.
#[derive(Clone, Copy)]
pub(crate) struct UpTo {
    pub from: u8,
    pub most: u8,
}

impl UpTo {
    /// The codes that a threshold sends left, and 0 (missing) if `missing_left`; `None` if there are
    /// none. Without missing values on the left, code 0 wraps around and is beyond all others.
    pub fn of(threshold: u8, missing_left: bool) -> Option<Self> {
        let from = u8::from(!missing_left);
        Some(Self { from, most: threshold.checked_sub(from)? })
    }
}

impl Left for UpTo {
    #[inline(always)]
    fn left(self, code: u8) -> bool {
        code.wrapping_sub(self.from) <= self.most
    }

    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline(always)]
    fn lefts(self, codes: core::arch::wasm32::v128) -> core::arch::wasm32::v128 {
        use core::arch::wasm32::*;
        u8x16_le(u8x16_sub(codes, u8x16_splat(self.from)), u8x16_splat(self.most))
    }
}

/// Those whose bits are set.
#[derive(Clone, Copy)]
pub(crate) struct Among(pub [u32; 8]);

impl Left for Among {
    #[inline(always)]
    fn left(self, code: u8) -> bool {
        self.0[usize::from(code / 32)] >> (code % 32) & 1 == 1
    }

    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline(always)]
    fn lefts(self, codes: core::arch::wasm32::v128) -> core::arch::wasm32::v128 {
        use core::arch::wasm32::*;
        let [a, b, c, d, e, f, g, h] = self.0;
        let (low, high) = (u32x4(a, b, c, d), u32x4(e, f, g, h));
        let bits = u8x16(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        // The byte with a code's bit; of places beyond its 16 bytes, a swizzle makes 0.
        let place = u8x16_shr(codes, 3);
        let found = v128_or(
            u8x16_swizzle(low, place),
            u8x16_swizzle(high, u8x16_sub(place, u8x16_splat(16))),
        );
        let bit = u8x16_swizzle(bits, v128_and(codes, u8x16_splat(7)));
        u8x16_eq(v128_and(found, bit), bit)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) mod simd {
    use core::arch::wasm32::*;

    use super::Left;

    /// For each set of four words, where the bytes come from that have those in it side by side from
    /// the first place on, and the others from the last place on, the last first.
    static PARTED: [[u8; 16]; 16] = {
        let mut all = [[0; 16]; 16];
        let mut set = 0;
        while set < 16 {
            let (mut lane, mut first, mut last) = (0, 0, 3);
            while lane < 4 {
                let within = set >> lane & 1 == 1;
                let place = if within { first } else { last };
                let mut byte = 0;
                while byte < 4 {
                    all[set][4 * place + byte] = (4 * lane + byte) as u8;
                    byte += 1;
                }
                if within {
                    first += 1;
                } else if lane < 3 {
                    last -= 1;
                }
                lane += 1;
            }
            set += 1;
        }
        all
    };

    /// Which of the first sixteen rows go left, a bit each; the bits `number` of a word are a row's
    /// number.
    ///
    /// # Safety
    /// There are sixteen, and all numbers are below the length of `codes`.
    #[inline(always)]
    pub unsafe fn lefts(words: &[u32], number: u32, codes: &[u8], side: impl Left) -> u16 {
        let mut found = u8x16_splat(0);
        macro_rules! load {
            ($($lane:literal)*) => {
                // SAFETY: as asked for.
                unsafe {
                    $(found = v128_load8_lane::<$lane>(
                        found,
                        codes.as_ptr().add((*words.get_unchecked($lane) & number) as usize).cast(),
                    );)*
                }
            };
        }
        load!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        u8x16_bitmask(side.lefts(found))
    }

    /// Those of four words that are in `set`, a set of four, side by side from the first place on, and
    /// the others from the last place on, the last first.
    #[inline(always)]
    pub fn parted(four: v128, set: usize) -> v128 {
        // SAFETY: 16 bytes of one of the 16 sets.
        u8x16_swizzle(four, unsafe { v128_load(PARTED.as_ptr().add(set % 16).cast()) })
    }
}
