//! A workspace as its users have it: what is kept, what is found again, what is refused.

mod file;
mod full;
mod merge;
mod registry;
mod runs;

use std::collections::BTreeMap;

use crate::*;

fn stamp(at: i64) -> Stamp {
    Stamp { at, author: "Ada".into() }
}

fn workspace() -> Workspace {
    Workspace::in_memory().unwrap()
}

fn new_run(nonce: &str) -> NewRun {
    serde_json::from_value(serde_json::json!({ "name": "a", "nonce": nonce })).unwrap()
}

fn points(key: &str, values: &[f64]) -> Log {
    let point =
        |(step, value): (i64, &f64)| Point { key: key.into(), value: *value, step, at: step };
    Log { metrics: (0..).zip(values).map(point).collect(), ..Log::default() }
}

/// A finished run with a model file, a data set, a parameter and a metric.
fn finished(workspace: &mut Workspace, nonce: &str, at: i64) -> String {
    let run = NewRun { params: pairs(&[("depth", "3")]), ..new_run(nonce) };
    let id = workspace.start_run(&stamp(at), &run).unwrap();
    let data = Dataset { id: "d1".into(), name: "data.csv".into(), rows: 3, profile: Vec::new() };
    workspace.keep_dataset(&stamp(at), &data, Some(b"a\n1\n")).unwrap();
    workspace.log_input(&id, "d1", "train").unwrap();
    workspace.log(&id, &points("loss", &[3.0, 1.0, f64::NAN, 2.0])).unwrap();
    workspace.log_artifact(&id, "model.safetensors", nonce.as_bytes()).unwrap();
    workspace.end_run(&stamp(at + 5), &id, Status::Finished).unwrap();
    id
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn new_version(name: &str, run: &str) -> NewVersion {
    NewVersion { name: name.into(), run: Some(run.into()), ..NewVersion::default() }
}

/// A workspace with a bit of everything.
fn registered() -> Workspace {
    let mut workspace = workspace();
    let run = finished(&mut workspace, "a", 1);
    workspace.register(&stamp(2), &new_version("m", &run), None).unwrap();
    workspace.promote(&stamp(3), "m", 1, "champion", "first").unwrap();
    workspace.tag_version(&stamp(3), "m", 1, &pairs(&[("stage", "live")])).unwrap();
    workspace.log_export(&stamp(4), "m", 1, "wasm", "e1").unwrap();
    workspace
}
