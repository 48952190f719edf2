//! The module's exports: a C ABI, version 1. All numbers are `u32`; addresses are of the exported memory,
//! which may have grown after any call.
//!
//! | export | returns |
//! | --- | --- |
//! | `recorder_abi()` | 1 |
//! | `recorder_load()` | status; reads what is embedded. Once, before all below |
//! | `recorder_input(rows, text_bytes)` | where to write so many rows; 0 if they are too large |
//! | `recorder_record()` | status; counts the rows of the last input |
//! | `recorder_take()` | status; the result is a profile of what was counted, which begins anew |
//! | `recorder_room(length)` | where to write so many bytes for what is called next; 0 if they are too many |
//! | `recorder_add()` | status; adds the profile just written to the sum |
//! | `recorder_judge()` | status; adds outcomes to the sum, of as many rows of numbers (`f64`) as were just written: of each the truth (a class's number, or a value), what was predicted (likewise), and the scorer's numbers |
//! | `recorder_window()` | status; the sum is of a window of time before the next one, and begins anew |
//! | `recorder_sum()` | status; the result is a profile, the sum, which begins anew |
//! | `recorder_report()` | status; the result is a JSON text: the sum beside the training rows, held to the rules just written (JSON, or nothing for those by default). The sum begins anew |
//! | `recorder_result()` | where address and length of the last result stand |
//! | `recorder_memory()` | bytes that are allocated |
//! | `recorder_error()` | where `[status, address, length]` of the last error stand: a sentence |
//!
//! Of an input, cells and texts are as the scorer has them (`crates/scorer/src/exports.rs`), the texts with
//! zeros behind them up to a multiple of 8; then come the scorer's output for these rows, as it gives it: all
//! numbers (`f64`), then a class a row (`u32`). A status of 0 is fine; others are those of [`Fault::status`].

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use hedgerow_scorer::Input;

use crate::{Fault, Recorder, Scores};

/// Tells how much is in use.
struct Counting(AtomicUsize);

// SAFETY: all is left to the allocator inside.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.0.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        self.0.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting(AtomicUsize::new(0));

/// Address and length of what is embedded among the module's data. Whoever embeds it adds a data segment with
/// it, and one with these numbers here.
#[unsafe(no_mangle)]
pub static mut HEDGEROW_EMBEDDED: [u32; 2] = [0, 0];

/// Numbers of an input whose room is used again.
const SMALL: usize = 1 << 10;

struct State {
    recorder: Option<Recorder<'static>>,
    input: Vec<u64>,
    rows: Option<usize>,
    text_bytes: usize,
    given: Vec<u8>,
    result: Vec<u8>,
    place: [u32; 2],
    error: [u32; 3],
    sentence: String,
}

struct Global(UnsafeCell<State>);

// SAFETY: a WebAssembly instance without shared memory has one thread.
unsafe impl Sync for Global {}

static STATE: Global = Global(UnsafeCell::new(State {
    recorder: None,
    input: Vec::new(),
    rows: None,
    text_bytes: 0,
    given: Vec::new(),
    result: Vec::new(),
    place: [0; 2],
    error: [0; 3],
    sentence: String::new(),
}));

fn state() -> &'static mut State {
    // SAFETY: one thread, no export calls another, and each asks for it once.
    unsafe { &mut *STATE.0.get() }
}

impl State {
    fn status(&mut self, result: Result<(), Fault>) -> u32 {
        let Err(fault) = result else { return 0 };
        self.sentence = fault.to_string();
        self.error = [fault.status(), self.sentence.as_ptr() as u32, self.sentence.len() as u32];
        fault.status()
    }

    fn recorder(&mut self) -> Result<&mut Recorder<'static>, Fault> {
        self.recorder.as_mut().ok_or(Fault::NoBaseline)
    }

    fn load(&mut self) -> Result<(), Fault> {
        // SAFETY: nothing in the module writes there; volatile, since the compiler may not know what
        // stands there in the end.
        let [address, length] = unsafe { std::ptr::read_volatile(&raw const HEDGEROW_EMBEDDED) };
        if length == 0 {
            return Err(Fault::NoBaseline);
        }
        // SAFETY: who wrote these numbers put that many bytes there, which nothing else uses.
        let bytes = unsafe { std::slice::from_raw_parts(address as *const u8, length as usize) };
        self.recorder = Some(Recorder::load(bytes)?);
        Ok(())
    }

    /// Makes room for cells, texts, outputs and classes.
    fn make_room(&mut self, rows: usize, text_bytes: usize) -> Result<(), Fault> {
        self.rows = None;
        let recorder = self.recorder()?;
        let numbers = recorder.n_columns() + recorder.n_outputs() + 1;
        let cells = rows.checked_mul(numbers).and_then(|n| n.checked_add(text_bytes.div_ceil(8)));
        let cells = cells.ok_or(Fault::TooLarge)?;
        self.input.clear();
        self.input.try_reserve_exact(cells).map_err(|_| Fault::TooLarge)?;
        self.input.resize(cells, 0);
        (self.rows, self.text_bytes) = (Some(rows), text_bytes);
        Ok(())
    }

    fn record(&mut self) -> Result<(), Fault> {
        let rows = self.rows.take().ok_or(Fault::NoInput)?;
        let recorder = self.recorder.as_mut().ok_or(Fault::NoBaseline)?;
        let (cells, rest) = self.input.split_at(rows * recorder.n_columns());
        let (texts, rest) = rest.split_at(self.text_bytes.div_ceil(8));
        let (values, classes) = rest.split_at(rows * recorder.n_outputs());
        let texts = &bytemuck::cast_slice(texts)[..self.text_bytes];
        let scores = Scores {
            values: bytemuck::cast_slice(values),
            classes: &bytemuck::cast_slice(classes)[..rows],
        };
        let result = recorder.record(&Input { rows, cells, texts }, &scores);
        // The rows of a large request are not kept.
        if self.input.len() > SMALL {
            self.input = Vec::new();
        }
        result
    }

    fn make_given(&mut self, length: usize) -> Result<(), Fault> {
        self.given = Vec::new();
        self.given.try_reserve_exact(length).map_err(|_| Fault::TooLarge)?;
        self.given.resize(length, 0);
        Ok(())
    }

    fn results(&mut self, result: Result<Vec<u8>, Fault>) -> u32 {
        let result = result.map(|bytes| self.result = bytes);
        self.place = [self.result.as_ptr() as u32, self.result.len() as u32];
        self.status(result)
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_abi() -> u32 {
    1
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_load() -> u32 {
    let state = state();
    let result = state.load();
    state.status(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_input(rows: u32, text_bytes: u32) -> u32 {
    let state = state();
    let result = state.make_room(rows as usize, text_bytes as usize);
    if state.status(result) == 0 { state.input.as_ptr() as u32 } else { 0 }
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_record() -> u32 {
    let state = state();
    let result = state.record();
    state.status(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_take() -> u32 {
    let state = state();
    let result = state.recorder().map(Recorder::take);
    state.results(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_room(length: u32) -> u32 {
    let state = state();
    let result = state.make_given(length as usize);
    if state.status(result) == 0 { state.given.as_ptr() as u32 } else { 0 }
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_add() -> u32 {
    let state = state();
    let given = std::mem::take(&mut state.given);
    let result = state.recorder().and_then(|recorder| recorder.add(&given));
    state.status(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_judge() -> u32 {
    let state = state();
    let given = std::mem::take(&mut state.given);
    let number = |bytes: &[u8]| bytes.try_into().map_or(f64::NAN, f64::from_le_bytes);
    let rows: Vec<f64> = given.chunks_exact(8).map(number).collect();
    let result = state.recorder().map(|recorder| recorder.judge(&rows));
    state.status(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_window() -> u32 {
    let state = state();
    let result = state.recorder().map(Recorder::window);
    state.status(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_sum() -> u32 {
    let state = state();
    let result = state.recorder().map(Recorder::sum);
    state.results(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_report() -> u32 {
    let state = state();
    let rules = std::mem::take(&mut state.given);
    let result = state.recorder().and_then(|recorder| recorder.report(&rules));
    state.results(result)
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_result() -> u32 {
    state().place.as_ptr() as u32
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_memory() -> u32 {
    ALLOCATOR.0.load(Ordering::Relaxed) as u32
}

#[unsafe(no_mangle)]
pub extern "C" fn recorder_error() -> u32 {
    state().error.as_ptr() as u32
}
