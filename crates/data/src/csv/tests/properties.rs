use hedgerow_model::Kind;
use proptest::prelude::*;

use super::{read, read_csv, read_in_pieces, texts};
use crate::{CsvOptions, DataError, Table, TextEncoding, write_csv};

/// Bytes that look like CSV often enough to get far.
fn csv_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            &b","[..], b"\n", b"\"", b"\r\n", b"\r", b";", b"a", b"1", b"-2.5", b"NA", b"x,y\n",
            b"true", b"2013-01-01", b"1e400", b"inf", b" ", b"\xc3\xa9", b"\"\"", b"007",
        ]).prop_map(<[u8]>::to_vec),
        1 => prop::sample::select(vec![
            &b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff", b"\xe9", b"\0", b"\xd8\0",
        ]).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn options() -> impl Strategy<Value = CsvOptions> {
    let delimiter = prop_oneof![Just(None), Just(Some(b',')), Just(Some(b';'))];
    (delimiter, any::<bool>(), any::<bool>(), prop_oneof![1usize..40, Just(1 << 20)]).prop_map(
        |(delimiter, has_header, is_latin1, max_cell_bytes)| CsvOptions {
            delimiter,
            has_header,
            max_cell_bytes,
            encoding: if is_latin1 { TextEncoding::Latin1 } else { TextEncoding::Utf8 },
            ..Default::default()
        },
    )
}

fn outcome(result: Result<Table, DataError>) -> Result<(String, usize), DataError> {
    result.map(|table| (table.sha256(), table.rows()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_csv(&bytes, &CsvOptions::default());
    }

    #[test]
    fn bytes_like_csv_never_panic_and_may_be_cut_anywhere(
        bytes in csv_like(),
        options in options(),
        size in 1usize..20,
    ) {
        if let Ok(table) = read_csv(&bytes, &options) {
            // What the reader makes needs no correction: `Table::new` leaves it as it is.
            let again = Table::new(table.columns().to_vec()).unwrap();
            prop_assert_eq!(again.to_bytes(), table.to_bytes());
        }
        let whole = outcome(read_csv(&bytes, &options));
        let cut = outcome(read_in_pieces(bytes.chunks(size), &options));
        prop_assert_eq!(whole, cut);
    }

    /// Cells may not be as long as a batch where `csv_core` shall cut all rows.
    #[test]
    fn rows_without_quotes_are_cut_as_csv_core_cuts_them(bytes in csv_like(), options in options()) {
        let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'"').collect();
        let [plain, by_csv_core] = [1 << 20, 1_000]
            .map(|max_cell_bytes| read_csv(&bytes, &CsvOptions { max_cell_bytes, ..options.clone() }));
        prop_assert_eq!(outcome(plain), outcome(by_csv_core));
    }

    #[test]
    fn every_number_in_a_column_of_strings_keeps_its_spelling(
        cells in prop::collection::vec(r"[+-]?[0-9]{0,18}\.?[0-9]{0,12}(e-?[0-9]{1,2})?", 1..20),
    ) {
        prop_assume!(cells.iter().all(|cell| !cell.is_empty()));
        let text = format!("a\n{}\nword\n", cells.join("\n"));
        let table = read(&text).unwrap();
        prop_assert_eq!(&texts(&table, "a")[..cells.len()], &cells[..]);
    }

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them(
        cells in prop::collection::vec(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", 1..20),
    ) {
        let table = read(&format!("a\n{}\n", cells.join("\n"))).unwrap();
        let crate::Values::Numbers(values) = &table.columns()[0].values else { panic!("numbers") };
        for (cell, value) in cells.iter().zip(values) {
            let expected = cell.parse::<f64>().unwrap() + 0.0;
            prop_assert_eq!(value.to_bits(), expected.to_bits());
        }
    }

    #[test]
    fn a_table_written_and_read_is_the_same_table(
        rows in prop::collection::vec(
            (
                prop::option::of(prop::num::f64::NORMAL | prop::num::f64::ZERO),
                prop::option::of("[a-z,;\"\né€ ]{0,6}"),
                prop::option::of(any::<bool>()),
                prop::option::of(-62_167_219_200_000i64..253_402_300_800_000),
            ),
            1..30,
        ),
    ) {
        let number = |value: Option<f64>| value.map(|value| value.to_string());
        let date = |value: Option<i64>| value.map(|millis| crate::numbers::spell_date(millis as f64));
        let spelled: Vec<[Option<String>; 4]> = rows
            .into_iter()
            .map(|(a, b, c, d)| [number(a), b, c.map(|c| c.to_string()), date(d)])
            .collect();
        let kinds = [Kind::Number, Kind::Category, Kind::Boolean, Kind::Date];
        let names = ["a", "b", "c", "d"];
        let kinds_by_name = names.map(str::to_owned).into_iter().zip(kinds).collect();
        let options = CsvOptions { kinds: kinds_by_name, ..Default::default() };
        let column = |index: usize| {
            let cells = spelled.iter().map(|row| row[index].as_deref());
            crate::Column::from_strings(names[index], cells, &options).unwrap()
        };
        let table = Table::new((0..4).map(column).collect()).unwrap();
        let mut bytes = Vec::new();
        write_csv(&table, &mut bytes).unwrap();
        let back = read_csv(&bytes, &options).unwrap();
        prop_assert_eq!(back.sha256(), table.sha256());
        prop_assert_eq!(back.to_csv(), table.to_csv());
    }
}

/// A byte-order mark is one at the start of a file only.
#[test]
fn a_byte_order_mark_after_empty_lines_may_be_cut_anywhere() {
    let text = b"\n\xef\xbb\xbfa,b\n1,2\n";
    let whole = read_csv(text, &CsvOptions::default()).unwrap();
    assert_eq!(whole.columns()[0].name, "\u{feff}a");
    let cut = read_in_pieces(text.chunks(1), &CsvOptions::default()).unwrap();
    assert_eq!(cut.sha256(), whole.sha256());
}

/// Long enough for many batches and sealed blocks, cut at odd places.
#[test]
fn a_long_file_may_be_cut_anywhere() {
    let mut text = b"id,name,late,quoted\n".to_vec();
    for row in 0..30_000u32 {
        let late = if row < 29_000 { "1.50" } else { "x" };
        let line = format!("{},n{},{late},\"a{}\nb\"\n", f64::from(row) / 8.0, row % 7, row % 100);
        text.extend_from_slice(line.as_bytes());
    }
    let options = CsvOptions::default();
    let whole = read_csv(&text, &options).unwrap();
    assert_eq!(whole.rows(), 30_000);
    assert_eq!(whole.column("late").unwrap().text(28_999).as_deref(), Some("1.50"));
    for size in [1, 7, 4_095, 65_536, 100_003] {
        let cut = read_in_pieces(text.chunks(size), &options).unwrap();
        assert_eq!(cut.sha256(), whole.sha256(), "pieces of {size}");
    }
}

/// A long row after short ones, and short ones after it.
#[test]
fn long_rows_between_short_ones_may_be_cut_anywhere() {
    let header = format!("{},b\n", "h".repeat(1 << 20));
    let mut text = header.into_bytes();
    for row in 0..200 {
        let length = if row % 50 == 49 { 1 << 20 } else { row * 37 };
        text.extend_from_slice(format!("{},{row}\n", "y".repeat(length)).as_bytes());
    }
    let options = CsvOptions::default();
    let whole = read_csv(&text, &options).unwrap();
    let cut = read_in_pieces(text.chunks(70_001), &options).unwrap();
    assert_eq!(cut.sha256(), whole.sha256());
    assert_eq!(whole.rows(), 200);
}
