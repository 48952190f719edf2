//! New rows that are not as the training rows were: each oddity is named, none ends the look.

#![allow(clippy::unwrap_used, reason = "a test")]

use hedgerow_data::{Column, Table};
use hedgerow_model::{Coded, Field, Kind, Model};
use hedgerow_monitor::{
    Baseline, DriftOptions, DriftReport, Fault, FindingCode, MonitorError, Picture, Profile, Test,
    check, check_names, default_rules, drift, read_rules,
};

mod common;

fn model() -> Model {
    common::doubling(vec![Field::new("size", Kind::Number), Field::new("colour", Kind::Category)])
}

fn rows(n: usize) -> Vec<Column> {
    let sizes = (0..n).map(|row| (row % 97) as f64).collect();
    let colours = (0..n as u32).map(|row| row % 2).collect();
    vec![
        Column::numbers("size", sizes),
        Column::categories("colour", colours, ["blue", "red"].into_iter().collect()),
    ]
}

fn look(columns: Vec<Column>) -> (DriftReport, Vec<FindingCode>) {
    let model = model();
    let baseline = Baseline::of(&model, &Table::new(rows(2_000)).unwrap(), None).unwrap();
    let seen = baseline.profile(&model, &Table::new(columns).unwrap()).unwrap();
    let report = drift(&baseline, &seen.profile, &DriftOptions::default()).unwrap();
    let codes = seen.findings.iter().chain(&report.findings).map(|finding| finding.code).collect();
    (report, codes)
}

#[test]
fn the_same_rows_are_quiet() {
    let (report, codes) = look(rows(500));
    assert_eq!((report.tested, report.drifted, report.rows), (2, 0, 500));
    assert!(codes.is_empty() && check(&report, &default_rules()).is_empty(), "{codes:?}");
}

#[test]
fn columns_that_are_gone_extra_or_renamed_are_named() {
    let mut columns = rows(500);
    columns[1].name = "color".into();
    let (report, codes) = look(columns);
    assert_eq!(report.columns[1].test, None);
    assert_eq!(codes[0], FindingCode::RenamedColumn);
    assert!(
        codes.contains(&FindingCode::NoPrediction) && codes.contains(&FindingCode::ExtraColumn)
    );
    let (_, codes) = look(vec![rows(500).swap_remove(1)]);
    assert_eq!(codes[0], FindingCode::MissingColumn);
}

#[test]
fn columns_of_another_type_or_without_values_are_named() {
    let words = |values: [&str; 2]| {
        Column::categories(
            "size",
            (0..300).map(|row| row % 2).collect(),
            values.into_iter().collect(),
        )
    };
    let colour = || rows(300).swap_remove(1);
    let (report, codes) = look(vec![words(["big", "small"]), colour()]);
    assert_eq!((report.columns[0].test.clone(), codes[0]), (None, FindingCode::WrongKind));
    // Numbers that were read as words are numbers.
    let (report, codes) = look(vec![words(["1", "96"]), colour()]);
    assert!(report.columns[0].drifted() && codes.is_empty());
    let (report, codes) = look(vec![Column::numbers("size", vec![f64::NAN; 300]), colour()]);
    assert_eq!(
        (report.columns[0].picture.current.missing, codes[0]),
        (300, FindingCode::EmptyColumn)
    );
    assert!(check(&report, &default_rules()).iter().any(|alarm| alarm.rule == "missing values"));
}

#[test]
fn constant_new_and_far_values_are_named() {
    let colour = |words: [&str; 2]| {
        Column::categories(
            "colour",
            (0..300).map(|row| row % 2).collect(),
            words.into_iter().collect(),
        )
    };
    let (report, codes) =
        look(vec![Column::numbers("size", vec![3.0; 300]), colour(["blue", "green"])]);
    assert_eq!(codes, [FindingCode::ConstantColumn, FindingCode::NewValues]);
    assert!(report.data_drift);
    let alarms = check(&report, &default_rules());
    let new = alarms.iter().find(|alarm| alarm.rule == "new values").unwrap();
    assert_eq!((new.columns.as_slice(), new.value), (&["colour".to_owned()][..], 0.5));
    let (_, codes) = look(vec![
        Column::numbers("size", (0..300).map(f64::from).collect()),
        colour(["blue", "red"]),
    ]);
    assert_eq!(codes, [FindingCode::OutOfRange]);
}

#[test]
fn rules_are_quiet_until_there_are_rows_enough() {
    let few = Column::numbers("size", vec![3.0; 99]);
    let (report, _) = look(vec![few, rows(99).swap_remove(1)]);
    assert!(report.data_drift && check(&report, &default_rules()).is_empty());
    let rules = read_rules(
        br#"[{"name": "m", "figure": "mean", "columns": ["size"], "below": 5, "minRows": 50}]"#,
    );
    let alarms = check(&report, &rules.unwrap());
    assert_eq!(alarms[0].message, "m: mean is 3, below 5 (size).");
}

#[test]
fn alarms_say_what_happened_and_from_what_bound_on() {
    let (report, _) = look(vec![Column::numbers("size", vec![3.0; 300]), rows(300).swap_remove(1)]);
    let alarms = check(&report, &default_rules());
    let messages: Vec<&str> = alarms.iter().map(|alarm| alarm.message.as_str()).collect();
    let drift = "data drift: drifted share is 0.5, at least 0.5 (size).";
    assert_eq!(messages, [drift, "prediction drift: a test found drift (y)."]);
}

#[test]
fn a_rule_about_a_column_that_is_not_there_is_refused() {
    let (report, _) = look(rows(300));
    let names = |column: &str| {
        let rule = format!(
            r#"[{{"name": "r", "figure": "mean", "columns": ["{column}"], "atLeast": 9}}]"#
        );
        check_names(&report, &read_rules(rule.as_bytes()).unwrap())
    };
    assert_eq!(names("size").map_err(|error| error.code()), Ok(()));
    assert_eq!(names("sise").unwrap_err().code(), "bad_rules");
    assert_eq!(names("y").unwrap_err().code(), "bad_rules");
}

/// A model of one column of numbers, which were so in training, and the drift of new ones.
fn numbers(training: Vec<f64>, new: Vec<f64>, test: Option<Test>) -> DriftReport {
    let model = common::doubling(vec![Field::new("size", Kind::Number)]);
    let table = |values| Table::new(vec![Column::numbers("size", values)]).unwrap();
    let baseline = Baseline::of(&model, &table(training), None).unwrap();
    let seen = baseline.profile(&model, &table(new)).unwrap();
    drift(&baseline, &seen.profile, &DriftOptions { test, ..DriftOptions::default() }).unwrap()
}

#[test]
fn values_between_the_few_of_training_are_drift() {
    let training = |row: u32| f64::from(row % 2);
    let new = |row: u32| if row.is_multiple_of(2) { 0.3 } else { 1.0 };
    let report = numbers((0..400).map(training).collect(), (0..400).map(new).collect(), None);
    let found = report.columns[0].test.clone().unwrap();
    assert_eq!((found.test, found.score, found.drifted), (Test::ChiSquare, 0.0, true));
}

#[test]
fn figures_of_the_largest_numbers_are_finite() {
    let values = || (0..2_000).map(|row| if row % 2 == 0 { f64::MIN } else { f64::MAX }).collect();
    let report = numbers(values(), values(), Some(Test::Wasserstein));
    let column = &report.columns[0];
    assert!(column.test.as_ref().unwrap().score.is_finite() && !column.drifted());
    let Picture { edges, current, .. } = &column.picture;
    let figures = edges.iter().chain(&current.mean).chain(&current.std).chain(&current.shares);
    assert!(figures.copied().all(f64::is_finite), "{:?}", column.picture);
}

#[test]
fn few_new_rows_are_not_far_away_by_chance() {
    let mixed = |row: u64| (row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64;
    let training = (0..2_000).map(mixed).collect();
    let report = numbers(training, (5_000..5_200).map(mixed).collect(), Some(Test::JensenShannon));
    assert!(!report.columns[0].drifted(), "{:?}", report.columns[0].test);
}

#[test]
fn new_words_of_any_number_of_rows_are_compared() {
    let model = model();
    let baseline = Baseline::of(&model, &Table::new(rows(2_000)).unwrap(), None).unwrap();
    let new = |word: &str| {
        let words = Column::categories("colour", vec![0; 3], [word].into_iter().collect());
        let sizes = rows(3).swap_remove(0);
        baseline.profile(&model, &Table::new(vec![sizes, words]).unwrap()).unwrap().profile
    };
    let mut sum = new("green");
    sum.merge(&new("pink")).unwrap();
    for _ in 0..64 {
        sum.merge(&sum.clone()).unwrap();
    }
    assert!(drift(&baseline, &sum, &DriftOptions::default()).unwrap().columns[1].drifted());
}

#[test]
fn rules_that_cannot_be_are_refused() {
    for bad in [
        "{}",
        r#"[{"name": "a", "figure": "mean"}]"#,
        r#"[{"name": "a", "figure": "x", "above": 1}]"#,
    ] {
        assert_eq!(read_rules(bad.as_bytes()).unwrap_err().code(), "bad_rules");
    }
    let role = r#"[{"name": "a", "figure": "mean", "role": "king", "above": 1}]"#;
    assert_eq!(read_rules(role.as_bytes()).unwrap_err().code(), "bad_rules");
    // They would be quiet for ever.
    for more in [
        r#""figure": "metric_loss", "change": "previous""#,
        r#""figure": "score", "change": "reference""#,
        r#""figure": "estimated_metric", "change": "reference""#,
        r#""figure": "estimated_metric", "metric": "logLoss""#,
        r#""figure": "mean", "windows": 0"#,
    ] {
        let rule = format!(r#"[{{"name": "a", "above": 1, {more}}}]"#);
        assert_eq!(read_rules(rule.as_bytes()).unwrap_err().code(), "bad_rules", "{more}");
    }
    let twice = r#"[{"name": "a", "figure": "mean", "above": 1}, {"name": "a", "figure": "mean", "below": 1}]"#;
    assert_eq!(read_rules(twice.as_bytes()).unwrap_err().code(), "bad_rules");
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let model = model();
    let baseline = Baseline::of(&model, &Table::new(rows(2_000)).unwrap(), None).unwrap();
    let other = Baseline::of(&model, &Table::new(rows(50)).unwrap(), None).unwrap();
    let code =
        |profile: &Profile| drift(&baseline, profile, &DriftOptions::default()).unwrap_err().code();
    assert_eq!(code(&other.profile), "profile_of_another_model");
    assert_eq!(code(&Profile::new(&baseline.layout)), "no_rows");
    assert_eq!(Baseline::of_model(&model).unwrap_err().code(), "no_training_profile");
    let with = Model { training_profile: Some(baseline.to_bytes()), ..model.clone() };
    let read = Model::from_bytes(&with.to_bytes()).unwrap();
    assert_eq!(Baseline::of_model(&read).unwrap(), baseline);
    let torn = Model { training_profile: Some(baseline.to_bytes()[..99].to_vec()), ..model };
    let fault = Baseline::of_model(&torn).unwrap_err();
    assert!(matches!(fault, MonitorError::TrainingProfile(Fault::Damaged(_))));
}
