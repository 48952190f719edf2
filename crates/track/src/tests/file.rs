use proptest::prelude::*;

use super::*;

#[test]
fn files_that_are_no_workspace_are_refused() {
    let refused = |bytes: &[u8]| Workspace::from_bytes(bytes).unwrap_err();
    assert!(matches!(refused(b"hello, this is no database"), TrackError::NotAWorkspace { .. }));
    assert!(matches!(refused(b""), TrackError::NotAWorkspace { .. }));
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
    let named = "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES \
        ('trigger', 'sqlite_stat5', 'runs', 0, \
         'CREATE TRIGGER sqlite_stat5 AFTER INSERT ON runs BEGIN DELETE FROM audit; END'); \
         PRAGMA writable_schema = RESET";
    assert!(matches!(refused(&with(named)), TrackError::NotAWorkspace { .. }));
    let dangling = "PRAGMA foreign_keys = OFF; DELETE FROM blobs";
    assert!(matches!(refused(&with(dangling)), TrackError::Damaged { .. }));
}

#[test]
fn a_file_of_the_first_schema_is_taken_to_this_one_with_all_it_has() {
    let bytes = include_bytes!("../../../../tests/golden/track/workspace-1.sqlite");
    let mut workspace = Workspace::from_bytes(bytes).unwrap();
    let version: i64 =
        workspace.db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, SCHEMA_VERSION);
    let verified = workspace.verify().unwrap();
    assert_eq!((verified.entries, verified.subjects, verified.blobs), (8, 4, 4));
    let page = workspace.runs(&Query::default()).unwrap();
    let names: Vec<&str> = page.runs.iter().map(|run| &*run.name).collect();
    assert_eq!(names, ["boosting", "tree"]);
    assert_eq!(workspace.find_version("kinds@champion").unwrap().version, 1);
    finished(&mut workspace, "new", 5);
    workspace.check().unwrap();
}

#[test]
fn a_file_that_another_tool_set_to_logging_ahead_is_read() {
    let mut bytes = registered().to_bytes().unwrap();
    bytes[18..20].fill(2);
    Workspace::from_bytes(&bytes).unwrap().verify().unwrap();
}

#[test]
fn a_file_that_another_tool_analysed_is_read() {
    let workspace = registered();
    workspace.db.execute_batch("ANALYZE").unwrap();
    Workspace::from_bytes(&workspace.to_bytes().unwrap()).unwrap().verify().unwrap();
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
        "DELETE FROM runs WHERE status = 'RUNNING'",
        "INSERT INTO runs (id, experiment, name, status, started, recipe) \
         SELECT substr(subject, 5), 1, 'a', 'RUNNING', 0, 'null' FROM audit \
         WHERE action = 'delete_run'",
        "UPDATE audit SET author = 'Bob' WHERE number = 2",
        "UPDATE audit SET at = 0 WHERE number = 1",
        "DELETE FROM audit WHERE number = 2",
    ];
    let mut original = registered();
    original.start_run(&stamp(5), &new_run("running")).unwrap();
    let gone = finished(&mut original, "gone", 5);
    original.delete_run(&stamp(6), &gone, "a mistake").unwrap();
    original.verify().unwrap();
    let bytes = original.to_bytes().unwrap();
    for edit in edits {
        let edited = Workspace::from_bytes(&bytes).unwrap();
        assert!(edited.db.execute(edit, []).unwrap() > 0, "{edit}");
        let found = edited.verify();
        assert!(matches!(found, Err(TrackError::Tampered { .. })), "{edit}: {found:?}");
    }
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
}
