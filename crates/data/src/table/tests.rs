use std::sync::Arc;

use hedgerow_model::{Coded, Kind, MISSING_CODE};

use super::*;
use crate::Dictionary;

fn table() -> Table {
    let age = Column::numbers("age", vec![30.0, f64::NAN, 58.0, 7.5]);
    let job =
        Column::categories("job", vec![1, 0, MISSING_CODE, 1], ["nurse", "baker"].iter().collect());
    Table::new(vec![age, job]).unwrap()
}

fn texts(table: &Table, column: &str) -> Vec<Option<String>> {
    let column = table.column(column).unwrap();
    (0..column.len()).map(|row| column.text(row)).collect()
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect()
}

#[test]
fn columns_are_selected_and_dropped() {
    let selected = table().select(&["job", "age"]).unwrap();
    assert_eq!(selected.names().collect::<Vec<_>>(), ["job", "age"]);
    let dropped = table().drop_columns(&["age"]).unwrap();
    assert_eq!(dropped.names().collect::<Vec<_>>(), ["job"]);
    assert_eq!(table().select(&["ages"]).unwrap_err().code(), "unknown_column");
    assert_eq!(table().drop_columns(&["wage!"]).unwrap_err().code(), "unknown_column");
    assert_eq!(table().select(&["age", "age"]).unwrap_err().code(), "duplicate_column");
}

#[test]
fn rows_with_missing_values_are_dropped() {
    assert_eq!(texts(&table().drop_missing(None).unwrap(), "age"), some(&["30", "7.5"]));
    let by_age = table().drop_missing(Some(&["age"])).unwrap();
    assert_eq!(texts(&by_age, "job"), some(&["baker", "", "baker"]));
}

#[test]
fn rows_are_taken_and_sliced() {
    assert_eq!(texts(&table().take(&[2, 0, 9]), "age"), some(&["58", "30", ""]));
    assert_eq!(texts(&table().slice(1..3), "job"), some(&["nurse", ""]));
    assert_eq!(table().slice(3..99).rows(), 1);
    assert_eq!(table().slice(7..9).rows(), 0);
}

#[test]
fn unsound_columns_are_refused() {
    let code = |columns| Table::new(columns).unwrap_err().code();
    let numbers = |name: &str, values: &[f64]| Column::numbers(name, values.to_vec());
    assert_eq!(code(vec![numbers("", &[1.0])]), "empty_column_name");
    assert_eq!(code(vec![numbers("a", &[1.0]), numbers("a", &[1.0])]), "duplicate_column");
    assert_eq!(code(vec![numbers("a", &[1.0]), numbers("b", &[])]), "wrong_length");
    assert_eq!(code(vec![numbers("a", &[f64::INFINITY])]), "infinite_value");
    let as_kind = |kind| vec![Column { kind, ..numbers("a", &[0.0, 2.0]) }];
    assert_eq!(code(as_kind(Kind::Category)), "wrong_kind");
    assert_eq!(code(as_kind(Kind::Boolean)), "bad_value");
}

#[test]
fn dictionaries_of_categories_are_sorted() {
    let dictionary: Dictionary = ["b", "a", "b"].iter().collect();
    let values = Values::Strings { codes: vec![0, 1, 2, 3], dictionary: Arc::new(dictionary) };
    let column = Column { name: "c".into(), kind: Kind::Category, values };
    let table = Table::new(vec![column]).unwrap();
    let Values::Strings { codes, dictionary } = &table.columns()[0].values else {
        panic!("strings")
    };
    assert!(dictionary.is_sorted());
    assert_eq!(*codes, [1, 0, 1, MISSING_CODE]);
}

#[test]
fn numbers_become_strings_and_come_back() {
    let table = table();
    let strings = table.convert("age", Kind::Category).unwrap();
    assert_eq!(texts(&strings, "age"), some(&["30", "", "58", "7.5"]));
    let back = strings.convert("age", Kind::Number).unwrap();
    assert_eq!(back.sha256(), table.sha256());
}

#[test]
fn text_is_numbered_by_appearance_and_categories_are_sorted() {
    let text = table().convert("job", Kind::Text).unwrap();
    let Values::Strings { dictionary, .. } = &text.columns()[1].values else { panic!("strings") };
    assert_eq!(dictionary.iter().collect::<Vec<_>>(), ["baker", "nurse"]);
    let back = text.convert("job", Kind::Category).unwrap();
    assert_eq!(back.sha256(), table().sha256());
}

#[test]
fn dates_and_booleans_are_converted() {
    let when = Column::numbers("when", vec![0.0, 1.0, f64::NAN]);
    let table = Table::new(vec![when]).unwrap();
    let dates = table.convert("when", Kind::Date).unwrap();
    assert_eq!(texts(&dates, "when"), some(&["1970-01-01", "1970-01-01T00:00:01Z", ""]));
    let strings = dates.convert("when", Kind::Text).unwrap();
    assert_eq!(strings.convert("when", Kind::Date).unwrap().sha256(), dates.sha256());
    let booleans = table.convert("when", Kind::Boolean).unwrap();
    assert_eq!(texts(&booleans, "when"), some(&["false", "true", ""]));
    assert_eq!(dates.convert("when", Kind::Boolean).unwrap_err().code(), "wrong_kind");
}

#[test]
fn what_does_not_fit_is_an_error_with_its_row() {
    let error = table().convert("job", Kind::Number).unwrap_err();
    assert_eq!(error.code(), "bad_value");
    assert_eq!(error.details().row, Some(1));
    assert_eq!(error.details().value.as_deref(), Some("baker"));
    let error = table().convert("age", Kind::Boolean).unwrap_err();
    assert_eq!(error.details().value.as_deref(), Some("30"));
}

#[test]
fn columns_come_from_strings() {
    let options = crate::CsvOptions::default();
    let cells = [Some("1.5"), None, Some(" 2 "), Some("NA")];
    let column = Column::from_strings("x", cells, &options).unwrap();
    assert_eq!((column.kind, column.n_missing()), (Kind::Number, 2));
    let error = Column::from_strings("x", [Some("1"), Some("inf")], &options).unwrap_err();
    assert_eq!((error.code(), error.details().row), ("csv_infinite", Some(2)));
}
