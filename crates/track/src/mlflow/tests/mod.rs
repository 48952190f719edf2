mod failures;
mod pull;
mod push;
mod server;
mod transfer;

use std::collections::BTreeMap;

use hedgerow_model::{Coded, Field, Kind};

use self::server::{Server, refuse};
use super::*;
use crate::{Dataset, Log, NewRun, NewVersion, Point, Query, Stamp, Status, TrackError, Workspace};

const URL: &str = "http://mlflow.test/";

fn stamp(at: i64) -> Stamp {
    Stamp { at, author: "Ada".into() }
}

fn all() -> PushOptions {
    PushOptions { models: true, ..PushOptions::default() }
}

/// A file that says that it is a model.
fn model() -> Vec<u8> {
    let header = br#"{"__metadata__":{"hedgerow":"{}"}}"#;
    [&(header.len() as u64).to_le_bytes(), header.as_slice()].concat()
}

/// A parent with a model and a child, awkward keys and values, 1,500 points, and a registry.
fn filled() -> Workspace {
    let mut workspace = Workspace::in_memory().unwrap();
    let data = Dataset { id: "d".repeat(64), name: "x.csv".into(), rows: 3, profile: Vec::new() };
    workspace.keep_dataset(&stamp(1), &data, None).unwrap();
    let parent = begin(&mut workspace, "parent", None);
    for context in ["train", "test"] {
        workspace.log_input(&parent, &data.id, context).unwrap();
    }
    let value = |step: i64| [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.5][step as usize % 4];
    let point = |step| Point { key: "Güte".into(), value: value(step), step, at: step };
    let log = Log { metrics: (0..1_100).map(point).collect(), ..Log::default() };
    workspace.log(&parent, &log).unwrap();
    workspace.log_artifact(&parent, "model.safetensors", &model()).unwrap();
    workspace.log_artifact(&parent, "plots/a #1.svg", b"<svg/>").unwrap();
    let child = begin(&mut workspace, "child", Some(&parent));
    workspace.end_run(&stamp(3), &child, Status::Killed).unwrap();
    workspace.end_run(&stamp(4), &parent, Status::Finished).unwrap();
    workspace.note_run(&stamp(5), &parent, &"note ".repeat(2_000)).unwrap();
    let new = |name: &str, run: Option<&String>| NewVersion {
        name: name.into(),
        run: run.cloned(),
        description: "better".into(),
        ..NewVersion::default()
    };
    workspace.register(&stamp(6), &new("a/b", Some(&parent)), None).unwrap();
    workspace.register(&stamp(6), &new("a/b", None), Some(b"other")).unwrap();
    workspace.promote(&stamp(7), "a/b", 1, "champion", "first").unwrap();
    let tags = BTreeMap::from([("stage".into(), "live".into())]);
    workspace.tag_version(&stamp(7), "a/b", 1, &tags).unwrap();
    workspace
}

fn begin(workspace: &mut Workspace, name: &str, parent: Option<&String>) -> String {
    let params = (0..150).map(|i| (format!("p{i}"), i.to_string()));
    let run = NewRun {
        experiment: "Äpfel".into(),
        name: name.into(),
        parent: parent.cloned(),
        recipe: serde_json::json!({ "learner": "mlp" }),
        params: params.chain([("a//b".into(), "1".into())]).collect(),
        tags: BTreeMap::from([("größe".into(), "t".into())]),
        nonce: name.into(),
    };
    workspace.start_run(&stamp(2), &run).unwrap()
}

fn exported() -> Exported {
    Exported {
        onnx: b"onnx".to_vec(),
        target: "y".into(),
        classes: vec!["no".into(), "yes".into()],
        features: vec![Field::new("x", Kind::Number)],
    }
}

/// What is done with the request of a number, instead of answering it.
type Odd<'o> = &'o mut dyn FnMut(usize, &mut Server, &HttpRequest) -> Option<Result<HttpResponse>>;

/// Drives a push to its end, or to an error; how long was waited.
fn drive(
    push: &mut Push,
    workspace: &mut Workspace,
    server: &mut Server,
    odd: Odd<'_>,
) -> Result<u64> {
    let (mut number, mut waited) = (0, 0);
    loop {
        match push.next(workspace)? {
            Next::Send(request) => {
                match odd(number, server, &request) {
                    Some(Ok(response)) => push.answer(workspace, &response)?,
                    Some(Err(error)) => return Err(error),
                    None => push.answer(workspace, &server.handle(&request))?,
                }
                number += 1;
            }
            Next::Wait { seconds } => waited += seconds,
            Next::Export { sha256 } => push.exported(&sha256, Some(exported())),
            Next::Done => return Ok(waited),
        }
    }
}

fn push(workspace: &mut Workspace, server: &mut Server) -> Pushed {
    let mut push = Push::new(workspace, URL, &all()).unwrap();
    drive(&mut push, workspace, server, &mut |_, _, _| None).unwrap();
    assert_eq!(push.progress().done, push.progress().total);
    push.pushed().clone()
}

/// How many requests a whole push has.
fn requests() -> usize {
    let (mut workspace, mut server) = (filled(), Server::default());
    let mut push = Push::new(&workspace, URL, &all()).unwrap();
    drive(&mut push, &mut workspace, &mut server, &mut |_, _, _| None).unwrap();
    push.progress().requests
}
