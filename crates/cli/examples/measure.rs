//! Trains, predicts and evaluates on one thread and prints what each took: the native side of
//! `cargo xtask bench --peers`. Linux only, which tells a thread's processor time in `/proc`.
//!
//!     measure '{ "csv": { "train": "a.csv", "test": "b.csv" }, "target": "y",
//!                "task": "classification", "learner": { "kind": "random-forest" } }'

use std::error::Error;
use std::{env, fs};

use hedgerow_data::{CsvOptions, Table, read_csv};
use hedgerow_evaluate::{EvaluateOptions, columns_for, evaluate};
use hedgerow_learn::{Learner, Preparing, TaskChoice, TrainOptions, train};
use serde::Deserialize;
use serde_json::json;

/// What to do; the bench's other programs read more of it.
#[derive(Deserialize)]
struct Job {
    csv: Csv,
    target: String,
    task: TaskChoice,
    learner: Learner,
    /// So many rows to train on: those of the file, again and again.
    rows: Option<u32>,
    /// Only the longest step is looked for.
    #[serde(default)]
    steps: bool,
}

#[derive(Deserialize)]
struct Csv {
    train: String,
    test: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Job { csv, target, task, learner, rows, steps } =
        serde_json::from_str(&env::args().nth(1).ok_or("the job is missing")?)?;
    let (mut fit, test) = (read(&csv.train)?, read(&csv.test)?);
    let options = TrainOptions { task, learner, ..TrainOptions::new(target) };
    if let Some(rows) = rows {
        let own = fit.rows() as u32;
        fit = fit.take(&(0..rows).map(|row| row % own).collect::<Vec<_>>());
    }
    if steps {
        println!("{}", json!({ "longest": longest_step(&fit, options)? }));
        return Ok(());
    }

    let start = cpu_seconds()?;
    let model = train(&fit, options)?;
    let cpu = cpu_seconds()? - start;
    let peak = peak_bytes()?;
    let start = cpu_seconds()?;
    model.predict(&columns_for(&model, &test)?.raw())?;
    let predict = cpu_seconds()? - start;

    let report = serde_json::to_value(evaluate(&model, &test, &EvaluateOptions::default())?)?;
    let metrics = &report["metrics"];
    let identity = model.sha256();
    let took = json!({ "cpu": cpu, "predict": predict, "peak": peak, "metrics": metrics, "identity": identity });
    println!("{took}");
    Ok(())
}

/// Processor time of the longest step, as they are taken by who may cancel.
fn longest_step(table: &Table, options: TrainOptions) -> Result<f64, Box<dyn Error>> {
    let mut longest = 0.0f64;
    let mut last = cpu_seconds()?;
    let mut note = || -> Result<(), Box<dyn Error>> {
        let now = cpu_seconds()?;
        longest = longest.max(now - last);
        last = now;
        Ok(())
    };
    let mut preparing = Preparing::new(table, options)?;
    note()?;
    while preparing.advance(table)? {
        note()?;
    }
    let mut training = preparing.finish()?;
    note()?;
    while !training.ended() {
        training.advance()?;
        note()?;
    }
    training.finish()?;
    note()?;
    Ok(longest)
}

fn read(path: &str) -> Result<Table, Box<dyn Error>> {
    Ok(read_csv(&fs::read(path)?, &CsvOptions::default())?)
}

/// Processor time of this thread, which does everything: nanoseconds, the first number there.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}

/// The most memory that this process had so far.
fn peak_bytes() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: u64 =
        line.and_then(|line| line.trim().strip_suffix(" kB")).ok_or("no VmHWM")?.parse()?;
    Ok(kilobytes * 1024)
}
