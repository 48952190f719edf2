//! Images and inputs that a stranger made: refused or scored, never a panic.

use std::sync::LazyLock;

use crate::models::{Cells, adjusted, aligned, image, models, rows, score};
use hedgerow_model::Model;
use hedgerow_scorer::image::{Header, checksum};
use hedgerow_scorer::{Fault, Input, Scorer};
use proptest::prelude::*;

/// Of every learner and target, plain and calibrated.
static MODELS: LazyLock<Vec<(Model, Vec<u8>)>> = LazyLock::new(|| {
    let all = models()
        .into_iter()
        .flat_map(|(_, model)| [vec![model.clone()], adjusted(&model)].concat());
    all.map(|model| (model.clone(), image(&model).unwrap())).collect()
});

/// Changes a word, as one bit, a step, an end of the range or anything.
fn change(image: &mut [u8], at: usize, how: u8, value: u32) {
    let words = (image.len() - size_of::<Header>()) / 4;
    let at = size_of::<Header>() + at % words * 4;
    let place: &mut [u8; 4] = image[at..].first_chunk_mut().unwrap();
    let old = u32::from_le_bytes(*place);
    let new = match how % 6 {
        0 => old ^ 1 << (value % 32),
        1 => old.wrapping_add(1),
        2 => old.wrapping_sub(1),
        3 => 0,
        4 => u32::MAX,
        _ => value,
    };
    *place = new.to_le_bytes();
}

/// As whoever made it on purpose would.
fn sign(image: &mut [u8]) {
    let sum = checksum(&image[size_of::<Header>()..]);
    image[16..20].copy_from_slice(&sum.to_le_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_changed_image_is_refused_or_scores(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<usize>(), any::<u8>(), any::<u32>()), 1..4),
        early in prop::bool::ANY,
    ) {
        let (model, image) = which.get(&MODELS);
        let mut image = image.clone();
        for (at, how, value) in changes {
            // Lengths, tags and steps stand at the beginning; arrays of numbers are most of the rest.
            let at = if early { at % 600 } else { at };
            change(&mut image, at, how, value);
        }
        let unsigned = score(&image, &[], 0);
        prop_assert!(unsigned.is_err() || image == which.get(&MODELS).1, "the checksum lets it pass");
        sign(&mut image);
        let _ = score(&image, &rows(model, 9, 5), 9);
    }

    #[test]
    fn any_cells_are_refused_or_scored(
        which in any::<prop::sample::Index>(),
        cells in prop::collection::vec(any::<u64>(), 0..60),
        texts in prop::collection::vec(any::<u8>(), 0..40),
        rows in 0..12usize,
    ) {
        let (_, image) = which.get(&MODELS);
        let words = aligned(image);
        let scorer = Scorer::load(&bytemuck::cast_slice(&words)[..image.len()]).unwrap();
        let mut cells = cells;
        cells.resize(rows * scorer.n_columns(), 3 << 32 | 5);
        if let Ok(scores) = scorer.score(&Input { rows, cells: &cells, texts: &texts }) {
            prop_assert_eq!(scores.values.len(), rows * scorer.n_outputs());
            prop_assert_eq!(scores.classes.len(), rows);
        }
    }
}

#[test]
fn every_shortened_image_is_refused() {
    let (_, image) = &MODELS[0];
    for length in 0..image.len().min(4_000) {
        assert!(score(&image[..length], &[], 0).is_err(), "{length} bytes");
        let mut short = image[..length].to_vec();
        if length > size_of::<Header>() {
            short[12..16].copy_from_slice(&(length as u32).to_le_bytes());
            sign(&mut short);
            assert!(score(&short, &[], 0).is_err(), "{length} bytes, signed");
        }
    }
}

#[test]
fn images_of_other_kinds_and_versions_say_so() {
    let (_, image) = &MODELS[0];
    let refused = |image: &[u8]| score(image, &[], 0).unwrap_err();
    assert_eq!(refused(b""), Fault::Damaged);
    assert_eq!(refused(&[7; 400]), Fault::Damaged);
    let later = [&image[..8], &9u32.to_le_bytes(), &image[12..]].concat();
    assert_eq!(refused(&later), Fault::LaterVersion);
}

#[test]
fn an_infinite_number_is_named_where_the_model_calculates() {
    let mut named = 0;
    for (name, model) in models() {
        let image = image(&model).unwrap();
        let mut cells = rows(&model, 3, 1);
        let column = model.schema.features.iter().position(|field| field.name == "age").unwrap();
        let Cells::Numbers(values) = &mut cells[column] else { panic!("ages are numbers") };
        values[1] = f64::NEG_INFINITY;
        match score(&image, &cells, 3) {
            Ok(_) => assert!(!model.estimator.calculates(), "{name}"),
            Err(fault) => {
                assert_eq!(fault, Fault::NotFinite { row: 1, column: column as u32 }, "{name}");
                named += 1;
            }
        }
    }
    assert!(named >= 6);
}
