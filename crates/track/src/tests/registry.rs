use super::*;

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
