//! What a split is, and the search for the best one of a feature.

use hedgerow_model::Bins;

use super::random::Random;

/// Codes a feature can have.
pub(crate) const CODES: usize = 256;

/// A feature as a node sees it.
#[derive(Clone, Copy)]
pub(super) struct Feature<'a> {
    pub index: u16,
    /// The code of every row.
    pub codes: &'a [u8],
    /// Codes are below this.
    pub n_codes: usize,
    /// Whether codes have no order.
    pub categorical: bool,
    /// If a random cut is wanted: what it is drawn by.
    pub draw: Option<u64>,
}

/// Which codes go left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rule {
    /// Codes `1..=threshold`, and 0 (missing) if `missing_left`.
    Threshold { threshold: u8, missing_left: bool },
    /// The codes whose bit is set.
    Set([u32; CODES / 32]),
}

impl Rule {
    /// Whether a row with that code goes left.
    pub fn goes_left(&self, code: u8) -> bool {
        match self {
            Self::Threshold { missing_left, .. } if code == 0 => *missing_left,
            Self::Threshold { threshold, .. } => code <= *threshold,
            Self::Set(words) => words[usize::from(code / 32)] >> (code % 32) & 1 == 1,
        }
    }
}

/// The best split found so far at a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    /// The larger, the better; [`f64::NEG_INFINITY`] while there is none.
    pub score: f64,
    pub feature: u16,
    pub rule: Rule,
    /// No other split can be better.
    pub perfect: bool,
}

impl Best {
    pub const NONE: Self = Self {
        score: f64::NEG_INFINITY,
        feature: 0,
        rule: Rule::Threshold { threshold: 0, missing_left: false },
        perfect: false,
    };

    pub fn found(&self) -> bool {
        self.score > f64::NEG_INFINITY
    }
}

/// The best way to cut a sequence of codes in two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub score: f64,
    /// So many codes of the sequence go left.
    pub end: usize,
    /// The left side weighs more.
    pub left_heavier: bool,
    /// Both sides are pure.
    pub perfect: bool,
}

/// What is known of the rows of a node by code of one feature.
pub(super) trait Profile {
    /// The best cut after one of the codes `ends` from place `from` on with a score above `floor`;
    /// the first of equals. On the left are all codes up to the cut, and `lead`, if any.
    fn cut(&mut self, lead: Option<u8>, ends: &[u8], from: usize, floor: f64) -> Option<Cut>;

    /// What the category of that code is ordered by, whether the node has it or not.
    fn category_key(&mut self, code: u8) -> f64;

    /// Of the categories that the node does not have, those with keys below `border`. What it tells
    /// of others, and of codes from `n_codes` on, does not matter.
    fn absent_below(&mut self, border: f64, n_codes: usize) -> [u32; CODES / 32] {
        let mut words = [0; CODES / 32];
        for code in (0..=u8::MAX).take(n_codes) {
            let below = self.category_key(code) < border;
            words[usize::from(code / 32)] |= u32::from(below) << (code % 32);
        }
        words
    }
}

/// Searches one feature whose rows in the node have the codes `present`, ascending, and remembers
/// its best split if it beats `best`.
///
/// Missing values are tried on both sides; where the node has none, they go with the heavier one.
///
/// Categories, and missing as one of them, are put in the order of `category_key` and then cut
/// like numbers: ordered by the target's mean or the share of one of two classes, the best of all
/// subsets is among these cuts (Fisher 1958; Breiman et al. 1984, section 4.2.2). With more classes
/// it is the share of the class that weighs most in the node, which is a heuristic. Means are
/// blended with those of the whole sample, see [`super::priors`]; by them, categories that the node
/// does not have fall on one side too.
pub(super) fn search_feature(
    profile: &mut impl Profile,
    feature: Feature,
    present: &mut [u8],
    best: &mut Best,
) {
    if let Some(draw) = feature.draw {
        random_cut(profile, feature, present, draw, best);
        return;
    }
    if feature.categorical {
        search_categories(profile, feature, present, best);
        return;
    }
    let (missing, numbers) = match present {
        [0, numbers @ ..] => (true, &*numbers),
        numbers => (false, &*numbers),
    };
    let floor = best.score;
    let mut take = |cut: Option<Cut>, missing_left: Option<bool>| {
        let Some(cut) = cut else { return };
        let threshold = match numbers.get(cut.end) {
            Some(next) => middle(numbers[cut.end - 1], *next),
            None => (feature.n_codes - 1) as u8,
        };
        let missing_left = missing_left.unwrap_or(cut.left_heavier);
        let rule = Rule::Threshold { threshold, missing_left };
        *best = Best { score: cut.score, feature: feature.index, rule, perfect: cut.perfect };
    };
    let inner = &numbers[..numbers.len() - 1];
    let right = profile.cut(None, if missing { numbers } else { inner }, 0, floor);
    let floor = right.map_or(floor, |cut| cut.score);
    take(right, missing.then_some(false));
    if missing {
        take(profile.cut(Some(0), inner, 0, floor), Some(true));
    }
}

/// Searches only one cut, drawn at random: a number is cut anywhere between the smallest and the
/// largest code, of categories a random part goes left. Categories that are not there go right.
#[inline(never)]
fn random_cut(
    profile: &mut impl Profile,
    feature: Feature,
    present: &mut [u8],
    draw: u64,
    best: &mut Best,
) {
    let mut random = Random::new(draw);
    let index = feature.index;
    if feature.categorical {
        for last in (1..present.len()).rev() {
            present.swap(last, random.below(last as u32 + 1) as usize);
        }
        let end = 1 + random.below(present.len() as u32 - 1) as usize;
        let Some(cut) = profile.cut(None, &present[..end], end - 1, best.score) else { return };
        let mut words = [0; CODES / 32];
        for &code in &present[..end] {
            words[usize::from(code / 32)] |= 1 << (code % 32);
        }
        let rule = Rule::Set(words);
        *best = Best { score: cut.score, feature: index, rule, perfect: cut.perfect };
        return;
    }
    let (missing, numbers) = match &*present {
        [0, numbers @ ..] => (true, numbers),
        numbers => (false, numbers),
    };
    let (low, high) = (numbers[0], numbers[numbers.len() - 1]);
    // Where all numbers are the same, only missing values can be told from them.
    let threshold = if low < high { low + random.below(u32::from(high - low)) as u8 } else { high };
    let end = numbers.partition_point(|&code| code <= threshold);
    let mut offer = |lead: Option<u8>| {
        let Some(cut) = profile.cut(lead, &numbers[..end], end - 1, best.score) else { return };
        let missing_left = if missing { lead.is_some() } else { cut.left_heavier };
        let rule = Rule::Threshold { threshold, missing_left };
        *best = Best { score: cut.score, feature: index, rule, perfect: cut.perfect };
    };
    offer(None);
    if missing && low < high {
        offer(Some(0));
    }
}

/// The code half-way between two that occur, so that values unseen here are shared fairly.
pub(crate) fn middle(low: u8, high: u8) -> u8 {
    low + (high - low - 1) / 2
}

#[inline(never)]
fn search_categories(
    profile: &mut impl Profile,
    feature: Feature,
    present: &mut [u8],
    best: &mut Best,
) {
    let mut keys = [0.0; CODES];
    for &code in &*present {
        keys[usize::from(code)] = profile.category_key(code);
    }
    let key = |code: u8| keys[usize::from(code)];
    present.sort_unstable_by(|&a, &b| key(a).total_cmp(&key(b)).then(a.cmp(&b)));
    let inner = &present[..present.len() - 1];
    let Some(cut) = profile.cut(None, inner, 0, best.score) else { return };
    let (left, right) = present.split_at(cut.end);
    let border = (key(left[cut.end - 1]) + key(right[0])) / 2.0;
    let mut words = profile.absent_below(border, feature.n_codes);
    right.iter().for_each(|&code| words[usize::from(code / 32)] &= !(1 << (code % 32)));
    left.iter().for_each(|&code| words[usize::from(code / 32)] |= 1 << (code % 32));
    let rule = Rule::Set(words);
    *best = Best { score: cut.score, feature: feature.index, rule, perfect: cut.perfect };
}

/// The codes of which `bits` are set, ascending.
#[inline]
pub(super) fn codes_of<'a>(bits: &[u64; CODES / 64], out: &'a mut [u8; CODES]) -> &'a mut [u8] {
    let mut len = 0;
    for (index, &word) in bits.iter().enumerate() {
        let mut word = word;
        while word != 0 {
            out[len] = (index * 64) as u8 + word.trailing_zeros() as u8;
            len += 1;
            word &= word - 1;
        }
    }
    &mut out[..len]
}

/// The codes below `n_codes` for which `seen` has a 1, ascending; all others must be 0.
#[inline]
pub(super) fn codes_seen<'a>(
    seen: &[u8; CODES],
    n_codes: usize,
    out: &'a mut [u8; CODES],
) -> &'a mut [u8] {
    let mut bits = [0; CODES / 64];
    let words = seen.as_chunks::<64>().0.iter().take(n_codes.div_ceil(64));
    for (bits, seen) in bits.iter_mut().zip(words) {
        for (place, sixteen) in seen.as_chunks::<16>().0.iter().enumerate() {
            *bits |= u64::from(ones(sixteen)) << (16 * place);
        }
    }
    codes_of(&bits, out)
}

/// A bit for every byte, all of which are 0 or 1.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
fn ones(bytes: &[u8; 16]) -> u16 {
    use core::arch::wasm32::*;
    // SAFETY: there are 16 bytes.
    let bytes = unsafe { v128_load(bytes.as_ptr().cast()) };
    u8x16_bitmask(u8x16_eq(bytes, u8x16_splat(1)))
}

/// A bit for every byte, all of which are 0 or 1.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
fn ones(bytes: &[u8; 16]) -> u16 {
    // The product has the lowest bits of eight bytes side by side at its top.
    let [low, high] = [0, 8].map(|from| {
        let eight = u64::from_le_bytes(std::array::from_fn(|byte| bytes[from + byte]));
        (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u16
    });
    low | high << 8
}

/// Whether a feature's codes have no order.
pub(crate) fn is_categorical(bins: &Bins) -> bool {
    matches!(bins, Bins::Categorical { .. })
}
