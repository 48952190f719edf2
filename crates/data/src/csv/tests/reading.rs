use std::fmt::Write;

use hedgerow_model::Kind;

use super::{read, read_csv, texts};
use crate::{CsvOptions, Table, TextEncoding, Values};

fn kinds(table: &Table) -> Vec<&str> {
    table.columns().iter().map(|column| column.kind.name()).collect()
}

fn numbers(table: &Table, column: &str) -> Vec<f64> {
    match &table.column(column).unwrap().values {
        Values::Numbers(values) => values.clone(),
        Values::Strings { .. } => panic!("{column} holds strings"),
    }
}

#[test]
fn kinds_are_inferred_from_all_rows() {
    let table = read(
        "n,b,c,d,t\n1,true,x,2013-01-01,2013\n2.5,FALSE,yes,2013-01-02T10:00:00Z,2014\n-3e2,,no,,n.d.\n",
    )
    .unwrap();
    assert_eq!(kinds(&table), ["number", "boolean", "category", "date", "category"]);
    assert_eq!(numbers(&table, "n"), [1.0, 2.5, -300.0]);
    assert_eq!(texts(&table, "b"), ["true", "false", "-"]);
    assert_eq!(texts(&table, "c"), ["x", "yes", "no"]);
    assert_eq!(texts(&table, "d"), ["2013-01-01", "2013-01-02T10:00:00Z", "-"]);
    assert_eq!(texts(&table, "t"), ["2013", "2014", "n.d."]);
}

#[test]
fn missing_values_are_recognised() {
    let table = read("a,b\nNA,NaN\nnull,?\n,1\n 7 , N/A \n").unwrap();
    assert_eq!(kinds(&table), ["number", "number"]);
    assert_eq!(texts(&table, "a"), ["-", "-", "-", "7"]);
    assert_eq!(texts(&table, "b"), ["-", "-", "1", "-"]);
}

#[test]
fn missing_values_can_be_chosen() {
    let options = CsvOptions { missing: vec!["-999".into(), "none".into()], ..Default::default() };
    let table = read_csv(b"a,b\n-999,none\n5,NA\n,x\n", &options).unwrap();
    assert_eq!(texts(&table, "a"), ["-", "5", "-"]);
    assert_eq!(texts(&table, "b"), ["-", "NA", "x"]);
}

#[test]
fn numbers_are_spelled_back_when_a_string_comes_late() {
    let spelled = ["1.50", "007", "+5", "-0", "1e-07", ".5", "5.", "1E5", "12345678901234567890"];
    let mut text = "a\n".to_owned();
    for row in 0..10_000 {
        writeln!(text, "{}", spelled[row % spelled.len()]).unwrap();
    }
    let table = read(&(text + "late\n")).unwrap();
    let texts = texts(&table, "a");
    assert!((0..10_000).all(|row| texts[row] == spelled[row % spelled.len()]));
    assert_eq!(texts[10_000], "late");
}

#[test]
fn the_sign_of_zero_is_dropped() {
    let table = read("a\n-0\n-0.0\n").unwrap();
    assert!(numbers(&table, "a").iter().all(|value| value.is_sign_positive()));
}

#[test]
fn categories_are_sorted_and_text_is_not() {
    let mut text = "c,t\n".to_owned();
    for row in 0..100 {
        writeln!(text, "{},note {}", ["b", "a", "ä"][row % 3], 99 - row).unwrap();
    }
    let table = read(&text).unwrap();
    assert_eq!(kinds(&table), ["category", "text"]);
    let strings = |name: &str| match &table.column(name).unwrap().values {
        Values::Strings { codes, dictionary } => {
            (codes[..3].to_vec(), dictionary.get(0).unwrap().to_owned())
        }
        Values::Numbers(_) => panic!("{name} holds numbers"),
    };
    assert_eq!(strings("c"), (vec![1, 0, 2], "a".to_owned()));
    assert_eq!(strings("t"), (vec![0, 1, 2], "note 99".to_owned()));
}

#[test]
fn kinds_can_be_chosen() {
    let chosen = [
        ("zip", Kind::Category),
        ("yes", Kind::Boolean),
        ("s", Kind::Date),
        ("ms", Kind::Date),
        ("note", Kind::Text),
        ("n", Kind::Number),
    ];
    let kinds_by_name = chosen.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    let options = CsvOptions { kinds: kinds_by_name, ..Default::default() };
    let text = "zip,yes,s,ms,note,n\n01234,yes,1357034400,1357034400000,1,1\n1234,0,,,2,\n";
    let table = read_csv(text.as_bytes(), &options).unwrap();
    assert_eq!(kinds(&table), ["category", "boolean", "date", "date", "text", "number"]);
    assert_eq!(texts(&table, "zip"), ["01234", "1234"]);
    assert_eq!(texts(&table, "yes"), ["true", "false"]);
    assert_eq!(texts(&table, "s"), ["2013-01-01T10:00:00Z", "-"]);
    assert_eq!(texts(&table, "ms"), ["2013-01-01T10:00:00Z", "-"]);
    assert_eq!(texts(&table, "note"), ["1", "2"]);
}

#[test]
fn quotes_hold_delimiters_line_ends_and_quotes() {
    let table = read("a,b\n\"x, \"\"y\"\"\nz\",1\n\"\",2\n").unwrap();
    assert_eq!(texts(&table, "a"), ["x, \"y\"\nz", "-"]);
}

#[test]
fn line_ends_of_all_systems_and_empty_lines_are_understood() {
    for end in ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"] {
        let text = ["a,b", "1,x", "2,y", ""].join(end);
        for text in [text.as_str(), text.trim_end()] {
            let table = read(text).unwrap();
            assert_eq!(texts(&table, "a"), ["1", "2"], "{end:?}");
            assert_eq!(texts(&table, "b"), ["x", "y"], "{end:?}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name() {
    let table = read("\u{feff}a,b\n1,2\n").unwrap();
    assert_eq!(table.names().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn utf16_is_recognised() {
    let text = "\u{feff}náme,b\n𝄞,2\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let table = read_csv(&bytes, &CsvOptions::default()).unwrap();
        assert_eq!(texts(&table, "náme"), ["𝄞"]);
    }
}

#[test]
fn latin1_is_read_when_asked_for() {
    let options = CsvOptions { encoding: TextEncoding::Latin1, ..Default::default() };
    let table = read_csv(b"na\xefve,price\n\x80 caf\xe9,1\n", &options).unwrap();
    assert_eq!(texts(&table, "naïve"), ["€ café"]);
}

#[test]
fn a_file_without_header_gets_names() {
    let options = CsvOptions { has_header: false, ..Default::default() };
    let table = read_csv(b"1,x\n2,y\n", &options).unwrap();
    assert_eq!(table.names().collect::<Vec<_>>(), ["column_1", "column_2"]);
    assert_eq!(texts(&table, "column_1"), ["1", "2"]);
}

#[test]
fn the_delimiter_is_told_from_the_text() {
    let table = read("a;b\n1,5;x\n2;y\n").unwrap();
    assert_eq!(texts(&table, "a"), ["1,5", "2"]);
    let options = CsvOptions { delimiter: Some(b'~'), ..Default::default() };
    assert_eq!(texts(&read_csv(b"a~b\n1~2\n", &options).unwrap(), "b"), ["2"]);
}

#[test]
fn an_all_missing_column_is_numbers_and_a_constant_column_is_kept() {
    let table = read("a,b\n,x\n,x\n").unwrap();
    assert_eq!(kinds(&table), ["number", "category"]);
    assert_eq!(texts(&table, "a"), ["-", "-"]);
}

#[test]
fn one_row_is_enough() {
    assert_eq!(read("a\n1").unwrap().rows(), 1);
}
