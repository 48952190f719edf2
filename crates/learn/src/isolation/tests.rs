use hedgerow_data::{CsvOptions, Table, Values, read_csv};
use hedgerow_evaluate::{EvaluateOptions, Report, columns_for, evaluate};
use hedgerow_model::{Coded, Model, Prediction};
use proptest::prelude::*;
use serde_json::Value;

use super::IsolationForest;
use crate::choose::{AdjustOptions, CalibrationMethod, Plan, StudyKind, StudyOptions, TuneOptions};
use crate::forest::RandomForest;
use crate::{LearnError, Learner, TaskChoice, TrainOptions, train};

const CANCER: &[u8] = include_bytes!("../../../../tests/golden/isolation/breast_cancer.csv");
const FIGURES: &str = include_str!("../../../../tests/golden/isolation/figures.json");
const PENGUINS: &[u8] = include_bytes!("../../../../www/public/samples/penguins.csv");

fn csv(bytes: &[u8]) -> Table {
    read_csv(bytes, &CsvOptions::default()).unwrap()
}

fn trees(n_estimators: u32) -> IsolationForest {
    IsolationForest { n_estimators, ..IsolationForest::default() }
}

fn predict(model: &Model, table: &Table) -> Prediction {
    model.predict(&columns_for(model, table).unwrap().raw()).unwrap()
}

fn scores(model: &Model, table: &Table) -> Vec<f64> {
    predict(model, table).values.into_iter().skip(1).step_by(2).collect()
}

fn numbers(table: &Table, name: &str) -> Vec<f64> {
    match &table.column(name).unwrap().values {
        Values::Numbers(values) => values.clone(),
        Values::Strings { .. } => panic!("{name} holds strings"),
    }
}

/// All columns but these are learned from.
fn features(table: &Table, without: &[&str]) -> Option<Vec<String>> {
    let names = table.columns().iter().map(|column| column.name.to_string());
    Some(names.filter(|name| !without.contains(&name.as_str())).collect())
}

fn code(result: Result<Model, LearnError>) -> &'static str {
    result.map(|_| "no error").unwrap_or_else(|error| error.code())
}

/// Spearman's correlation.
fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let below = |value: f64| values.iter().filter(|&&other| other < value).count() as f64;
        let same = |value: f64| values.iter().filter(|&&other| other == value).count() as f64;
        values.iter().map(|&value| below(value) + same(value) / 2.0).collect()
    };
    let (a, b) = (ranks(a), ranks(b));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let product = |x: &[f64], mean_x: f64, y: &[f64], mean_y: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum()
    };
    let spread = |x: &[f64], mean_x: f64| product(x, mean_x, x, mean_x).sqrt();
    product(&a, mean_a, &b, mean_b) / (spread(&a, mean_a) * spread(&b, mean_b))
}

fn cancer(params: IsolationForest, seed: u64) -> (Table, Model) {
    let table = csv(CANCER);
    let features = features(&table, &["label", "score"]);
    let learner = Learner::from(params);
    let options = TrainOptions { learner, features, seed, ..TrainOptions::new("label") };
    let model = train(&table, options).unwrap();
    (table, model)
}

#[test]
fn scores_are_scikit_learns_but_for_chance() {
    let (table, model) = cancer(trees(2_000), 0);
    let (ours, theirs) = (scores(&model, &table), numbers(&table, "score"));
    let correlation = rank_correlation(&ours, &theirs);
    assert!(correlation > 0.995, "{correlation}");
    let apart = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 0.02, "{apart}");

    let figures: Value = serde_json::from_str(FIGURES).unwrap();
    let names = figures["penguin_columns"].as_array().unwrap().iter();
    let names: Vec<String> = names.map(|name| name.as_str().unwrap().to_owned()).collect();
    let all = csv(PENGUINS);
    let complete =
        |&row: &u32| names.iter().all(|name| !all.column(name).unwrap().is_missing(row as usize));
    let rows: Vec<u32> = (0..all.rows() as u32).filter(complete).collect();
    let table = all.take(&rows);
    let options =
        TrainOptions { features: Some(names), ..TrainOptions::without_target(trees(2_000)) };
    let ours = scores(&train(&table, options).unwrap(), &table);
    let theirs = figures["penguin_scores"].as_array().unwrap().iter();
    let theirs: Vec<f64> = theirs.map(|score| score.as_f64().unwrap()).collect();
    let correlation = rank_correlation(&ours, &theirs);
    assert!(correlation > 0.99, "{correlation}");
}

/// ROC AUC and average precision of the anomalies.
fn measured(model: &Model, table: &Table) -> (f64, f64) {
    match evaluate(model, table, &EvaluateOptions::default()).unwrap() {
        Report::Classification(report) => {
            let anomaly = &report.per_class[1];
            assert_eq!(anomaly.label, "malignant");
            (anomaly.roc_auc.unwrap(), anomaly.average_precision.unwrap())
        }
        Report::Regression(_) => panic!("anomalies are classes"),
    }
}

#[test]
fn anomalies_are_found_as_well_as_by_scikit_learn() {
    let figures: Value = serde_json::from_str(FIGURES).unwrap();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let theirs = |name: &str| {
        let values = figures[name].as_array().unwrap().iter();
        mean(&values.map(|value| value.as_f64().unwrap()).collect::<Vec<_>>())
    };
    let ours: Vec<(f64, f64)> = (0..20)
        .map(|seed| {
            let (table, model) = cancer(IsolationForest::default(), seed);
            measured(&model, &table)
        })
        .collect();
    let areas = mean(&ours.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let precisions = mean(&ours.iter().map(|pair| pair.1).collect::<Vec<_>>());
    assert!((areas - theirs("roc_auc")).abs() < 0.01, "{areas}");
    assert!((precisions - theirs("average_precision")).abs() < 0.03, "{precisions}");
}

#[test]
fn contamination_is_the_share_of_the_rows_that_are_called_anomalies() {
    let flagged = |contamination: Option<f64>| {
        let params = IsolationForest { contamination, ..IsolationForest::default() };
        let (table, model) = cancer(params, 0);
        let prediction = predict(&model, &table);
        let found = prediction.classes().iter().filter(|&&class| class == 1).count();
        (found, table.rows(), model.threshold)
    };
    let (found, rows, _) = flagged(Some(0.1));
    assert_eq!(found, 38, "of {rows} rows, as in scikit-learn");
    assert_eq!(flagged(Some(0.5)).0, rows.div_ceil(2));
    assert_eq!(flagged(Some(1e-9)).0, 1, "at least one");
    assert_eq!(flagged(None).2, None, "the score above one half");
}

#[test]
fn no_target_is_needed_and_none_is_learned_from() {
    let table = csv(CANCER);
    let features = features(&table, &["label", "score"]);
    let options = TrainOptions { features, seed: 0, ..TrainOptions::without_target(trees(50)) };
    let without = train(&table, options).unwrap();
    assert_eq!(without.schema.target.name, "anomaly");
    assert_eq!(without.schema.task.classes(), ["normal", "anomaly"]);
    assert_eq!(without.provenance.baseline, [1.0, 0.0]);
    let (_, with) = cancer(trees(50), 0);
    assert_eq!(without.estimator, with.estimator);
    assert_eq!(with.schema.task.classes(), ["benign", "malignant"]);
    assert_eq!(Model::from_bytes(&without.to_bytes()).unwrap(), without);
    let error = evaluate(&without, &table, &EvaluateOptions::default()).unwrap_err();
    assert_eq!((error.code(), error.details().column), ("missing_column", Some("anomaly".into())));
}

#[test]
fn the_rarer_class_is_the_anomaly_whatever_it_is_called() {
    for (rare, usual) in [("a", "b"), ("b", "a"), ("0", "1"), ("true", "false")] {
        let label = |row: u32| if row.is_multiple_of(9) { rare } else { usual };
        let text: String = (0..40).map(|row| format!("{row},{}\n", label(row))).collect();
        let table = csv(format!("x,y\n{text}").as_bytes());
        let options = TrainOptions { learner: trees(5).into(), ..TrainOptions::new("y") };
        let model = train(&table, options).unwrap();
        assert_eq!(model.schema.task.classes(), [usual, rare]);
        assert!(model.provenance.baseline[0] > 0.8);
        let report = evaluate(&model, &table, &EvaluateOptions::default()).unwrap();
        assert_eq!(report.rows(), 40);
    }
    let taken = csv(b"anomaly,anomaly_,x\n1,2,3\n4,5,6\n7,8,9\n");
    let model = train(&taken, TrainOptions::without_target(trees(5))).unwrap();
    assert_eq!(model.schema.target.name, "anomaly__");
    assert_eq!(model.schema.features.len(), 3);
}

#[test]
fn what_cannot_be_is_refused_with_a_code() {
    let table = csv(b"x,y,many,w\n1,a,p,1\n2,b,q,1\n3,a,r,1\n4,a,p,2\n");
    let isolation = TrainOptions::without_target(trees(5));
    let supervised = TrainOptions::without_target(RandomForest::default());
    assert_eq!(code(train(&table, supervised.clone())), "no_target");
    let anomaly = TaskChoice::Anomaly;
    let supervised = TrainOptions { target: Some("y".into()), task: anomaly, ..supervised };
    assert_eq!(code(train(&table, supervised)), "bad_parameter");
    let with = |target: &str| TrainOptions { target: Some(target.to_owned()), ..isolation.clone() };
    assert_eq!(code(train(&table, with("many"))), "target_too_many_classes");
    assert_eq!(code(train(&table, with("z"))), "unknown_column");
    let class = TrainOptions { task: TaskChoice::Classification, ..with("y") };
    assert_eq!(code(train(&table, class)), "wrong_task");
    let weighted = TrainOptions { sample_weight: Some("w".into()), ..isolation.clone() };
    assert_eq!(code(train(&table, weighted)), "bad_parameter");
    assert_eq!(code(train(&table.take(&[0]), isolation)), "too_few_rows");
    for (name, value) in [("contamination", 0.0), ("contamination", 0.6), ("max_features", 0.0)] {
        let error = Learner::from_params("isolation-forest", [(name.to_owned(), value.into())]);
        let error = error.unwrap_err();
        assert_eq!(error.code(), "bad_parameter");
        assert!(error.to_string().contains(name), "{error}");
    }
    let huge = IsolationForest { n_estimators: 10_000, max_samples: 1_000_000, ..trees(1) };
    let rows: String = (0..2_000).map(|row| format!("{row}\n")).collect();
    let table = csv(format!("x\n{rows}").as_bytes());
    assert_eq!(code(train(&table, TrainOptions::without_target(huge))), "too_large");
}

#[test]
fn what_chooses_by_predictions_refuses_it_with_a_code() {
    let table = csv(CANCER);
    let adjust = AdjustOptions { calibrate: Some(CalibrationMethod::Sigmoid), threshold: None };
    for study in [
        StudyKind::CrossValidation,
        StudyKind::Adjustment(adjust),
        StudyKind::Tuning(TuneOptions::default()),
    ] {
        for (target, expected) in [(None, "no_target"), (Some("label".to_owned()), "wrong_task")] {
            let options = TrainOptions { target, ..TrainOptions::without_target(trees(5)) };
            let error = Plan::new(&table, StudyOptions::new(options, study.clone())).unwrap_err();
            assert_eq!(error.code(), expected, "{error}");
        }
    }
}

#[test]
fn rare_categories_and_gaps_are_anomalies() {
    let value = |row: u32| if row == 7 { String::new() } else { "3".to_owned() };
    let category = |row: u32| if row == 11 { "odd" } else { ["a", "b"][row as usize % 2] };
    let row = |row: u32| format!("{},{},{}\n", value(row), category(row), row % 5);
    let table = csv(format!("gap,kind,x\n{}", (0..100).map(row).collect::<String>()).as_bytes());
    let model = train(&table, TrainOptions::without_target(trees(200))).unwrap();
    let scores = scores(&model, &table);
    let others = (0..100).filter(|row| ![7, 11].contains(row)).map(|row| scores[row]);
    let most = others.fold(0.0, f64::max);
    assert!(scores[7] > most && scores[11] > most, "{} {} {most}", scores[7], scores[11]);
}

#[test]
fn rows_that_are_all_alike_are_normal() {
    let table = csv(b"x,y\n1,a\n1,a\n1,a\n1,a\n");
    let model = train(&table, TrainOptions::without_target(trees(5))).unwrap();
    assert_eq!(scores(&model, &table), [0.5; 4]);
    assert_eq!(predict(&model, &table).classes(), [0; 4]);
}

#[test]
fn so_many_thresholds_that_they_are_thinned_change_little() {
    let text: String = (0..600).map(|row| format!("{}\n", f64::from(row * row))).collect();
    let table = csv(format!("x\n{text}").as_bytes());
    let scored = |n_estimators| {
        let model = train(&table, TrainOptions::without_target(trees(n_estimators))).unwrap();
        scores(&model, &table)
    };
    let (few, many) = (scored(120), scored(600));
    let apart = few.iter().zip(&many).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 0.03, "{apart}");
}

/// A table of numbers, with some missing.
fn table(columns: usize, cells: &[Option<i32>], scale: f64) -> Table {
    let names: Vec<String> = (0..columns).map(|index| format!("x{index}")).collect();
    let cell = |cell: &Option<i32>| {
        cell.map_or(String::new(), |value| format!("{:?}", f64::from(value) / 8.0 * scale))
    };
    let rows = cells.chunks_exact(columns).map(|row| row.iter().map(cell).collect::<Vec<_>>());
    let lines: String = rows.map(|row| row.join(",") + "\n").collect();
    // Without any digit a column would not be one of numbers.
    let last = vec![format!("{:?}", 0.5 * scale); columns].join(",");
    csv(format!("{}\n{lines}{last}\n", names.join(",")).as_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn scaling_by_powers_of_two_changes_no_score(
        cells in prop::collection::vec(prop::option::weighted(0.9, -999..999i32), 30..150),
        power in -8..8i32,
        contamination in prop::option::of(0.01..0.5f64),
    ) {
        let params = IsolationForest { contamination, max_samples: 32, ..trees(10) };
        let scored = |scale: f64| {
            let table = table(3, &cells, scale);
            let kinds = table.columns().iter().all(|column| column.kind.name() == "number");
            let options = TrainOptions::without_target(params.clone());
            kinds.then(|| scores(&train(&table, options).unwrap(), &table))
        };
        let (plain, scaled) = (scored(1.0), scored(libm::exp2(f64::from(power))));
        prop_assume!(plain.is_some() && scaled.is_some());
        prop_assert!(plain.iter().flatten().all(|score| (0.0..=1.0).contains(score)));
        prop_assert_eq!(plain, scaled);
    }

    #[test]
    fn the_order_of_the_rows_to_predict_does_not_matter(
        cells in prop::collection::vec(prop::option::weighted(0.9, -999..999i32), 30..150),
    ) {
        let table = table(3, &cells, 1.0);
        let model = train(&table, TrainOptions::without_target(trees(10))).unwrap();
        let back: Vec<u32> = (0..table.rows() as u32).rev().collect();
        let mut turned = scores(&model, &table.take(&back));
        turned.reverse();
        prop_assert_eq!(turned, scores(&model, &table));
    }

    #[test]
    fn at_least_the_share_asked_for_is_called_anomalous(
        cells in prop::collection::vec(prop::option::weighted(0.9, -5..5i32), 30..150),
        contamination in 0.01..0.5f64,
    ) {
        let table = table(3, &cells, 1.0);
        let params = IsolationForest { contamination: Some(contamination), ..trees(10) };
        let model = train(&table, TrainOptions::without_target(params)).unwrap();
        let found = predict(&model, &table).classes().iter().filter(|&&class| class == 1).count();
        let wanted = libm::round(contamination * table.rows() as f64).max(1.0) as usize;
        let threshold = model.threshold.unwrap();
        let ties = scores(&model, &table).iter().filter(|&&score| score == threshold).count();
        prop_assert!((wanted..wanted + ties).contains(&found), "{found} of {wanted}");
    }
}
