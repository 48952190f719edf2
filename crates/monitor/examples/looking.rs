//! How often experiments without a difference raise an alarm, and with one are decided, if they are looked at after
//! every pair of units: `cargo run --release -p hedgerow-monitor --example looking [EXPERIMENTS]`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "an example")]

#[path = "../tests/simulation/mod.rs"]
mod simulation;

use hedgerow_monitor::experiment::{PlanOptions, plan};
use simulation::{Course, MIXTURE, World};

fn main() {
    let experiments = std::env::args().nth(1).map_or(10_000, |n| n.parse().unwrap());
    println!("{experiments} experiments each, alpha 0.05\n\nNo difference, share of false alarms:");
    let wide = World::Normal([(0.0, 1.0), (0.0, 3.0)]);
    for (name, world, ratio) in [
        ("shares of 0.1", World::Shares([0.1; 2]), 1),
        ("shares of 0.1, 1 to 9", World::Shares([0.1; 2]), 9),
        ("shares of 0.01", World::Shares([0.01; 2]), 1),
        ("shares of 0.01, 1 to 9", World::Shares([0.01; 2]), 9),
        ("shares of 0.005, 1 to 99", World::Shares([0.005; 2]), 99),
        ("normal", World::Normal([(3.0, 1.0), (3.0, 1.0)]), 1),
        ("normal, deviations 1 and 3, 1 to 4", wide, 4),
        ("exponential", World::Waits([5.0; 2]), 1),
        ("exponential, 1 to 9", World::Waits([5.0; 2]), 9),
        ("revenue of 1 unit in 20", World::Revenue([0.05; 2]), 1),
        ("revenue of 1 unit in 20, 1 to 9", World::Revenue([0.05; 2]), 9),
        ("log-normal", World::LogNormal, 1),
        ("log-normal, 1 to 9", World::LogNormal, 9),
        ("with a covariate", World::Explained([0.0; 2]), 1),
    ] {
        let mut said = format!("  {name:<36}");
        for mixture in [MIXTURE, 0.2] {
            let course = Course { world, pairs: 5_000, every: 1, ratio };
            let alarms = share(experiments, |seed| course.found(seed, mixture).is_some());
            said += &format!(" {mixture}: {:>5.2} %", 100.0 * alarms);
        }
        println!("{said}");
    }
    let peeked = Course { world: World::Shares([0.1; 2]), pairs: 5_000, every: 10, ratio: 1 };
    let alarms = share(experiments, |seed| peeked.found_by_peeking(seed).is_some());
    println!("  {:<36} {:>11.2} %", "shares of 0.1, the test for one look", 100.0 * alarms);
    println!("\nA difference, looked at after every 10 pairs:");
    for effect in [0.01, 0.02, 0.04] {
        let options =
            PlanOptions { baseline: Some(0.1), effect: Some(effect), ..PlanOptions::default() };
        let planned = plan(&options).unwrap();
        let (once, most) = (planned.once.control, planned.any_time.unwrap().control);
        let world = World::Shares([0.1, 0.1 + effect]);
        let course = Course { world, pairs: most, every: 10, ratio: 1 };
        let n = experiments / 10;
        let found: Vec<Option<u64>> = (0..n).map(|seed| course.found(seed, MIXTURE)).collect();
        let power = found.iter().flatten().count() as f64 / n as f64;
        let mean = found.iter().map(|at| at.unwrap_or(most)).sum::<u64>() / n;
        println!(
            "  0.1 and {:.2}: planned {once} units a variant for one look, {most} at most for any; found in {:.1} %, \
             after {mean} on average",
            0.1 + effect,
            100.0 * power
        );
    }
}

fn share(n: u64, is_so: impl Fn(u64) -> bool) -> f64 {
    (0..n).filter(|seed| is_so(*seed)).count() as f64 / n as f64
}
