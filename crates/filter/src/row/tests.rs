use super::*;

/// The cells of a row for features, both in JSON.
fn read(features: &str, row: &str) -> Result<(Vec<u64>, Vec<u8>), &'static str> {
    let features: Vec<Feature> = serde_json::from_str(features).unwrap();
    cells(&features, &serde_json::from_str(row).unwrap())
}

/// What a value of the one feature `x` becomes.
fn number_of(kind: &str, value: &str) -> Result<f64, &'static str> {
    let features = format!(r#"[{{"name": "x", "kind": "{kind}"}}]"#);
    let (cells, _) = read(&features, &format!(r#"{{"x": {value}}}"#))?;
    Ok(f64::from_bits(cells[0]))
}

const KINDS: [&str; 5] = ["number", "boolean", "date", "category", "text"];

/// One feature of every kind, named as it.
fn every_kind() -> String {
    let features = KINDS.map(|kind| format!(r#"{{"name": "{kind}", "kind": "{kind}"}}"#));
    format!("[{}]", features.join(","))
}

#[test]
fn fields_stand_in_the_order_of_the_model_and_others_are_left_alone() {
    let row = r#"{"text": "b", "other": [{}], "date": 5, "category": "é", "boolean": true, "number": -1.5}"#;
    let (cells, texts) = read(&every_kind(), row).unwrap();
    assert_eq!(cells[..3], [-1.5f64, 1.0, 5.0].map(f64::to_bits));
    assert_eq!(cells[3..], [2 << 32, 2 | 1 << 32], "lengths are bytes");
    assert_eq!(texts, "éb".as_bytes());
}

#[test]
fn what_a_row_leaves_out_or_has_as_null_is_missing() {
    let nulls =
        r#"{"number": null, "boolean": null, "date": null, "category": null, "text": null}"#;
    for row in ["{}", nulls] {
        let (cells, texts) = read(&every_kind(), row).unwrap();
        assert!(cells[..3].iter().all(|&cell| f64::from_bits(cell).is_nan()), "{row}");
        assert_eq!(cells[3..], [u64::from(MISSING_TEXT) << 32; 2], "{row}");
        assert!(texts.is_empty());
    }
}

#[test]
fn an_empty_text_is_not_missing() {
    let (cells, _) = read(r#"[{"name": "x", "kind": "text"}]"#, r#"{"x": ""}"#).unwrap();
    assert_eq!(cells, [0]);
}

#[test]
fn booleans_are_true_and_false_or_one_and_zero() {
    for (value, number) in [("true", 1.0), ("false", 0.0), ("1", 1.0), ("0", 0.0), ("1.0", 1.0)] {
        assert_eq!(number_of("boolean", value), Ok(number), "{value}");
    }
    for value in ["2", "-1", "0.5", r#""true""#, r#""1""#, r#""""#] {
        assert_eq!(number_of("boolean", value), Err("bad_value"), "{value}");
    }
}

#[test]
fn numbers_are_no_strings_and_no_booleans() {
    assert_eq!(number_of("number", "1e3"), Ok(1000.0));
    assert_eq!(number_of("number", "18446744073709551615"), Ok(18_446_744_073_709_551_615.0));
    for value in [r#""1""#, r#""""#, "true"] {
        assert_eq!(number_of("number", value), Err("bad_value"), "{value}");
    }
}

#[test]
fn dates_are_texts_or_milliseconds() {
    assert_eq!(number_of("date", r#""1970-01-02""#), Ok(86_400_000.0));
    assert_eq!(number_of("date", "-1"), Ok(-1.0));
    for value in [r#""2013-02-30""#, r#""yesterday""#, r#""""#, "true"] {
        assert_eq!(number_of("date", value), Err("bad_value"), "{value}");
    }
}

#[test]
fn no_kind_takes_lists_and_objects_and_texts_are_no_numbers() {
    for kind in KINDS {
        for value in ["[1]", "[]", "{}", r#"{"x": 1}"#] {
            assert_eq!(number_of(kind, value), Err("bad_value"), "{kind} {value}");
        }
    }
    for (kind, value) in [("category", "1"), ("text", "1"), ("category", "true")] {
        assert_eq!(number_of(kind, value), Err("bad_value"), "{kind} {value}");
    }
}
