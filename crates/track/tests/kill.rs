//! A process that logs runs is killed at any moment, 200 times: the workspace stays whole, what was
//! acknowledged is there, and no half run counts as finished.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "it is about processes and files")]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use hedgerow_track::{Log, NewRun, Point, Query, Stamp, Status, Workspace};

/// Tells the process to be killed where the workspace is.
const CHILD: &str = "HEDGEROW_KILL_CHILD";
const KILLS: u64 = 200;
/// Every check reads all of a file, so files are kept small.
const KILLS_A_FILE: u64 = 20;
/// Parts a run logs before it ends.
const PARTS: i64 = 3;

#[test]
fn what_was_acknowledged_outlives_a_kill_at_any_moment() {
    if let Ok(path) = std::env::var(CHILD) {
        log_for_ever(&path);
    }
    let folder = std::env::temp_dir().join(format!("hedgerow-kill-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut ended = 0;
    for round in 0..KILLS / KILLS_A_FILE {
        let path = folder.join(format!("{round}.sqlite"));
        let mut acknowledged = String::new();
        for kill in 0..KILLS_A_FILE {
            let micros = (round * KILLS_A_FILE + kill) * 7_919 % 150_000;
            let said = killed_after(&path, Duration::from_micros(micros));
            check(&path, &said);
            acknowledged += &said;
        }
        check(&path, &acknowledged);
        ended += acknowledged.lines().filter(|line| line.starts_with("end ")).count();
    }
    assert!(ended > 50, "{ended} runs ended in {KILLS} processes");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// What the process acknowledged before it was killed: so long after its first word.
fn killed_after(path: &Path, time: Duration) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "what_was_acknowledged_outlives_a_kill_at_any_moment", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut said = vec![0; 1];
    stdout.read_exact(&mut said).unwrap();
    std::thread::sleep(time);
    child.kill().unwrap();
    child.wait().unwrap();
    stdout.read_to_end(&mut said).unwrap();
    let said = String::from_utf8(said).unwrap();
    // A line that was cut off was not said.
    said.rsplit_once('\n').map(|(lines, _)| format!("{lines}\n")).unwrap_or_default()
}

fn log_for_ever(path: &str) -> ! {
    let mut workspace = Workspace::open(path).unwrap();
    let stamp = |at| Stamp { at, author: "kill".into() };
    for number in 0.. {
        let nonce = format!("{}-{number}", std::process::id());
        let run = serde_json::json!({ "name": nonce, "nonce": nonce });
        let run: NewRun = serde_json::from_value(run).unwrap();
        let id = workspace.start_run(&stamp(number), &run).unwrap();
        say("start", &id);
        for part in 0..PARTS {
            let points = (0..50).map(|step| Point {
                key: "loss".into(),
                value: 1.0,
                step: part * 50 + step,
                at: 0,
            });
            workspace.log(&id, &Log { metrics: points.collect(), ..Log::default() }).unwrap();
            say("part", &id);
        }
        workspace.log_artifact(&id, "model.safetensors", nonce.repeat(1_000).as_bytes()).unwrap();
        workspace.end_run(&stamp(number), &id, Status::Finished).unwrap();
        say("end", &id);
    }
    unreachable!("numbers do not end")
}

fn say(what: &str, id: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what} {id}").unwrap();
    out.flush().unwrap();
}

fn check(path: &Path, acknowledged: &str) {
    let workspace = Workspace::open(path).unwrap();
    workspace.check().unwrap();
    for line in acknowledged.lines() {
        // The test harness says something, too.
        let Some((what @ ("start" | "part" | "end"), id)) = line.split_once(' ') else { continue };
        let run = workspace.run(id).unwrap();
        assert!(what != "end" || run.status == Status::Finished, "{id} was not ended");
        let parts = acknowledged.matches(&format!("part {id}")).count();
        let points = workspace.series(id, "loss").unwrap().points.len();
        assert!(points >= parts * 50, "{id} lost points");
    }
    let filter = "status = 'FINISHED'".into();
    let query = Query { filter, limit: 1_000, ..Query::default() };
    for run in workspace.runs(&query).unwrap().runs {
        let points = workspace.series(&run.id, "loss").unwrap().points.len();
        assert_eq!(
            (points as i64, run.artifacts.len()),
            (PARTS * 50, 1),
            "{} is half a run",
            run.id
        );
    }
}
