use hedgerow_data::{CsvOptions, Table, read_csv};
use hedgerow_model::{Coded, Kind, Model, Task};

use super::*;
use crate::forest::RandomForest;
use crate::{Learner, TaskChoice, train};

/// Two categories, a number with holes, a date, free text, and a target that mostly follows from
/// the number.
fn people(rows: usize) -> Table {
    let mut csv = String::from("job,age,when,note,class,weight\n");
    for row in 0..rows {
        let job = ["clerk", "nurse", "", "miner"][row % 4];
        let age = if row % 7 == 0 { String::new() } else { ((row * 37) % 60).to_string() };
        let class = if (row * 37) % 60 < 30 { "young" } else { "old" };
        let day = row % 28 + 1;
        csv += &format!("{job},{age},2020-02-{day:02},note {row} of {rows},{class},{}\n", row % 3);
    }
    let kinds = [("note".to_owned(), Kind::Text)].into_iter().collect();
    read_csv(csv.as_bytes(), &CsvOptions { kinds, ..CsvOptions::default() }).unwrap()
}

fn options(target: &str) -> TrainOptions {
    let forest = RandomForest { n_estimators: 20, ..RandomForest::default() };
    TrainOptions { learner: Learner::RandomForest(forest), ..TrainOptions::new(target) }
}

fn code(result: Result<Model, LearnError>) -> &'static str {
    result.map(|_| "no error").unwrap_or_else(|error| error.code())
}

fn csv(text: &str) -> Table {
    read_csv(text.as_bytes(), &CsvOptions::default()).unwrap()
}

#[test]
fn a_table_becomes_a_model_that_predicts_it() {
    let table = people(300);
    let model = train(&table, options("class")).unwrap();
    assert_eq!(
        model.schema.task,
        Task::Classification { classes: vec!["old".into(), "young".into()] }
    );
    let names: Vec<&str> = model.schema.features.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["job", "age", "when", "weight"], "free text and the target are left out");
    assert!(model.provenance.metrics["oob_accuracy"] > 0.8);
    let age = model.provenance.feature_importances[1];
    assert!(age > 0.5, "the target follows from the age, whose importance is {age}");
    assert!((model.provenance.feature_importances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    let again = Model::from_bytes(&model.to_bytes()).unwrap();
    assert_eq!(again, model);
}

#[test]
fn parts_may_come_in_any_order() {
    let table = people(120);
    let serial = train(&table, options("class")).unwrap().to_bytes();
    let mut training = Training::new(&table, options("class")).unwrap();
    let job = training.shared().unwrap().clone();
    for index in (0..job.n_tasks()).rev() {
        training.add(index, job.fit_tree(index)).unwrap();
    }
    assert_eq!(training.finish().unwrap().to_bytes(), serial);
}

#[test]
fn trees_grown_a_little_at_a_time_make_the_same_model() {
    let table = people(60);
    let mut training = Training::new(&table, options("class")).unwrap();
    let mut pieces = 0;
    while !training.ended() {
        training.advance().unwrap();
        pieces += 1;
    }
    assert!(pieces > training.total());
    assert_eq!(training.finish().unwrap(), train(&table, options("class")).unwrap());
}

#[test]
fn a_column_at_a_time_is_prepared_and_nothing_is_left_out() {
    let table = people(50);
    let scaled = TrainOptions { learner: crate::Mlp::default().into(), ..options("class") };
    for options in [options("class"), scaled] {
        let mut preparing = Preparing::new(&table, options.clone()).unwrap();
        let mut columns = 0;
        while preparing.advance(&table).unwrap() {
            columns += 1;
        }
        assert!(columns >= table.columns().len() + 4, "hashed, and four of them learned from");
        let mut training = preparing.finish().unwrap();
        while !training.ended() {
            training.advance().unwrap();
        }
        assert_eq!(training.finish().unwrap(), train(&table, options).unwrap());
    }
    let early = Preparing::new(&table, options("class")).unwrap();
    assert_eq!(early.finish().err().unwrap().code(), "bad_job");
    let (mut mixed, other) = (Preparing::new(&table, options("class")).unwrap(), people(49));
    let error = loop {
        match mixed.advance(&other) {
            Ok(more) => assert!(more),
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), "bad_job");
}

#[test]
fn a_training_with_missing_parts_does_not_finish() {
    let training = Training::new(&people(50), options("class")).unwrap();
    assert_eq!(code(training.finish()), "bad_job");
}

#[test]
fn whole_numbers_are_classes_when_there_are_few() {
    let few = csv("x,y\n1,0\n2,1\n3,0\n4,1\n");
    let model = train(&few, options("y")).unwrap();
    assert_eq!(model.schema.task.classes(), ["0", "1"]);
    let regression = TrainOptions { task: TaskChoice::Regression, ..options("y") };
    assert_eq!(train(&few, regression).unwrap().schema.task, Task::Regression);
    let fractions = csv("x,y\n1,0.5\n2,1\n3,0\n4,1\n");
    assert_eq!(train(&fractions, options("y")).unwrap().schema.task, Task::Regression);
}

#[test]
fn number_classes_are_in_number_order() {
    let text: String = (0..40).map(|row| format!("{row},{}\n", [10, 9, 2][row % 3])).collect();
    let model = train(&csv(&format!("x,y\n{text}")), options("y")).unwrap();
    assert_eq!(model.schema.task.classes(), ["2", "9", "10"]);
}

#[test]
fn targets_that_cannot_be_learned_say_why() {
    assert_eq!(code(train(&csv("x,y\n1,a\n2,a\n"), options("y"))), "target_one_class");
    assert_eq!(code(train(&csv("x,y\n1,7.5\n2,7.5\n"), options("y"))), "target_one_class");
    assert_eq!(code(train(&csv("x,y\n1,a\n"), options("y"))), "too_few_rows");
    assert_eq!(code(train(&csv("x,y\n1,2020-01-01\n2,2020-01-02\n"), options("y"))), "target_kind");
    assert_eq!(code(train(&csv("x,y\n1,a\n2,b\n"), options("z"))), "unknown_column");
    let error = train(&csv("x,y\n1,a\n2,\n3,b\n"), options("y")).unwrap_err();
    assert_eq!((error.code(), error.details().row), ("target_missing", Some(2)));
    let many: String = (0..10_000).map(|row| format!("{row},class {row}\n")).collect();
    let many = csv(&format!("x,y\n{many}"));
    assert_eq!(code(train(&many, options("y"))), "target_too_many_classes");
    let regression = TrainOptions { task: TaskChoice::Regression, ..options("y") };
    assert_eq!(code(train(&csv("x,y\n1,a\n2,b\n"), regression)), "target_kind");
}

#[test]
fn features_that_cannot_be_used_are_named() {
    let table = people(40);
    let with = |names: &[&str]| TrainOptions {
        features: Some(names.iter().map(|&name| name.to_owned()).collect()),
        ..options("class")
    };
    assert_eq!(code(train(&table, with(&[]))), "no_features");
    assert_eq!(code(train(&table, with(&["age", "class"]))), "not_a_feature");
    assert_eq!(code(train(&table, with(&["note"]))), "not_a_feature");
    assert_eq!(code(train(&table, with(&["wage"]))), "unknown_column");
    assert_eq!(train(&table, with(&["age", "age"])).unwrap().schema.features.len(), 1);
}

#[test]
fn constant_and_empty_columns_do_no_harm() {
    let table = csv("empty,constant,x,y\n,1,1,a\n,1,2,b\n,1,3,a\n,1,4,b\n");
    let model = train(&table, options("y")).unwrap();
    assert_eq!(model.provenance.feature_importances[..2], [0.0, 0.0]);
}

#[test]
fn weights_are_checked_and_count() {
    let table = people(200);
    let weighted = TrainOptions { sample_weight: Some("weight".into()), ..options("class") };
    let model = train(&table, weighted.clone()).unwrap();
    assert!(model.schema.features.iter().all(|field| field.name != "weight"));
    assert_ne!(model.estimator, train(&table, options("class")).unwrap().estimator);
    let broken = csv("x,y,weight\n1,a,1\n2,b,-1\n3,a,1\n");
    let error = train(&broken, TrainOptions { target: Some("y".into()), ..weighted }).unwrap_err();
    assert_eq!((error.code(), error.details().row), ("bad_weight", Some(2)));
}

#[test]
fn class_weights_move_the_baseline_and_unknown_labels_are_named() {
    let table = csv("x,y\n1,a\n2,a\n3,a\n4,b\n");
    let with = |weight: &str| {
        let params = [("class_weight".to_owned(), serde_json::from_str(weight).unwrap())];
        TrainOptions {
            learner: Learner::from_params("random-forest", params).unwrap(),
            ..options("y")
        }
    };
    assert_eq!(train(&table, with(r#""balanced""#)).unwrap().provenance.baseline, [0.5, 0.5]);
    assert_eq!(train(&table, with(r#""none""#)).unwrap().provenance.baseline, [0.75, 0.25]);
    assert_eq!(code(train(&table, with(r#"{ "c": 2 }"#))), "unknown_class");
}

#[test]
fn prepared_features_reach_the_learner_and_the_model() {
    use crate::preparation::{EncodeCategories, MissingCategories, MissingNumbers};
    let table = people(200);
    let preparation = crate::PreparationOptions {
        missing_numbers: MissingNumbers::Median,
        missing_categories: MissingCategories::OwnCategory,
        encode_categories: EncodeCategories::OneHot,
        standardize: Some(true),
        ..crate::PreparationOptions::default()
    };
    let model = train(&table, TrainOptions { preparation, ..options("class") }).unwrap();
    let names: Vec<String> =
        model.preparation.features(&model.schema).into_iter().map(|feature| feature.name).collect();
    assert!(names.contains(&"job=(missing)".to_owned()), "{names:?}");
    assert_eq!(model.provenance.feature_importances.len(), model.schema.features.len());
    assert!(model.provenance.metrics["oob_accuracy"] > 0.8);
}

#[test]
fn seeds_beyond_what_javascript_can_hold_are_refused() {
    let bad = TrainOptions { seed: 1 << 53, ..options("class") };
    assert_eq!(code(train(&people(20), bad)), "bad_parameter");
}

#[test]
fn the_seed_changes_the_model_and_nothing_else_does() {
    let table = people(100);
    let first = train(&table, options("class")).unwrap().sha256();
    assert_eq!(train(&table, options("class")).unwrap().sha256(), first);
    let other = TrainOptions { seed: 1, ..options("class") };
    assert_ne!(train(&table, other).unwrap().sha256(), first);
}
