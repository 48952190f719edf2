//! Makes a workspace with a bit of everything, to hand on: `handed_on FILE MODEL CSV`.

use std::collections::BTreeMap;

use hedgerow_data::{CsvOptions, read_csv, summarize_table};
use hedgerow_track::{Dataset, Log, NewRun, NewVersion, Point, Stamp, Status, Workspace};

#[allow(clippy::disallowed_methods, reason = "an example that reads files")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().ok_or("usage: handed_on FILE MODEL CSV");
    let (file, model, csv) = (next()?, next()?, next()?);
    let mut workspace = Workspace::open(&file)?;
    fill(&mut workspace, &std::fs::read(model)?, &std::fs::read(csv)?)?;
    Ok(())
}

const AT: i64 = 1_764_000_000_000;

fn stamp(seconds: i64) -> Stamp {
    Stamp { at: AT + seconds * 1_000, author: "Ada".into() }
}

fn fill(
    workspace: &mut Workspace,
    model: &[u8],
    csv: &[u8],
) -> Result<(), Box<dyn std::error::Error>> {
    let table = read_csv(csv, &CsvOptions::default())?;
    let dataset = Dataset {
        id: table.sha256(),
        name: "table.csv".into(),
        rows: table.rows() as i64,
        profile: summarize_table(&table),
    };
    workspace.keep_dataset(&stamp(0), &dataset, None)?;
    let parent = begin(workspace, "tuning", None)?;
    workspace.log_input(&parent, &dataset.id, "train")?;
    workspace.log_input(&parent, &dataset.id, "test")?;
    workspace.log_artifact(&parent, "model.safetensors", model)?;
    workspace.log_artifact(&parent, "plots/kurve #1.svg", b"<svg/>")?;
    for (trial, status) in [(1, Status::Finished), (2, Status::Failed), (3, Status::Killed)] {
        let child = begin(workspace, &format!("trial {trial}"), Some(&parent))?;
        workspace.end_run(&stamp(10 + trial), &child, status)?;
    }
    workspace.end_run(&stamp(20), &parent, Status::Finished)?;
    workspace.note_run(&stamp(21), &parent, &format!("# Grüße\n{}", "long ".repeat(2_000)))?;
    register(workspace, &parent, model)
}

fn begin(
    workspace: &mut Workspace,
    name: &str,
    parent: Option<&str>,
) -> hedgerow_track::Result<String> {
    let many = (0..230).map(|i| (format!("p{i:03}"), format!("value {i}")));
    // As long as a workspace takes them.
    let (key, value) = ("ß".repeat(250), "é".repeat(6_000));
    let odd = [("größe (m)", "1,8"), ("a//b", ""), ("depth", "3"), (&key, &value)];
    let run = NewRun {
        experiment: "Äpfel & Birnen".into(),
        name: name.into(),
        parent: parent.map(str::to_owned),
        recipe: serde_json::json!({ "learner": "random-forest" }),
        params: many.chain(odd.map(|(key, value)| (key.into(), value.into()))).collect(),
        tags: BTreeMap::from([
            ("team".into(), "𝓜odels 'n \"more\"".into()),
            ("long".into(), "𝓜".repeat(8_000)),
        ]),
        nonce: name.into(),
    };
    let id = workspace.start_run(&stamp(1), &run)?;
    let value = |step: i64| match step {
        7 => f64::NAN,
        8 => f64::INFINITY,
        9 => f64::NEG_INFINITY,
        step => 1.0 / (step + 1) as f64,
    };
    let point =
        |key: &str, step| Point { key: key.into(), value: value(step), step, at: AT + step };
    let mut metrics: Vec<Point> = (0..2_500).map(|step| point("loss", step)).collect();
    metrics.extend((0..10).map(|step| point("Güte ≥ 90 %", step)));
    workspace.log(&id, &Log { metrics, ..Log::default() })?;
    Ok(id)
}

/// Two versions of a run's model and one that came from none, with an alias and tags.
fn register(
    workspace: &mut Workspace,
    run: &str,
    model: &[u8],
) -> Result<(), Box<dyn std::error::Error>> {
    let new = |name: &str, run: Option<&str>| NewVersion {
        name: name.into(),
        run: run.map(str::to_owned),
        path: None,
        description: "Größer als zuvor".into(),
    };
    workspace.register(&stamp(30), &new("apples", Some(run)), None)?;
    workspace.register(&stamp(31), &new("apples", None), Some(model))?;
    workspace.register(&stamp(32), &new("team/pears", Some(run)), None)?;
    workspace.describe_model(&stamp(33), "apples", "Which apple it is")?;
    workspace.promote(&stamp(34), "apples", 1, "champion", "the best so far")?;
    let tags = BTreeMap::from([("stage".into(), "live".into())]);
    workspace.tag_version(&stamp(35), "apples", 1, &tags)?;
    Ok(())
}
