//! Room for the histograms of the leaves that may still be split.

use super::pairs::Pair;

/// Histograms of one length, some of them free.
#[derive(Debug, Default)]
pub(super) struct Slots {
    all: Vec<Vec<Pair>>,
    free: Vec<usize>,
    cells: usize,
    most: usize,
}

impl Slots {
    /// Frees all, for histograms of `cells` cells in `bytes` of memory, but three at least.
    pub fn reset(&mut self, cells: usize, bytes: usize) {
        if cells != self.cells {
            self.all.clear();
        }
        self.cells = cells;
        self.most = (bytes / size_of::<Pair>() / cells.max(1)).max(3);
        self.free = (0..self.all.len()).rev().collect();
    }

    /// One that is free, with anything in it; `None` when the memory is used up.
    pub fn take(&mut self) -> Option<usize> {
        if self.free.is_empty() && self.all.len() < self.most {
            self.all.push(vec![0; self.cells]);
            return Some(self.all.len() - 1);
        }
        self.free.pop()
    }

    pub fn give_back(&mut self, slot: usize) {
        self.free.push(slot);
    }

    pub fn cells(&self, slot: usize) -> &[Pair] {
        &self.all[slot]
    }

    pub fn cells_mut(&mut self, slot: usize) -> &mut [Pair] {
        &mut self.all[slot]
    }

    /// One to change and another to read.
    pub fn two(&mut self, slot: usize, other: usize) -> (&mut [Pair], &[Pair]) {
        let [slot, other] = self
            .all
            .get_disjoint_mut([slot, other])
            .expect("both were taken, and none is taken twice");
        (slot, other)
    }
}
