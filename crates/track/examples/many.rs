//! How long a workspace with many runs takes: `cargo run --release -p hedgerow-track --example many`.
//!
//! With a path, the workspace is only written there (`cargo xtask bench --track`).

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "it measures time, and writes a file"
)]

use std::time::Instant;

use hedgerow_track::{Log, NewRun, Point, Query, Stamp, Status, Workspace};

const RUNS: i64 = 100_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut workspace = Workspace::in_memory()?;
    let start = Instant::now();
    for at in 0..RUNS {
        run(&mut workspace, at)?;
    }
    if let Some(path) = std::env::args().nth(1) {
        return Ok(std::fs::write(path, workspace.to_bytes()?)?);
    }
    println!("{RUNS} runs: {:?}", start.elapsed());
    let learner = "params.learner = 'random-forest'";
    let queries = [
        ("", ""),
        ("", "metrics.auc DESC"),
        (learner, ""),
        ("not params.learner = 'random-forest' or metrics.auc > 0.9", ""),
        ("metrics.auc > 0.9 and params.learner = 'random-forest'", "metrics.auc DESC"),
        ("metrics.auc > 0.9 and params.learner = 'random-forest'", ""),
        ("metrics.auc > 2", ""),
        ("params.depth > 3", "params.depth DESC"),
        ("run_name LIKE '%99%' and status = 'FINISHED'", "duration"),
    ];
    for (filter, order_by) in queries {
        let query = Query { filter: filter.into(), order_by: order_by.into(), ..Query::default() };
        let times = (0..5).map(|_| {
            let start = Instant::now();
            workspace.runs(&query).map(|page| (start.elapsed(), page.total))
        });
        let mut times = times.collect::<Result<Vec<_>, _>>()?;
        times.sort();
        println!("{:>10.1?} {:>7} of {filter:?} by {order_by:?}", times[2].0, times[2].1);
    }
    let start = Instant::now();
    let bytes = workspace.to_bytes()?;
    println!("{} MB copied: {:?}", bytes.len() / 1_000_000, start.elapsed());
    let start = Instant::now();
    workspace.verify()?;
    println!("verified: {:?}", start.elapsed());
    Ok(())
}

fn run(workspace: &mut Workspace, at: i64) -> hedgerow_track::Result<()> {
    let stamp = Stamp { at, author: "bench".into() };
    let learner = ["random-forest", "gradient-boosting", "mlp"][at as usize % 3];
    let text = |text: &str| text.to_owned();
    let run = NewRun {
        experiment: format!("experiment {}", at % 10),
        name: format!("run {at}"),
        parent: None,
        // As long as that of a training.
        recipe: serde_json::Value::String("recipe ".repeat(100)),
        params: [(text("learner"), text(learner)), (text("depth"), (at % 7).to_string())].into(),
        tags: [(text("team"), text("a"))].into(),
        nonce: at.to_string(),
    };
    let id = workspace.start_run(&stamp, &run)?;
    let value = (at * 7_919 % RUNS) as f64 / RUNS as f64;
    let point = |key: &str, step| Point { key: text(key), value, step, at };
    let metrics = vec![point("auc", 0), point("loss", 0), point("loss", 1)];
    workspace.log(&id, &Log { metrics, ..Log::default() })?;
    workspace.end_run(&Stamp { at: at + at % 100, ..stamp }, &id, Status::Finished)
}
