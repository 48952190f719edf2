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
    let mut random = Random(3);
    let all = rows(200_000, &mut random, 0.05, overconfident);
    let truth = report(&[], &all, true).performance.unwrap();
    let (mut held, samples) = (vec![0; truth.metrics.len()], 400);
    for _ in 0..samples {
        let sample: Vec<Row> = (0..300).map(|_| all[random.below(all.len())]).collect();
        let found = report(&[], &sample, true).performance.unwrap();
        for (held, of_all) in held.iter_mut().zip(&truth.metrics) {
            let [low, high] = metric(&found, of_all.name).band.unwrap();
            *held += usize::from(low <= of_all.value && of_all.value <= high);
        }
    }
    for (held, of_all) in held.iter().zip(&truth.metrics) {
        let share = *held as f64 / f64::from(samples);
        assert!((0.90..=0.99).contains(&share), "{}: {share}", of_all.name);
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

/// Without rows that were kept out, an overconfident model is taken at its word, which is too much.
#[test]
fn rows_kept_out_teach_how_far_to_trust() {
    let now = rows(20_000, &mut Random(5), 0.3, overconfident);
    let found = report(&[], &now, true);
    let expected = metric(found.estimated_performance.as_ref().unwrap(), "accuracy").value;
    let turned_out = metric(found.performance.as_ref().unwrap(), "accuracy").value;
    assert!(expected > turned_out + 0.1, "{expected}, {turned_out}");
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
