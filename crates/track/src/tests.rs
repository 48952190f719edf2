use std::collections::BTreeMap;

use proptest::prelude::*;

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
    assert_eq!(workspace.interrupt(&stamp(3)).unwrap(), std::slice::from_ref(&gone));
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
    workspace.interrupt(&stamp(2)).unwrap();
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
fn versions_count_up_and_the_same_file_of_a_run_is_one() {
    let mut workspace = workspace();
    let (a, b) = (finished(&mut workspace, "a", 1), finished(&mut workspace, "b", 2));
    let first = workspace.register(&stamp(3), &new_version("m", &a), None).unwrap();
    let second = workspace.register(&stamp(3), &new_version("m", &b), None).unwrap();
    let again = workspace.register(&stamp(4), &new_version("m", &a), None).unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    assert_eq!(again, first);
    assert_eq!(workspace.version_bytes("m", 2).unwrap(), b"b");
    assert_eq!(workspace.find_version("m").unwrap(), second);
    assert_eq!(workspace.find_version("m/1").unwrap(), first);
    let none = workspace.register(
        &stamp(4),
        &NewVersion { name: "m".into(), ..NewVersion::default() },
        None,
    );
    assert!(matches!(none, Err(TrackError::Empty { .. })));
}

#[test]
fn promotion_needs_a_reason_and_rollback_goes_back_step_by_step() {
    let mut workspace = workspace();
    for (at, nonce) in (1..).zip(["a", "b", "c"]) {
        let run = finished(&mut workspace, nonce, at);
        workspace.register(&stamp(at), &new_version("m", &run), None).unwrap();
    }
    let error = workspace.promote(&stamp(4), "m", 1, "champion", " ").unwrap_err();
    assert!(matches!(error, TrackError::Empty { .. }));
    for version in [1, 2, 3] {
        workspace.promote(&stamp(4), "m", version, "champion", "better").unwrap();
    }
    assert_eq!(workspace.rollback(&stamp(5), "m", "champion", "worse").unwrap(), 2);
    assert_eq!(workspace.rollback(&stamp(5), "m", "champion", "worse").unwrap(), 1);
    let end = workspace.rollback(&stamp(5), "m", "champion", "worse").unwrap_err();
    assert!(matches!(end, TrackError::Missing { what: Thing::Alias, .. }));
    assert_eq!(workspace.find_version("m@champion").unwrap().version, 1);
    workspace.promote(&stamp(6), "m", 3, "champion", "again").unwrap();
    assert_eq!(workspace.rollback(&stamp(7), "m", "champion", "no").unwrap(), 1);
    workspace.remove_alias(&stamp(8), "m", "champion", "done").unwrap();
    assert!(workspace.find_version("m@champion").is_err());
    assert!(workspace.model("m").unwrap().aliases.is_empty());
    assert_eq!(workspace.moves("m").unwrap().len(), 8);
    workspace.verify().unwrap();
}

#[test]
fn lineage_goes_from_data_to_exports() {
    let mut workspace = workspace();
    let run = finished(&mut workspace, "a", 1);
    let version = workspace.register(&stamp(2), &new_version("m", &run), None).unwrap();
    workspace.log_export(&stamp(3), "m", 1, "wasm", "e1").unwrap();
    let expected = [
        ("dataset:d1".to_owned(), format!("run:{run}")),
        (format!("run:{run}"), format!("version:{}", version.id)),
        (format!("version:{}", version.id), "export:e1".to_owned()),
    ];
    for lineage in [workspace.run_lineage(&run), workspace.model_lineage("m")] {
        let lineage = lineage.unwrap();
        assert_eq!(lineage.edges, expected);
        assert_eq!(lineage.nodes.len(), 4);
    }
}

#[test]
fn any_edit_behind_the_log_is_found() {
    let edits = [
        "UPDATE params SET value = '4'",
        "UPDATE points SET value = 0 WHERE step = 1",
        "UPDATE series SET value = 9",
        "UPDATE runs SET status = 'FAILED' WHERE status = 'FINISHED'",
        "UPDATE runs SET note = 'x'",
        "INSERT INTO tags SELECT number, 'a', 'b' FROM runs",
        "DELETE FROM artifacts",
        "UPDATE blobs SET bytes = x'00' WHERE number = 1",
        "UPDATE datasets SET n_rows = 4",
        "UPDATE versions SET description = 'x'",
        "UPDATE moves SET reason = 'x'",
        "UPDATE exports SET at = 0",
        "INSERT INTO models (name, created) VALUES ('y', 0)",
        "UPDATE audit SET author = 'Bob' WHERE number = 2",
        "UPDATE audit SET at = 0 WHERE number = 1",
        "DELETE FROM audit WHERE number = 2",
    ];
    let original = registered();
    original.verify().unwrap();
    let bytes = original.to_bytes().unwrap();
    for edit in edits {
        let edited = Workspace::from_bytes(&bytes).unwrap();
        assert!(edited.db.execute(edit, []).unwrap() > 0, "{edit}");
        let found = edited.verify();
        assert!(matches!(found, Err(TrackError::Tampered { .. })), "{edit}: {found:?}");
    }
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

#[test]
fn a_workspace_merged_twice_or_into_itself_changes_nothing_more() {
    let other = registered();
    let mut workspace = workspace();
    let merged = workspace.merge(&stamp(9), &other).unwrap();
    assert_eq!(merged, Merged { runs: 1, datasets: 1, versions: 1 });
    assert_eq!(
        workspace.runs(&Query::default()).unwrap().runs,
        other.runs(&Query::default()).unwrap().runs
    );
    assert_eq!(workspace.models().unwrap(), other.models().unwrap());
    let entries = workspace.audit(None, 100, 0).unwrap().len();
    assert_eq!(workspace.merge(&stamp(10), &other).unwrap(), Merged::default());
    assert_eq!(workspace.audit(None, 100, 0).unwrap().len(), entries);
    workspace.verify().unwrap();
    workspace.check().unwrap();
}

#[test]
fn an_edited_workspace_is_not_taken_in() {
    let other = registered();
    other.db.execute("UPDATE params SET value = '4'", []).unwrap();
    let mut workspace = workspace();
    let error = workspace.merge(&stamp(9), &other).unwrap_err();
    assert!(matches!(error, TrackError::Tampered { .. }));
    assert_eq!(workspace.runs(&Query::default()).unwrap().total, 0);
}

#[test]
fn a_version_number_that_is_taken_is_given_anew() {
    let other = registered();
    let mut workspace = workspace();
    let run = finished(&mut workspace, "b", 1);
    workspace.register(&stamp(2), &new_version("m", &run), None).unwrap();
    workspace.promote(&stamp(2), "m", 1, "champion", "mine").unwrap();
    workspace.merge(&stamp(9), &other).unwrap();
    let model = workspace.model("m").unwrap();
    let numbers: Vec<i64> = model.versions.iter().map(|version| version.version).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(model.versions[0].id, other.version("m", 1).unwrap().id);
    // Which version is used is decided here.
    assert_eq!(model.aliases, [Alias { alias: "champion".into(), version: 1 }]);
    workspace.verify().unwrap();
}

#[test]
fn a_bundle_has_what_was_chosen_and_what_belongs_with_it() {
    let mut workspace = registered();
    let alone = finished(&mut workspace, "b", 5);
    let models = Selection { models: vec!["m".into()], ..Selection::default() };
    let bundle = workspace.bundle(&stamp(9), &models).unwrap();
    let bundle = Workspace::from_bytes(&bundle.to_bytes().unwrap()).unwrap();
    assert_eq!(bundle.runs(&Query::default()).unwrap().total, 1);
    assert_eq!(bundle.models().unwrap(), workspace.models().unwrap());
    let runs = Selection { runs: vec![alone], ..Selection::default() };
    let bundle = workspace.bundle(&stamp(9), &runs).unwrap();
    assert!(bundle.models().unwrap().is_empty());
    let unknown = Selection { runs: vec!["x".into()], ..Selection::default() };
    assert!(workspace.bundle(&stamp(9), &unknown).is_err());
}

#[test]
fn files_that_are_no_workspace_are_refused() {
    let refused = |bytes: &[u8]| Workspace::from_bytes(bytes).unwrap_err();
    assert!(matches!(refused(b"hello, this is no database"), TrackError::NotAWorkspace { .. }));
    let bytes = registered().to_bytes().unwrap();
    assert!(matches!(
        refused(&bytes[..bytes.len() / 2]),
        TrackError::Damaged { .. } | TrackError::NotAWorkspace { .. }
    ));
    let with = |sql: &str| {
        let workspace = registered();
        workspace.db.execute_batch(sql).unwrap();
        workspace.to_bytes().unwrap()
    };
    let later = refused(&with("PRAGMA user_version = 7"));
    assert_eq!(later, TrackError::LaterVersion { found: 7, supported: SCHEMA_VERSION });
    let other = refused(&with("PRAGMA application_id = 1"));
    assert!(matches!(other, TrackError::NotAWorkspace { .. }));
    let trigger = "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM audit; END";
    assert!(matches!(refused(&with(trigger)), TrackError::NotAWorkspace { .. }));
    let dangling = "PRAGMA foreign_keys = OFF; DELETE FROM blobs";
    assert!(matches!(refused(&with(dangling)), TrackError::Damaged { .. }));
}

#[test]
fn a_file_that_another_tool_set_to_logging_ahead_is_read() {
    let mut bytes = registered().to_bytes().unwrap();
    bytes[18..20].fill(2);
    Workspace::from_bytes(&bytes).unwrap().verify().unwrap();
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
    fn a_file_changed_anywhere_is_refused_or_read_without_harm(
        at in 0usize..200_000, byte in any::<u8>(), length in 1usize..40
    ) {
        let mut bytes = registered().to_bytes().unwrap();
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        bytes[at..end].fill(byte);
        if let Ok(workspace) = Workspace::from_bytes(&bytes) {
            let _ = workspace.verify();
            let _ = workspace.runs(&Query::default());
            let _ = workspace.models();
        }
    }

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
