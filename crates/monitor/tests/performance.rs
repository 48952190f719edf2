//! How good answers are, by profiles: beside the metrics of rows, and beside what turned out.

#![allow(clippy::unwrap_used, reason = "a test")]

use hedgerow_evaluate::metrics::Probabilities;
use hedgerow_evaluate::{ClassificationMetrics, RegressionMetrics};
use hedgerow_monitor::{
    Baseline, Change, DriftOptions, DriftReport, Figure, MetricFigure, Performance, Profile, Role,
    Rule, check, check_windows, default_rules, drift,
};
use hedgerow_profile::{Bins, Column, Layout, Outcome, PARTS, Shape, Truth, Values, Vocabulary};
use serde_json::Value;

/// Numbers that look random (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize
    }
}

/// A row: what is true, and the probability of the second of two classes.
type Row = (usize, f64);

const NAMES: [&str; 2] = ["no", "yes"];

fn layout() -> Layout {
    let sure: Vec<f64> = (0..=1_000).map(|part| f64::from(part) / 1_000.0).collect();
    let column = |role, shape| Column { name: "y".into(), role, shape };
    Layout::new(
        vec![
            column(Role::Prediction, Shape::Words(Vocabulary::of(&NAMES.map(|name| (name, 1))))),
            column(Role::Probability, Shape::Numbers(Bins::of(&sure))),
        ],
        Some(Truth::Classes(NAMES.map(str::to_owned).to_vec())),
    )
}

fn seen(layout: &Layout, rows: &[Row], is_labelled: bool) -> Profile {
    let mut profile = Profile::new(layout);
    let codes: Vec<u32> = rows.iter().map(|row| u32::from(row.1 >= 0.5)).collect();
    let sure: Vec<f64> = rows.iter().map(|row| row.1).collect();
    profile.record(layout, 0, Values::Words(&codes, &NAMES));
    profile.record(layout, 1, Values::Numbers(&sure));
    for &(truth, sure) in rows.iter().filter(|_| is_labelled) {
        let (predicted, probabilities) = (usize::from(sure >= 0.5), &[1.0 - sure, sure]);
        assert!(profile.record_outcome(layout, Outcome::Class { truth, predicted, probabilities }));
    }
    profile
}

fn report(held_out: &[Row], now: &[Row], is_labelled: bool) -> DriftReport {
    let layout = layout();
    let baseline = Baseline { profile: seen(&layout, held_out, true), layout: layout.clone() };
    drift(&baseline, &seen(&layout, now, is_labelled), &DriftOptions::default()).unwrap()
}

fn metric<'p>(performance: &'p Performance, name: &str) -> &'p MetricFigure {
    performance.metrics.iter().find(|metric| metric.name == name).unwrap()
}

/// Rows of a model whose answers are as likely as it says after `twist`.
fn rows(n: usize, random: &mut Random, shift: f64, twist: fn(f64) -> f64) -> Vec<Row> {
    let row = |_| {
        let sure = (random.next() * random.next() + shift).min(1.0);
        (usize::from(random.next() < twist(sure)), sure)
    };
    (0..n).map(row).collect()
}

fn plain(sure: f64) -> f64 {
    sure
}

/// Much less sure than it says.
fn overconfident(sure: f64) -> f64 {
    0.35 + 0.3 * sure
}

#[test]
fn metrics_of_counts_are_those_of_the_rows() {
    // In the middles of parts, so that their order is known.
    let mut found = rows(700, &mut Random(1), 0.1, overconfident);
    found.iter_mut().for_each(|row| {
        row.1 = ((row.1 * PARTS as f64).min(99.0) as usize as f64 + 0.5) / PARTS as f64;
    });
    let report = report(&[], &found, true);
    let performance = report.performance.unwrap();
    let actual: Vec<u32> = found.iter().map(|row| row.0 as u32).collect();
    let values: Vec<f64> = found.iter().flat_map(|row| [1.0 - row.1, row.1]).collect();
    let wanted = ClassificationMetrics::of(&actual, &Probabilities::new(&values, 2));
    let wanted = serde_json::to_value(wanted).unwrap();
    assert_eq!(performance.rows, 700);
    assert!(performance.metrics.len() >= 9, "{performance:?}");
    for MetricFigure { name, value, band, .. } in &performance.metrics {
        let wanted = wanted[name].as_f64().unwrap();
        assert!((value - wanted).abs() < 1e-9, "{name}: {value} is not {wanted}");
        assert!(band.is_some_and(|[low, high]| low < *value && *value < high), "{name}: {band:?}");
    }
}

#[test]
fn metrics_of_numbers_are_those_of_the_rows() {
    let mut random = Random(2);
    let truth: Vec<f64> = (0..500).map(|_| random.next() * 9.0).collect();
    let predicted: Vec<f64> = truth.iter().map(|truth| truth + random.next() - 0.3).collect();
    let layout = Layout::new(Vec::new(), Some(Truth::Numbers { middle: 4.0, step: 1e-6 }));
    let mut profile = Profile::new(&layout);
    for (&truth, &predicted) in truth.iter().zip(&predicted) {
        assert!(profile.record_outcome(&layout, Outcome::Number { truth, predicted }));
    }
    let column =
        Column { name: "x".into(), role: Role::Feature, shape: Shape::Numbers(Bins::of(&[1.0])) };
    let layout = Layout::new(vec![column], layout.truth().cloned());
    let mut whole = Profile::new(&layout);
    whole.record(&layout, 0, Values::Missing(500));
    for (&truth, &predicted) in truth.iter().zip(&predicted) {
        whole.record_outcome(&layout, Outcome::Number { truth, predicted });
    }
    let baseline = Baseline { profile: Profile::new(&layout), layout };
    let report = drift(&baseline, &whole, &DriftOptions::default()).unwrap();
    let wanted: Value = serde_json::to_value(RegressionMetrics::of(&truth, &predicted)).unwrap();
    let performance = report.performance.unwrap();
    assert_eq!(performance.metrics.len(), 3);
    for MetricFigure { name, value, .. } in &performance.metrics {
        let wanted = wanted[name].as_f64().unwrap();
        assert!((value - wanted).abs() < 1e-5, "{name}: {value} is not {wanted}");
    }
    assert_eq!(report.estimated_performance, None);
}

/// Of a hundred bands about 95 hold what is true of all rows that the sample is from.
#[test]
fn bands_hold_the_true_figure_as_often_as_they_say() {
    holds(&mut Random(3), 0.05, overconfident, 0.99);
    // Where one row in a hundred is of the second class they are wider than they need be.
    holds(&mut Random(4), 0.0, |sure| 0.03 * sure, 1.0);
}

fn holds(random: &mut Random, shift: f64, twist: fn(f64) -> f64, most: f64) {
    let all = rows(200_000, random, shift, twist);
    let truth = report(&[], &all, true).performance.unwrap();
    let mut held = vec![(0, 0); truth.metrics.len()];
    for _ in 0..400 {
        let sample: Vec<Row> = (0..300).map(|_| all[random.below(all.len())]).collect();
        let found = report(&[], &sample, true).performance.unwrap();
        for (held, of_all) in held.iter_mut().zip(&truth.metrics) {
            // Of one class metrics are of another kind, or are none.
            if sample.iter().any(|row| row.0 == 1) {
                let [low, high] = metric(&found, of_all.name).band.unwrap();
                held.0 += usize::from(low <= of_all.value && of_all.value <= high);
                held.1 += 1;
            }
        }
    }
    for (held, of_all) in held.iter().zip(&truth.metrics) {
        let share = held.0 as f64 / held.1 as f64;
        assert!((0.90..=most).contains(&share), "{}: {share}", of_all.name);
    }
}

#[test]
fn what_is_expected_is_what_turns_out() {
    for (twist, shift) in [(plain as fn(f64) -> f64, 0.0), (plain, 0.4), (overconfident, 0.4)] {
        let mut random = Random(4);
        // Of all that comes later, there must have been some.
        let few = rows(2_000, &mut random, 0.4, twist);
        let held_out = [rows(20_000, &mut random, 0.0, twist), few].concat();
        let now = rows(20_000, &mut random, shift, twist);
        let estimated = report(&held_out, &now, false).estimated_performance.unwrap();
        let turned_out = report(&held_out, &now, true).performance.unwrap();
        for name in ["accuracy", "balancedAccuracy", "f1Macro", "mcc", "rocAuc"] {
            let (expected, found) = (metric(&estimated, name), metric(&turned_out, name));
            let off = (expected.value - found.value).abs();
            assert!(off < 0.02, "{name}: {} is not {}", expected.value, found.value);
        }
    }
}

#[test]
fn what_is_expected_of_three_classes_is_what_turns_out() {
    const NAMES: [&str; 3] = ["a", "b", "c"];
    let sure: Vec<f64> = (0..=1_000).map(|part| f64::from(part) / 1_000.0).collect();
    let column = |role, shape| Column { name: "y".into(), role, shape };
    let words = Shape::Words(Vocabulary::of(&NAMES.map(|name| (name, 1))));
    let layout = Layout::new(
        vec![
            column(Role::Prediction, words),
            column(Role::Probability, Shape::Numbers(Bins::of(&sure))),
        ],
        Some(Truth::Classes(NAMES.map(str::to_owned).to_vec())),
    );
    // A class is true as often as its probability says; `shift` makes the second one more probable.
    let seen = |n: usize, seed: u64, shift: f64, is_labelled: bool| {
        let (mut profile, mut random) = (Profile::new(&layout), Random(seed));
        for _ in 0..n {
            let raw = [random.next(), random.next() * random.next() + shift, random.next() / 2.0];
            let probabilities = raw.map(|part| part / raw.iter().sum::<f64>());
            let drawn = random.next();
            let truth = usize::from(drawn >= probabilities[0])
                + usize::from(drawn >= probabilities[0] + probabilities[1]);
            let predicted =
                (0..3).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap();
            profile.record_words(&layout, 0, std::iter::once(Some(NAMES[predicted])));
            profile.record(&layout, 1, Values::Numbers(&[probabilities[predicted]]));
            let outcome = Outcome::Class { truth, predicted, probabilities: &probabilities };
            assert!(!is_labelled || profile.record_outcome(&layout, outcome));
        }
        profile
    };
    let baseline = Baseline { profile: seen(20_000, 1, 0.0, true), layout: layout.clone() };
    let found = |profile: Profile| drift(&baseline, &profile, &DriftOptions::default()).unwrap();
    for shift in [0.0, 0.3] {
        let estimated = found(seen(20_000, 2, shift, false)).estimated_performance.unwrap();
        let turned_out = found(seen(20_000, 2, shift, true)).performance.unwrap();
        // Of more than two classes a profile knows how sure the answers were, not which others were probable.
        assert_eq!(estimated.metrics.len(), 1);
        let [expected, found] = [&estimated, &turned_out].map(|one| metric(one, "accuracy").value);
        assert!((expected - found).abs() < 0.02, "{shift}: {expected} is not {found}");
    }
}

/// Taken at its word, an overconfident model would be expected to do much better than it does.
#[test]
fn without_rows_kept_out_nothing_is_expected() {
    let now = rows(20_000, &mut Random(5), 0.3, overconfident);
    let word = now.iter().map(|row| row.1.max(1.0 - row.1)).sum::<f64>() / now.len() as f64;
    let found = report(&[], &now, true);
    let turned_out = metric(found.performance.as_ref().unwrap(), "accuracy").value;
    assert!(word > turned_out + 0.1, "{word}, {turned_out}");
    assert_eq!(found.estimated_performance, None);
}

/// A class that no training row was answered with is a word that profiles do not know.
#[test]
fn classes_that_were_never_answered_in_training_are_answers_too() {
    let random = &mut Random(8);
    let held_out = rows(2_000, random, 0.2, plain);
    let now = rows(5_000, random, 0.4, plain);
    let estimated = |layout: &Layout| {
        let baseline = Baseline { profile: seen(layout, &held_out, true), layout: layout.clone() };
        let report = drift(&baseline, &seen(layout, &now, false), &DriftOptions::default());
        report.unwrap().estimated_performance
    };
    let known = layout();
    let mut columns = known.columns().to_vec();
    columns[0].shape = Shape::Words(Vocabulary::of(&[("no", 1)]));
    assert_eq!(estimated(&Layout::new(columns, known.truth().cloned())), estimated(&known));
}

/// Of thirty rows kept out, all but one may be right by chance.
#[test]
fn a_lucky_reference_is_no_reason_for_an_alarm() {
    let random = &mut Random(9);
    let mut lucky: Vec<Row> =
        (0..30).map(|row| (row % 2, if row % 2 == 0 { 0.1 } else { 0.9 })).collect();
    lucky[0].0 = 1;
    let now: Vec<Row> = (0..10_000)
        .map(|row| {
            (usize::from(random.next() < 0.13) ^ (row % 2), if row % 2 == 0 { 0.1 } else { 0.9 })
        })
        .collect();
    let found = report(&lucky, &now, true);
    let accuracy = metric(found.performance.as_ref().unwrap(), "accuracy");
    assert!(accuracy.reference > Some(0.96) && accuracy.value < 0.87, "{accuracy:?}");
    assert_eq!(check(&found, &default_rules()), []);
}

#[test]
fn alarms_tell_worse_answers_from_chance() {
    let mut random = Random(6);
    let good = rows(2_000, &mut random, 0.0, plain);
    let bad: Vec<Row> = good.iter().map(|row| (1 - row.0, row.1)).collect();
    let alarms = |now: &[Row]| check(&report(&good, now, true), &default_rules());
    assert!(alarms(&rows(2_000, &mut random, 0.0, plain)).is_empty());
    let found = alarms(&bad);
    assert!(found.iter().any(|alarm| alarm.figure == Figure::MetricLoss), "{found:?}");
    // Too few to say.
    assert!(alarms(&bad[..60]).is_empty());
}

#[test]
fn rules_may_ask_for_changes_and_for_several_windows() {
    let mut random = Random(7);
    let window = |shift, random: &mut Random| report(&[], &rows(1_000, random, shift, plain), true);
    let low = window(0.0, &mut random);
    let high = window(0.4, &mut random);
    let sure = Rule {
        role: Some("probability".into()),
        above: Some(0.2),
        change: Some(Change::Previous),
        ..Rule::new("surer", Figure::Mean)
    };
    let rules = std::slice::from_ref(&sure);
    assert!(check_windows(&[high.clone(), high.clone()], rules).is_empty());
    assert!(check_windows(std::slice::from_ref(&high), rules).is_empty(), "nothing was before");
    let alarms = check_windows(&[low.clone(), high.clone()], rules);
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    let long = [Rule { windows: Some(2), ..sure.clone() }];
    assert!(check_windows(&[low.clone(), high.clone()], &long).is_empty());
    let alarms = check_windows(&[low.clone(), high.clone(), high], &long);
    assert!(alarms[0].message.contains("for 2 windows"), "{alarms:?}");
    let metric = Rule {
        metric: Some("rocAuc".into()),
        below: Some(2.0),
        ..Rule::new("auc", Figure::Metric)
    };
    assert_eq!(check(&low, &[metric])[0].columns, Vec::<String>::new());
}
