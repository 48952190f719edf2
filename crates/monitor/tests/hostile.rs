//! Model files of strangers: whatever their training profile says, there is an answer.

#![allow(clippy::unwrap_used, reason = "a test")]

use hedgerow_data::{Column, Table};
use hedgerow_model::{Field, Kind, Model};
use hedgerow_monitor::{Baseline, DriftOptions, Test, check, default_rules, drift};
use hedgerow_profile::Layout;
use proptest::prelude::*;

mod common;

const TESTS: [Option<Test>; 7] = [
    None,
    Some(Test::KolmogorovSmirnov),
    Some(Test::ChiSquare),
    Some(Test::ZTest),
    Some(Test::Wasserstein),
    Some(Test::JensenShannon),
    Some(Test::Psi),
];

fn table(rows: u32) -> Table {
    let sizes = (0..rows).map(|row| f64::from(row * row % 211)).collect();
    let colours = (0..rows).map(|row| row % 3).collect();
    Table::new(vec![
        Column::numbers("size", sizes),
        Column::categories("colour", colours, ["blue", "red", "green"].into_iter().collect()),
    ])
    .unwrap()
}

/// Makes the profile one of the layout before it, whatever became of that: its id is behind the magic bytes.
fn seal(bytes: &mut [u8], length: usize) {
    let end = 8 + length;
    if let Ok(layout) = Layout::from_bytes(&bytes[8..end]) {
        bytes[end + 4..end + 12].copy_from_slice(&layout.id().to_le_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_training_profile_is_an_answer(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let features = vec![Field::new("size", Kind::Number), Field::new("colour", Kind::Category)];
        let model = common::doubling(features);
        let baseline = Baseline::of(&model, &table(400), None).unwrap();
        let (mut bytes, layout) = (baseline.to_bytes(), baseline.layout.to_bytes().len());
        for (at, byte) in changes {
            let at = 8 + at.index(bytes.len() - 8);
            bytes[at] = byte;
        }
        seal(&mut bytes, layout);
        let model = Model { training_profile: Some(bytes), ..model };
        if let Ok(baseline) = Baseline::of_model(&model) {
            let seen = baseline.profile(&model, &table(300)).unwrap();
            for test in TESTS {
                let options = DriftOptions { test, ..DriftOptions::default() };
                let report = drift(&baseline, &seen.profile, &options).unwrap();
                check(&report, &default_rules());
            }
        }
    }
}
