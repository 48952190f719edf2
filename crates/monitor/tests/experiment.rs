//! Beside scipy and statsmodels; `tests/golden/monitor/experiment.py` made what they say.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeMap;

use hedgerow_monitor::experiment::{
    Arm, PlanOptions, Posterior, adjusted, any_time, estimate, plan, posteriors, sample_ratio,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    ratios: Vec<Ratio>,
    proportions: Vec<Proportion>,
    means: Vec<Mean>,
    cuped: Vec<Cuped>,
    plans: Vec<Planned>,
    detectable: Vec<Detectable>,
}

#[derive(Deserialize)]
struct Ratio {
    counts: Vec<u64>,
    weights: Vec<f64>,
    statistic: f64,
    p: f64,
}

#[derive(Deserialize)]
struct Belief {
    best: f64,
    loss: f64,
    mean: f64,
    interval: [f64; 2],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Proportion {
    arms: [Arm; 2],
    z: f64,
    p: f64,
    interval: [f64; 2],
    any_time: f64,
    beliefs: Vec<Belief>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mean {
    arms: [Arm; 2],
    t: f64,
    p: f64,
    freedom: f64,
    interval: [f64; 2],
    any_time: f64,
    beliefs: Vec<Belief>,
}

#[derive(Deserialize)]
struct Cuped {
    arms: [Arm; 2],
    theta: f64,
    removed: f64,
    means: [f64; 2],
    t: f64,
    p: f64,
    freedom: f64,
    interval: [f64; 2],
}

#[derive(Deserialize)]
struct Planned {
    options: PlanOptions,
    n: f64,
}

#[derive(Deserialize)]
struct Detectable {
    options: PlanOptions,
    effect: f64,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../../tests/golden/monitor/experiment.json")).unwrap()
}

/// To so many parts of what was expected.
fn near(found: f64, expected: f64, parts: f64) {
    assert!((found - expected).abs() <= expected.abs() * parts + 1e-13, "{found}, not {expected}");
}

fn named(arms: [Arm; 2]) -> BTreeMap<String, Arm> {
    ["A", "B"].map(str::to_owned).into_iter().zip(arms).collect()
}

#[test]
fn the_sample_ratio_is_scipys_chisquare() {
    for Ratio { counts, weights, statistic, p } in golden().ratios {
        let name = |n: usize| format!("{n:02}");
        let arm = |n: u64| Arm::Proportion { n, successes: 0 };
        let variants = counts.iter().enumerate().map(|(i, n)| (name(i), arm(*n))).collect();
        let weights = weights.iter().enumerate().map(|(i, weight)| (name(i), *weight)).collect();
        let found = sample_ratio(&variants, &weights, 0.001).unwrap();
        near(found.statistic, statistic, 1e-12);
        near(found.p_value.unwrap(), p, 1e-10);
        assert_eq!(found.is_mismatch, p < 0.001);
    }
}

#[test]
fn proportions_are_statsmodels() {
    for Proportion { arms: [a, b], z, p, interval, .. } in golden().proportions {
        let found = estimate(&a, &b, 0.05).unwrap();
        near(found.statistic, z, 1e-12);
        near(found.p_value, p, 1e-11);
        near(found.interval[0], interval[0], 1e-10);
        near(found.interval[1], interval[1], 1e-10);
        assert_eq!(found.freedom, None);
    }
}

#[test]
fn means_are_scipys_welch() {
    for Mean { arms: [a, b], t, p, freedom, interval, .. } in golden().means {
        let found = estimate(&a, &b, 0.05).unwrap();
        near(found.statistic, t, 1e-9);
        near(found.p_value, p, 1e-9);
        near(found.freedom.unwrap(), freedom, 1e-9);
        near(found.interval[0], interval[0], 1e-9);
        near(found.interval[1], interval[1], 1e-9);
    }
}

#[test]
fn cuped_is_a_regression_on_the_covariate() {
    for Cuped { arms: [a, b], theta, removed, means, t, p, freedom, interval } in golden().cuped {
        let found = adjusted(&a, &b, 0.05).unwrap().unwrap();
        near(found.theta, theta, 1e-9);
        near(found.variance_removed, removed, 1e-9);
        near(found.control, means[0], 1e-9);
        near(found.variant, means[1], 1e-9);
        near(found.estimate.statistic, t, 1e-8);
        near(found.estimate.p_value, p, 1e-8);
        near(found.estimate.freedom.unwrap(), freedom, 1e-9);
        near(found.estimate.interval[0], interval[0], 1e-8);
        near(found.estimate.interval[1], interval[1], 1e-8);
        let any_time = any_time(&a, &b, 0.05, 0.05).unwrap();
        near(any_time.difference, found.estimate.difference, 1e-12);
    }
}

#[test]
fn evidence_is_what_mixing_likelihoods_gives() {
    for Proportion { arms: [a, b], any_time: p, .. } in golden().proportions {
        near(any_time(&a, &b, 0.05, 0.05).unwrap().p_value, p, 1e-8);
    }
    for Mean { arms: [a, b], any_time: p, .. } in golden().means {
        near(any_time(&a, &b, 0.05, 0.05).unwrap().p_value, p, 1e-8);
    }
}

fn beliefs_are(found: Option<Vec<Posterior>>, expected: &[Belief]) {
    for (found, Belief { best, loss, mean, interval }) in found.unwrap().iter().zip(expected) {
        near(found.probability_best, *best, 1e-9);
        assert!((found.expected_loss - loss).abs() < 1e-9 * mean.abs(), "{found:?} {loss}");
        near(found.mean, *mean, 1e-12);
        near(found.interval[0], interval[0], 1e-9);
        near(found.interval[1], interval[1], 1e-9);
    }
}

#[test]
fn beliefs_are_scipys_integrals() {
    for Proportion { arms, beliefs, .. } in golden().proportions {
        beliefs_are(posteriors(&named(arms), 0.05, false), &beliefs);
    }
    for Mean { arms, beliefs, .. } in golden().means {
        beliefs_are(posteriors(&named(arms), 0.05, false), &beliefs);
    }
}

#[test]
fn plans_are_statsmodels() {
    for Planned { options, n } in golden().plans {
        let found = plan(&options).unwrap();
        assert_eq!(found.once.control, n.ceil() as u64, "{options:?}");
        assert_eq!(found.once.variant, (n.ceil() * options.ratio).ceil() as u64);
        assert!(found.any_time.unwrap().control > found.once.control);
    }
    for Detectable { options, effect } in golden().detectable {
        near(plan(&options).unwrap().effect, effect, 1e-6);
    }
}
