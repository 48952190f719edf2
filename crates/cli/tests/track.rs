//! The command line and its workspace, as a user has them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

mod folder;

use folder::Folder;

#[test]
fn every_training_is_a_run_that_is_found_again() {
    let folder = Folder::new("runs");
    let forest = folder.train("--set n_estimators=20");
    let boosting =
        folder.train("--learner gradient-boosting --set n_estimators=5 --run-name boost");
    let page = folder.json("runs");
    assert_eq!(page["total"], 2);
    assert_eq!(page["runs"][0]["id"], boosting.as_str());
    assert_eq!(page["runs"][0]["name"], "boost");
    let mut filtered = folder.command("runs --json --filter");
    let filter = "metrics.accuracy > 0.9 and params.learner = 'random-forest'";
    let output = filtered.arg(filter).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found["total"], &found["runs"][0]["id"]), (&1.into(), &forest.as_str().into()));
    let shown = folder.json(&format!("runs show {}", &forest[..8]));
    assert_eq!(shown["run"]["params"]["n_estimators"], "20");
    assert_eq!(shown["run"]["inputs"][0]["name"], "data.csv");
    assert_eq!(shown["recipe"]["train"]["target"], "kind");
    folder.text(&format!("runs get {forest} model.safetensors --out again.safetensors"));
    let kept = fs::read(folder.path.join("again.safetensors")).unwrap();
    assert_eq!(hedgerow_model::Model::from_bytes(&kept).unwrap().provenance.seed, 42);
    let compared = folder.text(&format!("runs compare {forest} {boosting}"));
    assert!(compared.contains("* learner"), "{compared}");
    assert!(folder.text("runs").contains("random-forest"));
}

#[test]
fn what_fails_is_a_failed_run_and_what_is_not_to_be_recorded_is_none() {
    let folder = Folder::new("failed");
    let line = "train data.csv --target kind --out m.safetensors";
    folder.text(&format!("{line} --no-track"));
    assert!(!folder.path.join("hedgerow.sqlite").exists());
    for line in
        ["runs", "runs note a b", "register a --name b", "promote a --reason b", "bundle a --out b"]
    {
        assert_eq!(folder.fails(line), (5, "no_workspace".into()), "{line}");
    }
    assert!(!folder.path.join("hedgerow.sqlite").exists());
    let line = "train data.csv --target kind --learner linear-regression --out m.safetensors";
    assert_eq!(folder.fails(line).0, 3);
    let run = &folder.json("runs")["runs"][0];
    assert_eq!(run["status"], "FAILED");
    assert!(run["tags"]["hedgerow.error.message"].is_string());
}

/// A training that would take minutes, once its run has logged something.
#[cfg(unix)]
fn long_training(folder: &Folder) -> std::process::Child {
    let line = "train data.csv --target kind --learner mlp --set max_iter=100000 \
                --set tol=0 --set early_stopping=false --out m.safetensors";
    let mut child =
        folder.command(&line.split_whitespace().collect::<Vec<_>>().join(" ")).spawn().unwrap();
    while !folder.path.join("hedgerow.sqlite").exists()
        || folder.json("runs")["runs"][0]["metrics"].as_array().is_none_or(Vec::is_empty)
    {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    child
}

#[cfg(unix)]
#[test]
fn what_is_interrupted_is_a_cancelled_run() {
    let folder = Folder::new("interrupted");
    let mut child = long_training(&folder);
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folder.json("runs")["runs"][0]["status"], "KILLED");
    assert!(!folder.path.join("m.safetensors").exists());
}

#[cfg(unix)]
#[test]
fn what_was_killed_is_a_failed_run() {
    let folder = Folder::new("killed");
    let mut child = long_training(&folder);
    child.kill().unwrap();
    child.wait().unwrap();
    let run = &folder.json("runs")["runs"][0];
    assert_eq!(run["status"], "FAILED");
    assert_eq!(run["tags"]["hedgerow.interrupted"], "true");
    folder.text("verify");
}

#[test]
fn a_study_has_its_candidates_and_folds_below_it() {
    let folder = Folder::new("study");
    folder.text(
        "tune data.csv --target kind --trials 3 --folds 2 --set n_estimators=5 --out m.safetensors",
    );
    folder.text(
        "compare data.csv --target kind --learner decision-tree --learner naive-bayes --folds 2",
    );
    assert_eq!(folder.json("runs")["total"], 2);
    // Two studies; 3 trials and 2 learners with the baseline; 2 folds each.
    assert_eq!(folder.json("runs --all --limit 100")["total"], 2 + 3 + 3 + 2 * 6);
    let search = &folder.json("runs --filter name='search'")["runs"][0];
    assert_eq!(search["children"], 3);
    assert_eq!(search["artifacts"][0]["path"], "model.safetensors");
    let id = search["id"].as_str().unwrap();
    let best = search["metrics"].as_array().unwrap().iter().any(|point| point["key"] == "accuracy");
    assert!(best, "{search}");
    let again = folder.text(&format!("reproduce {id} --data data.csv"));
    assert!(again.contains("the same model") && again.contains("the search was not"), "{again}");
}

#[test]
fn a_comparison_is_done_again_and_its_scores_are_compared() {
    let folder = Folder::new("study-again");
    folder.text(
        "compare data.csv --target kind --learner decision-tree --learner decision-tree:max_depth=1 \
         --learner naive-bayes --metric logLoss --folds 3",
    );
    let run = folder.json("runs")["runs"][0].clone();
    assert_eq!(run["tags"]["hedgerow.study"], "compare");
    let again = format!("reproduce {} --data data.csv", run["id"].as_str().unwrap());
    let found = folder.json(&again);
    assert_eq!((&found["same"], &found["scores"]), (&true.into(), &4.into()), "{found}");
    assert_eq!(found["again"], "study");
    let below = folder.json("runs --all --filter name='naive-bayes'")["runs"][0].clone();
    let below = format!("reproduce {} --data data.csv", below["id"].as_str().unwrap());
    assert_eq!(folder.fails(&below), (5, "not_a_training".into()));
    assert_eq!(folder.fails(&format!("{again} --out m.safetensors")), (5, "no_model".into()));
    let mut rows = fs::read_to_string(folder.path.join("data.csv")).unwrap();
    rows.push_str("3,1,b\n");
    fs::write(folder.path.join("data.csv"), rows).unwrap();
    let again = folder.run(&again);
    assert_eq!(again.status.code(), Some(6));
    let text = String::from_utf8(again.stdout).unwrap();
    assert!(text.contains("some differ") && text.contains("logLoss of naive-bayes: "), "{text}");
}

#[test]
fn a_run_is_done_again_to_the_byte() {
    let folder = Folder::new("reproduce");
    let adjusted = "--calibrate sigmoid --threshold f1 --stratify --seed 7";
    let kept = folder.train(&format!("--keep-data {adjusted}"));
    fs::rename(folder.path.join("data.csv"), folder.path.join("moved.csv")).unwrap();
    assert_eq!(folder.json(&format!("reproduce {kept}"))["same"], true);
    fs::rename(folder.path.join("moved.csv"), folder.path.join("data.csv")).unwrap();

    let folder = Folder::new("reproduce-data");
    let run = folder.train("--drop y");
    assert_eq!(folder.fails(&format!("reproduce {run}")), (5, "no_data".into()));
    assert_eq!(folder.json(&format!("reproduce {run} --data data.csv"))["same"], true);
    let mut rows = fs::read_to_string(folder.path.join("data.csv")).unwrap();
    rows.push_str("3,1,b\n");
    fs::write(folder.path.join("data.csv"), rows).unwrap();
    let again = folder.run(&format!("reproduce {run} --data data.csv --json"));
    assert_eq!(again.status.code(), Some(6));
    let found: Value = serde_json::from_slice(&again.stdout).unwrap();
    let differences = found["differences"].to_string();
    assert!(differences.contains("data set") && differences.contains("rows"), "{differences}");
}

#[test]
fn versions_are_registered_promoted_and_rolled_back() {
    let folder = Folder::new("registry");
    let (first, second) = (folder.train("--seed 1"), folder.train("--seed 2"));
    for run in [&first, &second] {
        folder.text(&format!("register {run} --name risk"));
    }
    assert_eq!(folder.run("promote risk/1").status.code(), Some(2), "a reason is needed");
    folder.text("promote risk/1 --reason first");
    folder.text("promote risk/2 --reason better");
    assert_eq!(folder.json("rollback risk --reason worse")["version"], 1);
    let by_name = folder.text("predict risk@champion data.csv");
    assert_eq!(by_name.lines().count(), 201);
    assert_eq!(folder.fails("predict risk@nobody data.csv"), (5, "no_alias".into()));
    let model = folder.json("models risk");
    assert_eq!(model["model"]["aliases"][0]["version"], 1);
    assert_eq!(model["moves"].as_array().unwrap().len(), 3);
    folder.text("export risk@champion --to onnx --out onnx");
    let lineage = folder.json("models risk")["lineage"]["nodes"].to_string();
    assert!(lineage.contains("\"onnx\"") && lineage.contains("data.csv"), "{lineage}");
    assert!(folder.text("models").contains("champion: 1"));
}

#[test]
fn experiments_are_listed() {
    let folder = Folder::new("experiments");
    folder.train("--experiment first");
    folder.train("--experiment second");
    folder.train("--experiment second");
    let found = folder.json("experiments");
    assert_eq!((&found[0]["name"], &found[0]["runs"]), (&"second".into(), &2.into()));
    assert!(found[1]["lastStart"].as_i64().unwrap() < found[0]["lastStart"].as_i64().unwrap());
    assert!(folder.text("experiments").contains("second"));
}

#[test]
fn bundles_go_from_one_workspace_to_another() {
    let (here, there) = (Folder::new("here"), Folder::new("there"));
    let run = here.train("--keep-data");
    here.text(&format!("register {run} --name risk"));
    here.text("promote risk/1 --reason first");
    here.text("bundle --model risk --out risk.bundle");
    assert_eq!(here.fails("bundle --out x"), (5, "nothing_chosen".into()));
    let bundle = here.path.join("risk.bundle").display().to_string();
    let restored = there.json(&format!("restore {bundle}"));
    assert_eq!((&restored["runs"], &restored["versions"]), (&1.into(), &1.into()));
    assert_eq!(there.json(&format!("restore {bundle}"))["runs"], 0);
    assert_eq!(there.json(&format!("reproduce {run}"))["same"], true);
    assert_eq!(there.json("models risk")["model"]["aliases"][0]["alias"], "champion");
    there.text("verify");
    assert_eq!(there.fails("restore data.csv"), (5, "not_a_workspace".into()));
}

#[test]
fn an_edit_of_the_file_is_found() {
    let folder = Folder::new("verify");
    let run = folder.train("");
    folder.text(&format!("runs note {run} looks-good"));
    let verified = folder.json("verify");
    assert_eq!(verified["entries"].as_i64(), Some(4));
    let audit = folder.json("audit");
    assert_eq!((&audit[0]["action"], &audit[0]["author"]), (&"edit_run".into(), &"Ada".into()));
    let path = folder.path.join("hedgerow.sqlite");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(10).position(|part| part == b"looks-good").unwrap();
    bytes[at..at + 5].copy_from_slice(b"seems");
    fs::write(&path, bytes).unwrap();
    assert_eq!(folder.fails("verify"), (5, "audit_tampered".into()));
}

#[test]
fn trainings_at_the_same_time_are_all_kept() {
    let folder = Folder::new("at-once");
    let start = |seed: usize| {
        let line = format!("train data.csv --target kind --seed {seed} --out m{seed}.safetensors");
        folder.command(&line).stdout(Stdio::null()).spawn().unwrap()
    };
    let children: Vec<_> = (0..6).map(start).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let filter = "runs --filter status='FINISHED'";
    assert_eq!(folder.json(filter)["total"], 6);
    folder.text("verify");
}

#[cfg(unix)]
#[test]
fn data_from_a_pipe_is_kept_as_it_was_read() {
    let folder = Folder::new("pipe");
    let line = "train /dev/stdin --target kind --out m.safetensors --keep-data --json";
    let data = fs::File::open(folder.path.join("data.csv")).unwrap();
    let mut cat = Command::new("cat").stdin(data).stdout(Stdio::piped()).spawn().unwrap();
    let output = folder.command(line).stdin(cat.stdout.take().unwrap()).output().unwrap();
    cat.wait().unwrap();
    let trained: Value = serde_json::from_slice(&output.stdout).unwrap();
    let run = trained["run"].as_str().unwrap();
    assert_eq!(folder.json(&format!("reproduce {run}"))["same"], true);
}

#[test]
fn names_do_not_speak_to_the_terminal() {
    let folder = Folder::new("names");
    let run = folder.train("--run-name \u{1b}[2J\u{7}x");
    for line in ["runs".to_owned(), format!("runs show {run}")] {
        let text = folder.text(&line);
        assert!(text.contains("\u{fffd}[2J\u{fffd}x"), "{text}");
    }
}

/// A command whose files may be so many bytes longer than a workspace is: as on a disk that is full then.
#[cfg(unix)]
fn with_room(folder: &Folder, track: &str, more: u64, line: &str) -> Output {
    let size = fs::metadata(folder.path.join(track)).unwrap().len();
    let blocks = (size + more) / 512;
    let script =
        format!("ulimit -f {blocks}; trap '' XFSZ; exec \"$0\" {line} --track {track} --json");
    let mut shell = Command::new("sh");
    shell.current_dir(&folder.path).args(["-c", &script, env!("CARGO_BIN_EXE_hedgerow")]);
    shell.output().unwrap()
}

#[cfg(unix)]
fn assert_full(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let error: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!(error["error"]["code"], "workspace_full", "{text}");
    assert_eq!(output.status.code(), Some(5));
    error["error"]["message"].as_str().unwrap().to_owned()
}

#[cfg(unix)]
#[test]
fn a_model_is_saved_though_its_record_has_no_room_and_later_ones_are_recorded() {
    let folder = Folder::new("full");
    let first = folder.train("");
    // The model is too large, and what is logged as the training goes on.
    let large = "--set n_estimators=1500";
    let long = "--learner mlp --set max_iter=3000 --set tol=0 --set early_stopping=false";
    for (name, options) in [("large", large), ("long", long)] {
        let line = format!("train data.csv --target kind --out {name}.safetensors {options}");
        let output = with_room(&folder, "hedgerow.sqlite", 40_000, &line);
        let message = assert_full(&output);
        assert!(message.contains("Free some space"), "{message}");
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(told["out"], format!("{name}.safetensors"), "{told}");
        let bytes = fs::read(folder.path.join(format!("{name}.safetensors"))).unwrap();
        hedgerow_model::Model::from_bytes(&bytes).unwrap();
        folder.text("verify");
    }
    let last = folder.train("");
    folder.text("verify");
    let page = folder.json("runs");
    let runs = page["runs"].as_array().unwrap().iter();
    let found: Vec<(&str, &str)> =
        runs.map(|run| (run["status"].as_str().unwrap(), run["id"].as_str().unwrap())).collect();
    assert_eq!(found.len(), 4);
    assert_eq!((found[0], found[3]), (("FINISHED", &*last), ("FINISHED", &*first)));
    assert_eq!((found[1].0, found[2].0), ("FAILED", "FAILED"));
    folder.text(&format!("runs get {first} model.safetensors --out again.safetensors"));
}

#[cfg(unix)]
#[test]
fn a_bundle_that_has_no_room_is_not_taken_in_and_is_with_room() {
    let folder = Folder::new("full-bundle");
    let run = folder.train("--set n_estimators=1500");
    folder.text(&format!("bundle {run} --out a.bundle"));
    folder.train("--track other.sqlite");
    assert_full(&with_room(&folder, "other.sqlite", 20_000, "restore a.bundle"));
    folder.text("verify --track other.sqlite");
    assert_eq!(folder.json("runs --track other.sqlite")["total"], 1);
    folder.text("restore a.bundle --track other.sqlite");
    folder.text("verify --track other.sqlite");
    assert_eq!(folder.json("runs --track other.sqlite")["total"], 2);
}
