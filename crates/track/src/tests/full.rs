//! Storage that runs full, at every page: SQLite's own limit makes its writes fail as a full disk does.

use super::*;

/// Sets how many pages more than now the file may have.
fn limit(workspace: &Workspace, more: i64) {
    let pages: i64 = workspace.db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    workspace
        .db
        .query_row(&format!("PRAGMA max_page_count = {}", pages + more), [], |_| Ok(()))
        .unwrap();
}

/// All that a training asks for and has answered, until there is no room.
fn train(workspace: &mut Workspace, done: &mut Vec<&'static str>) -> Result<()> {
    let id = workspace.start_run(&stamp(10), &new_run("trained"))?;
    done.push("start");
    let data = Dataset { id: "d2".into(), name: "data.csv".into(), rows: 3, profile: Vec::new() };
    workspace.keep_dataset(&stamp(10), &data, Some(&[1; 9_000]))?;
    workspace.log_input(&id, "d2", "train")?;
    done.push("data");
    for part in 0..4 {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let key = format!("loss {part}");
        workspace.log(&id, &points(&key, &values))?;
        done.push("points");
    }
    workspace.log_artifact(&id, MODEL_PATH, &[2; 20_000])?;
    done.push("model");
    workspace.end_run(&stamp(11), &id, Status::Finished)?;
    done.push("end");
    workspace.register(&stamp(12), &new_version("m", &id), None)?;
    done.push("register");
    workspace.promote(&stamp(13), "m", 2, "champion", "better")?;
    done.push("promote");
    Ok(())
}

/// How often each of what is acknowledged is there.
fn kept(workspace: &Workspace) -> Vec<&'static str> {
    let runs = workspace.runs(&Query::default()).unwrap().runs;
    let Some(run) = runs.iter().find(|run| run.started == 10) else { return Vec::new() };
    let mut kept = vec!["start"];
    kept.extend(run.inputs.iter().map(|_| "data"));
    for point in &run.metrics {
        assert_eq!(workspace.series(&run.id, &point.key).unwrap().points.len(), 100);
        kept.push("points");
    }
    kept.extend(run.artifacts.iter().map(|_| "model"));
    kept.extend((run.status == Status::Finished).then_some("end"));
    kept.extend(run.versions.iter().map(|_| "register"));
    let is_second = workspace.find_version("m@champion").unwrap().version == 2;
    kept.extend(is_second.then_some("promote"));
    kept
}

#[test]
fn a_training_that_fills_the_storage_keeps_what_was_acknowledged_and_goes_on_with_room() {
    let bytes = registered().to_bytes().unwrap();
    for more in 0.. {
        let mut workspace = Workspace::from_bytes(&bytes).unwrap();
        limit(&workspace, more);
        let mut done = Vec::new();
        let outcome = train(&mut workspace, &mut done);
        assert_eq!(kept(&workspace), done, "{more} pages");
        workspace.check().unwrap();
        workspace.verify().unwrap();
        if outcome.is_ok() {
            assert!(more > 5, "it should have run full before");
            return;
        }
        assert_eq!(outcome, Err(TrackError::Full), "{more} pages");
        limit(&workspace, 1_000);
        let mut again = Vec::new();
        train(&mut workspace, &mut again).or_else(ended).unwrap();
        workspace.verify().unwrap();
        assert!(done.len() < 10 && kept(&workspace).len() >= done.len(), "{more} pages");
    }
}

/// A run that had ended before there was no room is not logged to again.
fn ended(error: TrackError) -> Result<()> {
    if matches!(error, TrackError::Ended { .. }) { Ok(()) } else { Err(error) }
}

#[test]
fn a_merge_that_fills_the_storage_takes_nothing_in_and_does_with_room() {
    let mut other = registered();
    train(&mut other, &mut Vec::new()).unwrap();
    let bytes = {
        let mut workspace = workspace();
        finished(&mut workspace, "mine", 1);
        workspace.to_bytes().unwrap()
    };
    for more in 0.. {
        let mut workspace = Workspace::from_bytes(&bytes).unwrap();
        limit(&workspace, more);
        let merged = workspace.merge(&stamp(20), &other);
        workspace.check().unwrap();
        workspace.verify().unwrap();
        let total = workspace.runs(&Query::default()).unwrap().total;
        if let Ok(merged) = merged {
            assert_eq!((merged.runs, total), (2, 3));
            assert!(more > 5, "it should have run full before");
            return;
        }
        assert_eq!((merged, total), (Err(TrackError::Full), 1), "{more} pages");
        limit(&workspace, 1_000);
        assert_eq!(workspace.merge(&stamp(20), &other).unwrap().runs, 2);
    }
}
