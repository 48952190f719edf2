//! Words: counts of known ones, and what is new.

use alloc::string::String;
use alloc::vec::Vec;

use crate::Fault;
use crate::bytes::{Reader, Writer};
use crate::numbers::{add_all, total};

/// Known words that are counted each by itself.
const MOST: usize = 255;

/// New words that are kept by name.
pub const MOST_NEW: usize = 32;

/// Bytes of a new word that are kept.
pub const LONGEST: usize = 64;

/// The words of the training rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    /// Those that are counted each by itself, the most frequent ones, in order of their code points.
    pub words: Vec<String>,
    /// Hashes of the other known ones, ascending: those are counted together.
    rest: Vec<u64>,
    /// Places of `words` by hash: index and one, or 0.
    table: Vec<u16>,
}

impl Vocabulary {
    /// Known words with how often each is there.
    pub fn of(known: &[(&str, u64)]) -> Self {
        let mut by_count: Vec<&(&str, u64)> = known.iter().collect();
        by_count.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let (own, rest) = by_count.split_at(by_count.len().min(MOST));
        let mut words: Vec<String> = own.iter().map(|(word, _)| String::from(*word)).collect();
        words.sort();
        let rest = rest.iter().map(|(word, _)| hash(word)).collect();
        Self::with(words, rest)
    }

    fn with(words: Vec<String>, mut rest: Vec<u64>) -> Self {
        rest.sort_unstable();
        rest.dedup();
        let mut table = alloc::vec![0u16; (words.len() * 2).next_power_of_two()];
        let mask = table.len() - 1;
        for (index, word) in words.iter().enumerate() {
            let mut place = hash(word) as usize & mask;
            while table[place] > 0 {
                place = (place + 1) & mask;
            }
            table[place] = index as u16 + 1;
        }
        Self { words, rest, table }
    }

    /// Where a word is counted.
    fn place(&self, word: &str, hash: u64) -> Place {
        let mask = self.table.len() - 1;
        let mut place = hash as usize & mask;
        while let Some(index) = usize::from(self.table[place]).checked_sub(1) {
            if self.words[index] == word {
                return Place::Own(index);
            }
            place = (place + 1) & mask;
        }
        if self.rest.binary_search(&hash).is_ok() { Place::Rest } else { Place::New }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.whole(self.words.len() as u64);
        self.words.iter().for_each(|word| out.text(word));
        out.whole(self.rest.len() as u64);
        self.rest.iter().for_each(|&hash| out.fixed(hash));
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        let n = from.length(1)?;
        let words = (0..n).map(|_| from.text()).collect::<Result<Vec<_>, _>>()?;
        let n_rest = from.length(8)?;
        let rest = (0..n_rest).map(|_| from.fixed()).collect::<Result<Vec<_>, _>>()?;
        if n > MOST || !words.windows(2).all(|pair| pair[0] < pair[1]) {
            return Err(Fault::Damaged("known words do not ascend"));
        }
        Ok(Self::with(words, rest))
    }
}

enum Place {
    Own(usize),
    Rest,
    New,
}

/// A word that no training row had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewWord {
    hash: u64,
    /// Cut to [`LONGEST`] bytes.
    pub word: String,
    pub count: u64,
}

impl NewWord {
    /// Whether it is this word, which may be longer.
    pub fn is(&self, word: &str) -> bool {
        self.hash == hash(word)
    }
}

/// What was counted of a column of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Rows by known word.
    pub counts: Vec<u64>,
    /// Rows with a known word that is not counted by itself.
    pub rest: u64,
    /// Rows with a word that no training row had.
    pub new: u64,
    pub missing: u64,
    /// Of the new words those with the smallest hashes, ascending by hash, each with all of its rows: all of
    /// them while there are at most [`MOST_NEW`], and an even sample of them beyond that.
    pub new_words: Vec<NewWord>,
}

impl Words {
    pub(crate) fn new(by: &Vocabulary) -> Self {
        let counts = alloc::vec![0; by.words.len()];
        Self { counts, rest: 0, new: 0, missing: 0, new_words: Vec::new() }
    }

    /// Counts a word.
    pub fn record(&mut self, by: &Vocabulary, word: Option<&str>) {
        self.record_many(by, word, 1);
    }

    /// Counts so many rows that have a word.
    pub fn record_many(&mut self, by: &Vocabulary, word: Option<&str>, rows: u64) {
        let Some(word) = word else {
            self.missing = self.missing.saturating_add(rows);
            return;
        };
        let hash = hash(word);
        match by.place(word, hash) {
            Place::Own(index) => self.counts[index] = self.counts[index].saturating_add(rows),
            Place::Rest => self.rest = self.rest.saturating_add(rows),
            Place::New => {
                self.new = self.new.saturating_add(rows);
                self.keep(hash, word, rows);
            }
        }
    }

    /// A word whose hash is among the smallest of all was among the smallest of any part, too, from its
    /// first row on: so what is kept is the same however rows are spread over profiles.
    fn keep(&mut self, hash: u64, word: &str, count: u64) {
        if count == 0 {
            return;
        }
        match self.new_words.binary_search_by_key(&hash, |new| new.hash) {
            Ok(place) => {
                let kept = &mut self.new_words[place].count;
                *kept = kept.saturating_add(count);
            }
            Err(MOST_NEW) => {}
            Err(place) => {
                self.new_words.truncate(MOST_NEW - 1);
                self.new_words
                    .insert(place, NewWord { hash, word: String::from(cut(word)), count });
            }
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        add_all(&mut self.counts, &other.counts);
        self.rest = self.rest.saturating_add(other.rest);
        self.new = self.new.saturating_add(other.new);
        self.missing = self.missing.saturating_add(other.missing);
        for NewWord { hash, word, count } in &other.new_words {
            self.keep(*hash, word, *count);
        }
    }

    /// Rows with a word.
    pub fn count(&self) -> u64 {
        total(&self.counts).saturating_add(self.rest).saturating_add(self.new)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        self.counts.iter().for_each(|&count| out.whole(count));
        for count in [self.rest, self.new, self.missing, self.new_words.len() as u64] {
            out.whole(count);
        }
        for NewWord { hash, word, count } in &self.new_words {
            out.fixed(*hash);
            out.text(word);
            out.whole(*count);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>, by: &Vocabulary) -> Result<Self, Fault> {
        let counts = (0..by.words.len()).map(|_| from.count()).collect::<Result<Vec<_>, _>>()?;
        let (rest, new, missing) = (from.count()?, from.count()?, from.count()?);
        let n = from.length(10)?;
        let read = |_| {
            Ok(NewWord { hash: from.fixed()?, word: from.text()?, count: from.count()?.max(1) })
        };
        let new_words = (0..n).map(read).collect::<Result<Vec<_>, Fault>>()?;
        let ascend = new_words.windows(2).all(|pair| pair[0].hash < pair[1].hash);
        let short = new_words.iter().all(|new| new.word.len() <= LONGEST);
        let total = new_words.iter().fold(0u64, |sum, new| sum.saturating_add(new.count));
        if n > MOST_NEW || !ascend || !short || total > new {
            return Err(Fault::Damaged("new words that no rows have"));
        }
        Ok(Self { counts, rest, new, missing, new_words })
    }
}

/// The first bytes of a word, up to a whole letter.
fn cut(word: &str) -> &str {
    let mut end = word.len().min(LONGEST);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    &word[..end]
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo), its bits mixed by the finishing step of splitmix64 (Steele et
/// al. 2014).
pub fn hash(word: &str) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325u64;
    for &byte in word.as_bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}
