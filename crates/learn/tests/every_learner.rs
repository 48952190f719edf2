//! What holds for every learner there is, by its declaration alone.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hedgerow_data::{CsvOptions, Table, read_csv};
use hedgerow_learn::{
    Declaration, LearnError, Learner, Params, TaskChoice, TrainOptions, Training, train,
};
use hedgerow_model::{Coded, Kind, Model, Raw};
use linfa::dataset::Dataset;
use linfa::traits::{Fit, Predict};
use ndarray::{Array1, Array2};

/// Every learner that can do a task, with its defaults.
fn each(task: TaskChoice) -> Vec<(String, Learner)> {
    let can = |declared: &Declaration| declared.tasks.contains(&task);
    let all: Vec<_> = Learner::declarations()
        .into_iter()
        .filter(can)
        .map(|declared| (declared.kind.clone(), Learner::from_params(&declared.kind, []).unwrap()))
        .collect();
    assert!(!all.is_empty(), "no learner does {task:?}");
    all
}

fn csv(text: &str, kinds: &[(&str, Kind)]) -> Table {
    let kinds = kinds.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    read_csv(text.as_bytes(), &CsvOptions { kinds, ..CsvOptions::default() }).unwrap()
}

/// A category, two numbers and a date, all with holes; classes and number follow from age and job.
fn people(rows: usize) -> Table {
    let mut text = String::from("job,age,size,when,class,kind,pay\n");
    for row in 0..rows {
        let job = ["clerk", "nurse", "", "miner"][row * 7 % 4];
        let age = (row * 37) % 61;
        let unless = |gap: bool, text: String| if gap { String::new() } else { text };
        let size = unless(row % 9 == 4, format!("{:.2}", (row * 53 % 97) as f64 / 9.0));
        let when = unless(row % 13 == 5, format!("2021-{:02}-{:02}", row % 12 + 1, row % 28 + 1));
        let shown = unless(row % 11 == 3, age.to_string());
        let class = if age + 20 * usize::from(job == "miner") < 35 { "young" } else { "old" };
        let kind = ["a", "b", "c"][(age / 21).min(2)];
        let pay = 1_000 + 30 * age + if job == "nurse" { 500 } else { 0 };
        text += &format!("{job},{shown},{size},{when},{class},{kind},{pay}\n");
    }
    csv(&text, &[])
}

const TARGETS: [(&str, TaskChoice); 3] = [
    ("class", TaskChoice::Classification),
    ("kind", TaskChoice::Classification),
    ("pay", TaskChoice::Regression),
];

/// Anomalies need no target, but may have labels.
const ALL: [(&str, TaskChoice); 4] =
    [TARGETS[0], TARGETS[1], TARGETS[2], ("class", TaskChoice::Anomaly)];

fn options(learner: &Learner, target: &str, task: TaskChoice, features: &[&str]) -> TrainOptions {
    let features = Some(features.iter().map(|&name| name.to_owned()).collect());
    TrainOptions { learner: learner.clone(), task, features, ..TrainOptions::new(target) }
}

/// Trains every learner on every target it can do.
fn train_each(table: &Table, check: impl Fn(&str, &dyn Fn() -> Model)) {
    train_on(table, &ALL, check);
}

fn train_on(
    table: &Table,
    targets: &[(&str, TaskChoice)],
    check: impl Fn(&str, &dyn Fn() -> Model),
) {
    for &(target, task) in targets {
        for (kind, learner) in each(task) {
            let who = format!("{kind} on {target}");
            let options = options(&learner, target, task, &["job", "age", "size", "when"]);
            let fit =
                || train(table, options.clone()).unwrap_or_else(|error| panic!("{who}: {error}"));
            check(&who, &fit);
        }
    }
}

fn predict(model: &Model, table: &Table) -> Vec<f64> {
    let fields = model.schema.features.iter();
    let raw: Vec<Raw> = fields.map(|field| table.column(&field.name).unwrap().raw()).collect();
    model.predict(&raw).unwrap().values
}

fn assert_sound(model: &Model, values: &[f64], who: &str) {
    assert!(values.iter().all(|value| value.is_finite()), "{who}: {values:?}");
    let n = model.schema.task.n_outputs();
    if n > 1 {
        for shares in values.chunks(n) {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{who}: {shares:?}");
            assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{who}: {shares:?}");
        }
    }
}

#[test]
fn holes_categories_and_dates_are_learned_from_and_another_fit_has_the_same_bytes() {
    let table = people(240);
    train_each(&table, |who, fit| {
        let model = fit();
        let bytes = model.to_bytes();
        assert!(fit().to_bytes() == bytes, "{who}: another fit has other bytes");
        assert_eq!(Model::from_bytes(&bytes).unwrap(), model, "{who}");
        assert_sound(&model, &predict(&model, &table), who);
        let importances = &model.provenance.feature_importances;
        let sum: f64 = importances.iter().sum();
        assert!((sum - 1.0).abs() < 1e-9 || sum == 0.0, "{who}: {importances:?}");
    });
}

#[test]
fn every_learner_beats_the_baseline_where_there_is_something_to_learn() {
    let all = people(420);
    let (first, last): (Vec<u32>, Vec<u32>) = ((0..300).collect(), (300..420).collect());
    let test = all.take(&last);
    train_on(&all.take(&first), &TARGETS, |who, fit| {
        let model = fit();
        let (ours, baseline) = errors(&model, &test);
        assert!(ours < 0.9 * baseline, "{who}: {ours} beside {baseline}");
    });
}

/// Mean squared error (Brier score for classes) of predictions and of the baseline.
fn errors(model: &Model, table: &Table) -> (f64, f64) {
    let column = table.column(&model.schema.target.name).unwrap();
    let classes = model.schema.task.classes();
    let truth = |row: usize, output: usize| match classes.get(output) {
        None => column.text(row).unwrap().parse().unwrap(),
        Some(class) => f64::from(u8::from(column.text(row).as_ref() == Some(class))),
    };
    let n = model.schema.task.n_outputs();
    let (mut ours, mut baseline) = (0.0, 0.0);
    for (cell, value) in predict(model, table).iter().enumerate() {
        let truth = truth(cell / n, cell % n);
        ours += (value - truth) * (value - truth);
        let constant = model.provenance.baseline[cell % n];
        baseline += (constant - truth) * (constant - truth);
    }
    (ours, baseline)
}

#[test]
fn rows_unlike_any_seen_are_predicted() {
    let table = people(150);
    let text = "job,age,size,when\nastronaut,1e9,-1e300,1901-01-01\n,,,\nclerk,-5,,2999-12-31\n";
    let unseen = csv(text, &[("job", Kind::Category), ("when", Kind::Date)]);
    train_each(&table, |who, fit| {
        let model = fit();
        let values = predict(&model, &unseen);
        assert!(values.iter().all(|value| !value.is_nan()), "{who}: {values:?}");
        assert_sound(&model, &values[model.schema.task.n_outputs()..], who);
    });
}

#[test]
fn numbers_at_the_end_of_their_range_are_handled_or_refused_with_the_columns_name() {
    let mut text = String::from("x,z,class,pay\n");
    for row in 0..60 {
        let class = if row > 30 { "b" } else { "a" };
        let x = ["1.7e308", "-1.7e308", "0", "5e-324"][row % 4];
        text += &format!("{x},{},{class},{}\n", row * 31 % 17, row * 3);
    }
    let table = csv(&text, &[]);
    for (target, task) in [ALL[0], ALL[2], ALL[3]] {
        for (kind, learner) in each(task) {
            match train(&table, options(&learner, target, task, &["x", "z"])) {
                Ok(model) => assert_sound(&model, &predict(&model, &table), &kind),
                Err(error) => {
                    let said = (error.code(), error.details().column);
                    assert_eq!(said, ("not_finite", Some("x".into())), "{kind}: {error}");
                }
            }
        }
    }
}

#[test]
fn text_like_nan_or_infinity_in_features_target_and_weights_is_handled_or_refused_by_name() {
    let finite = |row: usize| (row * 31 % 17).to_string();
    for odd in ["NaN", "inf", "-Infinity", "1e999"] {
        for bad in ["x", "pay", "w"] {
            let mut text = String::from("x,z,class,pay,w\n");
            for row in 0..60 {
                let cell = |name: &str, sound: String| {
                    if name == bad && row == 7 { odd.to_owned() } else { sound }
                };
                let (x, pay) = (cell("x", finite(row)), cell("pay", (row * 3).to_string()));
                let class = if row > 30 { "b" } else { "a" };
                text += &format!("{x},{row},{class},{pay},{}\n", cell("w", "1".to_owned()));
            }
            let numbers = [("x", Kind::Number), ("pay", Kind::Number), ("w", Kind::Number)];
            let read = numbers.map(|(name, kind)| (name.to_owned(), kind)).into_iter().collect();
            let options_of = CsvOptions { kinds: read, ..CsvOptions::default() };
            // A cell that is no number is refused by the reader, with its column.
            let table = match read_csv(text.as_bytes(), &options_of) {
                Ok(table) => table,
                Err(error) => {
                    assert_eq!(error.details().column.as_deref(), Some(bad), "{odd}: {error}");
                    continue;
                }
            };
            for (target, task) in [ALL[0], ALL[2], ALL[3]] {
                for (kind, learner) in each(task) {
                    let options = TrainOptions {
                        // Anomalies are looked for without weights.
                        sample_weight: (task != TaskChoice::Anomaly).then(|| "w".to_owned()),
                        ..options(&learner, target, task, &["x", "z"])
                    };
                    match train(&table, options) {
                        Ok(model) => assert_sound(&model, &predict(&model, &table), &kind),
                        Err(error) => {
                            let column = error.details().column;
                            let who = format!("{kind}, {odd} in {bad}: {error}");
                            assert_eq!(column.as_deref(), Some(bad), "{who}");
                        }
                    }
                }
            }
        }
    }
}

/// No table holds infinite numbers, but raw columns may.
#[test]
fn infinite_numbers_are_predicted_or_refused_with_the_columns_name() {
    let table = people(90);
    let job = table.column("job").unwrap().raw();
    let mut ages = vec![30.0; 90];
    ages[6] = f64::INFINITY;
    train_each(&table, |who, fit| {
        let model = fit();
        let column = |name: &str| table.column(name).unwrap().raw();
        let raw = [job.clone(), Raw::Numbers(&ages), column("size"), column("when")];
        match model.predict(&raw) {
            Ok(prediction) => assert_sound(&model, &prediction.values, who),
            Err(error) => {
                let details = error.details();
                let said = (error.code(), details.column.as_deref(), details.row);
                assert_eq!(said, ("not_finite", Some("age"), Some(7)), "{who}");
            }
        }
    });
}

#[test]
fn two_rows_and_a_constant_column_are_learned_from_or_refused() {
    let table = csv("x,c,class,pay\n1,5,a,1.5\n2,5,b,2.5\n", &[]);
    for (target, task) in [ALL[0], ALL[2], ALL[3]] {
        for (kind, learner) in each(task) {
            match train(&table, options(&learner, target, task, &["x", "c"])) {
                Ok(model) => assert_sound(&model, &predict(&model, &table), &kind),
                Err(error) => assert_eq!(error.code(), "too_few_rows", "{kind}: {error}"),
            }
        }
    }
}

#[test]
fn a_learner_that_says_so_shares_its_work() {
    let table = people(60);
    for (target, task) in ALL {
        for (kind, learner) in each(task) {
            let training =
                Training::new(&table, options(&learner, target, task, &["age"])).unwrap();
            assert_eq!(training.shared().is_some(), Learner::shares_work(&kind), "{kind}");
        }
    }
}

#[test]
fn a_learner_refuses_what_it_cannot_predict() {
    let table = people(60);
    for declared in Learner::declarations() {
        let learner = Learner::from_params(&declared.kind, []).unwrap();
        for (target, task) in TARGETS {
            if !declared.tasks.contains(&task) {
                let options = options(&learner, target, task, &["age"]);
                let error = train(&table, options).unwrap_err();
                assert_eq!(error.code(), "wrong_task", "{}", declared.kind);
            }
        }
    }
}

#[test]
fn linfas_own_cross_validation_runs_every_learner() {
    let rows = 120;
    let cell = |(row, column): (usize, usize)| (row * (7 + 13 * column) % 41) as f64;
    let x = Array2::from_shape_fn((rows, 3), cell);
    let number = Array1::from_shape_fn(rows, |row| 3.0 * x[(row, 0)] - x[(row, 1)]);
    let class = number.mapv(|value| usize::from(value > 30.0));
    let mean = |sum: f64| sum / (rows / 4) as f64;
    for (kind, learner) in each(TaskChoice::Regression) {
        let error = Dataset::new(x.clone(), number.clone())
            .cross_validate_single(4, &[Params::new(learner, 42)], |predicted, truth| {
                Ok(mean(predicted.iter().zip(truth).map(|(a, b)| (a - b) * (a - b)).sum()))
            })
            .unwrap_or_else(|error: LearnError| panic!("{kind}: {error}"));
        assert!(error[0] < number.var(0.0), "{kind}: {error}");
    }
    for (kind, learner) in each(TaskChoice::Classification) {
        let accuracy = Dataset::new(x.clone(), class.clone())
            .cross_validate_single(4, &[Params::new(learner, 42)], |predicted, truth| {
                Ok(mean(predicted.iter().zip(truth).filter(|(a, b)| a == b).count() as f64))
            })
            .unwrap_or_else(|error: LearnError| panic!("{kind}: {error}"));
        assert!(accuracy[0] > 0.7, "{kind}: {accuracy}");
    }
}

#[test]
fn linfas_targets_are_not_learned_from_where_anomalies_are_looked_for() {
    let x = Array2::from_shape_fn((60, 2), |(row, _)| if row == 7 { 99.0 } else { row as f64 });
    for (kind, learner) in each(TaskChoice::Anomaly) {
        let fit = |y| Params::new(learner.clone(), 42).fit(&Dataset::new(x.clone(), y)).unwrap();
        let model = fit(Array1::zeros(60));
        assert_eq!(model.model(), fit(Array1::from_shape_fn(60, |row| row)).model(), "{kind}");
        let found: Array1<usize> = model.predict(&x);
        assert_eq!(found[7], 1, "{kind}: {found}");
        assert!(found.sum() < 20, "{kind}: {found}");
        let numbers = Dataset::new(x.clone(), x.column(0).to_owned());
        let error = Params::new(learner, 42).fit(&numbers).unwrap_err();
        assert_eq!(error.code(), "wrong_task", "{kind}");
    }
}

#[test]
fn linfas_weights_count_and_bad_parameters_are_refused() {
    let x = Array2::from_shape_fn((40, 1), |(row, _)| row as f64);
    let y = Array1::from_shape_fn(40, |row| usize::from(row >= 20));
    let weights = Array1::from_shape_fn(40, |row| 1.0 + row as f32);
    let data = Dataset::new(x, y).with_weights(weights);
    for (kind, learner) in each(TaskChoice::Classification) {
        let model = Params::new(learner, 1).fit(&data).unwrap();
        assert!(model.model().provenance.baseline[1] > 0.7, "{kind}");
    }
    let forest = hedgerow_learn::forest::RandomForest { n_estimators: 0, ..Default::default() };
    assert_eq!(Params::new(forest, 1).fit(&data).unwrap_err().code(), "bad_parameter");
}
