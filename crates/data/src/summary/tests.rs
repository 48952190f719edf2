use proptest::prelude::*;

use super::WarningCode::*;
use super::*;
use crate::{CsvOptions, read_csv};

fn numbers(values: &[f64]) -> ColumnSummary {
    summarize(&Column::numbers("x", values.to_vec()))
}

fn strings<S: AsRef<str>>(cells: &[S]) -> ColumnSummary {
    let cells = cells.iter().map(|cell| Some(cell.as_ref()));
    summarize(&Column::from_strings("x", cells, &CsvOptions::default()).unwrap())
}

fn codes(summary: &ColumnSummary) -> Vec<WarningCode> {
    for warning in &summary.warnings {
        assert!(warning.message.contains("\"x\""), "{}", warning.message);
    }
    summary.warnings.iter().map(|warning| warning.code).collect()
}

/// Against pandas 3.1.1: `s.describe(percentiles=[.05, .25, .5, .75, .95])`, `s.nunique()`.
#[test]
fn spread_is_that_of_pandas() {
    let summary = numbers(&[3.5, f64::NAN, -1.0, 10.0, 2.0, 3.5, 0.25, 1e3]);
    let spread = summary.spread.unwrap();
    assert_eq!((summary.count, summary.missing, summary.unique), (7, 1, 6));
    assert_eq!((spread.min, spread.max), (-1.0, 1000.0));
    assert_eq!(spread.mean, 145.46428571428572);
    assert!((spread.std - 376.8312074769968).abs() < 1e-9, "{}", spread.std);
    let Quantiles { p5, p25, p50, p75, p95 } = spread.quantiles;
    assert_eq!([p25, p50, p75], [1.125, 3.5, 6.75]);
    assert!((p5 - -0.625).abs() < 1e-12 && (p95 - 703.0).abs() < 1e-9, "{p5} {p95}");
}

#[test]
fn whole_numbers_get_a_bin_each_when_they_are_few() {
    let values: Vec<f64> = (0..100).map(|row| f64::from(row % 7)).collect();
    let histogram = numbers(&values).histogram.unwrap();
    assert_eq!(histogram.edges, [-0.5, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5]);
    assert_eq!(histogram.counts, [15, 15, 14, 14, 14, 14, 14]);
}

#[test]
fn the_last_bin_includes_its_upper_edge() {
    let histogram = numbers(&[0.0, 0.1, 0.5, 0.9, 1.0]).histogram.unwrap();
    assert_eq!(histogram.counts, [2, 0, 1, 0, 2]);
    assert_eq!(histogram.edges.last(), Some(&1.0));
}

#[test]
fn the_widest_numbers_do_not_overflow() {
    let summary = numbers(&[-f64::MAX, f64::MAX, 0.5]);
    let spread = summary.spread.unwrap();
    assert!(spread.mean.is_finite() && spread.quantiles.p5.is_finite());
    assert!(summary.histogram.unwrap().edges.iter().all(|edge| edge.is_finite()));
}

#[test]
fn top_values_are_ordered_by_count_then_by_code_point() {
    let summary = strings(&["b", "a", "c", "b", "a", "d"]);
    let top: Vec<(&str, usize)> =
        summary.top.iter().map(|top| (top.value.as_str(), top.count)).collect();
    assert_eq!(top, [("a", 2), ("b", 2), ("c", 1), ("d", 1)]);
    assert_eq!(summary.unique, 4);
    let booleans = strings(&["true", "false", "true"]);
    assert_eq!((booleans.kind, booleans.top[0].value.as_str()), (Kind::Boolean, "true"));
}

#[test]
fn only_ten_top_values_are_given() {
    let cells: Vec<String> = (0..60).map(|row| format!("v{}", row % 15)).collect();
    let summary = strings(&cells);
    assert_eq!((summary.top.len(), summary.unique), (10, 15));
    assert_eq!(summary.top[9].value, "v4");
}

#[test]
fn trouble_is_warned_of() {
    let rows = |n: usize| 0..n;
    assert_eq!(codes(&numbers(&[f64::NAN, f64::NAN])), [AllMissing]);
    assert_eq!(codes(&numbers(&[1.0, f64::NAN, f64::NAN, 2.0, f64::NAN])), [MostlyMissing]);
    assert_eq!(codes(&numbers(&[1.0, 1.0])), [Constant]);
    assert_eq!(codes(&strings(&["a", "a"])), [Constant]);
    let ids: Vec<f64> = rows(50).map(|row| row as f64 + 1000.0).collect();
    assert_eq!(codes(&numbers(&ids)), [IdLike]);
    let names: Vec<String> = rows(50).map(|row| format!("name {row}")).collect();
    assert_eq!(codes(&strings(&names)), [IdLike]);
    let classes: Vec<&str> = rows(50).map(|row| if row < 2 { "rare" } else { "common" }).collect();
    assert_eq!(codes(&strings(&classes)), [RareClasses]);
    let many: Vec<String> = rows(10_005).map(|row| format!("c{}", row % 2001)).collect();
    assert_eq!(codes(&strings(&many)), [ManyCategories]);
    let dates: Vec<String> = rows(48).map(|row| format!("{}/12/2013", row % 12 + 1)).collect();
    assert_eq!(codes(&strings(&dates)), [TextDates]);
    let mixed: Vec<String> = rows(96)
        .map(|row| if row == 0 { "n.d.".into() } else { format!("{}", row % 12) })
        .collect();
    assert_eq!(codes(&strings(&mixed)), [RareClasses, TextNumbers]);
}

#[test]
fn ordinary_columns_raise_no_warning() {
    let halves: Vec<f64> = (0..50).map(|row| f64::from(row) * 0.5).collect();
    assert_eq!(codes(&numbers(&halves)), []);
    assert_eq!(codes(&strings(&["a", "b", "a", "b"])), []);
}

#[test]
fn a_summary_is_camel_case_json() {
    let table = read_csv(b"x,c\n1.5,a\n2,b\n", &CsvOptions::default()).unwrap();
    let json = serde_json::to_value(summarize_table(&table)).unwrap();
    assert_eq!(json[0]["spread"]["quantiles"]["p50"], 1.75);
    assert_eq!(json[1]["top"][0]["value"], "a");
    assert_eq!(json[1]["kind"], "category");
}

proptest! {
    #[test]
    fn every_value_lies_in_one_bin_and_between_the_extremes(
        values in prop::collection::vec(
            prop_oneof![-1e3f64..1e3, prop::num::f64::NORMAL, (-50i32..50).prop_map(f64::from)],
            1..100,
        ),
    ) {
        let summary = numbers(&values);
        let (spread, histogram) = (summary.spread.unwrap(), summary.histogram.unwrap());
        prop_assert_eq!(histogram.edges.len(), histogram.counts.len() + 1);
        prop_assert!(histogram.edges.is_sorted());
        prop_assert_eq!(histogram.counts.iter().sum::<u32>() as usize, values.len());
        let Quantiles { p5, p25, p50, p75, p95 } = spread.quantiles;
        prop_assert!([spread.min, p5, p25, p50, p75, p95, spread.max].is_sorted());
    }
}
