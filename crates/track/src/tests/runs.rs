use proptest::prelude::*;

use super::*;

#[test]
fn points_as_numbers_are_those_as_texts() {
    let mut workspace = workspace();
    let run = workspace.start_run(&stamp(1), &new_run("a")).unwrap();
    let keys = ["loss".to_owned(), "ä".to_owned()];
    let numbers = [1.0, f64::NAN, -3.0, 1e12, 0.0, f64::INFINITY, 2.0, 5.0];
    let bytes: Vec<u8> = numbers.iter().flat_map(|number: &f64| number.to_le_bytes()).collect();
    let request = Request::LogPoints { run: run.clone(), keys: keys.to_vec() };
    workspace.handle(&stamp(2), request, &bytes).unwrap();
    let point = |key: &str| workspace.series(&run, key).unwrap().points.remove(0);
    assert!(point("ä").value.is_nan());
    assert_eq!((point("ä").step, point("ä").at), (-3, 1_000_000_000_000));
    let infinite = Point { key: "loss".into(), value: f64::INFINITY, step: 2, at: 5 };
    assert_eq!(point("loss"), infinite);
    let half = [0.0, 1.0, 0.5, 0.0].map(f64::to_le_bytes).concat();
    let keyless = [2.0, 1.0, 0.0, 0.0].map(f64::to_le_bytes).concat();
    for bytes in [&bytes[1..], &half, &keyless] {
        let refused = Log::of_points(&keys, bytes);
        assert!(matches!(refused, Err(TrackError::Value { .. })), "{bytes:?}");
    }
}

#[test]
fn a_run_is_kept_as_it_was_logged() {
    let mut workspace = workspace();
    let id = finished(&mut workspace, "a", 10);
    let run = workspace.run(&id).unwrap();
    assert_eq!((run.status, run.started, run.ended), (Status::Finished, 10, Some(15)));
    assert_eq!(run.params, pairs(&[("depth", "3")]));
    assert_eq!(run.metric("loss"), Some(2.0));
    assert_eq!(
        (run.inputs[0].name.as_str(), run.inputs[0].context.as_str()),
        ("data.csv", "train")
    );
    assert_eq!(workspace.artifact(&id, "model.safetensors").unwrap(), b"a");
    let series = workspace.series(&id, "loss").unwrap().points;
    assert_eq!(series.len(), 4);
    assert!(series[2].value.is_nan());
    assert_eq!(workspace.dataset_bytes("d1").unwrap().as_deref(), Some(b"a\n1\n".as_slice()));
    assert_eq!(workspace.run_id(&id[..6]).unwrap(), id);
}

#[test]
fn the_same_nonce_begins_a_run_once() {
    let mut workspace = workspace();
    let first = workspace.start_run(&stamp(1), &new_run("a")).unwrap();
    assert_eq!(workspace.start_run(&stamp(1), &new_run("a")).unwrap(), first);
    assert_ne!(workspace.start_run(&stamp(1), &new_run("b")).unwrap(), first);
    assert_eq!(workspace.runs(&Query::default()).unwrap().total, 2);
}

#[test]
fn what_has_ended_is_logged_to_no_more() {
    let mut workspace = workspace();
    let id = finished(&mut workspace, "a", 1);
    let ended = |error: TrackError| matches!(error, TrackError::Ended { .. });
    assert!(ended(workspace.log(&id, &points("loss", &[1.0])).unwrap_err()));
    assert!(ended(workspace.log_artifact(&id, "x", b"").unwrap_err()));
    assert!(ended(workspace.log_input(&id, "d1", "test").unwrap_err()));
    assert!(ended(workspace.end_run(&stamp(9), &id, Status::Failed).unwrap_err()));
    workspace.end_run(&stamp(9), &id, Status::Finished).unwrap();
    assert_eq!(workspace.run(&id).unwrap().ended, Some(6));
}

#[test]
fn a_parameter_is_set_once_and_nothing_of_a_refused_log_stays() {
    let mut workspace = workspace();
    let id = workspace.start_run(&stamp(1), &new_run("a")).unwrap();
    let set = |value| Log { params: pairs(&[("a", "1"), ("b", value)]), ..Log::default() };
    workspace.log(&id, &set("2")).unwrap();
    workspace.log(&id, &set("2")).unwrap();
    let again = Log { tags: pairs(&[("t", "1")]), ..set("3") };
    let error = workspace.log(&id, &again).unwrap_err();
    assert_eq!(error, TrackError::ParamChanged { key: "b".into(), value: "2".into() });
    assert!(workspace.run(&id).unwrap().tags.is_empty());
}

#[test]
fn names_hold_any_unicode_but_are_bounded() {
    let mut workspace = workspace();
    let name = "𝓜oδel \u{202e}\u{0}'; DROP TABLE runs; --";
    let run = NewRun { name: name.into(), experiment: name.into(), ..new_run("a") };
    let id = workspace.start_run(&stamp(1), &run).unwrap();
    let found = workspace.run(&id).unwrap();
    assert_eq!((found.name.as_str(), found.experiment.as_str()), (name, name));
    for (long, empty) in [("é".repeat(251), ""), ("x".repeat(300), "  ")] {
        let run = |experiment| NewRun { experiment, ..new_run("b") };
        let error = workspace.start_run(&stamp(1), &run(long)).unwrap_err();
        assert!(matches!(error, TrackError::TooLong { limit: 250, .. }));
        let error = workspace.start_run(&stamp(1), &run(empty.into())).unwrap_err();
        assert!(matches!(error, TrackError::Empty { .. }));
    }
    for path in ["", "/x", "a//b", "../x", "a/..", "a\\b", "."] {
        assert!(workspace.log_artifact(&id, path, b"").is_err(), "{path}");
    }
}

#[test]
fn runs_whose_process_is_gone_are_ended_as_failed() {
    let mut workspace = workspace();
    let done = finished(&mut workspace, "a", 1);
    let gone = workspace.start_run(&stamp(2), &new_run("b")).unwrap();
    let runs = [done.clone(), "not here".into(), gone.clone()];
    workspace.interrupt(&stamp(3), &runs).unwrap();
    let run = workspace.run(&gone).unwrap();
    assert_eq!((run.status, run.tags[INTERRUPTED].as_str()), (Status::Failed, "true"));
    assert_eq!(workspace.run(&done).unwrap().status, Status::Finished);
    workspace.verify().unwrap();
}

#[test]
fn a_run_goes_with_what_is_part_of_it_but_not_while_it_is_registered() {
    let mut workspace = workspace();
    let parent = workspace.start_run(&stamp(1), &new_run("p")).unwrap();
    let child = NewRun { parent: Some(parent.clone()), ..new_run("c") };
    let child = workspace.start_run(&stamp(1), &child).unwrap();
    let running = workspace.delete_run(&stamp(2), &parent, "").unwrap_err();
    assert!(matches!(running, TrackError::Running { .. }));
    workspace.log_artifact(&child, "model.safetensors", b"m").unwrap();
    workspace.interrupt(&stamp(2), &[parent.clone(), child.clone()]).unwrap();
    workspace.register(&stamp(3), &new_version("m", &child), None).unwrap();
    let registered = workspace.delete_run(&stamp(4), &parent, "").unwrap_err();
    assert!(matches!(registered, TrackError::Exists { what: Thing::Version, .. }));
    let other = finished(&mut workspace, "a", 5);
    workspace.delete_run(&stamp(6), &other, "a mistake").unwrap();
    assert!(matches!(workspace.run(&other), Err(TrackError::Missing { what: Thing::Run, .. })));
    workspace.verify().unwrap();
    assert_eq!(workspace.audit(None, 1, 0).unwrap()[0].reason, "a mistake");
}

#[test]
fn experiments_are_listed_with_their_runs_the_latest_first() {
    let mut workspace = workspace();
    let mut start = |experiment: &str, at: i64, parent: Option<&str>| {
        let run = NewRun {
            experiment: experiment.into(),
            parent: parent.map(Into::into),
            ..new_run(&at.to_string())
        };
        let id = workspace.start_run(&stamp(at), &run).unwrap();
        workspace.end_run(&stamp(at), &id, Status::Finished).unwrap();
        id
    };
    let [first, gone] = [start("old", 1, None), start("empty", 2, None)];
    start("new", 3, None);
    start("new", 4, None);
    start("old", 9, Some(&first));
    workspace.delete_run(&stamp(10), &gone, "a mistake").unwrap();
    let found = workspace.experiments().unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.name.as_str(), one.created, one.runs, one.last_start))
        .collect();
    assert_eq!(found, [("new", 3, 2, Some(4)), ("old", 1, 1, Some(1)), ("empty", 2, 0, None)]);
}

#[test]
fn data_sets_are_compared_column_by_column() {
    let table = |text: &str| {
        hedgerow_data::read_csv(text.as_bytes(), &hedgerow_data::CsvOptions::default()).unwrap()
    };
    let kept = |text: &str| {
        let table = table(text);
        Dataset {
            id: table.sha256(),
            name: "x.csv".into(),
            rows: table.rows() as i64,
            profile: hedgerow_data::summarize_table(&table),
        }
    };
    let mut workspace = workspace();
    let (before, after) = (kept("a,b,c\n1,2,x\n3,4,y\n"), kept("a,b,d\n1,x,1\n3,4,1\n5,6,1\n"));
    for dataset in [&before, &after, &after] {
        workspace.keep_dataset(&stamp(1), dataset, None).unwrap();
    }
    assert_eq!(workspace.datasets().unwrap().len(), 2);
    assert_eq!(workspace.dataset(&before.id).unwrap(), before);
    let difference = workspace.dataset_difference(&before.id, &after.id).unwrap();
    assert_eq!(difference.rows, (2, 3));
    assert_eq!(
        (difference.added, difference.removed),
        (vec!["d".to_owned()], vec!["c".to_owned()])
    );
    let changed: Vec<_> = difference.changed.iter().map(|c| (c.to.name.as_str(), c.kind)).collect();
    assert_eq!(changed, [("a", false), ("b", true)]);
}

#[test]
fn runs_are_compared_by_what_differs() {
    let mut workspace = workspace();
    let a = finished(&mut workspace, "a", 1);
    let run = NewRun { params: pairs(&[("depth", "4"), ("a", "1")]), ..new_run("b") };
    let b = workspace.start_run(&stamp(1), &run).unwrap();
    let comparison = workspace.compare(&[a, b]).unwrap();
    let keys: Vec<_> = comparison.params.iter().map(|p| (p.key.as_str(), p.differs)).collect();
    assert_eq!(keys, [("a", true), ("depth", true)]);
    assert_eq!(comparison.metrics[0].values, [Some(2.0), None]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_last_point_is_that_of_the_last_step(
        points in proptest::collection::vec((0i64..5, 0i64..5, -9.0f64..9.0), 1..30)
    ) {
        let mut workspace = workspace();
        let id = workspace.start_run(&stamp(1), &new_run("a")).unwrap();
        let mut expected = BTreeMap::new();
        for (step, at, value) in points {
            let metrics = vec![Point { key: "m".into(), value, step, at }];
            workspace.log(&id, &Log { metrics, ..Log::default() }).unwrap();
            expected.insert((step, at), value);
        }
        let run = workspace.run(&id).unwrap();
        prop_assert_eq!(run.metric("m"), expected.last_key_value().map(|(_, value)| *value));
        let found = workspace.series(&id, "m").unwrap().points;
        prop_assert_eq!(found.len(), expected.len());
    }
}
