//! Bytes outside of this memory, which are read from and written to there: a copy here would be as large,
//! and memory once asked for is never given back.

use std::ops::Range;

use hedgerow_model::arrays::{Parts, Source};
use js_sys::Uint8Array;

/// Bytes of JavaScript's.
pub struct Elsewhere<'a>(pub &'a Uint8Array);

impl Source for Elsewhere<'_> {
    fn total(&self) -> usize {
        self.0.length() as usize
    }

    fn copy(&self, from: usize, to: &mut [u8]) {
        self.0.subarray(from as u32, (from + to.len()) as u32).copy_to(to);
    }
}

/// The bytes that something is packed into.
pub fn bytes_elsewhere(pack: impl FnOnce(&mut dyn FnMut(&Parts))) -> Uint8Array {
    let mut bytes = Uint8Array::default();
    pack(&mut |parts| {
        bytes = Uint8Array::new_with_length(parts.total() as u32);
        copy(parts, 0..parts.total(), &bytes);
    });
    bytes
}

/// Copies a range of what is packed to the same place of `bytes`, which are as many.
pub fn copy(parts: &Parts, range: Range<usize>, bytes: &Uint8Array) {
    let mut end = 0;
    for part in parts.iter() {
        let start = end;
        end += part.len();
        let (from, to) = (range.start.max(start), range.end.min(end));
        if from < to {
            bytes.subarray(from as u32, to as u32).copy_from(&part[from - start..to - start]);
        }
    }
}
