//! A recorder counts what a profile counts of the same rows, whatever it is given.

use hedgerow_monitor::Baseline;
use hedgerow_profile::{
    Bins, Column, Layout, Outcome, Profile, Role, Shape, Truth, Values, Vocabulary,
};
use hedgerow_recorder::{Fault, Input as Described, Recorder, Scores, Served, embedded};
use hedgerow_scorer::{Input, MISSING_TEXT};
use proptest::prelude::*;

/// A row: a number, a word if it has one, and the probability of the second class.
type Row = (f64, Option<String>, f64);

fn classes() -> Vec<String> {
    vec!["no".to_owned(), "yes".to_owned()]
}

fn layout() -> Layout {
    let column = |name: &str, role, shape| Column { name: name.to_owned(), role, shape };
    let numbers = |values: &[f64]| Shape::Numbers(Bins::of(values));
    let words = |words: &[&str]| {
        Shape::Words(Vocabulary::of(&words.iter().map(|word| (*word, 1)).collect::<Vec<_>>()))
    };
    let columns = vec![
        column("word", Role::Feature, words(&["a", "b", "ü"])),
        column("number", Role::Feature, numbers(&[-2.0, 0.0, 1.0, 5.5])),
        column("gone", Role::Feature, numbers(&[1.0])),
        column("y", Role::Prediction, words(&["no", "yes"])),
        column("y", Role::Probability, numbers(&[0.1, 0.5, 0.9])),
        column("y", Role::Target, words(&["no", "yes"])),
    ];
    Layout::new(columns, Truth::classes(classes()))
}

fn module() -> Vec<u8> {
    let layout = layout();
    let mut profile = Profile::new(&layout);
    for (index, column) in layout.columns().iter().enumerate() {
        match column.shape {
            Shape::Numbers(_) => profile.record(&layout, index, Values::Numbers(&[0.5; 40])),
            Shape::Words(_) => profile.record_words(&layout, index, [Some("a"); 40].into_iter()),
        }
    }
    let described = |name: &str, is_text| Described { name: name.to_owned(), is_text };
    let inputs = vec![described("number", false), described("word", true), described("note", true)];
    let served = Served { inputs, classes: classes(), outputs: 2 };
    embedded(&served, &Baseline { layout, profile }.to_bytes())
}

/// Cells, texts, outputs and classes, as a scorer has them.
fn laid_out(rows: &[Row]) -> (Vec<u64>, Vec<u8>, Vec<f64>, Vec<u32>) {
    let mut texts = Vec::new();
    let mut cells: Vec<u64> = rows.iter().map(|row| row.0.to_bits()).collect();
    cells.extend(rows.iter().map(|(_, word, _)| {
        let start = texts.len() as u64;
        let length = word.as_ref().map_or(MISSING_TEXT, |word| word.len() as u32);
        texts.extend(word.iter().flat_map(|word| word.bytes()));
        start | u64::from(length) << 32
    }));
    cells.extend(rows.iter().map(|_| u64::from(MISSING_TEXT) << 32));
    let values = rows.iter().flat_map(|row| [1.0 - row.2, row.2]).collect();
    (cells, texts, values, rows.iter().map(|row| u32::from(row.2 >= 0.5)).collect())
}

fn record(recorder: &mut Recorder, rows: &[Row]) -> Result<(), Fault> {
    let (cells, texts, values, classes) = laid_out(rows);
    let input = Input { rows: rows.len(), cells: &cells, texts: &texts };
    recorder.record(&input, &Scores { values: &values, classes: &classes })
}

fn expected(rows: &[Row]) -> Vec<u8> {
    let layout = layout();
    let mut profile = Profile::new(&layout);
    let numbers: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let sure: Vec<f64> = rows.iter().map(|row| row.2).collect();
    profile.record_words(&layout, 0, rows.iter().map(|row| row.1.as_deref()));
    profile.record(&layout, 1, Values::Numbers(&numbers));
    profile.record(&layout, 2, Values::Missing(rows.len() as u64));
    let word = |row: &Row| Some(if row.2 >= 0.5 { "yes" } else { "no" });
    profile.record_words(&layout, 3, rows.iter().map(word));
    profile.record(&layout, 4, Values::Numbers(&sure));
    profile.to_bytes()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = prop_oneof![Just(f64::NAN), -10.0..10.0f64, any::<f64>()];
    prop::collection::vec((number, prop::option::of("[a-cü]{1,2}"), 0.0..=1.0f64), 0..40)
}

proptest! {
    #[test]
    fn rows_count_as_a_profile_counts_them(parts in prop::collection::vec(rows(), 1..5)) {
        let module = module();
        let mut recorder = Recorder::load(&module).unwrap();
        for part in &parts {
            record(&mut recorder, part).unwrap();
        }
        prop_assert_eq!(recorder.take(), expected(&parts.concat()));
        prop_assert_eq!(recorder.take(), expected(&[]));
        for part in &parts {
            recorder.add(&expected(part)).unwrap();
        }
        prop_assert_eq!(recorder.sum(), expected(&parts.concat()));
    }

    #[test]
    fn outcomes_count_as_a_profile_counts_them(rows in prop::collection::vec((0usize..4, 0.0..=1.0f64), 0..40)) {
        let module = module();
        let mut recorder = Recorder::load(&module).unwrap();
        let layout = layout();
        let mut profile = Profile::new(&layout);
        for &(truth, sure) in &rows {
            let predicted = usize::from(sure >= 0.5);
            recorder.judge(&[truth as f64, predicted as f64, 1.0 - sure, sure]);
            let probabilities = &[1.0 - sure, sure];
            // What was true is a value of the target, where it is a class.
            if profile.record_outcome(&layout, Outcome::Class { truth, predicted, probabilities }) {
                profile.record_words(&layout, 5, std::iter::once(Some(classes()[truth].as_str())));
            }
        }
        prop_assert_eq!(recorder.sum(), profile.to_bytes());
    }

    #[test]
    fn whatever_is_embedded_is_an_answer(at: prop::sample::Index, byte: u8, cut: prop::sample::Index, some in rows()) {
        let mut module = module();
        *at.get_mut(&mut module) = byte;
        module.truncate(cut.index(module.len() * 3).max(1));
        if let Ok(mut recorder) = Recorder::load(&module) {
            if recorder.n_columns() == 3 && recorder.n_outputs() == 2 {
                let _ = record(&mut recorder, &some);
            }
            let bytes = recorder.take();
            let _ = recorder.add(&bytes);
            let _ = recorder.report(b"");
        }
    }

    #[test]
    fn whatever_is_added_is_an_answer(at: prop::sample::Index, byte: u8, some in rows(), numbers: Vec<f64>) {
        let module = module();
        let mut recorder = Recorder::load(&module).unwrap();
        let mut profile = expected(&some);
        *at.get_mut(&mut profile) = byte;
        let _ = recorder.add(&profile);
        recorder.judge(&numbers);
        recorder.window();
        let _ = recorder.add(&expected(&some));
        let _ = recorder.report(b"");
    }
}

#[test]
fn what_is_no_class_is_passed_over() {
    let module = module();
    let mut recorder = Recorder::load(&module).unwrap();
    for truth in [-1.0, 0.5, f64::NAN, f64::INFINITY, 2.0] {
        recorder.judge(&[truth, 0.0, 0.5, 0.5]);
    }
    assert_eq!(recorder.sum(), Profile::new(&layout()).to_bytes());
}

#[test]
fn rows_with_a_text_outside_of_the_texts_are_refused_whole() {
    let module = module();
    let mut recorder = Recorder::load(&module).unwrap();
    let (mut cells, texts, values, classes) = laid_out(&[(1.0, Some("a".to_owned()), 0.5)]);
    cells[1] = 1 << 32 | 7;
    let input = Input { rows: 1, cells: &cells, texts: &texts };
    let scores = Scores { values: &values, classes: &classes };
    assert_eq!(recorder.record(&input, &scores), Err(Fault::NoInput));
    assert_eq!(recorder.take(), expected(&[]));
}

#[test]
fn a_report_says_what_is_wrong() {
    let module = module();
    let mut recorder = Recorder::load(&module).unwrap();
    assert_eq!(recorder.report(b""), Err(Fault::NoRows));
    recorder.add(&expected(&[(1.0, None, 0.5)])).unwrap();
    let refused = recorder.report(br#"[{"name": "x", "figure": "score"}]"#);
    assert!(matches!(refused, Err(Fault::BadRules(reason)) if reason.contains("\"x\"")));
    assert_eq!(recorder.add(b"HGP"), Err(Fault::NoProfile));
    let rows = vec![(1.0, Some("new".to_owned()), 0.9); 200];
    recorder.add(&expected(&rows)).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&recorder.report(b"").unwrap()).unwrap();
    assert_eq!(report["rows"], 200);
    let alarms: Vec<_> =
        report["alarms"].as_array().unwrap().iter().map(|one| &one["rule"]).collect();
    assert!(alarms.iter().any(|rule| *rule == "new values"), "{alarms:?}");
}
