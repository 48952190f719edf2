//! A class as linfa-trees counts it: with a hash that keeps std's maps in one order.

use std::hash::{Hash, Hasher};

use linfa::Label;

/// Classes that can be kept in order: as many as a map of 32 buckets holds.
pub(super) const MAX_CLASSES: usize = 28;

/// Low bits of the hash, which say where in a map of at most 32 buckets an entry stands.
const MASK: u64 = 31;

/// So unlikely to be needed that it only keeps the loop from being endless.
const MOST_TRIES: usize = 1 << 16;

/// A class by its code, below [`MAX_CLASSES`].
///
/// A std hash map goes through its buckets in order, and an entry's bucket is that of the low bits
/// of its hash, or the next free one. These bits are made the class's code, though the map's keys
/// are random: bytes are added until the hash has them. In maps of 32 buckets no two classes meet;
/// in smaller ones who was first has the bucket, so the order is that of the rows. Smaller maps are
/// probed one bucket after the other on every platform, as groups are of 8 or 16 buckets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class(pub u8);

impl Hash for Class {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for _ in 0..MOST_TRIES {
            state.write_u8(self.0);
            if state.finish() & MASK == u64::from(self.0) {
                return;
            }
        }
    }
}

impl Label for Class {}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_types, reason = "these maps are what linfa counts in")]

    use std::collections::HashMap;

    use super::*;

    fn order(classes: impl IntoIterator<Item = u8>) -> Vec<u8> {
        let map: HashMap<Class, ()> = classes.into_iter().map(|code| (Class(code), ())).collect();
        map.into_keys().map(|class| class.0).collect()
    }

    #[test]
    fn every_map_filled_alike_has_one_order() {
        let few = [27, 3, 11, 19];
        let many = || (0..MAX_CLASSES as u8).rev();
        let (first, whole) = (order(few), order(many()));
        for _ in 0..50 {
            assert_eq!(order(few), first);
            assert_eq!(order(many()), whole);
        }
        assert!(whole.is_sorted(), "{whole:?}");
    }
}
