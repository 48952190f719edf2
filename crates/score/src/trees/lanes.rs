//! Splits of a small tree, for all rows of a group side by side. WebAssembly's instructions are named, as
//! compilers do not find them; elsewhere rows are handled one by one.

use super::LANES;
use super::bits::Split;

/// Of each row the leaves that it can still reach after all splits, a bit each, from all bits on.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
pub fn reach(splits: &[Split], codes: &[[u16; LANES]]) -> [u32; LANES] {
    use core::arch::wasm32::*;

    let mut reached = [u32x4_splat(u32::MAX); 4];
    for split in splits {
        let codes = codes[usize::from(split.feature)].as_ptr().cast::<v128>();
        // SAFETY: 16 codes are two times 16 bytes.
        let [low, high] = unsafe { [v128_load(codes), v128_load(codes.add(1))] };
        let (from, limit) = (u16x8_splat(split.from), u16x8_splat(split.limit));
        let low = u16x8_ge(u16x8_sub(low, from), limit);
        let high = u16x8_ge(u16x8_sub(high, from), limit);
        let left = u32x4_splat(split.left);
        let [a, b, c, d] = reached;
        reached = [
            v128_andnot(a, v128_and(i32x4_extend_low_i16x8(low), left)),
            v128_andnot(b, v128_and(i32x4_extend_high_i16x8(low), left)),
            v128_andnot(c, v128_and(i32x4_extend_low_i16x8(high), left)),
            v128_andnot(d, v128_and(i32x4_extend_high_i16x8(high), left)),
        ];
    }
    let mut words = [0; LANES];
    for (words, reached) in words.as_chunks_mut::<4>().0.iter_mut().zip(reached) {
        // SAFETY: four words are 16 bytes.
        unsafe { v128_store(words.as_mut_ptr().cast(), reached) };
    }
    words
}

/// Of each row the leaves that it can still reach after all splits, a bit each, from all bits on.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
pub fn reach(splits: &[Split], codes: &[[u16; LANES]]) -> [u32; LANES] {
    let mut reached = [u32::MAX; LANES];
    for split in splits {
        for (reached, code) in reached.iter_mut().zip(&codes[usize::from(split.feature)]) {
            let right = u32::from(code.wrapping_sub(split.from) >= split.limit).wrapping_neg();
            *reached &= !(split.left & right);
        }
    }
    reached
}
