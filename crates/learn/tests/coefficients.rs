//! Coefficients as a user sees them: by name and in the features' own units.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hedgerow_data::{CsvOptions, Table, read_csv};
use hedgerow_learn::{
    Learner, LinearRegression, LogisticRegression, PreparationOptions, Ridge, TrainOptions, train,
};
use hedgerow_model::Model;

/// Pay is 1000, 30 a year of age, 500 for nurses, and now and then 10 more.
fn people() -> Table {
    let mut text = String::from("age,job,pay,band\n");
    for row in 0..120 {
        let (age, job) = (20 + row * 37 % 41, ["clerk", "nurse", "miner"][row % 3]);
        let noise = if row * 29 % 7 < 3 { 10 } else { 0 };
        let pay = 1_000 + 30 * age + if job == "nurse" { 500 } else { 0 } + noise;
        text += &format!("{age},{job},{pay},{}\n", if pay > 2_300 { "high" } else { "low" });
    }
    read_csv(text.as_bytes(), &CsvOptions::default()).unwrap()
}

fn model(learner: impl Into<Learner>, target: &str) -> Model {
    let other = if target == "job" { "age" } else { "job" };
    let features = Some(vec!["age".to_owned(), other.to_owned()]);
    let learner = learner.into();
    train(&people(), TrainOptions { learner, features, ..TrainOptions::new(target) }).unwrap()
}

fn named(model: &Model) -> Vec<(String, f64)> {
    let name = |feature: Option<String>| feature.unwrap_or_default();
    model.coefficients().into_iter().map(|one| (name(one.feature), one.value)).collect()
}

#[test]
fn least_squares_has_names_units_and_standard_errors() {
    let all = model(LinearRegression::default(), "pay").coefficients();
    let names: Vec<Option<&str>> = all.iter().map(|one| one.feature.as_deref()).collect();
    let expected = [None, Some("age"), Some("job=clerk"), Some("job=miner"), Some("job=nurse")];
    assert_eq!(names, expected);
    assert!(all.iter().all(|one| one.class.is_none()));
    assert!((all[1].value - 30.0).abs() < 0.2, "a year of age: {}", all[1].value);
    assert!((all[2].value + 500.0).abs() < 5.0, "clerks beside nurses: {}", all[2].value);
    let error = all[1].std_error.unwrap();
    assert!((0.02..0.06).contains(&error), "5 / (sqrt(120) * 12) is about 0.04: {error}");
    assert!(all[0].std_error.is_some());
    let last = (all[4].value, all[4].std_error);
    assert_eq!(last, (0.0, None), "the other jobs determine the last");
}

/// Penalties act on standardised features, but nothing of that is seen outside.
#[test]
fn standardised_features_have_coefficients_in_their_own_units() {
    let ridge = model(Ridge { alpha: 1e-9 }, "pay");
    let plain = model(LinearRegression::default(), "pay");
    let (ridge, plain) = (ridge.coefficients(), plain.coefficients());
    assert!((ridge[1].value - plain[1].value).abs() < 1e-6);
    let apart = |all: &[hedgerow_model::Coefficient]| all[4].value - all[2].value;
    assert!((apart(&ridge) - apart(&plain)).abs() < 1e-3);
    assert!(ridge[1].standardized.unwrap() > 300.0, "a deviation of age is some 12 years");
    assert_eq!((plain[1].standardized, ridge[1].std_error), (None, None));
    let clerk_of_40 =
        |all: &[hedgerow_model::Coefficient]| all[0].value + 40.0 * all[1].value + all[2].value;
    assert!((clerk_of_40(&ridge) - clerk_of_40(&plain)).abs() < 1e-3);
}

#[test]
fn classes_have_coefficients_of_their_own() {
    let two = model(LogisticRegression::default(), "band");
    assert!(two.coefficients().iter().all(|one| one.class.as_deref() == Some("low")));
    assert!(named(&two)[1].1 < 0.0, "the older the less often low");
    let three = model(LogisticRegression::default(), "job");
    let classes: Vec<Option<String>> =
        three.coefficients().into_iter().map(|one| one.class).collect();
    let jobs = ["clerk", "clerk", "miner", "miner", "nurse", "nurse"];
    assert_eq!(classes, jobs.map(|job| Some(job.to_owned())));
}

#[test]
fn trees_have_none() {
    let forest = train(&people(), TrainOptions::new("band")).unwrap();
    assert!(forest.coefficients().is_empty());
    let preparation = PreparationOptions { standardize: Some(true), ..Default::default() };
    let learner = LinearRegression::default().into();
    let options = TrainOptions { learner, preparation, ..TrainOptions::new("pay") };
    let scaled = train(&people(), options).unwrap().coefficients();
    assert_eq!(scaled[0].std_error, None, "that of the intercept at 0 is not known");
    assert!(scaled[1].std_error.is_some());
}
