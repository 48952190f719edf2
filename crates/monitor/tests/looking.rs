//! That looking early is safe, in experiments that are made up (`examples/looking.rs` makes more of them).

#![allow(clippy::unwrap_used, reason = "a test")]

mod simulation;

use hedgerow_monitor::experiment::{PlanOptions, plan};
use simulation::{ALPHA, Course, MIXTURE, World};

const EXPERIMENTS: u64 = 2_000;

fn share(n: u64, is_so: impl Fn(u64) -> bool) -> f64 {
    (0..n).filter(|seed| is_so(*seed)).count() as f64 / n as f64
}

#[test]
fn looking_after_every_pair_raises_no_more_false_alarms_than_asked_for() {
    for world in [World::Shares([0.1; 2]), World::Waits([5.0; 2])] {
        let course = Course { world, pairs: 2_000, every: 1, ratio: 1 };
        let alarms = share(EXPERIMENTS, |seed| course.found(seed, MIXTURE).is_some());
        assert!(alarms <= ALPHA, "{course:?}: {alarms}");
    }
}

/// A small variant's variance is small whenever its mean is, where outcomes are skewed.
#[test]
fn nor_does_it_with_a_small_variant_of_skewed_outcomes() {
    for world in [World::Shares([0.01; 2]), World::Revenue([0.05; 2])] {
        let course = Course { world, pairs: 500, every: 1, ratio: 9 };
        let alarms = share(EXPERIMENTS, |seed| course.found(seed, MIXTURE).is_some());
        assert!(alarms <= ALPHA, "{course:?}: {alarms}");
    }
}

/// With a wide mixture decisions come early, when least is known of the variance.
#[test]
fn so_do_wide_mixtures_unequal_variants_and_covariates() {
    let unequal = World::Normal([(0.0, 1.0), (0.0, 3.0)]);
    for (world, ratio) in
        [(World::Shares([0.3; 2]), 9), (unequal, 3), (World::Explained([0.0; 2]), 1)]
    {
        let course = Course { world, pairs: 300, every: 1, ratio };
        let alarms = share(EXPERIMENTS, |seed| course.found(seed, 0.5).is_some());
        assert!(alarms <= ALPHA, "{course:?}: {alarms}");
    }
}

#[test]
fn the_sequence_has_the_true_difference_at_every_look() {
    for (world, truth) in [(World::Shares([0.1, 0.15]), 0.05), (World::Waits([5.0, 6.0]), 1.0)] {
        let course = Course { world, pairs: 1_000, every: 1, ratio: 1 };
        let missed = share(EXPERIMENTS, |seed| course.missed(seed, truth).is_some());
        assert!(missed <= ALPHA, "{course:?}: {missed}");
    }
}

/// So the tests above could fail.
#[test]
fn peeking_at_the_test_for_one_look_does_raise_them() {
    let course = Course { world: World::Shares([0.1; 2]), pairs: 2_000, every: 20, ratio: 1 };
    let alarms = share(500, |seed| course.found_by_peeking(seed).is_some());
    assert!(alarms > 4.0 * ALPHA, "{alarms}");
}

#[test]
fn what_is_there_is_found_as_often_as_planned_and_sooner() {
    let options = PlanOptions { baseline: Some(0.1), effect: Some(0.04), ..PlanOptions::default() };
    let planned = plan(&options).unwrap();
    let most = planned.any_time.unwrap().control;
    let course = Course { world: World::Shares([0.1, 0.14]), pairs: most, every: 10, ratio: 1 };
    let found: Vec<Option<u64>> = (0..1_000).map(|seed| course.found(seed, MIXTURE)).collect();
    let power = found.iter().flatten().count() as f64 / found.len() as f64;
    let units: u64 = found.iter().map(|at| at.unwrap_or(most)).sum::<u64>() / found.len() as u64;
    assert!((0.8..0.95).contains(&power), "{power}");
    assert!(units < most * 7 / 10, "{units} of {most}");
    let control = planned.once.control;
    let once = Course { pairs: control, every: control, ..course };
    let found = share(1_000, |seed| once.found_by_peeking(seed).is_some());
    assert!((found - 0.8).abs() < 0.05, "{found}");
}
