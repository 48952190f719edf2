use serde::Deserialize;

use super::*;
use hedgerow_model::Coded;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    values: Vec<f64>,
    adwin: Vec<Found<AdwinOptions>>,
    page_hinkley: Vec<Found<PageHinkleyOptions>>,
}

#[derive(Deserialize)]
struct Found<T> {
    options: T,
    found: Vec<u64>,
}

/// Series, and where river finds changes; `tests/golden/monitor/stream.py` made them.
fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../../tests/golden/monitor/stream.json")).unwrap()
}

fn changes(values: &[f64], mut update: impl FnMut(f64) -> Option<MeanChange>) -> Vec<MeanChange> {
    values.iter().filter_map(|value| update(*value)).collect()
}

fn places(changes: &[MeanChange]) -> Vec<u64> {
    changes.iter().map(|change| change.found).collect()
}

#[test]
fn adwin_finds_changes_where_river_does() {
    let mut n = 0;
    for case in cases() {
        for Found { options, found } in case.adwin {
            let mut adwin = Adwin::new(options).unwrap();
            let changes = changes(&case.values, |value| adwin.update(value));
            assert_eq!(places(&changes), found, "{}: {options:?}", case.name);
            n += found.len();
        }
    }
    assert!(n > 40, "{n}");
}

#[test]
fn page_hinkley_finds_changes_where_river_does() {
    let mut n = 0;
    for case in cases() {
        for Found { options, found } in case.page_hinkley {
            let mut test = PageHinkley::new(options).unwrap();
            let changes = changes(&case.values, |value| test.update(value));
            assert_eq!(places(&changes), found, "{}: {options:?}", case.name);
            n += found.len();
        }
    }
    assert!(n > 200, "{n}");
}

#[test]
fn a_change_says_when_it_began_and_what_changed() {
    let values: Vec<f64> =
        (0..1_000).map(|n| f64::from(n % 3 + if n < 600 { 0 } else { 5 })).collect();
    let mut adwin = Adwin::new(AdwinOptions::default()).unwrap();
    let options = PageHinkleyOptions { delta: 0.2, ..PageHinkleyOptions::default() };
    let mut test = PageHinkley::new(options).unwrap();
    for change in
        [changes(&values, |v| adwin.update(v))[0], changes(&values, |v| test.update(v))[0]]
    {
        assert!(change.found >= 600 && change.found < 650, "{change:?}");
        assert!(change.began.abs_diff(600) <= 16, "{change:?}");
        assert!(
            (change.before - 1.0).abs() < 0.3 && (change.after - 6.0).abs() < 2.0,
            "{change:?}"
        );
    }
}

#[test]
fn values_that_are_none_are_passed_over() {
    let values: Vec<f64> =
        (0..2_000).map(|n| f64::from(u8::from(n > 900)) + f64::from(n % 7)).collect();
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e200];
    let mixed: Vec<f64> = values.iter().flat_map(|v| [*v, odd[*v as usize % 4]]).collect();
    let adwin = |values: &[f64]| {
        let mut adwin = Adwin::new(AdwinOptions::default()).unwrap();
        changes(values, |value| adwin.update(value))
    };
    let page_hinkley = |values: &[f64]| {
        let mut test = PageHinkley::new(PageHinkleyOptions::default()).unwrap();
        changes(values, |value| test.update(value))
    };
    assert!(!adwin(&values).is_empty() && !page_hinkley(&values).is_empty());
    assert_eq!(adwin(&values), adwin(&mixed));
    assert_eq!(page_hinkley(&values), page_hinkley(&mixed));
}

#[test]
fn values_of_any_size_do_no_harm() {
    let mut adwin = Adwin::new(AdwinOptions { clock: 1, ..AdwinOptions::default() }).unwrap();
    let mut test = PageHinkley::new(PageHinkleyOptions::default()).unwrap();
    for n in 0..5_000_u32 {
        let value = [1e100, -1e100, 1e-300, 0.0, -0.0, 1.0][n as usize % 6];
        for change in [adwin.update(value), test.update(value)].into_iter().flatten() {
            assert!(change.before.is_finite() && change.after.is_finite(), "{change:?}");
            assert!(change.began <= change.found, "{change:?}");
        }
    }
}

#[test]
fn options_out_of_range_are_named() {
    let options = AdwinOptions::default();
    for bad in [
        AdwinOptions { delta: 0.0, ..options },
        AdwinOptions { delta: f64::NAN, ..options },
        AdwinOptions { clock: 0, ..options },
        AdwinOptions { max_buckets: 0, ..options },
        AdwinOptions { max_buckets: usize::MAX, ..options },
        AdwinOptions { min_window_length: 0, ..options },
    ] {
        assert_eq!(Adwin::new(bad).unwrap_err().code(), "bad_option", "{bad:?}");
    }
    let options = PageHinkleyOptions::default();
    for bad in [
        PageHinkleyOptions { delta: -1.0, ..options },
        PageHinkleyOptions { threshold: 0.0, ..options },
        PageHinkleyOptions { alpha: 1.5, ..options },
        PageHinkleyOptions { alpha: f64::NAN, ..options },
    ] {
        assert_eq!(PageHinkley::new(bad).unwrap_err().code(), "bad_option", "{bad:?}");
    }
}
