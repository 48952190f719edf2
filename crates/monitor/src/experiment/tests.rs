use std::collections::BTreeMap;

use hedgerow_data::{Column, Table};
use hedgerow_model::Coded;
use proptest::prelude::*;

use super::*;

fn shares(counts: &[(&str, u64, u64)]) -> Experiment {
    let arm = |&(name, n, successes): &(&str, u64, u64)| {
        (name.to_owned(), Arm::Proportion { n, successes })
    };
    Experiment { variants: counts.iter().map(arm).collect(), ..Experiment::default() }
}

fn report(experiment: &Experiment) -> ExperimentReport {
    compare(experiment, &CompareOptions::default()).unwrap()
}

fn verdict(counts: &[(&str, u64, u64)]) -> (Verdict, String) {
    let mut report = report(&shares(counts));
    let first = report.comparisons.swap_remove(0);
    (first.verdict, first.message)
}

fn code(experiment: &Experiment) -> &'static str {
    compare(experiment, &CompareOptions::default()).unwrap_err().code()
}

#[test]
fn verdicts_are_sentences() {
    let (found, message) = verdict(&[("A", 5_000, 500), ("B", 5_020, 650)]);
    assert_eq!(found, Verdict::Better);
    let expected = "B is better than A: its share is higher by 0.0295 (+29.5 %), between 0.01 and 0.0489, however often \
                    one looked (p = 0.000286).";
    assert_eq!(message, expected);
    assert_eq!(verdict(&[("A", 5_000, 650), ("B", 5_020, 500)]).0, Verdict::Worse);
    let (found, message) = verdict(&[("A", 5_000, 500), ("B", 5_020, 512)]);
    assert_eq!(found, Verdict::Undecided);
    assert!(message.starts_with("B and A cannot be told apart yet"), "{message}");
    let (found, message) = verdict(&[("A", 20, 1), ("B", 21, 4)]);
    assert_eq!(found, Verdict::Undecided);
    assert!(message.starts_with("Too early to tell B from A"), "{message}");
    let (found, message) = verdict(&[("A", 5_000, 500), ("B", 5_600, 750)]);
    assert_eq!(found, Verdict::Untrusted);
    assert!(message.starts_with("B cannot be judged: units are not spread"), "{message}");
}

#[test]
fn what_is_better_may_be_lower() {
    let experiment = shares(&[("A", 5_000, 500), ("B", 5_020, 650)]);
    let options = CompareOptions { lower_is_better: true, ..CompareOptions::default() };
    let found = compare(&experiment, &options).unwrap();
    assert_eq!(found.comparisons[0].verdict, Verdict::Worse);
    let (lower, higher) = (found.posteriors.unwrap(), report(&experiment).posteriors.unwrap());
    for (lower, higher) in lower.iter().zip(higher.iter().rev()) {
        assert!((lower.probability_best - higher.probability_best).abs() < 1e-9);
    }
    assert!(lower[0].probability_best > 0.999 && lower[1].expected_loss > 0.02, "{lower:?}");
}

#[test]
fn little_is_an_answer_not_an_error() {
    for counts in [[("A", 0, 0), ("B", 0, 0)], [("A", 0, 0), ("B", 900, 9)]] {
        let found = report(&shares(&counts));
        let first = &found.comparisons[0];
        assert_eq!(first.untested, Some(Untested::TooFew));
        assert_eq!(found.posteriors, None);
    }
    let (found, message) = verdict(&[("A", 0, 0), ("B", 4, 1)]);
    assert_eq!(found, Verdict::Untested);
    assert_eq!(message, "B cannot be compared with A: too few units (A has 0 and B 4).");
    // One unit each, none and all: proportions can be told apart one day, means not yet.
    for counts in
        [[("A", 1, 0), ("B", 1, 1)], [("A", 9, 0), ("B", 9, 0)], [("A", 9, 9), ("B", 9, 9)]]
    {
        let found = report(&shares(&counts));
        assert_eq!(found.comparisons[0].verdict, Verdict::Undecided, "{counts:?}");
        assert_eq!(found.posteriors.unwrap().len(), 2);
    }
    let means = |a: &[f64], b: &[f64]| {
        let variants = [("A", a), ("B", b)].map(|(name, y)| (name.to_owned(), Arm::of(y, None)));
        let mut found = report(&Experiment { variants: variants.into(), ..Experiment::default() });
        let first = found.comparisons.swap_remove(0);
        (first.verdict, first.untested, first.any_time.is_some())
    };
    assert_eq!(means(&[1.0], &[2.0, 3.0]), (Verdict::Untested, Some(Untested::TooFew), false));
    let constant = means(&[0.1; 1000], &[0.3; 1000]);
    assert_eq!(constant, (Verdict::Untested, Some(Untested::NoSpread), false));
    assert_eq!(means(&[1.0, 1.0], &[2.0, 3.0]), (Verdict::Undecided, None, true));
}

#[test]
fn counts_that_cannot_be_are_named() {
    assert_eq!(code(&shares(&[("A", 10, 11), ("B", 10, 1)])), "bad_experiment");
    assert_eq!(code(&shares(&[("A", 10, 1)])), "bad_experiment");
    let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    let many: Vec<(&str, u64, u64)> = many.iter().map(|name| (name.as_str(), 9, 1)).collect();
    assert_eq!(code(&shares(&many)), "bad_experiment");
    let bad = [
        (5, f64::NAN, 1.0),
        (5, 1.0, f64::INFINITY),
        (5, 1.0, -1.0),
        (5, 100.0, 3.0),
        (0, 1.0, 1.0),
        (5, 1e200, 1e300),
    ];
    for (n, sum, sum_squares) in bad {
        let mut experiment = shares(&[("A", 10, 1), ("B", 10, 1)]);
        let arm = Arm::Mean { n, sum, sum_squares, covariate: None };
        experiment.variants.insert("B".to_owned(), arm);
        assert_eq!(code(&experiment), "bad_experiment", "{arm:?}");
    }
    for products in [f64::NAN, 1e300, 40.0] {
        let x = Covariate { sum: 0.0, sum_squares: 5.0, sum_products: products };
        let arm = Arm::Mean { n: 5, sum: 0.0, sum_squares: 5.0, covariate: Some(x) };
        assert_eq!(arm.check().unwrap_err().code(), "bad_experiment", "{products}");
    }
    let two = shares(&[("A", 10, 1), ("B", 10, 1)]);
    let unknown = Experiment { control: Some("C".to_owned()), ..two.clone() };
    assert_eq!(code(&unknown), "bad_experiment");
    for weights in [
        vec![("A", 1.0)],
        vec![("A", 1.0), ("B", -1.0)],
        vec![("A", 0.0), ("B", 0.0)],
        vec![("A", f64::NAN), ("B", 1.0)],
        vec![("A", 1.0), ("B", 1.0), ("C", 1.0)],
    ] {
        let weights = weights.into_iter().map(|(name, weight)| (name.to_owned(), weight)).collect();
        assert_eq!(code(&Experiment { weights, ..two.clone() }), "bad_experiment");
    }
    for options in [
        CompareOptions { alpha: 0.0, ..CompareOptions::default() },
        CompareOptions { alpha: f64::NAN, ..CompareOptions::default() },
        CompareOptions { mixture: 0.0, ..CompareOptions::default() },
        CompareOptions { sample_ratio: 2.0, ..CompareOptions::default() },
    ] {
        assert_eq!(compare(&two, &options).unwrap_err().code(), "bad_option", "{options:?}");
    }
}

#[test]
fn a_variant_of_weight_zero_may_have_no_units() {
    let weights = |share: f64| {
        [("A", 1.0), ("B", 1.0), ("off", share)].map(|(name, weight)| (name.to_owned(), weight))
    };
    let ratio = |n: u64, share: f64| {
        let counted = shares(&[("A", 500, 50), ("B", 510, 50), ("off", n, 0)]);
        report(&Experiment { weights: weights(share).into(), ..counted }).sample_ratio
    };
    assert!(!ratio(0, 0.0).is_mismatch);
    assert!(ratio(1, 0.0).is_mismatch);
    assert!(ratio(0, 1.0).is_mismatch);
    // Too few units to say.
    assert!(!ratio(0, 0.001).is_mismatch);
}

#[test]
fn comparisons_share_alpha() {
    let found = report(&shares(&[("A", 900, 90), ("B", 910, 95), ("C", 905, 99)]));
    assert_eq!((found.alpha, found.comparisons.len()), (0.025, 2));
    let alone = report(&shares(&[("A", 900, 90), ("B", 910, 95)]));
    let width = |report: &ExperimentReport| {
        report.comparisons[0].once.map(|one| one.interval[1] - one.interval[0])
    };
    assert!(width(&found) > width(&alone));
}

#[test]
fn json_says_what_is_wrong_with_it() {
    let read = |text: &str| Experiment::from_json(text.as_bytes());
    let sums = r#"{"n": 3, "sum": 1.5, "sumSquares": 2, "covariate": {"sum": 0, "sumSquares": 1, "sumProducts": 0.5}}"#;
    let text = format!(
        r#"{{"variants": {{"A": {sums}, "B": {{"n": 4, "successes": 1}}}}, "control": "B"}}"#
    );
    let found = read(&text).unwrap();
    assert_eq!(read(&serde_json::to_string(&found).unwrap()).unwrap(), found);
    for bad in [
        "",
        "[]",
        r#"{"variants": {"A": {"n": 4, "sucesses": 1}}}"#,
        r#"{"variants": {"A": {"n": -4, "successes": 1}}}"#,
        r#"{"variants": {"A": {"n": 4, "successes": 1, "sum": 3}}}"#,
        r#"{"variants": {}, "weight": {}}"#,
    ] {
        assert_eq!(read(bad).unwrap_err().code(), "bad_experiment", "{bad}");
    }
    let told = read(r#"{"variants": {"A": {"n": 4}}}"#).unwrap_err().to_string();
    assert!(told.contains("a variant is"), "{told}");
}

#[test]
fn rows_are_counted() {
    let variant = Column::categories("v", vec![0, 1, 0, 1, 9], ["B", "A"].into_iter().collect());
    let converted = Column::numbers("y", vec![1.0, 0.0, 0.0, f64::NAN, 1.0]);
    let before = Column::numbers("x", vec![2.0, 4.0, f64::NAN, 1.0, 5.0]);
    let table = Table::new(vec![variant, converted, before]).unwrap();
    let columns = RowColumns { variant: "v", outcome: "y", success: None, covariate: None };
    let found = of_rows(&table, &columns).unwrap();
    assert_eq!(found.left_out, 2);
    assert_eq!(found.experiment, shares(&[("A", 1, 0), ("B", 2, 1)]));
    let found = of_rows(&table, &RowColumns { covariate: Some("x"), ..columns }).unwrap();
    let covariate = Some(Covariate { sum: 5.0, sum_squares: 13.0, sum_products: 2.0 });
    let arm = Arm::Mean { n: 2, sum: 1.0, sum_squares: 1.0, covariate };
    assert_eq!(found.experiment.variants["B"], arm);
    let words = RowColumns { outcome: "v", success: Some("B"), ..columns };
    assert_eq!(of_rows(&table, &words).unwrap().experiment, shares(&[("A", 2, 0), ("B", 2, 2)]));
    // Of a day without a success, whoever adds up days knows whether there was any.
    let none = of_rows(&table, &RowColumns { success: Some("C"), ..words }).unwrap();
    assert_eq!(none.experiment, shares(&[("A", 2, 0), ("B", 2, 0)]));
    for bad in
        [RowColumns { outcome: "v", ..columns }, RowColumns { covariate: Some("v"), ..columns }]
    {
        assert_eq!(of_rows(&table, &bad).unwrap_err().code(), "bad_experiment");
    }
    let missing = of_rows(&table, &RowColumns { variant: "z", ..columns }).unwrap_err();
    assert_eq!(missing.code(), "unknown_column");
}

#[test]
fn plans_that_cannot_be_are_named() {
    let shares = PlanOptions { baseline: Some(0.1), effect: Some(0.02), ..PlanOptions::default() };
    assert!(plan(&shares).is_ok());
    for bad in [
        PlanOptions { baseline: None, ..shares },
        PlanOptions { baseline: Some(1.0), ..shares },
        PlanOptions { baseline: Some(f64::NAN), ..shares },
        PlanOptions { std: Some(1.0), ..shares },
        PlanOptions { baseline: None, std: Some(0.0), ..shares },
        PlanOptions { effect: None, ..shares },
        PlanOptions { effect: Some(0.0), ..shares },
        PlanOptions { effect: Some(0.95), ..shares },
        PlanOptions { effect: Some(1e-12), ..shares },
        PlanOptions { n: Some(100), ..shares },
        PlanOptions { effect: None, n: Some(1), ..shares },
        PlanOptions { effect: None, n: Some(u64::MAX), ..shares },
        PlanOptions { alpha: 1.0, ..shares },
        PlanOptions { power: 0.04, ..shares },
        PlanOptions { ratio: 0.0, ..shares },
        PlanOptions { daily: Some(0.0), ..shares },
        PlanOptions { share: 1.5, ..shares },
        PlanOptions { mixture: f64::INFINITY, ..shares },
    ] {
        assert_eq!(plan(&bad).unwrap_err().code(), "bad_option", "{bad:?}");
    }
}

#[test]
fn days_are_those_of_all_units() {
    let options = PlanOptions {
        baseline: Some(0.1),
        effect: Some(0.02),
        daily: Some(1000.0),
        share: 0.5,
        ..PlanOptions::default()
    };
    let found = plan(&options).unwrap().once;
    assert_eq!((found.control, found.variant, found.days), (3_835, 3_835, Some(16)));
}

proptest! {
    #[test]
    fn parts_add_up_in_any_order(outcomes in prop::collection::vec((-1e3..1e3, -1e3..1e3), 1..60), cut in 0..60_usize) {
        let (y, x): (Vec<f64>, Vec<f64>) = outcomes.into_iter().unzip();
        let cut = cut.min(y.len());
        let part = |range: std::ops::Range<usize>| Arm::of(&y[range.clone()], Some(&x[range]));
        let (mut one, mut other) = (part(0..cut), part(cut..y.len()));
        let (first, whole) = (one, Arm::of(&y, Some(&x)));
        one.merge(&other).unwrap();
        other.merge(&first).unwrap();
        prop_assert_eq!(one, other);
        prop_assert!(one.check().is_ok() && whole.check().is_ok());
        let (a, b) = (one.sample().unwrap(), whole.sample().unwrap());
        prop_assert!((a.mean - b.mean).abs() < 1e-9 && (a.squares - b.squares).abs() < 1e-5);
    }

    #[test]
    fn shares_that_are_counted_have_answers(n in 0..u64::MAX, m in 0..u64::MAX, a in 0.0..1.0, b in 0.0..1.0) {
        let part = |n: u64, share: f64| ((n as f64 * share) as u64).min(n);
        are_numbers(&report(&shares(&[("A", n, part(n, a)), ("B", m, part(m, b))])))?;
        // Few, too.
        let (n, m) = (n % 50, m % 500);
        are_numbers(&report(&shares(&[("A", n, part(n, a)), ("B", m, part(m, b))])))?;
    }

    #[test]
    fn sums_have_answers(
        ns in prop::array::uniform2(2..2_000_u64),
        means in prop::array::uniform4(-1.0..1.0),
        spreads in prop::array::uniform4(0.0..2.0),
        tilt in -1.0..1.0,
        scale in -70..70,
    ) {
        let scale = libm::pow(10.0, f64::from(scale));
        let arm = |at: usize| {
            let (n, units) = (ns[at], ns[at] as f64);
            let (y, x) = (means[at] * scale, means[at + 2]);
            let (dy, dx) = (spreads[at] * scale, spreads[at + 2]);
            let covariate = Some(Covariate {
                sum: units * x,
                sum_squares: units * (x * x + dx * dx),
                sum_products: units * (x * y + tilt * dx * dy),
            });
            Arm::Mean { n, sum: units * y, sum_squares: units * (y * y + dy * dy), covariate }
        };
        let variants = BTreeMap::from([("A".to_owned(), arm(0)), ("B".to_owned(), arm(1))]);
        are_numbers(&report(&Experiment { variants, ..Experiment::default() }))?;
    }

    #[test]
    fn any_sums_have_answers_or_errors(n in 0..1_000_u64, m in any::<u64>(), all in prop::array::uniform10(any::<f64>())) {
        let covariate = |at: usize| Covariate { sum: all[at], sum_squares: all[at + 1], sum_products: all[at + 2] };
        let arm = |n, at: usize| Arm::Mean { n, sum: all[at], sum_squares: all[at + 1], covariate: Some(covariate(at + 2)) };
        let variants = BTreeMap::from([("A".to_owned(), arm(n, 0)), ("B".to_owned(), arm(m, 5))]);
        let _ = compare(&Experiment { variants, ..Experiment::default() }, &CompareOptions::default());
    }
}

/// What is said is finite, p-values are some, and the test and the interval agree.
fn are_numbers(report: &ExperimentReport) -> Result<(), TestCaseError> {
    for one in report.posteriors.iter().flatten() {
        prop_assert!((0.0..=1.0).contains(&one.probability_best), "{one:?}");
        prop_assert!(one.expected_loss >= 0.0 && one.expected_loss.is_finite(), "{one:?}");
        prop_assert!(one.interval.iter().all(|end| end.is_finite()), "{one:?}");
    }
    let first = &report.comparisons[0];
    let adjusted = first.adjusted.map(|adjusted| adjusted.estimate);
    for one in first.once.into_iter().chain(adjusted) {
        let numbers = [one.difference, one.interval[0], one.interval[1], one.statistic];
        prop_assert!(numbers.iter().all(|number| number.is_finite()), "{one:?}");
        prop_assert!((0.0..=1.0).contains(&one.p_value), "{one:?}");
    }
    if let Some(AnyTime { interval, p_value, difference }) = first.any_time {
        prop_assert!((0.0..=1.0).contains(&p_value) && difference.is_finite(), "{first:?}");
        prop_assert!(interval.iter().flatten().all(|end| end.is_finite()), "{first:?}");
        let is_shown = interval.is_some_and(|[low, high]| low > 0.0 || high < 0.0);
        prop_assert_eq!(is_shown, p_value < 0.05);
    }
    Ok(())
}
