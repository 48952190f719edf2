//! What profiles weigh and take, and what must hold of that: `cargo run --release -p hedgerow-monitor --example
//! figures`.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "it measures time")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use hedgerow_monitor::{Baseline, DriftOptions, Profile, drift};
use hedgerow_profile::{Bins, Column, Layout, Role, Shape, Truth, Values, Vocabulary};

const ROWS: usize = 1_000_000;

/// Bytes of a profile of 20 columns, before gzip.
const BYTES: usize = 16_000;
/// For a thousand profiles of 20 columns, read and merged.
const MERGED: Duration = Duration::from_millis(100);
/// For a report of 100 columns.
const REPORTED: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let mut holds = true;
    for (columns, words) in [(20, 0), (20, 4), (100, 20)] {
        let layout = layout(columns, words);
        let begun = Instant::now();
        let whole = seen(&layout, ROWS);
        let row = begun.elapsed().as_secs_f64() / ROWS as f64 * 1e6;
        println!("{columns} columns, {words} of words: {row:.3} µs a row");
        let bytes = whole.to_bytes();
        println!("  profile {} bytes, layout {} bytes", bytes.len(), layout.to_bytes().len());
        let begun = Instant::now();
        let mut sum = Profile::new(&layout);
        for _ in 0..1_000 {
            let read = Profile::from_bytes(black_box(&bytes), &layout);
            let merged = read.and_then(|read| sum.merge(&read));
            assert!(merged.is_ok(), "{merged:?}");
        }
        let merged = begun.elapsed();
        println!("  1,000 profiles read and merged: {merged:.1?}");
        let baseline = Baseline { profile: seen(&layout, 200_000), layout };
        let begun = Instant::now();
        let report = drift(&baseline, &whole, &DriftOptions::default());
        let drifted = report.map(|report| report.drifted);
        let reported = begun.elapsed();
        println!("  drift report over {ROWS} rows: {reported:.2?}, {drifted:?} drifted");
        let is_small = columns > 20 || (bytes.len() <= BYTES && merged <= MERGED);
        holds &= is_small && reported <= REPORTED;
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn layout(columns: usize, words: usize) -> Layout {
    let mut sample: Vec<f64> = (0..50_000u64).map(value).collect();
    sample.sort_by(f64::total_cmp);
    let known: Vec<String> = (0..300).map(|word| format!("word {word}")).collect();
    let known: Vec<(&str, u64)> = known.iter().map(|word| (word.as_str(), 1)).collect();
    let column = |index: usize| Column {
        name: format!("c{index}"),
        role: Role::Feature,
        shape: if index < words {
            Shape::Words(Vocabulary::of(&known))
        } else {
            Shape::Numbers(Bins::of(&sample))
        },
    };
    Layout::new(
        (0..columns).map(column).collect(),
        Some(Truth::Classes(vec!["no".into(), "yes".into()])),
    )
}

/// Numbers that look random.
fn value(row: u64) -> f64 {
    let mixed = (row + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    libm::log(((mixed ^ (mixed >> 29)) >> 11) as f64 / (1u64 << 53) as f64 + 1e-9)
}

/// As many rows, in blocks of 256, as a service gets them.
fn seen(layout: &Layout, rows: usize) -> Profile {
    let numbers: Vec<f64> = (0..rows as u64 + 100 * 256).map(value).collect();
    let words: Vec<String> = (0..320).map(|word| format!("word {word}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let codes: Vec<u32> = numbers.iter().map(|number| (number.to_bits() % 320) as u32).collect();
    let mut profile = Profile::new(layout);
    for start in (0..rows).step_by(256) {
        let block = start..(start + 256).min(rows);
        for (index, column) in layout.columns().iter().enumerate() {
            let values = match column.shape {
                Shape::Numbers(_) => Values::Numbers(&numbers[block.clone()]),
                Shape::Words(_) => Values::Words(&codes[block.clone()], &words),
            };
            profile.record(layout, index, values);
        }
    }
    profile
}
