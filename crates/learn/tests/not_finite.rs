//! Numbers that are missing, infinite or at the end of their range, as columns and arrays can have
//! them: every learner deals with them or refuses them by the column's name, and none panics.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hedgerow_data::{Column, Table};
use hedgerow_learn::{
    ArrayTarget, FittedOn, LearnError, Learner, Params, TaskChoice, TrainOptions, train,
};
use hedgerow_model::{Coded, Model, Raw};
use linfa::Dataset;
use linfa::traits::{Fit, Predict};
use ndarray::{Array1, Array2};
use serde_json::json;

const ROWS: usize = 40;

/// Every learner that can do a task, small.
fn each(task: TaskChoice) -> Vec<Learner> {
    let small = |kind: &str| {
        let learner = Learner::from_params(kind, []).unwrap();
        let few = [("n_estimators", 5), ("max_iter", 20)];
        let known = few.into_iter().filter(|(name, _)| learner.record().params.contains_key(*name));
        Learner::from_params(kind, known.map(|(name, value)| (name.to_owned(), value.into())))
            .unwrap()
    };
    let all = Learner::KINDS.iter().map(|kind| small(kind));
    all.filter(|learner| learner.tasks().contains(&task)).collect()
}

const TASKS: [TaskChoice; 3] =
    [TaskChoice::Regression, TaskChoice::Classification, TaskChoice::Anomaly];

fn records() -> Array2<f64> {
    Array2::from_shape_fn((ROWS, 3), |(row, column)| (row * (7 + 13 * column) % 41) as f64)
}

fn numbers() -> Array1<f64> {
    records().rows().into_iter().map(|row| 3.0 * row[0] - row[1]).collect()
}

fn classes() -> Array1<usize> {
    numbers().mapv(|value| usize::from(value > 30.0))
}

/// Where something odd may stand.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Record,
    Target,
    Weight,
}

const PLACES: [Place; 3] = [Place::Record, Place::Target, Place::Weight];

/// The three features `x0` to `x2`, `target` and `weight`, with `odd` in row 8 of one.
fn columns(task: TaskChoice, place: Place, odd: f64) -> Vec<Column> {
    let put = |at: Place, mut values: Vec<f64>| {
        if at == place {
            values[7] = odd;
        }
        values
    };
    let x = records();
    let target = match task {
        TaskChoice::Regression => numbers(),
        _ => classes().mapv(|class| class as f64),
    };
    vec![
        Column::numbers("x0", x.column(0).to_vec()),
        Column::numbers("x1", put(Place::Record, x.column(1).to_vec())),
        Column::numbers("x2", x.column(2).to_vec()),
        Column::numbers("target", put(Place::Target, target.to_vec())),
        Column::numbers("weight", put(Place::Weight, vec![1.0; ROWS])),
    ]
}

fn name(place: Place) -> &'static str {
    match place {
        Place::Record => "x1",
        Place::Target => "target",
        Place::Weight => "weight",
    }
}

/// What was refused: code, column and row.
fn said(error: &impl Coded) -> (&'static str, Option<String>, Option<u64>) {
    let details = error.details();
    (error.code(), details.column, details.row)
}

fn refused(code: &'static str, place: Place) -> (&'static str, Option<String>, Option<u64>) {
    (code, Some(name(place).to_owned()), Some(8))
}

fn assert_sound(values: &[f64], n: usize, who: &str) {
    assert!(values.iter().all(|value| value.is_finite()), "{who}: {values:?}");
    if n > 1 {
        let is_whole = |shares: &[f64]| (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9;
        assert!(values.chunks(n).all(is_whole), "{who}: {values:?}");
    }
}

fn outputs(model: &Model, x: &Array2<f64>) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = x.columns().into_iter().map(|column| column.to_vec()).collect();
    let raw: Vec<Raw> = columns.iter().map(|column| Raw::Numbers(column)).collect();
    model.predict(&raw).unwrap().values
}

#[test]
fn no_table_holds_an_infinite_number() {
    for odd in [f64::INFINITY, f64::NEG_INFINITY] {
        for place in PLACES {
            let error = Table::new(columns(TaskChoice::Regression, place, odd)).unwrap_err();
            assert_eq!(said(&error), refused("infinite_value", place));
        }
    }
}

#[test]
fn tables_with_missing_numbers_are_learned_from_but_for_target_and_weight() {
    for task in TASKS {
        for place in PLACES {
            let table = Table::new(columns(task, place, f64::NAN)).unwrap();
            for learner in each(task) {
                let who = format!("{}, {place:?}", learner.kind());
                let options = TrainOptions {
                    target: Some("target".to_owned()),
                    task,
                    // Anomalies are looked for without weights.
                    sample_weight: (task != TaskChoice::Anomaly).then(|| "weight".to_owned()),
                    features: Some(["x0", "x1", "x2"].map(str::to_owned).to_vec()),
                    ..TrainOptions::without_target(learner)
                };
                match (place, train(&table, options)) {
                    (Place::Target, Err(error)) => {
                        assert_eq!(said(&error), refused("target_missing", place), "{who}");
                    }
                    (Place::Weight, Err(error)) => {
                        assert_eq!(said(&error), refused("bad_weight", place), "{who}");
                    }
                    (_, result) => {
                        let model = result.unwrap_or_else(|error| panic!("{who}: {error}"));
                        let n = model.schema.task.n_outputs();
                        assert!(task == TaskChoice::Anomaly || place == Place::Record, "{who}");
                        assert_sound(&outputs(&model, &records()), n, &who);
                    }
                }
            }
        }
    }
}

/// Fits every learner as linfa does; `weights` may be none.
fn fit_each<E: ArrayTarget>(
    x: &Array2<f64>,
    y: &Array1<E>,
    weights: Option<&Array1<f32>>,
    check: impl Fn(&str, Result<FittedOn<E>, LearnError>),
) {
    let mut learners = each(E::TASK);
    // Which take no notice of classes, and no weights.
    if E::TASK == TaskChoice::Classification && weights.is_none() {
        learners.extend(each(TaskChoice::Anomaly));
    }
    for learner in learners {
        let kind = learner.kind();
        let data = Dataset::new(x.clone(), y.clone());
        let data = match weights {
            Some(weights) => data.with_weights(weights.clone()),
            None => data,
        };
        check(kind, Params::new(learner, 1).fit(&data));
    }
}

fn assert_fits<E: ArrayTarget>(kind: &str, result: Result<FittedOn<E>, LearnError>) {
    let fitted = result.unwrap_or_else(|error| panic!("{kind}: {error}"));
    let n = fitted.model().schema.task.n_outputs();
    assert_sound(&outputs(fitted.model(), &records()), n, kind);
}

#[test]
fn linfas_records_may_be_missing_but_not_infinite() {
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut x = records();
        x[(7, 1)] = odd;
        if odd.is_nan() {
            fit_each(&x, &numbers(), None, assert_fits);
            fit_each(&x, &classes(), None, assert_fits);
            // A column, and then all of them, without any number.
            x.column_mut(1).fill(odd);
            fit_each(&x, &numbers(), None, assert_fits);
            fit_each(&x, &classes(), None, assert_fits);
            x.fill(odd);
            fit_each(&x, &numbers(), None, assert_fits);
            fit_each(&x, &classes(), None, assert_fits);
        } else {
            let check = |kind: &str, error| {
                assert_eq!(said(&error), refused("infinite_value", Place::Record), "{kind}");
            };
            fit_each(&x, &numbers(), None, |kind, result| check(kind, result.unwrap_err()));
            fit_each(&x, &classes(), None, |kind, result| check(kind, result.unwrap_err()));
        }
    }
}

#[test]
fn linfas_targets_have_to_be_finite() {
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let code = if odd.is_nan() { "target_missing" } else { "infinite_value" };
        let mut y = numbers();
        y[7] = odd;
        fit_each(&records(), &y, None, |kind, result| {
            assert_eq!(said(&result.unwrap_err()), refused(code, Place::Target), "{kind}");
        });
    }
}

#[test]
fn linfas_weights_have_to_be_finite_and_not_negative() {
    for odd in [f32::NAN, -1.0, f32::INFINITY, f32::NEG_INFINITY] {
        let code = if odd.is_infinite() { "infinite_value" } else { "bad_weight" };
        let mut weights = Array1::ones(ROWS);
        weights[7] = odd;
        let check = |kind: &str, error| {
            assert_eq!(said(&error), refused(code, Place::Weight), "{kind}");
        };
        fit_each(&records(), &numbers(), Some(&weights), |kind, result| {
            check(kind, result.unwrap_err());
        });
        fit_each(&records(), &classes(), Some(&weights), |kind, result| {
            check(kind, result.unwrap_err());
        });
    }
}

/// What was learned is sound on the rows learned from, and what is refused is so by its name.
fn handled<E: ArrayTarget>(
    x: &Array2<f64>,
    place: Place,
) -> impl Fn(&str, Result<FittedOn<E>, LearnError>) {
    move |kind, result| match result {
        Ok(fitted) => {
            let model = fitted.model();
            assert_sound(&outputs(model, x), model.schema.task.n_outputs(), kind);
            assert!(model.provenance.baseline.iter().all(|value| value.is_finite()), "{kind}");
        }
        // What a coefficient times a feature has to be may be beyond what a coefficient can be.
        Err(LearnError::Overflow { learner }) => assert_eq!(learner, kind),
        Err(error) => {
            assert_eq!(error.details().column.as_deref(), Some(name(place)), "{kind}: {error}");
        }
    }
}

#[test]
fn linfas_numbers_at_the_end_of_their_range_are_learned_from_or_refused() {
    for most in [f64::MAX, 1e300, 1e160, 1e150, 1e-150, 1e-200, f64::MIN_POSITIVE, 5e-324] {
        let ends = Array1::from_shape_fn(ROWS, |row| [most, -most, 0.0][row % 3]);
        let mut x = records();
        fit_each(&x, &ends, None, handled(&x, Place::Target));
        x.column_mut(1).assign(&ends);
        fit_each(&x, &numbers(), None, handled(&x, Place::Record));
        fit_each(&x, &classes(), None, handled(&x, Place::Record));
    }
    for most in [f32::MAX, 1e30, 1e-30, f32::MIN_POSITIVE, 1e-45] {
        let x = records();
        let weights = Array1::from_shape_fn(ROWS, |row| [most, 0.0, 1.0][row % 3]);
        fit_each(&x, &numbers(), Some(&weights), handled(&x, Place::Weight));
        fit_each(&x, &classes(), Some(&weights), handled(&x, Place::Weight));
        let all = Array1::from_elem(ROWS, most);
        let far = numbers() * 1e146;
        fit_each(&x, &far, Some(&all), handled(&x, Place::Target));
        fit_each(&x, &classes(), Some(&all), handled(&x, Place::Weight));
    }
}

#[test]
fn whatever_is_in_linfas_records_is_predicted() {
    fn check<E: ArrayTarget + std::fmt::Debug>(
        kind: &str,
        result: Result<FittedOn<E>, LearnError>,
    ) {
        let fitted = result.unwrap_or_else(|error| panic!("{kind}: {error}"));
        let usual: Array1<E> = fitted.predict(&records());
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324] {
            for columns in [0..1, 1..2, 0..3] {
                let mut x = records();
                for column in columns {
                    x[(7, column)] = odd;
                }
                let found: Array1<E> = fitted.predict(&x);
                assert!(!found[7].to_number().is_nan(), "{kind}: {odd}");
                for row in (0..ROWS).filter(|&row| row != 7) {
                    assert_eq!(found[row].to_number(), usual[row].to_number(), "{kind}: {odd}");
                }
            }
        }
    }
    fit_each(&records(), &numbers(), None, check);
    fit_each(&records(), &classes(), None, check);
}

#[test]
fn class_weights_without_a_finite_sum_above_0_are_refused() {
    for (first, second) in [(0.0, 0.0), (1e308, 1e308), (f64::MAX, 1.0), (5e-324, 5e-324)] {
        for learner in each(TaskChoice::Classification) {
            let kind = learner.kind();
            let mut params = learner.record().params;
            let Some(weights) = params.get_mut("class_weight") else { continue };
            *weights = json!({ "0": first, "1": second });
            let learner = Learner::from_params(kind, params).unwrap();
            match Params::new(learner, 1).fit(&Dataset::new(records(), classes())) {
                Err(error) => assert_eq!(error.code(), "bad_parameter", "{kind}: {error}"),
                result => {
                    assert!(first == 5e-324, "{kind}: {first} and {second}");
                    assert_fits(kind, result);
                }
            }
        }
    }
}
