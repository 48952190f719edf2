use super::*;

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
fn runs_that_are_part_of_each_other_are_gone_through_once() {
    let mut workspace = workspace();
    let ids: Vec<String> = ["a", "b", "c"].map(|nonce| finished(&mut workspace, nonce, 1)).to_vec();
    let circle = "UPDATE runs SET parent = 1 + number % 3";
    workspace.db.execute(circle, []).unwrap();
    workspace.check().unwrap();
    let runs = Selection { runs: vec![ids[0].clone()], ..Selection::default() };
    let bundle = workspace.bundle(&stamp(9), &runs).unwrap();
    assert_eq!(bundle.runs(&Query::default()).unwrap().total, 3);
    workspace.delete_run(&stamp(9), &ids[1], "").unwrap();
    assert_eq!(workspace.runs(&Query::default()).unwrap().total, 0);
    workspace.check().unwrap();
}

#[test]
fn data_sets_come_without_runs_and_their_bytes_where_they_are_missing() {
    let data =
        |id: &str| Dataset { id: id.into(), name: "data.csv".into(), rows: 3, profile: Vec::new() };
    let (mut here, mut other) = (workspace(), workspace());
    here.keep_dataset(&stamp(1), &data("a"), None).unwrap();
    here.keep_dataset(&stamp(1), &data("b"), Some(b"mine")).unwrap();
    for id in ["a", "b", "c"] {
        other.keep_dataset(&stamp(2), &data(id), Some(b"theirs")).unwrap();
    }
    let merged = here.merge(&stamp(9), &other).unwrap();
    assert_eq!(merged, Merged { datasets: 2, ..Merged::default() });
    for (id, bytes) in [("a", "theirs"), ("b", "mine"), ("c", "theirs")] {
        assert_eq!(here.dataset_bytes(id).unwrap().as_deref(), Some(bytes.as_bytes()), "{id}");
    }
    assert_eq!(here.merge(&stamp(10), &other).unwrap(), Merged::default());
    here.verify().unwrap();
}

#[test]
fn a_version_number_that_leaves_no_next_one_is_given_anew() {
    let other = registered();
    other.db.execute("UPDATE versions SET version = ?", [i64::MAX]).unwrap();
    let mut workspace = workspace();
    let all = Selection { models: vec!["m".into()], ..Selection::default() };
    // A bundle takes over as a merge does, and has a log of its own.
    let bundle = other.bundle(&stamp(8), &all).unwrap();
    workspace.merge(&stamp(9), &bundle).unwrap();
    assert_eq!(workspace.find_version("m@champion").unwrap().version, 1);
    let run = finished(&mut workspace, "b", 10);
    assert_eq!(workspace.register(&stamp(11), &new_version("m", &run), None).unwrap().version, 2);
    workspace.verify().unwrap();
}
