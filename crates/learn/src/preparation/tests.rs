use std::sync::Arc;

use hedgerow_data::{Column, Values};
use hedgerow_model::{DatePart, Encoding, Kind, MISSING_CODE};

use super::*;

fn numbers(kind: Kind, values: &[f64]) -> Column {
    Column { name: "x".into(), kind, values: Values::Numbers(values.to_vec()) }
}

fn strings(values: &[&str]) -> Column {
    let mut names: Vec<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let code = |value: &&str| names.binary_search(value).map_or(MISSING_CODE, |code| code as u32);
    let codes = values.iter().map(code).collect();
    let dictionary = Arc::new(names.iter().collect());
    Column { name: "x".into(), kind: Kind::Category, values: Values::Strings { codes, dictionary } }
}

fn encode(column: &Column, options: &PreparationOptions) -> Vec<Vec<f64>> {
    let encoding = fit_encoding(column, options).unwrap();
    encoding.apply(&column.raw()).into_iter().map(|values| values.into_owned()).collect()
}

#[test]
fn the_default_leaves_missing_values_and_codes_to_the_learner() {
    let options = PreparationOptions::default();
    let encoded = encode(&strings(&["b", "", "a", "b"]), &options);
    assert_eq!(encoded[0][0], 1.0);
    assert!(encoded[0][1].is_nan());
    assert!(encode(&numbers(Kind::Number, &[f64::NAN]), &options)[0][0].is_nan());
}

#[test]
fn numbers_are_filled_with_the_median_and_standardised() {
    let options = PreparationOptions {
        missing_numbers: MissingNumbers::Median,
        standardize: Some(true),
        ..PreparationOptions::default()
    };
    let encoded = encode(&numbers(Kind::Number, &[1.0, 2.0, 3.0, 6.0, f64::NAN]), &options);
    // Filled: 1 2 3 6 2.5; mean 2.9, population variance 2.84.
    let expected = |x: f64| (x - 2.9) / 2.84f64.sqrt();
    for (value, x) in encoded[0].iter().zip([1.0, 2.0, 3.0, 6.0, 2.5]) {
        assert!((value - expected(x)).abs() < 1e-12);
    }
}

#[test]
fn numbers_whose_squares_are_too_large_or_too_small_to_be_held_are_standardised() {
    let options = PreparationOptions { standardize: Some(true), ..PreparationOptions::default() };
    let encoded = |unit: f64| {
        encode(&numbers(Kind::Number, &[1.0, 2.0, 3.0, 6.0].map(|x| x * unit)), &options)
    };
    for unit in [1e300, 1e160, 1e-160, 1e-300] {
        for (value, expected) in encoded(unit)[0].iter().zip(&encoded(1.0)[0]) {
            assert!((value - expected).abs() < 1e-12, "{unit}: {value} is not {expected}");
        }
    }
    let constant = encode(&numbers(Kind::Number, &[1e300; 3]), &options);
    assert_eq!(constant[0], [0.0; 3]);
}

#[test]
fn most_frequent_takes_the_smallest_of_equals() {
    let options = PreparationOptions {
        missing_numbers: MissingNumbers::MostFrequent,
        ..PreparationOptions::default()
    };
    let values = [5.0, -1.0, -1.0, 5.0, 2.0, f64::NAN];
    assert_eq!(encode(&numbers(Kind::Number, &values), &options)[0][5], -1.0);
    let flags = PreparationOptions { missing_numbers: MissingNumbers::Median, ..options };
    let filled = encode(&numbers(Kind::Boolean, &[1.0, 0.0, 1.0, f64::NAN]), &flags);
    assert_eq!(filled[0][3], 1.0);
}

#[test]
fn rare_and_unseen_categories_become_other() {
    let options = PreparationOptions { min_frequency: 2, ..PreparationOptions::default() };
    let column = strings(&["a", "a", "b", "b", "rare"]);
    let Some(Encoding::Ordinal { categories }) = fit_encoding(&column, &options) else {
        unreachable!("a category column with ordinal encoding")
    };
    assert_eq!(categories.known, ["a", "b"]);
    assert_eq!(categories.code("rare"), Some(2));
    assert_eq!(categories.code("never seen"), Some(2));
}

#[test]
fn only_the_most_frequent_categories_are_kept() {
    let options = PreparationOptions { max_categories: 1, ..PreparationOptions::default() };
    let column = strings(&["b", "a", "b", "c"]);
    let Some(Encoding::Ordinal { categories }) = fit_encoding(&column, &options) else {
        unreachable!("a category column with ordinal encoding")
    };
    assert_eq!(categories.known, ["b"]);
    assert_eq!(categories.other, Some(1));
}

#[test]
fn missing_categories_can_be_a_category_of_their_own() {
    let options = PreparationOptions {
        missing_categories: MissingCategories::OwnCategory,
        encode_categories: EncodeCategories::OneHot,
        ..PreparationOptions::default()
    };
    let encoded = encode(&strings(&["b", "", "a"]), &options);
    assert_eq!(encoded, [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
}

#[test]
fn a_date_keeps_the_parts_that_vary() {
    let day = 86_400_000.0;
    let column = numbers(Kind::Date, &[0.0, day, 2.0 * day]);
    let Some(Encoding::Date { parts, .. }) = fit_encoding(&column, &PreparationOptions::default())
    else {
        unreachable!("a date column")
    };
    assert_eq!(parts, [DatePart::Time, DatePart::Day, DatePart::Weekday]);
}

#[test]
fn ranges_are_checked() {
    let options = PreparationOptions { max_categories: 255, ..PreparationOptions::default() };
    assert!(options.check().is_err());
    assert!(PreparationOptions::default().check().is_ok());
}

proptest::proptest! {
    #[test]
    fn the_median_is_that_of_the_sorted_numbers(
        values in proptest::collection::vec(
            proptest::prop_oneof![
                proptest::num::f64::NORMAL,
                proptest::strategy::Just(f64::NAN),
                proptest::strategy::Just(-0.0),
            ],
            0..40,
        ),
    ) {
        let sorted = hedgerow_data::sorted_numbers(&values);
        let expected = (!sorted.is_empty()).then(|| median_of_sorted(&sorted).to_bits());
        proptest::prop_assert_eq!(median(&values).map(f64::to_bits), expected);
    }
}
