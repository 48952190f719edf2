mod server;

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

#[test]
fn all_of_a_workspace_is_at_the_server() {
    let (mut workspace, mut server) = (filled(), Server::default());
    let pushed = push(&mut workspace, &mut server);
    assert_eq!((pushed.runs, pushed.points, pushed.versions), (3, 1_100, 2));
    let [parent, child, _] = &server.runs[..] else { panic!() };
    assert_eq!(parent.params.len(), 151);
    assert_eq!(parent.metrics.len(), 1_100);
    assert_eq!(
        (parent.info["status"].as_str(), parent.info["end_time"].as_i64()),
        (Some("FINISHED"), Some(4))
    );
    assert_eq!(child.tags[PARENT_TAG], "r0");
    assert_eq!((parent.tags[USER_TAG].as_str(), parent.tags[NAME_TAG].as_str()), ("Ada", "parent"));
    assert_eq!(parent.tags[NOTE_TAG].chars().count(), 5_000);
    let input = &parent.inputs[&"d".repeat(36)];
    assert_eq!(input["tags"][0]["value"], "test, train");
    let names: Vec<&str> = server.files.keys().map(String::as_str).collect();
    assert!(names.contains(&"2/r0/artifacts/model/MLmodel"), "{names:?}");
    assert_eq!(server.files["2/r0/artifacts/model/model.safetensors"], model());
    assert_eq!(names.iter().filter(|name| name.contains("plots/a _1-")).count(), 1);
    let model = &server.models[server.models.keys().next().unwrap()];
    assert_eq!(model.versions[0]["source"], "mlflow-artifacts:/2/r0/artifacts/model");
    assert_eq!(model.aliases["champion"], "1");
}

#[test]
fn a_second_push_changes_nothing_and_a_change_is_sent_alone() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    let before = server.clone();
    assert_eq!(push(&mut workspace, &mut server), Pushed::default());
    assert_eq!(server, before);
    let run = workspace.runs(&Query::default()).unwrap().runs.remove(0).id;
    workspace.tag_run(&stamp(9), &run, &BTreeMap::from([("new".into(), "1".into())])).unwrap();
    workspace.promote(&stamp(9), "a/b", 2, "champion", "better").unwrap();
    workspace.promote(&stamp(9), "a/b", 1, "latest", "a name MLflow keeps").unwrap();
    // The tags, the record, and both aliases.
    assert_eq!(push(&mut workspace, &mut server).changes, 4);
    workspace.remove_alias(&stamp(9), "a/b", "champion", "worse").unwrap();
    assert_eq!(push(&mut workspace, &mut server).changes, 1);
    let aliases = &server.models.values().next().unwrap().aliases;
    assert!(aliases.len() == 1 && aliases.keys().all(|alias| alias.starts_with("latest-")));
}

/// How many requests a whole push has.
fn requests() -> usize {
    let (mut workspace, mut server) = (filled(), Server::default());
    let mut push = Push::new(&workspace, URL, &all()).unwrap();
    drive(&mut push, &mut workspace, &mut server, &mut |_, _, _| None).unwrap();
    push.progress().requests
}

#[test]
fn a_push_cut_anywhere_goes_on_there_and_nothing_is_there_twice() {
    let mut whole = Server::default();
    push(&mut filled(), &mut whole);
    for cut in 0..requests() {
        for arrives in [true, false] {
            let (mut workspace, mut server) = (filled(), Server::default());
            let mut first = Push::new(&workspace, URL, &all()).unwrap();
            // The process is gone, with or without the server having got the request.
            let error =
                drive(&mut first, &mut workspace, &mut server, &mut |at, server, request| {
                    (at == cut).then(|| {
                        if arrives {
                            server.handle(request);
                        }
                        Err(MlflowError::Busy { tries: 0 })
                    })
                });
            assert!(error.is_err());
            let mut again = Push::new(&workspace, URL, &all()).unwrap();
            drive(&mut again, &mut workspace, &mut server, &mut |_, _, _| None).unwrap();
            assert_eq!(server, whole, "cut at {cut}");
        }
    }
}

#[test]
fn a_lost_answer_or_a_failure_of_the_server_is_asked_for_again() {
    let mut whole = Server::default();
    push(&mut filled(), &mut whole);
    for cut in 0..requests() {
        let (mut workspace, mut server) = (filled(), Server::default());
        let mut push = Push::new(&workspace, URL, &all()).unwrap();
        // It failed after having done what was asked.
        let waited = drive(&mut push, &mut workspace, &mut server, &mut |at, server, request| {
            (at == cut).then(|| {
                server.handle(request);
                Ok(HttpResponse { status: 502, ..HttpResponse::default() })
            })
        });
        assert_eq!((waited, &server), (Ok(1), &whole), "lost at {cut}");
    }
}

#[test]
fn what_is_refused_has_a_code_and_can_be_tried_again() {
    let html = HttpResponse {
        status: 404,
        body: b"<h1>Not Found</h1>".to_vec(),
        ..HttpResponse::default()
    };
    let text =
        HttpResponse { status: 200, body: b"<h1>Log in</h1>".to_vec(), ..HttpResponse::default() };
    let cases = [
        (refuse(401, "UNAUTHENTICATED"), "mlflow_unauthorized"),
        (HttpResponse { status: 401, ..HttpResponse::default() }, "mlflow_unauthorized"),
        (refuse(403, "PERMISSION_DENIED"), "mlflow_forbidden"),
        (html, "mlflow_not_found"),
        (text, "mlflow_answer"),
        (refuse(400, "INVALID_PARAMETER_VALUE"), "mlflow_refused"),
        (
            HttpResponse {
                status: 200,
                body: vec![b' '; (64 << 20) + 1],
                ..HttpResponse::default()
            },
            "mlflow_answer",
        ),
        (HttpResponse { status: 302, ..HttpResponse::default() }, "mlflow_refused"),
    ];
    let mut whole = Server::default();
    push(&mut filled(), &mut whole);
    for (response, code) in cases {
        for at in [0, 4, 9] {
            let (mut workspace, mut server) = (filled(), Server::default());
            let mut push = Push::new(&workspace, URL, &all()).unwrap();
            let error = drive(&mut push, &mut workspace, &mut server, &mut |n, _, _| {
                (n == at).then(|| Ok(response.clone()))
            });
            let error = error.unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            // The same push goes on where it was.
            drive(&mut push, &mut workspace, &mut server, &mut |_, _, _| None).unwrap();
            assert_eq!(server, whole);
        }
    }
}

#[test]
fn who_is_asked_to_wait_waits_but_not_for_ever() {
    let busy = |seconds: &str| HttpResponse {
        status: 429,
        headers: vec![("retry-after".into(), seconds.into())],
        body: Vec::new(),
    };
    let (mut workspace, mut server) = (filled(), Server::default());
    let mut first = Push::new(&workspace, URL, &all()).unwrap();
    let waited = drive(&mut first, &mut workspace, &mut server, &mut |at, _, _| match at {
        3 => Some(Ok(busy("7"))),
        4 => Some(Ok(busy("Wed, 21 Oct 2026 07:28:00 GMT"))),
        _ => None,
    });
    assert_eq!(waited, Ok(7 + 2));
    let codes = [(busy("999"), "mlflow_busy"), (refuse(500, "INTERNAL_ERROR"), "mlflow_server")];
    for (response, code) in codes {
        let (mut workspace, mut server) = (filled(), Server::default());
        let mut push = Push::new(&workspace, URL, &all()).unwrap();
        let always = &mut |_, _: &mut Server, _: &HttpRequest| Some(Ok(response.clone()));
        assert_eq!(drive(&mut push, &mut workspace, &mut server, always).unwrap_err().code(), code);
        drive(&mut push, &mut workspace, &mut server, &mut |_, _, _| None).unwrap();
        assert_eq!(server.runs.len(), 3);
    }
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let mut workspace = filled();
    let mut push = Push::new(&workspace, URL, &all()).unwrap();
    let mut waits = Vec::new();
    let error = loop {
        match push.next(&mut workspace).unwrap() {
            Next::Wait { seconds } => waits.push(seconds),
            _ => {
                if let Err(error) = push.failed("timed out") {
                    break error;
                }
            }
        }
    };
    assert_eq!((error.code(), waits), ("mlflow_unreachable", vec![1, 2, 4, 8, 16]));
}

#[test]
fn a_server_that_was_emptied_gets_all_of_it_again() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    let whole = std::mem::take(&mut server);
    push(&mut workspace, &mut server);
    assert_eq!(server, whole);
    // As the experiment that is always there.
    server = Server { experiments: server.experiments, age: 1, ..Server::default() };
    push(&mut workspace, &mut server);
    assert!(server.runs == whole.runs);
}

#[test]
fn a_run_that_was_deleted_for_good_is_made_again() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    let run = workspace.runs(&Query::default()).unwrap().runs.remove(0).id;
    let whole = server.runs.iter().find(|one| one.tags[RUN_TAG] == run).unwrap().clone();
    for one in server.runs.iter_mut().filter(|one| one.tags.get(RUN_TAG) == Some(&run)) {
        *one = server::Run { gone: true, ..server::Run::default() };
    }
    workspace.tag_run(&stamp(9), &run, &BTreeMap::from([("new".into(), "1".into())])).unwrap();
    assert_eq!(push(&mut workspace, &mut server).runs, 1);
    let made = server.runs.last().unwrap();
    assert_eq!((&made.params, made.metrics.len()), (&whole.params, whole.metrics.len()));
    assert_eq!(push(&mut workspace, &mut server).changes, 0);
}

#[test]
fn what_cannot_be_exported_is_sent_as_it_is() {
    let (mut workspace, mut server) = (filled(), Server::default());
    let mut push = Push::new(&workspace, URL, &all()).unwrap();
    loop {
        match push.next(&mut workspace).unwrap() {
            Next::Send(request) => push.answer(&mut workspace, &server.handle(&request)).unwrap(),
            Next::Export { sha256 } => push.exported(&sha256, None),
            Next::Wait { .. } => panic!(),
            Next::Done => break,
        }
    }
    assert_eq!(push.pushed().plain.len(), 2);
    assert!(server.files.keys().all(|name| !name.ends_with("MLmodel")));
    assert_eq!(self::push(&mut workspace, &mut server).changes, 0);
}

#[test]
fn runs_that_still_run_are_left_or_refused_by_name() {
    let mut workspace = filled();
    let running = begin(&mut workspace, "running", None);
    let mut server = Server::default();
    assert_eq!(push(&mut workspace, &mut server).runs, 3);
    let options = PushOptions { runs: vec![running], ..PushOptions::default() };
    let error = Push::new(&workspace, URL, &options).unwrap_err();
    assert!(matches!(error, MlflowError::Workspace(TrackError::Running { .. })));
}

/// Drives a pull to its end; requests of it.
fn pull(
    workspace: &mut Workspace,
    server: &mut Server,
    cut: Option<usize>,
) -> Result<(Pulled, usize)> {
    let mut pull = Pull::new(URL, "Äpfel", stamp(50));
    let mut number = 0;
    loop {
        match pull.next(workspace)? {
            Next::Send(request) => {
                if cut == Some(number) {
                    return Err(MlflowError::Busy { tries: 0 });
                }
                pull.answer(workspace, &server.handle(&request))?;
                number += 1;
            }
            Next::Done => return Ok((pull.pulled().clone(), number)),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_was_pushed_comes_back_as_it_was_once() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    let mut back = Workspace::in_memory().unwrap();
    let (pulled, requests) = pull(&mut back, &mut server, None).unwrap();
    assert_eq!((pulled.runs, pulled.points, pulled.versions), (2, 1_100, 1));
    for run in workspace.runs(&Query::default()).unwrap().runs {
        let mut found = back.run(&run.id).unwrap();
        found.tags.retain(|key, _| !key.starts_with("mlflow."));
        assert_eq!((&found.params, &found.tags, &found.note), (&run.params, &run.tags, &run.note));
        assert_eq!(
            (found.status, found.started, found.ended),
            (run.status, run.started, run.ended)
        );
        assert_eq!((&found.parent, &found.name), (&run.parent, &run.name));
        assert_eq!(back.recipe(&run.id).unwrap(), workspace.recipe(&run.id).unwrap());
        let series = |workspace: &Workspace| {
            format!("{:?}", workspace.series(&run.id, "Güte").unwrap().points)
        };
        assert_eq!(series(&back), series(&workspace));
    }
    let version = back.find_version("a/b@champion").unwrap();
    assert_eq!(version.id, workspace.version("a/b", 1).unwrap().id);
    assert_eq!(version.tags, BTreeMap::from([("stage".into(), "live".into())]));
    back.verify().unwrap();
    // Neither a second pull nor one into where it came from changes anything, nor is it pushed back.
    let entries = back.audit(None, 1_000, 0).unwrap().len();
    assert_eq!(pull(&mut back, &mut server, None).unwrap().0, Pulled::default());
    assert_eq!(back.audit(None, 1_000, 0).unwrap().len(), entries);
    assert_eq!(pull(&mut workspace, &mut server, None).unwrap().0, Pulled::default());
    let whole = server.clone();
    let options = PushOptions::default();
    let mut again = Push::new(&back, URL, &options).unwrap();
    drive(&mut again, &mut back, &mut server, &mut |_, _, _| None).unwrap();
    assert_eq!(server, whole);
    for cut in 0..requests {
        let mut back = Workspace::in_memory().unwrap();
        pull(&mut back, &mut server, Some(cut)).unwrap_err();
        pull(&mut back, &mut server, None).unwrap();
        assert_eq!(back.runs(&Query::default()).unwrap().total, 2, "cut at {cut}");
        assert_eq!(back.models().unwrap()[0].versions.len(), 1);
    }
}

#[test]
fn an_experiment_that_is_not_there_is_named() {
    let error = pull(&mut Workspace::in_memory().unwrap(), &mut Server::default(), None);
    assert_eq!(error.unwrap_err().code(), "mlflow_missing");
}
