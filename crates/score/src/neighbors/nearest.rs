//! The nearest rows found so far.

use alloc::vec::Vec;

/// At most `limit` rows, ascending by distance, then by row.
#[derive(Debug, Clone)]
pub(super) struct Nearest {
    /// The bits of the distance above those of the row: distances are never negative, so that the
    /// order of these numbers is that of distance and row.
    keys: Vec<u64>,
    limit: usize,
    /// The distance beyond which nothing is taken.
    farthest: f32,
}

impl Nearest {
    pub fn new(limit: usize) -> Self {
        Self { keys: Vec::new(), limit, farthest: f32::INFINITY }
    }

    pub fn clear(&mut self) {
        self.keys.clear();
        self.farthest = f32::INFINITY;
    }

    pub fn farthest(&self) -> f32 {
        self.farthest
    }

    /// Takes a row at a distance of at least 0, if it is among the nearest.
    #[inline(never)]
    pub fn add(&mut self, distance: f32, row: u32) {
        let key = u64::from(distance.to_bits()) << 32 | u64::from(row);
        let place = self.keys.partition_point(|&other| other < key);
        if place >= self.limit {
            return;
        }
        if self.keys.len() == self.limit {
            self.keys.pop();
        }
        self.keys.insert(place, key);
        if self.keys.len() == self.limit {
            self.farthest = f32::from_bits((self.keys[self.limit - 1] >> 32) as u32);
        }
    }

    /// Rows and their distances, the nearest first.
    pub fn rows(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.keys.iter().map(|key| (*key as u32 as usize, f32::from_bits((key >> 32) as u32)))
    }

    /// Whether a row is at no distance.
    pub fn touches(&self) -> bool {
        self.keys.first().is_some_and(|key| key >> 32 == 0)
    }
}
