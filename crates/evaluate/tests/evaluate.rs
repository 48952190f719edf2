//! Models measured on tables, and what is said of tables that do not fit.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of tests may panic as they do")]

mod common;

use common::{classifier, numeric, regressor, strings, table, with};
use hedgerow_data::{Column, Table};
use hedgerow_evaluate::{
    EvaluateError, EvaluateOptions, Headline, METRICS, Predicting, Report, columns_for, evaluate,
    metric_info,
};
use hedgerow_model::{Coded, Kind, Model, Raw};

fn labels() -> Column {
    strings("y", &["no", "yes", "yes", "no", "no", "no"])
}

fn report(model: &Model, table: &Table) -> Report {
    evaluate(model, table, &EvaluateOptions::default()).unwrap()
}

fn error(model: &Model, table: &Table) -> EvaluateError {
    evaluate(model, table, &EvaluateOptions::default()).unwrap_err()
}

/// Code, row, column and value of an error.
fn place(error: &EvaluateError) -> (&'static str, Option<u64>, String, String) {
    let details = error.details();
    let text = |value: Option<String>| value.unwrap_or_default();
    (error.code(), details.row, text(details.column), text(details.value))
}

fn at(
    code: &'static str,
    row: u64,
    column: &str,
    value: &str,
) -> (&'static str, Option<u64>, String, String) {
    (code, (row > 0).then_some(row), column.to_owned(), value.to_owned())
}

#[test]
fn a_classifier_is_measured_with_a_baseline_beside_it() {
    let model = classifier(Kind::Category, ["no", "yes"]);
    let Report::Classification(report) = report(&model, &table(labels())) else {
        panic!("a classifier's report")
    };
    // Probabilities of yes: 0.1, 0.75, 0.5, 0.3, 0.3, 0.5; ties go to the first class.
    assert_eq!(report.rows, 6);
    assert_eq!(report.confusion, [[4, 0], [1, 1]]);
    assert_eq!(report.metrics.accuracy, 5.0 / 6.0);
    assert_eq!(report.metrics.roc_auc, Some(7.5 / 8.0));
    assert_eq!(report.baseline.accuracy, 4.0 / 6.0);
    assert_eq!(report.baseline.roc_auc, Some(0.5));
    assert_eq!(report.baseline.average_precision, Some(2.0 / 6.0));
    assert_eq!(report.curves.len(), 2);
    let headline = Report::Classification(report).headline();
    let expected = Headline { name: "accuracy".into(), value: 5.0 / 6.0, baseline: 4.0 / 6.0 };
    assert_eq!(headline, expected);
}

#[test]
fn a_regressor_is_measured_with_a_baseline_beside_it() {
    let y = numeric("y", Kind::Number, &[10.0, 20.0, 41.0, 25.0, 10.0, 38.0]);
    let Report::Regression(report) = report(&regressor(), &table(y.clone())) else {
        panic!("a regressor's report")
    };
    // Predictions: 10, 20, 40, 25, 25, 40 (missing sizes and dates go right, missing jobs too).
    assert_eq!(report.residuals.scatter.predicted, [10.0, 20.0, 40.0, 25.0, 25.0, 40.0]);
    assert_eq!(report.metrics.mae, 3.0);
    assert_eq!(report.metrics.median_absolute_error, 0.5);
    assert_eq!(report.baseline.mae, 32.0 / 3.0);
    assert!(report.baseline.r2.unwrap() <= 0.0);
    assert_eq!(Report::Regression(report).headline().name, "r2");
    let one = table(y).slice(0..1);
    assert_eq!(self::report(&regressor(), &one).headline().name, "mae");
}

#[test]
fn a_report_is_json_and_back() {
    let y = numeric("y", Kind::Number, &[10.0, 20.0, 41.0, 25.0, 10.0, 38.0]);
    let model = classifier(Kind::Category, ["no", "yes"]);
    for (report, task) in [
        (report(&model, &table(labels())), "classification"),
        (report(&regressor(), &table(y)), "regression"),
    ] {
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["task"], task);
        let metrics = value["metrics"].as_object().unwrap();
        assert!(metrics.keys().all(|name| metric_info(name).is_some()));
        assert!(metric_info(&report.headline().name).is_some());
    }
    let mut names: Vec<&str> = METRICS.iter().map(|info| info.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), METRICS.len());
    assert_eq!(METRICS.len(), 18 + 5);
}

#[test]
fn a_single_class_leaves_areas_undefined_and_nothing_else() {
    let model = classifier(Kind::Category, ["no", "yes"]);
    let table = table(strings("y", &["no"; 6]));
    let Report::Classification(report) = report(&model, &table) else {
        panic!("a classifier's report")
    };
    assert_eq!((report.metrics.roc_auc, report.metrics.average_precision), (None, None));
    assert!(report.curves[0].roc.is_none() && report.curves[0].precision_recall.is_some());
    assert!(report.curves[1].precision_recall.is_none());
    assert!(report.metrics.log_loss > 0.0);
}

#[test]
fn only_the_most_frequent_classes_are_drawn_when_there_are_too_many() {
    let model = classifier(Kind::Category, ["no", "yes"]);
    let options = EvaluateOptions { max_curve_classes: 1, ..EvaluateOptions::default() };
    let Report::Classification(report) = evaluate(&model, &table(labels()), &options).unwrap()
    else {
        panic!("a classifier's report")
    };
    assert_eq!(report.curves.len(), 1);
    assert_eq!(report.curves[0].label, "no");
}

#[test]
fn targets_that_cannot_be_compared_are_named() {
    let model = classifier(Kind::Category, ["no", "yes"]);
    let fails = |y: Column| place(&error(&model, &table(y)));
    let gap = strings("y", &["no", "", "yes", "no", "no", "no"]);
    assert_eq!(fails(gap), at("target_missing", 2, "y", ""));
    let strange = strings("y", &["no", "yes", "maybe", "no", "no", "no"]);
    assert_eq!(fails(strange), at("unknown_label", 3, "y", "maybe"));
    let numbers = numeric("y", Kind::Number, &[1.5; 6]);
    assert_eq!(fails(numbers), at("unknown_label", 1, "y", "1.5"));
    let elsewhere = strings("Y", &["no"; 6]);
    assert_eq!(fails(elsewhere), at("missing_column", 0, "y", ""));
    let gap = numeric("y", Kind::Number, &[1.0, 2.0, 3.0, f64::NAN, 5.0, 6.0]);
    assert_eq!(place(&error(&regressor(), &table(gap))), at("target_missing", 4, "y", ""));
    let words = strings("y", &["1", "2", "many", "4", "5", "6"]);
    assert_eq!(place(&error(&regressor(), &table(words))), at("bad_value", 3, "y", "many"));
    assert_eq!(error(&model, &table(labels()).slice(0..0)), EvaluateError::NoRows);
}

#[test]
fn labels_are_found_however_the_table_was_read() {
    let accuracy = |model: &Model, y: Column| match report(model, &table(y)) {
        Report::Classification(report) => report.metrics.accuracy,
        Report::Regression(_) => panic!("a classifier's report"),
    };
    let bits = [0.0, 1.0, 1.0, 0.0, 0.0, 0.0];
    let numbers = || numeric("y", Kind::Number, &bits);
    let booleans = || numeric("y", Kind::Boolean, &bits);
    let of_numbers = classifier(Kind::Number, ["0", "1"]);
    assert_eq!(accuracy(&of_numbers, numbers()), 5.0 / 6.0);
    assert_eq!(accuracy(&of_numbers, booleans()), 5.0 / 6.0);
    assert_eq!(accuracy(&of_numbers, strings("y", &["0", "1.0", "1", "0", "0", "0"])), 5.0 / 6.0);
    let of_spelled = classifier(Kind::Category, ["00", "01"]);
    assert_eq!(accuracy(&of_spelled, numbers()), 5.0 / 6.0);
    for words in [["false", "true"], ["no", "yes"], ["No", "Yes"]] {
        assert_eq!(accuracy(&classifier(Kind::Category, words), booleans()), 5.0 / 6.0);
    }
    let days = [0.0, 864e5, 864e5, 0.0, 0.0, 0.0];
    let of_dates = classifier(Kind::Date, ["1970-01-01", "1970-01-02"]);
    assert_eq!(accuracy(&of_dates, numeric("y", Kind::Date, &days)), 5.0 / 6.0);
}

#[test]
fn the_order_of_columns_and_further_ones_do_not_matter() {
    let model = classifier(Kind::Category, ["no", "yes"]);
    let table = table(labels());
    let mut columns = table.columns().to_vec();
    columns.reverse();
    columns.push(numeric("further", Kind::Number, &[0.0; 6]));
    assert_eq!(report(&model, &Table::new(columns).unwrap()), report(&model, &table));
}

#[test]
fn a_missing_column_is_named_with_the_nearest_name() {
    let model = classifier(Kind::Category, ["no", "yes"]);
    let mut columns = table(labels()).into_columns();
    columns[0].name = "Size".into();
    let error = error(&model, &Table::new(columns).unwrap());
    assert_eq!(place(&error), at("missing_column", 0, "size", ""));
    assert!(error.to_string().contains("\"Size\""), "{error}");
}

#[test]
fn columns_read_as_another_kind_are_converted() {
    let model = classifier(Kind::Category, ["no", "yes"]);
    let original = table(labels());
    let aligned = |column: Column| {
        columns_for(&model, &with(&original, column)).map(|aligned| {
            let raw = aligned.raw();
            (0..6)
                .map(|row| match (&raw[0], &raw[1], &raw[2]) {
                    (
                        Raw::Numbers(size),
                        Raw::Strings { codes, dictionary },
                        Raw::Numbers(when),
                    ) => {
                        let job = dictionary.get(codes[row] as usize).map(|job| (*job).to_owned());
                        (size[row], job.unwrap_or_default(), when[row])
                    }
                    _ => panic!("kinds as in the model"),
                })
                .collect::<Vec<_>>()
        })
    };
    let sizes = |column: Column| -> Vec<f64> {
        aligned(column).unwrap().into_iter().map(|row| row.0).collect()
    };
    let jobs = |column: Column| -> Vec<String> {
        aligned(column).unwrap().into_iter().map(|row| row.1).collect()
    };
    let dates = |column: Column| -> Vec<f64> {
        aligned(column).unwrap().into_iter().map(|row| row.2).collect()
    };
    let bits = [1.0, 0.0, f64::NAN, 1.0, 1.0, 0.0];
    assert_eq!(
        sizes(strings("size", &["1", "2.5", "-3", "4e2", "5", "6"]))[1..4],
        [2.5, -3.0, 400.0]
    );
    assert_eq!(sizes(numeric("size", Kind::Boolean, &bits))[..2], [1.0, 0.0]);
    assert_eq!(jobs(numeric("job", Kind::Number, &bits)), ["1", "0", "", "1", "1", "0"]);
    assert_eq!(jobs(numeric("job", Kind::Boolean, &bits)), ["yes", "no", "", "yes", "yes", "no"]);
    assert_eq!(jobs(numeric("job", Kind::Number, &[f64::NAN; 6])), [""; 6]);
    assert!(sizes(strings("size", &[""; 6])).iter().all(|size| size.is_nan()));
    assert_eq!(dates(strings("when", &["1970-01-02"; 6])), [864e5; 6]);

    let fails = |column: Column| place(&aligned(column).unwrap_err());
    let words = strings("size", &["1", "2", "", "big", "5", "6"]);
    assert_eq!(fails(words), at("bad_value", 4, "size", "big"));
    let days = numeric("size", Kind::Date, &[0.0; 6]);
    assert_eq!(fails(days), at("wrong_kind", 0, "size", ""));
    let flags = numeric("when", Kind::Boolean, &[0.0; 6]);
    assert_eq!(fails(flags), at("wrong_kind", 0, "when", ""));
}

#[test]
fn options_that_make_no_sense_are_named() {
    let fails = |options: EvaluateOptions| {
        evaluate(&regressor(), &table(labels()), &options).unwrap_err().to_string()
    };
    let options = EvaluateOptions { calibration_bins: 0, ..EvaluateOptions::default() };
    assert!(fails(options).contains("calibrationBins is 0"));
    let options = EvaluateOptions { max_curve_points: 3, ..EvaluateOptions::default() };
    assert!(fails(options).contains("maxCurvePoints is 3"));
    let options = serde_json::from_str::<EvaluateOptions>(r#"{"calibrationBins": 20}"#).unwrap();
    assert_eq!(options, EvaluateOptions { calibration_bins: 20, ..EvaluateOptions::default() });
}

#[test]
fn a_prediction_in_pieces_is_that_at_once() {
    let table = table(labels());
    let rows: Vec<u32> = (0..40_000).map(|row| row * 5 % 6).collect();
    let taken = table.take(&rows);
    for model in [regressor(), classifier(Kind::Category, ["no", "yes"])] {
        let whole = model.predict(&columns_for(&model, &taken).unwrap().raw()).unwrap();
        for most in [1_000, usize::MAX] {
            let mut predicting = Predicting::new(&model, &table, rows.clone()).unwrap();
            while let Some(rows) = predicting.advance(&model, &table, most).unwrap() {
                assert!(rows > 0 && rows <= most);
            }
            assert_eq!(predicting.finish(&model), whole);
        }
    }
}
