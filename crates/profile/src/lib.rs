//! Profiles: what a column's values looked like, in a few kilobytes that can be added up.
//!
//! A [`Layout`] says, once for a model, what is counted: bins of numbers, known words. It is made from the
//! training rows and travels with the model. A [`Profile`] is the counts: of the training rows, of an hour
//! at one worker, or of all hours at all workers. All of it is whole numbers, smallest and largest values,
//! so [`Profile::merge`] is exact: however rows are spread over profiles, their sum is the same to the bit.
//!
//! Raw rows cannot be read back from a profile, but for words that no training row had: some of those are
//! kept, cut to [`LONGEST`] bytes, since a new category must have a name to be dealt with.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod bytes;
mod fault;
mod layout;
mod numbers;
mod outcomes;
mod places;
mod profile;
#[cfg(test)]
mod tests;
mod words;

pub use fault::Fault;
pub use layout::{Column, Layout, Role, Shape};
pub use numbers::{Bins, Count, Numbers};
pub use outcomes::{
    ClassOutcomes, Mean, NumberOutcomes, Outcome, Outcomes, PARTS, Truth, part, sureness,
};
pub use profile::{Counts, Profile, Values};
pub use words::{LONGEST, MOST_NEW, NewWord, Vocabulary, Words, hash};
