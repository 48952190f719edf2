use hedgerow_model::{Coded, Details, Kind};

use super::{read, read_csv};
use crate::{CsvOptions, CsvReader, DataError};

fn error(text: &str) -> DataError {
    read(text).unwrap_err()
}

#[track_caller]
fn assert_at(error: &DataError, code: &str, row: Option<u64>, line: Option<u64>, column: &str) {
    assert_eq!(error.code(), code, "{error}");
    let Details { row: found_row, line: found_line, column: found_column, .. } = error.details();
    let found = (found_row, found_line, found_column.unwrap_or_default());
    assert_eq!(found, (row, line, column.to_owned()), "{error}");
    assert!(error.to_string().matches(". ").count() >= 1, "no advice: {error}");
}

#[test]
fn an_empty_file() {
    for text in ["", "\n\n", "\u{feff}", "\r\n"] {
        assert_at(&error(text), "csv_empty", None, None, "");
    }
}

#[test]
fn a_header_only() {
    for text in ["a,b", "a,b\n", "a,b\r\n\r\n"] {
        assert_at(&error(text), "csv_no_rows", None, None, "");
    }
}

#[test]
fn a_ragged_row() {
    assert_at(&error("a,b\n1,2\n\n3\n"), "csv_ragged_row", Some(2), Some(4), "");
    let error = error("a,b\n\"x\ny\",2\n3,4,5\n");
    assert_at(&error, "csv_ragged_row", Some(2), Some(4), "");
    assert!(error.to_string().contains("3 cells where 2"), "{error}");
    let many = read(&format!("a,b\n{}\n", ",".repeat(500))).unwrap_err();
    assert!(many.to_string().contains("at least 66 cells"), "{many}");
}

#[test]
fn duplicate_and_empty_names() {
    assert_at(&error("a,b,a\n1,2,3\n"), "csv_duplicate_column", None, None, "a");
    assert_at(&error("a,,b\n1,2,3\n"), "csv_empty_column_name", None, None, "");
    assert_at(&error("a, ,b\n1,2,3\n"), "csv_empty_column_name", None, None, "");
}

#[test]
fn a_quote_that_is_never_closed() {
    assert_at(&error("a,b\n1,2\n3,\"4\n5,6\n"), "csv_unclosed_quote", Some(2), Some(3), "b");
    assert_at(&error("\"a,b\n1,2\n"), "csv_unclosed_quote", None, Some(1), "");
}

#[test]
fn text_that_is_not_utf8() {
    let options = CsvOptions::default();
    let cell = read_csv(b"a,b\n1,x\n2,caf\xe9\n", &options).unwrap_err();
    assert_at(&cell, "csv_encoding", Some(2), Some(3), "b");
    assert!(cell.to_string().contains("latin1"), "{cell}");
    let name = read_csv(b"na\xefve,b\n1,x\n", &options).unwrap_err();
    assert_at(&name, "csv_encoding", None, Some(1), "");
}

#[test]
fn utf16_that_is_broken() {
    let mut bytes: Vec<u8> =
        "\u{feff}a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let options = CsvOptions::default();
    bytes.push(b'3');
    assert_at(&read_csv(&bytes, &options).unwrap_err(), "csv_encoding", Some(2), Some(3), "");
    bytes.pop();
    bytes.extend_from_slice(&[0x00, 0xdc, b'x', 0]);
    assert_at(&read_csv(&bytes, &options).unwrap_err(), "csv_encoding", Some(2), Some(3), "");
}

#[test]
fn a_nul_byte() {
    assert_at(&error("a,b\n1,2\n3,\0\n"), "csv_nul_byte", Some(2), Some(3), "");
    assert_at(&error("\0"), "csv_nul_byte", None, Some(1), "");
    // UTF-16 without a byte-order mark is full of them.
    let bytes: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = read_csv(&bytes, &CsvOptions::default()).unwrap_err();
    assert_at(&error, "csv_nul_byte", None, Some(1), "");
}

#[test]
fn ten_thousand_columns_are_read_and_one_more_is_an_error() {
    let wide = |n: usize| {
        let names: Vec<String> = (0..n).map(|column| format!("c{column}")).collect();
        let row = vec!["1"; n].join(",");
        format!("{}\n{row}\n{row}\n", names.join(","))
    };
    let table = read(&wide(10_000)).unwrap();
    assert_eq!((table.rows(), table.columns().len()), (2, 10_000));
    assert_at(&error(&wide(10_001)), "csv_too_many_columns", None, None, "");
    assert_at(&error(&wide(30_000)), "csv_too_many_columns", None, None, "");
}

#[test]
fn a_cell_of_a_megabyte_is_read_and_a_longer_one_is_an_error() {
    let with_cell = |n: usize| format!("a,b\n1,2\n3,{}\n", "x".repeat(n));
    let table = read(&with_cell(1 << 20)).unwrap();
    assert_eq!(table.column("b").unwrap().text(1).unwrap().len(), 1 << 20);
    for n in [(1 << 20) + 1, 3 << 20] {
        let error = error(&with_cell(n));
        assert_at(&error, "csv_cell_too_large", Some(2), Some(3), "b");
        assert_eq!(error.details().value.unwrap().len(), 80);
    }
}

#[test]
fn a_row_beyond_all_measure_is_an_error() {
    let cell = "x".repeat(1 << 20);
    let names: Vec<String> = (0..40).map(|column| format!("c{column}")).collect();
    let text = format!("{}\n{}\n", names.join(","), vec![cell.as_str(); 40].join(","));
    assert_at(&error(&text), "csv_row_too_large", Some(1), Some(2), "");
}

#[test]
fn infinity_among_numbers() {
    for text in ["Infinity", "-inf", "1e999"] {
        let error = error(&format!("a,b\n1,2\n3,{text}\n"));
        assert_at(&error, "csv_infinite", Some(2), Some(3), "b");
        assert_eq!(error.details().value.as_deref(), Some(text));
    }
    // Among strings it is one of them.
    assert!(read("a\nInfinity\nx\n").is_ok());
    let options = CsvOptions { missing: vec!["inf".into()], ..Default::default() };
    assert!(read_csv(b"a\ninf\n1\n", &options).is_ok());
}

#[test]
fn a_value_that_is_not_of_the_kind_asked_for() {
    for kind in [Kind::Number, Kind::Boolean, Kind::Date] {
        let options = CsvOptions { kinds: [("b".to_owned(), kind)].into(), ..Default::default() };
        let error = read_csv(b"a,b\n1,1\n2,maybe\n", &options).unwrap_err();
        assert_at(&error, "csv_bad_value", Some(2), Some(3), "b");
        assert_eq!(error.details().value.as_deref(), Some("maybe"));
    }
}

#[test]
fn a_kind_for_a_column_that_does_not_exist() {
    let options =
        CsvOptions { kinds: [("spceies".to_owned(), Kind::Text)].into(), ..Default::default() };
    let error = read_csv(b"species,b\n1,1\n", &options).unwrap_err();
    assert_at(&error, "unknown_column", None, None, "spceies");
    assert!(error.to_string().contains("Did you mean \"species\"?"), "{error}");
}

#[test]
fn options_that_make_no_sense() {
    for options in [
        CsvOptions { delimiter: Some(b'"'), ..Default::default() },
        CsvOptions { delimiter: Some(0xe9), ..Default::default() },
        CsvOptions { max_columns: 0, ..Default::default() },
    ] {
        assert_at(&read_csv(b"a\n1\n", &options).unwrap_err(), "bad_option", None, None, "");
    }
}

#[test]
fn of_several_errors_the_first_row_s_is_reported() {
    let options =
        CsvOptions { kinds: [("b".to_owned(), Kind::Number)].into(), ..Default::default() };
    let read = |bytes: &[u8]| read_csv(bytes, &options).unwrap_err();
    assert_at(&read(b"a,b\n1,2\nx,y\n\xff,1\n5\n"), "csv_bad_value", Some(2), Some(3), "b");
    assert_at(&read(b"a,b\n1,2\n\xff,2\nx,y\n\0"), "csv_encoding", Some(2), Some(3), "a");
    assert_at(&read(b"a,b\n1,y\n5\n"), "csv_bad_value", Some(1), Some(2), "b");
}

#[test]
fn a_reader_that_failed_keeps_failing() {
    let mut reader = CsvReader::new(CsvOptions::default()).unwrap();
    let bytes = [b"a,b\n".as_slice(), &b"1,2,3\n".repeat(20_000)].concat();
    let first = reader.push(&bytes).unwrap_err();
    assert_eq!(reader.push(b"1,2\n").unwrap_err(), first);
    assert_eq!(reader.finish().unwrap_err(), first);
}
