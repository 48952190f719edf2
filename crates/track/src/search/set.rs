//! Sets of runs, by their row numbers.

use std::collections::BTreeMap;

/// Words of 64 bits a block.
const WORDS: usize = 64;
const BITS: i64 = 64 * WORDS as i64;

/// Some runs; or, where it is an inverse, all but some.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSet {
    /// One bit a run. Row numbers are close together, but for those of a stranger's file.
    blocks: BTreeMap<i64, [u64; WORDS]>,
    inverse: bool,
}

impl RunSet {
    pub fn all() -> Self {
        Self::default().not()
    }

    pub fn insert(&mut self, number: i64) {
        let (block, word, bit) = place(number);
        self.blocks.entry(block).or_insert([0; WORDS])[word] |= bit;
    }

    pub fn contains(&self, number: i64) -> bool {
        let (block, word, bit) = place(number);
        self.blocks.get(&block).is_some_and(|words| words[word] & bit != 0) != self.inverse
    }

    pub fn not(self) -> Self {
        Self { inverse: !self.inverse, ..self }
    }

    pub fn and(self, other: Self) -> Self {
        match (self.inverse, other.inverse) {
            (false, _) => self.keeping(&other),
            (true, false) => other.keeping(&self),
            (true, true) => self.with(other),
        }
    }

    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// What of this, which is no inverse, is in the other.
    fn keeping(mut self, other: &Self) -> Self {
        let nothing = [0; WORDS];
        for (block, words) in &mut self.blocks {
            let others = other.blocks.get(block).unwrap_or(&nothing);
            for (word, of_other) in words.iter_mut().zip(others) {
                *word &= if other.inverse { !of_other } else { *of_other };
            }
        }
        self
    }

    /// Of two inverses, the one without what either is without.
    fn with(mut self, other: Self) -> Self {
        for (block, words) in other.blocks {
            for (word, of_other) in
                self.blocks.entry(block).or_insert([0; WORDS]).iter_mut().zip(words)
            {
                *word |= of_other;
            }
        }
        self
    }

    /// How many runs these are of so many.
    pub fn len(&self, all: i64) -> i64 {
        let bits = self.blocks.values().flatten().map(|word| i64::from(word.count_ones())).sum();
        if self.inverse { all - bits } else { bits }
    }

    /// Whether it is all runs that there are.
    pub fn is_all(&self) -> bool {
        self.inverse && self.blocks.values().flatten().all(|word| *word == 0)
    }

    /// The row numbers, in order, where those are at most so many.
    pub fn few(&self, most: usize) -> Option<Vec<i64>> {
        if self.inverse || self.len(0) > most as i64 {
            return None;
        }
        let of_block = |(block, words): (&i64, &[u64; WORDS])| {
            let first = block * BITS;
            let words = *words;
            (0..BITS)
                .filter(move |bit| words[(bit / 64) as usize] >> (bit % 64) & 1 == 1)
                .map(move |bit| first + bit)
        };
        Some(self.blocks.iter().flat_map(of_block).collect())
    }
}

/// Block, word in it and bit of a row number.
fn place(number: i64) -> (i64, usize, u64) {
    let bit = number.rem_euclid(BITS);
    (number.div_euclid(BITS), (bit / 64) as usize, 1 << (bit % 64))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn range() -> std::ops::Range<i64> {
        -5_000..10_000
    }

    fn some() -> impl Strategy<Value = (RunSet, BTreeSet<i64>)> {
        (proptest::collection::vec(range(), 0..40), any::<bool>()).prop_map(|(numbers, inverse)| {
            let mut set = RunSet::default();
            numbers.iter().for_each(|number| set.insert(*number));
            let members = range().filter(|number| numbers.contains(number) != inverse).collect();
            (if inverse { set.not() } else { set }, members)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn sets_are_those_of_the_numbers((a, in_a) in some(), (b, in_b) in some()) {
            let all = range().count() as i64;
            for (set, members) in [
                (a.clone().and(b.clone()), &in_a & &in_b),
                (a.clone().or(b.clone()), &in_a | &in_b),
                (a.and(b.not()), &in_a - &in_b),
            ] {
                prop_assert!(range().all(|number| set.contains(number) == members.contains(&number)));
                prop_assert_eq!(set.len(all), members.len() as i64);
                if let Some(few) = set.few(50) {
                    prop_assert_eq!(few, members.into_iter().collect::<Vec<_>>());
                }
            }
        }
    }
}
