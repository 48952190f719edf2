//! The rows of a tree, leaf by leaf, and how a leaf's are sorted into those that go left and those
//! that go right.

use super::CHUNK;
use crate::forest::Rule;

/// Rows that are sorted at a time where there are instructions for it.
const GROUP: usize = 4;

/// Row numbers that are only ever put in another order, so that their limit is found once.
#[derive(Default)]
pub(super) struct Members {
    ids: Vec<u32>,
    /// All are below this.
    end: usize,
    /// Room for the rows that go right, and for a group more.
    spare: Vec<u32>,
}

impl Members {
    pub fn new(ids: Vec<u32>) -> Self {
        let end = largest(&ids) as usize + 1;
        Self { ids, end, spare: Vec::new() }
    }

    /// Makes the numbers those of `other`.
    pub fn copy(&mut self, other: &Self) {
        self.ids.clone_from(&other.ids);
        self.end = other.end;
        self.spare.resize(self.ids.len() + GROUP, 0);
    }

    /// All numbers.
    pub fn all(&self) -> &[u32] {
        &self.ids
    }

    /// The numbers at these places.
    pub fn numbers(&self, start: usize, end: usize) -> &[u32] {
        &self.ids[start..end]
    }

    /// Moves the rows from `start` to `end` that `rule` sends left to the front, both sides staying
    /// in order; their number.
    pub fn partition(&mut self, start: usize, end: usize, codes: &[u8], rule: &Rule) -> usize {
        assert!(self.end <= codes.len(), "rows are in the column");
        assert!(self.spare.len() >= end - start + GROUP, "there is room");
        let (ids, spare) = (&mut self.ids[start..end], self.spare.as_mut_slice());
        match rule {
            Rule::Threshold { threshold, missing_left } => {
                // Without missing values on the left, code 0 wraps around and is beyond all others.
                let from = u8::from(!missing_left);
                match threshold.checked_sub(from) {
                    Some(most) => sort(ids, codes, UpTo { from, most }, spare),
                    None => 0,
                }
            }
            Rule::Set(words) => sort(ids, codes, Among(*words), spare),
        }
    }
}

#[inline(never)]
fn largest(ids: &[u32]) -> u32 {
    ids.iter().fold(0, |largest, &id| largest.max(id))
}

/// Which codes go left.
trait Left: Copy {
    fn left(self, code: u8) -> bool;

    /// All bits of those that go left.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    fn lefts(self, codes: core::arch::wasm32::v128) -> core::arch::wasm32::v128;
}

/// Those at most `most` more than `from`.
#[derive(Clone, Copy)]
struct UpTo {
    from: u8,
    most: u8,
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
struct Among([u32; 8]);

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

/// All `ids` are below the length of `codes`; `spare` has room for as many and a group.
fn sort<L: Left>(ids: &mut [u32], codes: &[u8], side: L, spare: &mut [u32]) -> usize {
    let (mut lefts, mut rights) = (0, 0);
    for start in (0..ids.len()).step_by(CHUNK) {
        let end = ids.len().min(start + CHUNK);
        // SAFETY: the ids are sound, as `partition` has checked, and as it has checked the room
        // left is enough for the rows left and a group.
        let moved = unsafe {
            chunk(&mut ids[lefts..end], start - lefts, codes, side, &mut spare[rights..])
        };
        lefts += moved;
        rights += end - start - moved;
    }
    ids[lefts..].copy_from_slice(&spare[..rights]);
    lefts
}

/// Handles the rows from `from` on: left ones go to the front, right ones to `spare`; how many go
/// left.
///
/// # Safety
/// All `ids` are below the length of `codes`, and `spare` has room for the rows and a group.
#[inline(never)]
unsafe fn chunk<L: Left>(
    ids: &mut [u32],
    from: usize,
    codes: &[u8],
    side: L,
    spare: &mut [u32],
) -> usize {
    let (mut at, mut lefts, mut rights) = (from, 0, 0);
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    while at + 16 <= ids.len() {
        // SAFETY: as asked for; there are 16 ids from `at` on.
        let bits = unsafe { simd::lefts(&ids[at..], codes, side) };
        for group in 0..4 {
            let bits = usize::from(bits >> (4 * group)) & 15;
            // SAFETY: `lefts` is at most the place of the group, and `rights` at most the number of
            // rows handled, which leaves a group's room.
            unsafe { simd::pack(ids, at + 4 * group, bits, lefts, spare, rights) };
            lefts += bits.count_ones() as usize;
            rights += 4 - bits.count_ones() as usize;
        }
        at += 16;
    }
    // Writes both places for every row and advances one, so that no branch has to be guessed.
    while at < ids.len() {
        // SAFETY: `at` is below the length. Ids are below that of `codes`, as asked for. `lefts` and
        // `rights` are at most the number of rows handled, so `lefts <= at`, and there is room for
        // all in `spare`.
        unsafe {
            let id = *ids.get_unchecked(at);
            let go = side.left(*codes.get_unchecked(id as usize));
            *ids.get_unchecked_mut(lefts) = id;
            *spare.get_unchecked_mut(rights) = id;
            lefts += usize::from(go);
            rights += usize::from(!go);
        }
        at += 1;
    }
    lefts
}

/// Sixteen rows at a time.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::*;

    use super::Left;

    /// For each set of four, the bytes of those in it, side by side.
    static PACKED: [[u8; 16]; 16] = packed();

    const fn packed() -> [[u8; 16]; 16] {
        let mut all = [[0; 16]; 16];
        let mut set = 0;
        while set < 16 {
            let (mut lane, mut to) = (0, 0);
            while lane < 4 {
                if set >> lane & 1 == 1 {
                    let mut byte = 0;
                    while byte < 4 {
                        all[set][4 * to + byte] = (4 * lane + byte) as u8;
                        byte += 1;
                    }
                    to += 1;
                }
                lane += 1;
            }
            set += 1;
        }
        all
    }

    /// Which of the first sixteen `ids` go left, a bit each.
    ///
    /// # Safety
    /// There are sixteen, all below the length of `codes`.
    #[inline(always)]
    pub unsafe fn lefts(ids: &[u32], codes: &[u8], side: impl Left) -> u16 {
        let mut found = u8x16_splat(0);
        macro_rules! load {
            ($($lane:literal)*) => {
                // SAFETY: as asked for.
                unsafe {
                    $(found = v128_load8_lane::<$lane>(
                        found,
                        codes.as_ptr().add(*ids.get_unchecked($lane) as usize).cast(),
                    );)*
                }
            };
        }
        load!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        u8x16_bitmask(side.lefts(found))
    }

    /// Writes those of the four ids from `at` on that are in `bits` to `ids[lefts..]`, and the
    /// others to `spare[rights..]`. What is written after them is without meaning.
    ///
    /// # Safety
    /// There are four ids from `at` on, `lefts <= at`, and four places in `spare`.
    #[inline(always)]
    pub unsafe fn pack(
        ids: &mut [u32],
        at: usize,
        bits: usize,
        lefts: usize,
        spare: &mut [u32],
        rights: usize,
    ) {
        // SAFETY: as asked for; `bits` and its complement are below 16.
        unsafe {
            let four = v128_load(ids.as_ptr().add(at).cast());
            let left = v128_load(PACKED.as_ptr().add(bits).cast());
            let right = v128_load(PACKED.as_ptr().add(bits ^ 15).cast());
            v128_store(ids.as_mut_ptr().add(lefts).cast(), u8x16_swizzle(four, left));
            v128_store(spare.as_mut_ptr().add(rights).cast(), u8x16_swizzle(four, right));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same without any trick.
    fn checked(ids: &[u32], codes: &[u8], rule: &Rule) -> (Vec<u32>, Vec<u32>) {
        ids.iter().partition(|&&id| rule.goes_left(codes[id as usize]))
    }

    proptest! {
        #[test]
        fn both_sides_keep_their_order(
            codes in prop::collection::vec(any::<u8>(), 1..10_000),
            threshold in any::<u8>(),
            missing_left in any::<bool>(),
            words in any::<[u32; 8]>(),
            use_set in any::<bool>(),
            step in 1usize..3,
        ) {
            let numeric = Rule::Threshold { threshold, missing_left };
            let rule = if use_set { Rule::Set(words) } else { numeric };
            let ids: Vec<u32> = (0..codes.len() as u32).step_by(step).collect();
            let (start, end) = (ids.len() / 7, ids.len());
            let (left, right) = checked(&ids[start..], &codes, &rule);
            let mut members = Members::default();
            members.copy(&Members::new(ids.clone()));
            let lefts = members.partition(start, end, &codes, &rule);
            prop_assert_eq!(members.numbers(0, start), &ids[..start]);
            prop_assert_eq!(members.numbers(start, start + lefts), left);
            prop_assert_eq!(members.numbers(start + lefts, end), right);
        }
    }
}
