//! A byte of each of sixteen rows, side by side: what a register of 128 bits holds. WebAssembly's
//! instructions are named, as compilers do not find them; elsewhere lanes are handled one by one.

/// Rows side by side.
pub(super) const LANES: usize = 16;

/// A byte a row.
pub(super) type Lanes = [u8; LANES];

/// What two classes weigh: both, and the second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Weights {
    pub both: u8,
    pub second: u8,
}

impl Weights {
    /// Whether there is but one class.
    pub fn is_pure(self) -> bool {
        self.second == 0 || self.second == self.both
    }

    pub fn less(self, other: Self) -> Self {
        Self { both: self.both - other.both, second: self.second - other.second }
    }

    /// The score of a cut with these weights on the left, if `all` is what both sides weigh.
    pub fn score(self, all: Self) -> f64 {
        let [w, s] = [all.both, all.second].map(i32::from);
        let [left, second] = [self.both, self.second].map(i32::from);
        let difference = f64::from(second * w - s * left);
        difference * difference / f64::from(left * (w - left))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd::{equal, equal_scores, gather, next_above, scores, sums_up_to, up_to};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use one_by_one::{equal, equal_scores, gather, next_above, scores, sums_up_to, up_to};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::*;

    use super::{LANES, Lanes, Weights};

    #[inline(always)]
    fn load(lanes: &Lanes) -> v128 {
        // SAFETY: lanes are 16 bytes.
        unsafe { v128_load(lanes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store(register: v128) -> Lanes {
        let mut lanes = [0; LANES];
        // SAFETY: lanes are 16 bytes.
        unsafe { v128_store(lanes.as_mut_ptr().cast(), register) };
        lanes
    }

    /// A bit for every lane that holds `code`.
    #[inline(always)]
    pub fn equal(codes: &Lanes, code: u8) -> u16 {
        u8x16_bitmask(u8x16_eq(load(codes), u8x16_splat(code)))
    }

    /// A bit for every lane that, less `from`, is at most `most`; what is less than 0 wraps around.
    #[inline(always)]
    pub fn up_to(codes: &Lanes, from: u8, most: u8) -> u16 {
        let codes = u8x16_sub(load(codes), u8x16_splat(from));
        u8x16_bitmask(u8x16_le(codes, u8x16_splat(most)))
    }

    /// The lanes at these places; 0 for places that there are not.
    #[inline(always)]
    pub fn gather(lanes: &Lanes, places: &Lanes) -> Lanes {
        store(u8x16_swizzle(load(lanes), load(places)))
    }

    /// For each lane the sums of `both` and of `second` over those of the first `n` lanes whose
    /// code, less `from`, is not larger.
    #[inline(always)]
    pub fn sums_up_to(
        codes: &Lanes,
        from: u8,
        n: usize,
        both: &Lanes,
        second: &Lanes,
    ) -> [Lanes; 2] {
        let own = u8x16_sub(load(codes), u8x16_splat(from));
        let codes = store(own);
        let mut sums = [u8x16_splat(0); 2];
        for ((&code, &both), &second) in codes.iter().zip(both).zip(second).take(n) {
            let up_to = u8x16_le(u8x16_splat(code), own);
            sums[0] = u8x16_add(sums[0], v128_and(up_to, u8x16_splat(both)));
            sums[1] = u8x16_add(sums[1], v128_and(up_to, u8x16_splat(second)));
        }
        sums.map(store)
    }

    /// For each of the first `n` lanes the score of a cut with these sums on its left, if `all` is
    /// what both sides weigh, and the largest; not a number where a side has no weight.
    #[inline(always)]
    pub fn scores(
        [both, second]: &[Lanes; 2],
        n: usize,
        all: Weights,
        scores: &mut [f64; LANES],
    ) -> f64 {
        let (both, second) = (load(both), load(second));
        let (w, s) = (i16::from(all.both), i16::from(all.second));
        let factors = i16x8(w, -s, w, -s, w, -s, w, -s);
        let mut most = f64x2_splat(f64::NEG_INFINITY);
        let places = [
            u8x16(0, 16, 0, 16, 1, 16, 1, 16, 2, 16, 2, 16, 3, 16, 3, 16),
            u8x16(4, 16, 4, 16, 5, 16, 5, 16, 6, 16, 6, 16, 7, 16, 7, 16),
            u8x16(8, 16, 8, 16, 9, 16, 9, 16, 10, 16, 10, 16, 11, 16, 11, 16),
            u8x16(12, 16, 12, 16, 13, 16, 13, 16, 14, 16, 14, 16, 15, 16, 15, 16),
        ];
        let odd = u32x4_splat(0xFFFF_0000);
        for (scores, &places) in
            scores.as_chunks_mut::<4>().0.iter_mut().zip(&places).take(n.div_ceil(4))
        {
            // Pairs of 16 bits: the sum of `second`, then that of `both`.
            let (left_both, left_second) =
                (u8x16_swizzle(both, places), u8x16_swizzle(second, places));
            let pairs = v128_bitselect(left_both, left_second, odd);
            let difference = i32x4_dot_i16x8(pairs, factors);
            let left = u32x4_shr(left_both, 16);
            let sides = i32x4_mul(left, i32x4_sub(i32x4_splat(i32::from(w)), left));
            let high = |four: v128| i32x4_shuffle::<2, 3, 2, 3>(four, four);
            let of = |difference: v128, sides: v128| {
                let difference = f64x2_convert_low_i32x4(difference);
                f64x2_div(f64x2_mul(difference, difference), f64x2_convert_low_i32x4(sides))
            };
            let (first, last) = (of(difference, sides), of(high(difference), high(sides)));
            most = f64x2_pmax(f64x2_pmax(most, first), last);
            *scores = [
                f64x2_extract_lane::<0>(first),
                f64x2_extract_lane::<1>(first),
                f64x2_extract_lane::<0>(last),
                f64x2_extract_lane::<1>(last),
            ];
        }
        let (first, last) = (f64x2_extract_lane::<0>(most), f64x2_extract_lane::<1>(most));
        if first < last { last } else { first }
    }

    /// A bit for every one of the first `n` scores that is `score`; others may have one too.
    #[inline(always)]
    pub fn equal_scores(scores: &[f64; LANES], n: usize, score: f64) -> u16 {
        let mut bits = 0;
        for (pair, scores) in scores.as_chunks::<2>().0.iter().enumerate().take(n.div_ceil(2)) {
            let equal = f64x2_eq(f64x2(scores[0], scores[1]), f64x2_splat(score));
            bits |= u16::from(i64x2_bitmask(equal)) << (2 * pair);
        }
        bits
    }

    /// Of the first `n` codes less `from` the lowest above `code`; 255 if there is none.
    #[inline(always)]
    pub fn next_above(codes: &Lanes, from: u8, n: usize, code: u8) -> u8 {
        let codes = u8x16_sub(load(codes), u8x16_splat(from));
        let places = u8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        let beyond = u8x16_ge(places, u8x16_splat(n as u8));
        let codes = v128_or(codes, v128_or(beyond, u8x16_le(codes, u8x16_splat(code))));
        let codes = u8x16_min(codes, i64x2_shuffle::<1, 0>(codes, codes));
        let codes = u8x16_min(codes, i32x4_shuffle::<1, 0, 1, 0>(codes, codes));
        let codes = u8x16_min(codes, i16x8_shuffle::<1, 0, 1, 0, 1, 0, 1, 0>(codes, codes));
        u8x16_extract_lane::<0>(codes).min(u8x16_extract_lane::<1>(codes))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod one_by_one {
    use super::{LANES, Lanes, Weights};

    fn bits(lanes: &Lanes, is: impl Fn(u8) -> bool) -> u16 {
        (0..).zip(lanes).fold(0, |bits, (lane, &code)| bits | u16::from(is(code)) << lane)
    }

    /// A bit for every lane that holds `code`.
    #[inline(always)]
    pub fn equal(codes: &Lanes, code: u8) -> u16 {
        bits(codes, |own| own == code)
    }

    /// A bit for every lane that, less `from`, is at most `most`; what is less than 0 wraps around.
    #[inline(always)]
    pub fn up_to(codes: &Lanes, from: u8, most: u8) -> u16 {
        bits(codes, |code| code.wrapping_sub(from) <= most)
    }

    /// The lanes at these places; 0 for places that there are not.
    #[inline(always)]
    pub fn gather(lanes: &Lanes, places: &Lanes) -> Lanes {
        places.map(|place| if usize::from(place) < LANES { lanes[usize::from(place)] } else { 0 })
    }

    /// For each lane the sums of `both` and of `second` over those of the first `n` lanes whose
    /// code, less `from`, is not larger.
    #[inline(always)]
    pub fn sums_up_to(
        codes: &Lanes,
        from: u8,
        n: usize,
        both: &Lanes,
        second: &Lanes,
    ) -> [Lanes; 2] {
        let codes = codes.map(|code| code.wrapping_sub(from));
        let mut sums = [[0u8; LANES]; 2];
        for ((&code, &both), &second) in codes.iter().zip(both).zip(second).take(n) {
            let up_to = codes.map(|own| u8::from(code <= own).wrapping_neg());
            for (sums, weight) in sums.iter_mut().zip([both, second]) {
                let own = sums.iter_mut().zip(&up_to);
                own.for_each(|(sum, up_to)| *sum = sum.wrapping_add(up_to & weight));
            }
        }
        sums
    }

    /// For each of the first `n` lanes the score of a cut with these sums on its left, if `all` is
    /// what both sides weigh, and the largest; not a number where a side has no weight.
    #[inline(always)]
    pub fn scores(
        [both, second]: &[Lanes; 2],
        n: usize,
        all: Weights,
        scores: &mut [f64; LANES],
    ) -> f64 {
        let mut most = f64::NEG_INFINITY;
        for ((score, &both), &second) in scores.iter_mut().zip(both).zip(second).take(n) {
            *score = Weights { both, second }.score(all);
            most = if most < *score { *score } else { most };
        }
        most
    }

    /// A bit for every one of the first `n` scores that is `score`; others may have one too.
    #[inline(always)]
    pub fn equal_scores(scores: &[f64; LANES], n: usize, score: f64) -> u16 {
        let scores = (0..).zip(scores).take(n);
        scores.fold(0, |bits, (lane, &own)| bits | u16::from(own == score) << lane)
    }

    /// Of the first `n` codes less `from` the lowest above `code`; 255 if there is none.
    #[inline(always)]
    pub fn next_above(codes: &Lanes, from: u8, n: usize, code: u8) -> u8 {
        let codes = codes.iter().take(n).map(|code| code.wrapping_sub(from));
        codes.filter(|&own| own > code).fold(u8::MAX, u8::min)
    }
}
