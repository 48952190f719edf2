mod adjusting;

use std::sync::Arc;

use hedgerow_data::{CsvOptions, Table, read_csv};
use hedgerow_model::Coded;
use proptest::prelude::*;

use super::*;
use crate::forest::RandomForest;
use crate::{LearnError, Learner, Search, TrainOptions};

/// A target that mostly follows from one number; `classes` of them.
fn table(rows: usize, classes: usize) -> Table {
    let mut csv = String::from("x,noise,day,class,number\n");
    for row in 0..rows {
        let x = (row * 37) % 101;
        let class = if row % 9 == 0 { row % classes } else { x * classes / 101 };
        csv += &format!("{x},{},{},c{class},{}.5\n", (row * 53) % 29, rows - row, x * x + row % 7);
    }
    read_csv(csv.as_bytes(), &CsvOptions::default()).unwrap()
}

fn forest(n_estimators: u32) -> Learner {
    RandomForest { n_estimators, max_depth: Some(6), ..RandomForest::default() }.into()
}

fn options(study: StudyKind) -> StudyOptions {
    StudyOptions::new(TrainOptions { learner: forest(5), ..TrainOptions::new("class") }, study)
}

fn done(plan: &Plan, table: &Table, task: FoldTask) -> Result<Outcome, LearnError> {
    done_in_pieces(plan, table, task, usize::MAX)
}

fn done_in_pieces(
    plan: &Plan,
    table: &Table,
    task: FoldTask,
    most: usize,
) -> Result<Outcome, LearnError> {
    let mut fit = plan.begin(task)?;
    while let Some(rows) = fit.advance(plan, table, most)? {
        assert!(rows <= most);
    }
    let outcome = fit.finish()?;
    plan.outcome(&outcome.to_numbers())
}

/// Runs a study with `held` tasks under way at a time, the last of which always ends first.
fn run_out_of_order(
    table: &Table,
    options: StudyOptions,
    held: usize,
) -> Result<StudyReport, LearnError> {
    let plan = Arc::new(Plan::new(table, options)?);
    let mut study = Study::new(Arc::clone(&plan));
    let mut under_way = Vec::new();
    loop {
        while under_way.len() < held
            && let Some(task) = study.next_task()
        {
            under_way.push(task);
        }
        let Some(task) = under_way.pop() else { return study.report() };
        let result = done(&plan, table, task).map_err(|error| Failure::new(&error));
        study.add(task, result, 1.0)?;
    }
}

fn run(table: &Table, options: StudyOptions) -> Result<StudyReport, LearnError> {
    run_out_of_order(table, options, 1)
}

fn code(table: &Table, options: StudyOptions) -> &'static str {
    run(table, options).map(|_| "no error").unwrap_or_else(|error| error.code())
}

fn tuning(tune: TuneOptions) -> StudyOptions {
    let all = options(StudyKind::Tuning(tune));
    StudyOptions { train: TrainOptions { learner: Learner::default(), ..all.train }, ..all }
}

/// A space of small forests.
fn small() -> Option<std::collections::BTreeMap<String, Search>> {
    let range = |low, high, log| Search::Range { low, high, log };
    let values = vec![serde_json::json!(null), serde_json::json!(2)];
    Some(
        [
            ("n_estimators".to_owned(), range(1.0, 9.0, true)),
            ("minSamplesLeaf".to_owned(), range(1.0, 40.0, false)),
            ("max_depth".to_owned(), Search::Each { values }),
        ]
        .into_iter()
        .collect(),
    )
}

#[test]
fn cross_validation_scores_every_fold() {
    let report = run(&table(300, 3), options(StudyKind::CrossValidation)).unwrap();
    let StudyReport::CrossValidation(report) = report else { panic!("{report:?}") };
    assert_eq!((report.folds.len(), report.metric.as_str()), (5, "accuracy"));
    assert_eq!(report.folds.iter().map(|fold| fold.test_rows).sum::<usize>(), 300);
    let score = report.score.unwrap();
    assert!(score.mean > 0.8 && score.std > 0.0);
    assert!((score.standard_error - score.std / 5f64.sqrt()).abs() < 1e-15);
    assert_eq!(report.metrics["accuracy"], score);
    let mean = report.folds.iter().map(|fold| fold.metrics["rocAuc"]).sum::<f64>() / 5.0;
    assert!((report.metrics["rocAuc"].mean - mean).abs() < 1e-12);
}

#[test]
fn numbers_are_judged_by_r2_unless_told_otherwise() {
    let mut numbers = options(StudyKind::CrossValidation);
    numbers.train.target = Some("number".into());
    let StudyReport::CrossValidation(report) = run(&table(200, 2), numbers.clone()).unwrap() else {
        panic!("another report")
    };
    assert!(report.higher_is_better && report.metric == "r2" && report.score.unwrap().mean > 0.9);
    numbers.metric = Some("median_absolute_error".into());
    let StudyReport::CrossValidation(report) = run(&table(200, 2), numbers).unwrap() else {
        panic!("another report")
    };
    assert!(!report.higher_is_better && report.metric == "medianAbsoluteError");
}

#[test]
fn outcomes_may_come_in_any_order() {
    let table = table(300, 2);
    let halving = TuneOptions {
        trials: 9,
        strategy: TuneStrategy::Halving,
        space: small(),
        factor: 2,
        ..TuneOptions::default()
    };
    let studies = [
        options(StudyKind::CrossValidation),
        options(StudyKind::LearningCurve(CurveOptions::default())),
        options(StudyKind::Comparison(vec![forest(1), forest(3), forest(9)])),
        tuning(TuneOptions { strategy: TuneStrategy::Random, ..halving.clone() }),
        tuning(halving),
    ];
    for study in studies {
        let serial = run(&table, study.clone()).unwrap();
        assert_eq!(run_out_of_order(&table, study.clone(), 4).unwrap(), serial);
        assert_eq!(run_out_of_order(&table, study, 100).unwrap(), serial);
    }
}

#[test]
fn a_learning_curve_has_every_size() {
    let study = options(StudyKind::LearningCurve(CurveOptions::default()));
    let StudyReport::LearningCurve(curve) = run(&table(400, 2), study).unwrap() else {
        panic!("another report")
    };
    let rows: Vec<f64> = curve.points.iter().map(|point| point.train_rows).collect();
    assert_eq!(rows, [32.0, 104.0, 176.0, 248.0, 320.0]);
    for point in &curve.points {
        assert!(point.train.unwrap().mean > point.validation.unwrap().mean);
    }
}

#[test]
fn a_leaderboard_has_the_best_first_and_the_baseline_among_them() {
    let weights = crate::forest::ClassWeight::ByLabel([("no class".to_owned(), 1.0)].into());
    let wrong = RandomForest { class_weight: weights, ..RandomForest::default() }.into();
    let table = table(300, 2);
    let study = options(StudyKind::Comparison(vec![wrong, forest(1), forest(25)]));
    let StudyReport::Comparison(comparison) = run(&table, study).unwrap() else {
        panic!("another report")
    };
    let order: Vec<_> = comparison.leaderboard.iter().map(|row| row.index).collect();
    assert_eq!(order.last(), Some(&Some(0)), "what failed is last: {order:?}");
    assert!(order.contains(&None));
    let [best, others @ .., failed] = comparison.leaderboard.as_slice() else { panic!("rows") };
    assert_eq!((best.difference, best.p_value), (None, None));
    assert_eq!(failed.error.as_ref().unwrap().code, "unknown_class");
    assert_eq!(failed.score, None);
    for other in others {
        assert!(other.difference.unwrap() <= 0.0);
        let p = other.p_value.unwrap();
        assert!((0.0..=1.0).contains(&p));
        if other.learner.is_none() {
            assert!(p < 0.01, "the baseline is worse: {p}");
        }
    }
}

#[test]
fn tuning_tries_the_learner_itself_first_and_names_the_best() {
    let study = tuning(TuneOptions { trials: 6, space: small(), ..TuneOptions::default() });
    let StudyReport::Tuning(tuned) = run(&table(200, 2), study).unwrap() else {
        panic!("another report")
    };
    assert_eq!(tuned.trials.len(), 6);
    assert_eq!(tuned.trials[0].learner, Learner::default());
    assert_eq!(tuned.learner, tuned.trials[tuned.best].learner);
    let best = tuned.trials[tuned.best].score.unwrap().mean;
    assert!(tuned.trials.iter().all(|trial| trial.score.unwrap().mean <= best));
    let names: Vec<&String> = tuned.trials[1].parameters.keys().collect();
    assert_eq!(names, ["max_depth", "min_samples_leaf", "n_estimators"]);
}

#[test]
fn a_small_space_is_tried_once() {
    let values = vec![2.into(), 3.into()];
    let space = Some([("n_estimators".to_owned(), Search::Each { values })].into());
    let plan = Plan::new(&table(60, 2), tuning(TuneOptions { space, ..TuneOptions::default() }));
    assert_eq!(plan.unwrap().candidates().len(), 3);
}

#[test]
fn halving_can_give_fewer_trees_instead_of_rows() {
    let tune = TuneOptions {
        trials: 9,
        strategy: TuneStrategy::Halving,
        resource: "nEstimators".into(),
        space: Some(
            [("max_depth".to_owned(), Search::Range { low: 1.0, high: 9.0, log: false })].into(),
        ),
        ..TuneOptions::default()
    };
    let mut study = tuning(tune);
    study.train.learner = RandomForest { n_estimators: 9, ..RandomForest::default() }.into();
    let plan = Plan::new(&table(100, 2), study.clone()).unwrap();
    let shares: Vec<usize> = plan.levels().iter().map(|level| level.candidates).collect();
    assert_eq!(shares, [9, 3, 1]);
    let StudyReport::Tuning(tuned) = run(&table(100, 2), study).unwrap() else {
        panic!("another report")
    };
    assert_eq!(tuned.trials[tuned.best].share, 1.0);
    assert_eq!(tuned.learner.record().params["n_estimators"], 9);
}

#[test]
fn time_that_is_up_cuts_trials_and_nothing_else() {
    let table = table(120, 2);
    let study = tuning(TuneOptions { trials: 8, space: small(), ..TuneOptions::default() });
    let StudyReport::Tuning(whole) = run(&table, study.clone()).unwrap() else { panic!("report") };
    let plan = Arc::new(Plan::new(&table, study).unwrap());
    let mut cut = Study::new(Arc::clone(&plan));
    while let Some(task) = cut.next_task() {
        let result = done(&plan, &table, task).map_err(|error| Failure::new(&error));
        let progress = cut.add(task, result, 1.0).unwrap();
        if progress.done == 7 {
            cut.stop();
        }
    }
    let StudyReport::Tuning(cut) = cut.report().unwrap() else { panic!("report") };
    assert_eq!(cut.trials, whole.trials[..2], "the second trial was under way and is finished");
}

#[test]
fn folds_that_lack_a_class_are_scored_all_the_same() {
    let mut study = options(StudyKind::CrossValidation);
    study.folds = Folding { split: FoldSplit::Sequential, folds: 3, ..Folding::default() };
    let csv: String =
        (0..60).map(|row| format!("{},{}\n", row % 7, ["a", "b", "c"][row / 20])).collect();
    let table = read_csv(format!("x,class\n{csv}").as_bytes(), &CsvOptions::default()).unwrap();
    let StudyReport::CrossValidation(report) = run(&table, study).unwrap() else {
        panic!("report")
    };
    assert_eq!(report.score.unwrap().mean, 0.0, "what was never seen is never predicted");
}

#[test]
fn what_cannot_be_studied_is_an_error_with_its_range() {
    let table = table(100, 2);
    let cross = || options(StudyKind::CrossValidation);
    let folds = |folds| StudyOptions { folds: Folding { folds, ..Folding::default() }, ..cross() };
    assert_eq!(code(&table, folds(101)), "too_few_rows");
    assert_eq!(code(&table, folds(1)), "bad_option");
    assert_eq!(code(&table, folds(60)), "class_too_small");
    let metric = |name: &str| StudyOptions { metric: Some(name.into()), ..cross() };
    assert_eq!(code(&table, metric("acuracy")), "unknown_metric");
    assert_eq!(code(&table, metric("rmse")), "wrong_metric");
    let time = Folding { time_column: Some("class".into()), ..Folding::default() };
    assert_eq!(code(&table, StudyOptions { folds: time, ..cross() }), "bad_option");
    let tune = |tune| code(&table, tuning(tune));
    let default = TuneOptions::default;
    let space = |name: &str, search| TuneOptions {
        space: Some([(name.to_owned(), search)].into()),
        ..default()
    };
    assert_eq!(tune(TuneOptions { space: Some([].into()), ..default() }), "empty_space");
    assert_eq!(tune(space("n_trees", Search::Each { values: vec![1.into()] })), "bad_space");
    assert_eq!(tune(space("n_estimators", Search::Each { values: vec![] })), "bad_space");
    let range = |low, high, log| Search::Range { low, high, log };
    assert_eq!(tune(space("n_estimators", range(9.0, 1.0, false))), "bad_space");
    assert_eq!(tune(space("n_estimators", range(0.0, 1.0, true))), "bad_space");
    assert_eq!(tune(space("n_estimators", range(0.0, 9.0, false))), "bad_parameter");
    assert_eq!(tune(TuneOptions { trials: 0, ..default() }), "bad_parameter");
    assert_eq!(tune(TuneOptions { factor: 1, ..default() }), "bad_parameter");
    let resource = TuneOptions { resource: "max_depth".into(), ..default() };
    assert_eq!(tune(TuneOptions { strategy: TuneStrategy::Halving, ..resource }), "bad_parameter");
    let sizes =
        |sizes: &[f64]| options(StudyKind::LearningCurve(CurveOptions { sizes: sizes.to_vec() }));
    for bad in [&[][..], &[0.0], &[1.1], &[f64::NAN]] {
        assert_eq!(code(&table, sizes(bad)), "bad_parameter");
    }
    assert_eq!(code(&table, options(StudyKind::Comparison(vec![]))), "bad_parameter");
}

#[test]
fn when_everything_fails_the_first_error_is_told() {
    let mut study = options(StudyKind::CrossValidation);
    study.train.features = Some(vec!["no such column".into()]);
    let error = run(&table(50, 2), study).unwrap_err();
    assert_eq!(error.code(), "nothing_worked");
    assert!(error.to_string().contains("no such column"), "{error}");
}

#[test]
fn a_task_in_small_pieces_comes_to_the_same() {
    let table = table(90, 3);
    for study in
        [StudyKind::LearningCurve(CurveOptions { sizes: vec![0.4] }), StudyKind::CrossValidation]
    {
        let plan = Plan::new(&table, options(study)).unwrap();
        let task = FoldTask { candidate: 0, level: 0, fold: 1 };
        let whole = done(&plan, &table, task).unwrap();
        assert_eq!(done_in_pieces(&plan, &table, task, 7).unwrap(), whole);
        assert_eq!(whole.train.is_empty(), !plan.scores_training());
    }
}

#[test]
fn outcomes_and_tasks_of_another_plan_are_refused() {
    let table = table(50, 2);
    let plan = Arc::new(Plan::new(&table, options(StudyKind::CrossValidation)).unwrap());
    assert_eq!(plan.outcome(&[1.0]).unwrap_err().code(), "bad_job");
    let task = FoldTask { candidate: 3, level: 0, fold: 0 };
    assert_eq!(plan.begin(task).map(|_| ()).unwrap_err().code(), "bad_job");
    let mut study = Study::new(plan);
    let failure = || Failure { code: "x".into(), message: String::new() };
    assert!(study.add(task, Err(failure()), 0.0).is_err());
    let task = study.next_task().unwrap();
    assert!(study.add(task, Err(failure()), 0.0).is_ok());
    assert!(study.add(task, Err(failure()), 0.0).is_err(), "a task ends once");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parts_of_training_rows_grow_and_hold_every_class(
        rows in 20usize..200, classes in 2usize..4, seed: u64, shares in prop::collection::vec(0.01..=1.0f64, 2)
    ) {
        let table = table(rows, classes);
        let sizes = vec![shares[0].min(shares[1]), shares[0].max(shares[1])];
        let mut study = options(StudyKind::LearningCurve(CurveOptions { sizes }));
        study.train.seed = seed >> 11;
        study.folds.folds = 2;
        let Ok(plan) = Plan::new(&table, study) else { return Ok(()) };
        for fold in 0..2 {
            let part = |level| plan.training(FoldTask { candidate: 0, level, fold }).unwrap().1;
            let (small, large) = (part(0), part(1));
            let all = &plan.folds()[fold].train;
            prop_assert!(small.iter().all(|row| large.contains(row)));
            prop_assert!(large.iter().all(|row| all.contains(row)));
            prop_assert!(large.is_sorted());
            prop_assert!(small.is_sorted());
            let crate::forest::Target::Classes { codes, n } = &plan.target.target else { panic!() };
            let seen: std::collections::BTreeSet<u32> =
                small.iter().map(|&row| codes[row as usize]).collect();
            prop_assert_eq!(seen.len(), *n);
        }
    }
}
