//! The module's exports: a C ABI, version 1. All numbers are `u32`; addresses are of the exported
//! memory, which may have grown after any call.
//!
//! | export | returns |
//! | --- | --- |
//! | `hedgerow_abi()` | 1 |
//! | `hedgerow_image(length)` | where to write an image that is handed over at run time; 0 if it is too large, or there is a model already: an instance has one |
//! | `hedgerow_load()` | status; checks the image just written, or the embedded one. Once, before all below |
//! | `hedgerow_description()` | where address and length of a JSON text stand that describes the model |
//! | `hedgerow_input(rows, text_bytes)` | where to write so many rows; 0 if they are too large, or there is no model |
//! | `hedgerow_score()` | status; scores all rows of the last input |
//! | `hedgerow_output()` | where `rows * outputs` numbers (`f64`) stand, row by row, then a class a row (`u32`); after a `hedgerow_score` of status 0 |
//! | `hedgerow_error()` | where `[status, row, column, address, length]` of the last error stand |
//!
//! Of an input, the cell of column `c` and row `r` is the 8 bytes at `(c * rows + r) * 8`, columns being
//! the description's features: a number (`f64`, NaN where missing; 0 or 1; milliseconds since 1970), or
//! for a category or text two `u32`: where it starts among the texts, and its length in bytes,
//! 4294967295 where it is missing. The texts, UTF-8, stand behind the cells of all columns.
//!
//! A status of 0 is fine; others are those of [`Fault::status`]. Rows and columns are counted from 0 and
//! 4294967295 where an error has none; address and length are of a sentence.

use alloc::vec::Vec;
use core::cell::UnsafeCell;

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

use crate::{Fault, Input, Scorer};

// A fifth of the code of the standard library's allocator, for few and short lists of free memory.
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    // SAFETY: an instance without shared memory has one thread.
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

/// Address and length of an image among the module's data. Whoever embeds one adds a data segment with
/// the image, and one with these numbers here.
#[unsafe(no_mangle)]
pub static mut HEDGEROW_EMBEDDED: [u32; 2] = [0, 0];

struct State {
    /// An image that was handed over, which [`Self::scorer`] borrows from.
    image: Vec<u64>,
    image_length: usize,
    scorer: Option<Scorer<'static>>,
    rows: Option<usize>,
    text_bytes: usize,
    input: Vec<u64>,
    output: Vec<u64>,
    description: [u32; 2],
    error: [u32; 5],
}

struct Global(UnsafeCell<State>);

// SAFETY: a WebAssembly instance without shared memory has one thread.
unsafe impl Sync for Global {}

static STATE: Global = Global(UnsafeCell::new(State {
    image: Vec::new(),
    image_length: 0,
    scorer: None,
    rows: None,
    text_bytes: 0,
    input: Vec::new(),
    output: Vec::new(),
    description: [0; 2],
    error: [0; 5],
}));

fn state() -> &'static mut State {
    // SAFETY: one thread, no export calls another, and each asks for it once.
    unsafe { &mut *STATE.0.get() }
}

/// Makes them so many, new ones being 0; `false` where there is no memory for them.
fn resize(cells: &mut Vec<u64>, length: Option<usize>) -> bool {
    let Some(length) = length else { return false };
    if length > cells.len() && cells.try_reserve_exact(length - cells.len()).is_err() {
        return false;
    }
    cells.resize(length, 0);
    true
}

/// Whether there is memory for so many numbers. (What nobody uses, compilers leave out.)
fn has_room(numbers: usize) -> bool {
    let mut room = Vec::<u64>::new();
    core::hint::black_box(&mut room).try_reserve_exact(numbers).is_ok()
}

impl State {
    fn status(&mut self, result: Result<(), Fault>) -> u32 {
        let Err(fault) = result else { return 0 };
        let ((row, column), text) = (fault.place(), fault.text());
        self.error = [fault.status(), row, column, text.as_ptr() as u32, text.len() as u32];
        fault.status()
    }

    fn load(&mut self) -> Result<(), Fault> {
        if self.scorer.is_some() {
            return Ok(());
        }
        // SAFETY: nothing in the module writes there; volatile, since the compiler may not know what
        // stands there in the end.
        let [address, length] = unsafe { core::ptr::read_volatile(&raw const HEDGEROW_EMBEDDED) };
        let bytes: &'static [u8] = if self.image_length > 0 {
            let bytes = &bytemuck::cast_slice(&self.image)[..self.image_length];
            // SAFETY: the image is neither moved nor changed once there is a scorer (`image`).
            unsafe { core::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) }
        } else if length > 0 {
            // SAFETY: who wrote these numbers put that many bytes there, which nothing else uses.
            unsafe { core::slice::from_raw_parts(address as *const u8, length as usize) }
        } else {
            return Err(Fault::NoImage);
        };
        let scorer = Scorer::load(bytes)?;
        let description = scorer.description();
        self.description = [description.as_ptr() as u32, description.len() as u32];
        self.scorer = Some(scorer);
        Ok(())
    }

    fn score(&mut self) -> Result<(), Fault> {
        let scorer = self.scorer.as_ref().ok_or(Fault::NoImage)?;
        let rows = self.rows.ok_or(Fault::NoInput)?;
        let (cells, texts) = self.input.split_at(rows * scorer.n_columns());
        let texts = &bytemuck::cast_slice(texts)[..self.text_bytes];
        let scores = scorer.score(&Input { rows, cells, texts })?;
        let length = scores.values.len() + scores.classes.len().div_ceil(2);
        if !resize(&mut self.output, Some(length)) {
            return Err(Fault::TooLarge);
        }
        let (values, classes) = self.output.split_at_mut(scores.values.len());
        values.copy_from_slice(bytemuck::cast_slice(&scores.values));
        bytemuck::cast_slice_mut::<u64, u32>(classes)[..scores.classes.len()]
            .copy_from_slice(&scores.classes);
        Ok(())
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn hedgerow_abi() -> u32 {
    1
}

#[unsafe(no_mangle)]
pub extern "C" fn hedgerow_image(length: u32) -> u32 {
    let state = state();
    let room = Some((length as usize).div_ceil(8)).filter(|_| state.scorer.is_none());
    if !resize(&mut state.image, room) {
        return 0;
    }
    state.image_length = length as usize;
    state.image.as_ptr() as u32
}

#[unsafe(no_mangle)]
pub extern "C" fn hedgerow_load() -> u32 {
    let state = state();
    let result = state.load();
    state.status(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn hedgerow_description() -> u32 {
    state().description.as_ptr() as u32
}

#[unsafe(no_mangle)]
pub extern "C" fn hedgerow_input(rows: u32, text_bytes: u32) -> u32 {
    let state = state();
    state.rows = None;
    let (rows, text_bytes) = (rows as usize, text_bytes as usize);
    let Some(scorer) = &state.scorer else {
        let _ = state.status(Err(Fault::NoImage));
        return 0;
    };
    let (cells, work) = (rows.checked_mul(scorer.n_columns()), scorer.work(rows));
    let cells = cells.and_then(|n| n.checked_add(text_bytes.div_ceil(8)));
    // Asked for here, since there is no way back from where memory for scoring would be missing.
    if !resize(&mut state.input, cells) || !work.is_some_and(has_room) {
        let _ = state.status(Err(Fault::TooLarge));
        return 0;
    }
    (state.rows, state.text_bytes) = (Some(rows), text_bytes);
    state.input.as_ptr() as u32
}

#[unsafe(no_mangle)]
pub extern "C" fn hedgerow_score() -> u32 {
    let state = state();
    let result = state.score();
    state.status(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn hedgerow_output() -> u32 {
    state().output.as_ptr() as u32
}

#[unsafe(no_mangle)]
pub extern "C" fn hedgerow_error() -> u32 {
    state().error.as_ptr() as u32
}
