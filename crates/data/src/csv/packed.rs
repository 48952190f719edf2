//! Integers packed into as few bytes as a block of them needs.
//!
//! While a file is read its values lie in sealed blocks, mostly of one to four bytes a value, so
//! that the finished columns beside them stay far under twice their size.

/// Values of a block before it is sealed.
pub const BLOCK: usize = 4096;

/// A sealed block of integers, each in `width` bytes.
#[derive(Debug)]
pub struct Packed {
    width: usize,
    bytes: Box<[u8]>,
}

impl Packed {
    /// Packs values into the width of the largest.
    #[inline(never)]
    pub fn new(values: &[u64]) -> Self {
        let any = values.iter().fold(0, |all, value| all | value);
        let width = match 64 - any.leading_zeros() {
            0..=8 => 1,
            9..=16 => 2,
            17..=32 => 4,
            33..=48 => 6,
            _ => 8,
        };
        let mut bytes = vec![0; values.len() * width].into_boxed_slice();
        match width {
            1 => write::<1>(values, &mut bytes),
            2 => write::<2>(values, &mut bytes),
            4 => write::<4>(values, &mut bytes),
            6 => write::<6>(values, &mut bytes),
            _ => write::<8>(values, &mut bytes),
        }
        Self { width, bytes }
    }

    /// Appends the values to `out`.
    #[inline(never)]
    pub fn unpack(&self, out: &mut Vec<u64>) {
        match self.width {
            1 => read::<1>(&self.bytes, out),
            2 => read::<2>(&self.bytes, out),
            4 => read::<4>(&self.bytes, out),
            6 => read::<6>(&self.bytes, out),
            _ => read::<8>(&self.bytes, out),
        }
    }
}

fn write<const WIDTH: usize>(values: &[u64], bytes: &mut [u8]) {
    let (places, _) = bytes.as_chunks_mut::<WIDTH>();
    for (place, value) in places.iter_mut().zip(values) {
        place.copy_from_slice(&value.to_le_bytes()[..WIDTH]);
    }
}

fn read<const WIDTH: usize>(bytes: &[u8], out: &mut Vec<u64>) {
    let (places, _) = bytes.as_chunks::<WIDTH>();
    out.extend(places.iter().map(|place| {
        let mut word = [0; 8];
        word[..WIDTH].copy_from_slice(place);
        u64::from_le_bytes(word)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packing_and_unpacking_are_inverse(
            values in (0u32..64).prop_flat_map(|bits| {
                proptest::collection::vec(0u64..=u64::MAX >> bits, 0..50)
            })
        ) {
            let mut out = Vec::new();
            Packed::new(&values).unpack(&mut out);
            prop_assert_eq!(out, values);
        }
    }
}
