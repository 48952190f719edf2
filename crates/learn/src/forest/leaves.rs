//! Leaf rows, each kept once.

use hashbrown::HashTable;

/// Rows of numbers, distinct to the bit, in the order they came.
pub(crate) struct Leaves {
    n_outputs: usize,
    values: Vec<f64>,
    index: HashTable<u32>,
}

impl Leaves {
    pub fn new(n_outputs: usize) -> Self {
        Self { n_outputs, values: Vec::new(), index: HashTable::new() }
    }

    /// The number of a row, which is kept if it is new.
    pub fn number(&mut self, row: &[f64]) -> u32 {
        let Self { n_outputs, values, index } = self;
        let at = |values: &[f64], number: u32| {
            let start = number as usize * *n_outputs;
            bits(&values[start..start + *n_outputs]).eq(bits(row))
        };
        let hashed = hash(row);
        if let Some(&number) = index.find(hashed, |&number| at(values, number)) {
            return number;
        }
        let number = (values.len() / *n_outputs) as u32;
        values.extend_from_slice(row);
        index.insert_unique(hashed, number, |&number| {
            let start = number as usize * *n_outputs;
            hash(&values[start..start + *n_outputs])
        });
        number
    }

    pub fn into_values(self) -> Vec<f64> {
        self.values
    }
}

fn bits(row: &[f64]) -> impl Iterator<Item = u64> + '_ {
    row.iter().map(|value| value.to_bits())
}

/// FNV-1a over whole words and their places, mixed at the end: the same everywhere. Zeros, of which
/// most leaves of many classes are made, are left out.
fn hash(row: &[f64]) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325u64;
    for (place, bits) in (0..).zip(bits(row)).filter(|(_, bits)| *bits != 0) {
        hash = (hash ^ place ^ bits ^ (bits >> 32)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    (hash ^ (hash >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}
