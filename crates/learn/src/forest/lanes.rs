//! A byte of each of some rows, side by side: what one register of 128 bits holds, or several.
//! WebAssembly's instructions are named, as compilers do not find them; elsewhere lanes are handled one
//! by one.

/// Rows side by side.
pub(super) const LANES: usize = 16;

/// A byte a row.
pub(super) type Lanes = [u8; LANES];

/// Registers that hold a byte of each row, at most.
const REGISTERS: usize = 2;

/// So many rows.
pub(super) const MOST_LANES: usize = REGISTERS * LANES;

/// A byte of each of so many rows.
pub(super) type AllLanes = [Lanes; REGISTERS];

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
pub(super) use simd::{equal, equal_scores, gather, next_above, scores, sums_up_to, turned, up_to};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use one_by_one::{
    equal, equal_scores, gather, next_above, scores, sums_up_to, turned, up_to,
};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::*;

    use super::super::layout::STEP;
    use super::{AllLanes, LANES, Lanes, Weights};

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

    #[inline(always)]
    fn bits<const R: usize>(lanes: &[Lanes; R], is: impl Fn(v128) -> v128) -> u32 {
        let registers = lanes.iter().enumerate();
        registers.fold(0, |bits, (register, lanes)| {
            bits | u32::from(u8x16_bitmask(is(load(lanes)))) << (LANES * register)
        })
    }

    /// A bit for every lane that holds `code`.
    #[inline(always)]
    pub fn equal<const R: usize>(codes: &[Lanes; R], code: u8) -> u32 {
        bits(codes, |codes| u8x16_eq(codes, u8x16_splat(code)))
    }

    /// A bit for every lane that, less `from`, is at most `most`; what is less than 0 wraps around.
    #[inline(always)]
    pub fn up_to(codes: &AllLanes, from: u8, most: u8) -> u32 {
        bits(codes, |codes| u8x16_le(u8x16_sub(codes, u8x16_splat(from)), u8x16_splat(most)))
    }

    /// Of 16 rows the first bytes side by side, the second ones, and so on.
    #[inline(always)]
    pub fn turned(rows: &[[u8; STEP]; LANES]) -> [Lanes; STEP] {
        let mut all: [v128; STEP] = std::array::from_fn(|pair| {
            // SAFETY: two rows are 16 bytes.
            unsafe { v128_load(rows.as_ptr().add(2 * pair).cast()) }
        });
        // Every round moves the first bit of a byte's place to the end: after four, those that tell
        // the row come last.
        for _ in 0..4 {
            all = std::array::from_fn(|place| {
                let (a, b) = (all[place / 2], all[place / 2 + STEP / 2]);
                if place % 2 == 0 {
                    i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b)
                } else {
                    i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(
                        a, b,
                    )
                }
            });
        }
        all.map(store)
    }

    /// The lanes at these places; 0 for places that there are not.
    #[inline(always)]
    pub fn gather<const R: usize>([low, high]: &AllLanes, places: &[Lanes; R]) -> [Lanes; R] {
        let (low, high) = (load(low), load(high));
        places.map(|places| {
            let low = u8x16_swizzle(low, load(&places));
            let beyond = u8x16_sub(load(&places), u8x16_splat(LANES as u8));
            store(v128_or(low, u8x16_swizzle(high, beyond)))
        })
    }

    #[inline(always)]
    fn fours<const R: usize>(lanes: &[Lanes; R]) -> &[[u8; 4]] {
        lanes.as_flattened().as_chunks().0
    }

    /// For each lane the sums of `both` and of `second` over those of the first `n` lanes whose
    /// code, less `from`, is not larger; `both` and `second` are 0 in the other lanes.
    #[inline(always)]
    pub fn sums_up_to<const R: usize>(
        codes: &[Lanes; R],
        from: u8,
        n: usize,
        both: &[Lanes; R],
        second: &[Lanes; R],
    ) -> [[Lanes; R]; 2] {
        let own = codes.map(|codes| u8x16_sub(load(&codes), u8x16_splat(from)));
        let codes = own.map(store);
        let mut sums = [[u8x16_splat(0); R]; 2];
        let (codes, both, second) = (fours(&codes), fours(both), fours(second));
        // Lanes beyond the rows weigh nothing.
        for four in 0..n.div_ceil(4).min(codes.len()) {
            for lane in 0..4 {
                let code = u8x16_splat(codes[four][lane]);
                let weights = [both, second].map(|own| u8x16_splat(own[four][lane]));
                for (register, &own) in own.iter().enumerate() {
                    let up_to = u8x16_le(code, own);
                    // The mean of a mask and itself, which compilers do not see through: they would
                    // make a choice of two numbers of it, in twice as many instructions.
                    let up_to = u8x16_avgr(up_to, up_to);
                    for (sums, weight) in sums.iter_mut().zip(weights) {
                        sums[register] = u8x16_add(sums[register], v128_and(up_to, weight));
                    }
                }
            }
        }
        sums.map(|sums| sums.map(store))
    }

    /// For each of the first `n` lanes the score of a cut with these sums on its left, if `all` is
    /// what both sides weigh, and the largest; not a number where a side has no weight.
    #[inline(always)]
    pub fn scores<const R: usize>(
        [both, second]: &[[Lanes; R]; 2],
        n: usize,
        all: Weights,
        scores: &mut [[f64; LANES]; R],
    ) -> f64 {
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
        for (register, scores) in scores.iter_mut().enumerate() {
            let (both, second) = (load(&both[register]), load(&second[register]));
            let fours = (n - LANES * register).div_ceil(4);
            for (scores, &places) in
                scores.as_chunks_mut::<4>().0.iter_mut().zip(&places).take(fours)
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
        }
        let (first, last) = (f64x2_extract_lane::<0>(most), f64x2_extract_lane::<1>(most));
        if first < last { last } else { first }
    }

    /// A bit for every one of the first `n` scores that is `score`; others may have one too.
    #[inline(always)]
    pub fn equal_scores<const R: usize>(scores: &[[f64; LANES]; R], n: usize, score: f64) -> u32 {
        let mut bits = 0;
        let pairs = scores.as_flattened().as_chunks::<2>().0;
        for (pair, scores) in pairs.iter().enumerate().take(n.div_ceil(2)) {
            let equal = f64x2_eq(f64x2(scores[0], scores[1]), f64x2_splat(score));
            bits |= u32::from(i64x2_bitmask(equal)) << (2 * pair);
        }
        bits
    }

    /// Of the first `n` codes less `from` the lowest above `code`; 255 if there is none.
    #[inline(always)]
    pub fn next_above<const R: usize>(codes: &[Lanes; R], from: u8, n: usize, code: u8) -> u8 {
        let mut least = u8x16_splat(u8::MAX);
        for (register, codes) in codes.iter().enumerate() {
            let codes = u8x16_sub(load(codes), u8x16_splat(from));
            let places = u8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            let beyond = u8x16_ge(places, u8x16_splat((n - LANES * register) as u8));
            let others = v128_or(beyond, u8x16_le(codes, u8x16_splat(code)));
            least = u8x16_min(least, v128_or(codes, others));
        }
        let codes = u8x16_min(least, i64x2_shuffle::<1, 0>(least, least));
        let codes = u8x16_min(codes, i32x4_shuffle::<1, 0, 1, 0>(codes, codes));
        let codes = u8x16_min(codes, i16x8_shuffle::<1, 0, 1, 0, 1, 0, 1, 0>(codes, codes));
        u8x16_extract_lane::<0>(codes).min(u8x16_extract_lane::<1>(codes))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod one_by_one {
    use super::super::layout::STEP;
    use super::{AllLanes, LANES, Lanes, Weights};

    fn bits(lanes: &[Lanes], is: impl Fn(u8) -> bool) -> u32 {
        let lanes = (0..).zip(lanes.as_flattened());
        lanes.fold(0, |bits, (lane, &code)| bits | u32::from(is(code)) << lane)
    }

    /// A bit for every lane that holds `code`.
    #[inline(always)]
    pub fn equal<const R: usize>(codes: &[Lanes; R], code: u8) -> u32 {
        bits(codes, |own| own == code)
    }

    /// A bit for every lane that, less `from`, is at most `most`; what is less than 0 wraps around.
    #[inline(always)]
    pub fn up_to(codes: &AllLanes, from: u8, most: u8) -> u32 {
        bits(codes, |code| code.wrapping_sub(from) <= most)
    }

    /// Of 16 rows the first bytes side by side, the second ones, and so on.
    #[inline(always)]
    pub fn turned(rows: &[[u8; STEP]; LANES]) -> [Lanes; STEP] {
        std::array::from_fn(|code| rows.map(|row| row[code]))
    }

    /// The lanes at these places; 0 for places that there are not.
    #[inline(always)]
    pub fn gather<const R: usize>(lanes: &AllLanes, places: &[Lanes; R]) -> [Lanes; R] {
        let lanes = lanes.as_flattened();
        let lane = |place: u8| lanes.get(usize::from(place)).copied().unwrap_or_default();
        places.map(|places| places.map(lane))
    }

    /// For each lane the sums of `both` and of `second` over those of the first `n` lanes whose
    /// code, less `from`, is not larger.
    #[inline(always)]
    pub fn sums_up_to<const R: usize>(
        codes: &[Lanes; R],
        from: u8,
        n: usize,
        both: &[Lanes; R],
        second: &[Lanes; R],
    ) -> [[Lanes; R]; 2] {
        let codes = codes.map(|codes| codes.map(|code| code.wrapping_sub(from)));
        let mut sums = [[[0u8; LANES]; R]; 2];
        let weights = both.as_flattened().iter().zip(second.as_flattened());
        for (&code, (&both, &second)) in codes.as_flattened().iter().zip(weights).take(n) {
            let up_to = codes.map(|own| own.map(|own| u8::from(code <= own).wrapping_neg()));
            for (sums, weight) in sums.iter_mut().zip([both, second]) {
                let own = sums.as_flattened_mut().iter_mut().zip(up_to.as_flattened());
                own.for_each(|(sum, up_to)| *sum = sum.wrapping_add(up_to & weight));
            }
        }
        sums
    }

    /// For each of the first `n` lanes the score of a cut with these sums on its left, if `all` is
    /// what both sides weigh, and the largest; not a number where a side has no weight.
    #[inline(always)]
    pub fn scores<const R: usize>(
        [both, second]: &[[Lanes; R]; 2],
        n: usize,
        all: Weights,
        scores: &mut [[f64; LANES]; R],
    ) -> f64 {
        let mut most = f64::NEG_INFINITY;
        let lefts = both.as_flattened().iter().zip(second.as_flattened());
        for (score, (&both, &second)) in scores.as_flattened_mut().iter_mut().zip(lefts).take(n) {
            *score = Weights { both, second }.score(all);
            most = if most < *score { *score } else { most };
        }
        most
    }

    /// A bit for every one of the first `n` scores that is `score`; others may have one too.
    #[inline(always)]
    pub fn equal_scores<const R: usize>(scores: &[[f64; LANES]; R], n: usize, score: f64) -> u32 {
        let scores = (0..).zip(scores.as_flattened()).take(n);
        scores.fold(0, |bits, (lane, &own)| bits | u32::from(own == score) << lane)
    }

    /// Of the first `n` codes less `from` the lowest above `code`; 255 if there is none.
    #[inline(always)]
    pub fn next_above<const R: usize>(codes: &[Lanes; R], from: u8, n: usize, code: u8) -> u8 {
        let codes = codes.as_flattened().iter().take(n).map(|code| code.wrapping_sub(from));
        codes.filter(|&own| own > code).fold(u8::MAX, u8::min)
    }
}
