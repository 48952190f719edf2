use hedgerow_data::{Column, Values};
use hedgerow_model::{Coded, Kind};

use super::*;

#[path = "../../tests/common/mod.rs"]
mod common;

fn options() -> ImportanceOptions {
    ImportanceOptions { n_repeats: 3, seed: 7, ..ImportanceOptions::default() }
}

/// Enough rows for a shuffle to matter.
fn long_table(y: Column) -> Table {
    let table = common::table(y);
    let rows: Vec<u32> = (0..600).map(|row| row % 6).collect();
    table.take(&rows)
}

fn regression() -> Table {
    long_table(common::numeric("y", Kind::Number, &[10.0, 20.0, 41.0, 25.0, 10.0, 38.0]))
}

fn classification() -> Table {
    long_table(common::strings("y", &["no", "yes", "yes", "no", "no", "no"]))
}

fn all(model: &Model, table: &Table, options: &ImportanceOptions) -> Importance {
    permutation_importance(model, table, options, &mut |_, _| ControlFlow::Continue(())).unwrap()
}

#[test]
fn it_is_what_shuffling_the_raw_column_costs() {
    let (model, table) = (common::regressor(), regression());
    let options = ImportanceOptions { metric: Some(ImportanceMetric::Mae), ..options() };
    let importance = all(&model, &table, &options);
    let mae = |table: &Table| match crate::evaluate(&model, table, &Default::default()).unwrap() {
        crate::Report::Regression(report) => report.metrics.mae,
        crate::Report::Classification(_) => panic!("a regressor's report"),
    };
    assert_eq!(importance.score, mae(&table));
    for (index, column) in importance.columns.iter().enumerate() {
        for (repeat, &value) in column.values.iter().enumerate() {
            let order = permutation(table.rows(), options.seed, index, repeat);
            let shuffled = table.column(&column.column).unwrap().take(&order);
            let expected = mae(&common::with(&table, shuffled)) - mae(&table);
            assert!((value - expected).abs() < 1e-12, "{} {value} {expected}", column.column);
        }
    }
    assert!(importance.columns[0].mean > 1.0);
    assert!(importance.columns[2].mean > 1.0);
}

#[test]
fn a_column_that_the_model_ignores_is_worth_nothing() {
    let importance =
        all(&common::classifier(Kind::Category, ["no", "yes"]), &classification(), &options());
    let idle = &importance.columns[3];
    assert_eq!((idle.column.as_str(), idle.mean, idle.std), ("idle", 0.0, 0.0));
    assert_eq!((importance.metric.as_str(), importance.rows), ("accuracy", 600));
}

#[test]
fn pieces_and_one_call_agree_and_the_seed_decides() {
    let (model, table) = (common::regressor(), regression());
    let once = all(&model, &table, &options());
    let mut steps =
        PermutationImportance::new(std::rc::Rc::new(model.clone()), &table, &options()).unwrap();
    assert_eq!((steps.done(), steps.total()), (0, 12));
    while let Some(rows) = steps.advance(7).unwrap() {
        assert!(rows <= 7);
    }
    assert_eq!((steps.done(), steps.total()), (12, 12));
    assert_eq!(steps.finish().unwrap(), once);
    let fewer = all(&model, &table, &ImportanceOptions { n_repeats: 2, ..options() });
    assert_eq!(fewer.columns[0].values, once.columns[0].values[..2]);
    let other = all(&model, &table, &ImportanceOptions { seed: 8, ..options() });
    assert_ne!(other.columns, once.columns);
}

#[test]
fn mean_and_deviation_are_those_of_the_repeats() {
    let column = ColumnImportance::new("x", &[1.0, 2.0, 6.0]);
    assert_eq!(column.mean, 3.0);
    assert!((column.std - (14.0f64 / 3.0).sqrt()).abs() < 1e-15);
}

#[test]
fn every_metric_of_the_task_gets_worse_without_a_column_that_matters() {
    let metric = |metric| ImportanceOptions { metric: Some(metric), ..options() };
    use ImportanceMetric::*;
    let (model, table) = (common::classifier(Kind::Category, ["no", "yes"]), classification());
    for own in [Accuracy, BalancedAccuracy, LogLoss, RocAuc] {
        let importance = all(&model, &table, &metric(own));
        assert_eq!(importance.metric, own.name());
        assert!(importance.columns[2].mean > 0.0, "{own:?}");
        assert_eq!(
            crate::metric_info(own.name()).unwrap().higher_is_better,
            own.higher_is_better()
        );
    }
    let (model, table) = (common::regressor(), regression());
    for own in [R2, Rmse, Mae] {
        assert!(all(&model, &table, &metric(own)).columns[2].mean > 0.0, "{own:?}");
        assert_eq!(
            crate::metric_info(own.name()).unwrap().higher_is_better,
            own.higher_is_better()
        );
    }
}

#[test]
fn a_sample_is_as_large_as_asked_for() {
    let options = ImportanceOptions { max_rows: Some(50), ..options() };
    assert_eq!(all(&common::regressor(), &regression(), &options).rows, 50);
    let options = ImportanceOptions { max_rows: None, ..options };
    assert_eq!(all(&common::regressor(), &regression(), &options).rows, 600);
}

#[test]
fn breaking_off_is_an_error_of_its_own() {
    let mut seen = Vec::new();
    let mut progress = |done, total| {
        seen.push((done, total));
        if done == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let result =
        permutation_importance(&common::regressor(), &regression(), &options(), &mut progress);
    assert_eq!(result, Err(EvaluateError::Cancelled));
    assert_eq!(seen, [(1, 12), (2, 12)]);
}

#[test]
fn options_that_make_no_sense_are_named() {
    let error = |table: &Table, options: ImportanceOptions| {
        PermutationImportance::new(&common::regressor(), table, &options)
            .and_then(PermutationImportance::finish)
            .unwrap_err()
    };
    let none = ImportanceOptions { n_repeats: 0, ..options() };
    assert!(error(&regression(), none).to_string().contains("nRepeats"));
    let one = ImportanceOptions { max_rows: Some(1), ..options() };
    assert!(error(&regression(), one).to_string().contains("maxRows"));
    let foreign = ImportanceOptions { metric: Some(ImportanceMetric::RocAuc), ..options() };
    assert!(error(&regression(), foreign).to_string().contains("r2, rmse or mae"));
    // R² of one row is undefined.
    assert_eq!(error(&regression().slice(0..1), options()).code(), "bad_option");
    assert_eq!(error(&regression().slice(0..0), options()), EvaluateError::NoRows);
    let mut with_gap = regression().column("y").unwrap().clone();
    if let Values::Numbers(values) = &mut with_gap.values {
        values[8] = f64::NAN;
    }
    let error = error(&common::with(&regression(), with_gap), options());
    assert_eq!((error.code(), error.details().row), ("target_missing", Some(9)));
}
