//! Every kernel that has instructions of WebAssembly, on inputs drawn by a seed: for a test that builds this
//! with such instructions and without, and holds what comes out of one against the other
//! (`tests/package/twins.test.ts`). Nothing of it is in what ships.

use std::ffi::{CStr, c_char};

use crate::forest::Random;
use crate::{boosting, forest};

/// A kernel's name, and what runs it once.
pub(crate) type Twin = (&'static CStr, fn(&mut Random, &mut Outputs));

fn twin(kernel: usize) -> Option<&'static Twin> {
    forest::twins::ALL.iter().chain(boosting::twins::ALL).nth(kernel)
}

/// The name of a kernel, which a zero ends; null from where there are no more.
#[unsafe(no_mangle)]
pub extern "C" fn name(kernel: usize) -> *const c_char {
    twin(kernel).map_or(std::ptr::null(), |(name, _)| name.as_ptr())
}

/// Whether this is the module with such instructions.
#[unsafe(no_mangle)]
pub extern "C" fn has_simd() -> bool {
    cfg!(target_feature = "simd128")
}

/// What a kernel makes of the inputs of a seed, as a hash.
#[unsafe(no_mangle)]
pub extern "C" fn outputs(kernel: usize, seed: u32) -> u64 {
    let (mut random, mut outputs) = (Random::new(seed.into()), Outputs::default());
    if let Some((_, run)) = twin(kernel) {
        run(&mut random, &mut outputs);
    }
    outputs.0
}

/// Outputs, in order.
#[derive(Default)]
pub(crate) struct Outputs(u64);

impl Outputs {
    pub fn push(&mut self, value: impl Into<u64>) {
        self.0 = (self.0.rotate_left(5) ^ value.into()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    /// All that are not a number are one: their bits are not laid down.
    pub fn float(&mut self, value: f64) {
        self.push(if value.is_nan() { u64::MAX } else { value.to_bits() });
    }

    pub fn all<T: Into<u64>>(&mut self, values: impl IntoIterator<Item = T>) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

/// One of some values.
pub(crate) fn one_of<T: Copy, const N: usize>(random: &mut Random, values: [T; N]) -> T {
    values[random.below(N as u32) as usize]
}

/// Bytes up to `most`; now and then only the largest and smallest ones.
pub(crate) fn bytes<const N: usize>(random: &mut Random, most: u8) -> [u8; N] {
    let ends = random.below(4) == 0;
    std::array::from_fn(|_| match ends {
        true => one_of(random, [0, 1, most.saturating_sub(1), most]),
        false => random.below(u32::from(most) + 1) as u8,
    })
}

/// Codes, row numbers among them in any order, with gaps, and how to divide them.
pub(crate) fn rows(random: &mut Random) -> (Vec<u8>, Vec<u32>, forest::Rule) {
    let most = one_of(random, [20, 100, 100, 10_000]);
    let n = random.below(most) + 1;
    let codes = (0..n).map(|_| bytes::<1>(random, u8::MAX)[0]).collect();
    let kept = random.below(4) + 1;
    let mut ids: Vec<u32> = (0..n).filter(|_| random.below(4) < kept).collect();
    if random.below(2) == 0 {
        random.shuffle(&mut ids);
    }
    let rule = if random.below(2) == 0 {
        let [threshold] = bytes(random, u8::MAX);
        forest::Rule::Threshold { threshold, missing_left: random.below(2) == 0 }
    } else {
        forest::Rule::Set(std::array::from_fn(|_| random.bits()))
    };
    (codes, ids, rule)
}
