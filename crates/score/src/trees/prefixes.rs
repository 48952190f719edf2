//! A row alone through small trees: the splits of a feature lie in the order of their limits, so that those
//! that send the row right are the first ones, and no other is looked at. ("QuickScorer", see `bits.rs`.)

use alloc::vec;
use alloc::vec::Vec;

use super::LANES;
use super::bits::BitTree;

/// What a split takes from a tree when the row goes right.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    tree: u32,
    left: u32,
}

/// All splits of an ensemble of small trees.
#[derive(Debug, Clone)]
pub struct Prefixes {
    /// By feature, by where missing goes, by limit.
    taken: Vec<Taken>,
    /// Of each feature and way of missing, where its numbers of splits begin in `ends`, and the most
    /// that a limit is.
    tables: Vec<[Table; 2]>,
    /// Where the splits end whose limit is not above the place.
    ends: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Table {
    begin: u32,
    first: u32,
    most: u16,
}

impl Prefixes {
    /// Of trees over so many features.
    pub fn new(trees: &[BitTree], n_features: usize) -> Self {
        let mut tables = vec![[Table::default(); 2]; n_features];
        let splits = || trees.iter().flat_map(BitTree::splits);
        for split in splits() {
            let table = &mut tables[usize::from(split.feature)][usize::from(split.from)];
            table.most = table.most.max(split.limit);
        }
        let mut length = 0;
        for table in tables.as_flattened_mut() {
            table.begin = length;
            length += u32::from(table.most) + 1;
        }
        // How many have each limit; then where those before end, and so those with it begin.
        let mut ends = vec![0u32; length as usize];
        let place = |tables: &[[Table; 2]], feature: u16, from: u16, limit: u16| {
            (tables[usize::from(feature)][usize::from(from)].begin + u32::from(limit)) as usize
        };
        splits().for_each(|s| ends[place(&tables, s.feature, s.from, s.limit)] += 1);
        let mut sum = 0;
        for end in &mut ends {
            sum += core::mem::replace(end, sum);
        }
        for table in tables.as_flattened_mut() {
            table.first = ends[table.begin as usize];
        }
        let mut taken = vec![Taken::default(); sum as usize];
        for (tree, bits) in (0..).zip(trees) {
            for split in bits.splits() {
                let end = &mut ends[place(&tables, split.feature, split.from, split.limit)];
                taken[*end as usize] = Taken { tree, left: split.left };
                *end += 1;
            }
        }
        Self { taken, tables, ends }
    }

    /// Of each tree the leaves that the row at `lane` of a group can reach.
    #[inline(never)]
    pub fn reach(&self, codes: &[u16], lane: usize, reached: &mut [u32]) {
        reached.fill(u32::MAX);
        for (tables, codes) in self.tables.iter().zip(codes.chunks_exact(LANES)) {
            for (from, table) in (0..).zip(tables) {
                let code = codes[lane].wrapping_sub(from).min(table.most);
                let end = self.ends[table.begin as usize + usize::from(code)];
                for taken in &self.taken[table.first as usize..end as usize] {
                    reached[taken.tree as usize] &= !taken.left;
                }
            }
        }
    }
}
