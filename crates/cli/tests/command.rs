//! The command as a script calls it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of tests may panic as they do")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const PENGUINS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/public/samples/penguins.csv");

/// A folder of this test's own, empty at the start.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn hedgerow(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hedgerow")).current_dir(folder).args(args).output().unwrap()
}

fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&ok(output)).unwrap()
}

/// Exit code, and the error's code as `--json` prints it.
fn failure(output: &Output) -> (i32, String) {
    let text = String::from_utf8_lossy(&output.stderr);
    let error: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"));
    let code = error["error"]["code"].as_str().unwrap().to_owned();
    (output.status.code().unwrap(), code)
}

fn train(folder: &Path, out: &str, more: &[&str]) -> Output {
    let args = ["train", PENGUINS, "--target", "species", "--out", out, "--json"];
    hedgerow(folder, &[&args, more].concat())
}

#[test]
fn a_csv_becomes_a_model_that_can_be_inspected_evaluated_and_used() {
    let folder = folder("main-job");
    let trained = json(&train(&folder, "model.safetensors", &["--report", "report.json"]));
    let accuracy = trained["report"]["metrics"]["accuracy"].as_f64().unwrap();
    assert!(accuracy > 0.95, "accuracy {accuracy}");
    let saved = std::fs::read_to_string(folder.join("report.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&saved).unwrap(), trained["report"]);

    let inspected = json(&hedgerow(&folder, &["inspect", "model.safetensors", "--json"]));
    assert_eq!(inspected["sha256"], trained["sha256"]);
    assert_eq!(inspected["schema"]["target"]["name"], "species");

    let evaluated =
        json(&hedgerow(&folder, &["evaluate", "model.safetensors", PENGUINS, "--json"]));
    assert!(evaluated["metrics"]["accuracy"].as_f64().unwrap() > 0.98);

    let predicted = ok(&hedgerow(&folder, &["predict", "model.safetensors", PENGUINS, "--proba"]));
    let mut lines = predicted.lines();
    let header = lines.next().unwrap();
    let expected = "species.predicted,probability.Adelie,probability.Chinstrap,probability.Gentoo";
    assert_eq!(header, expected);
    assert_eq!(lines.count(), 344);
}

#[test]
fn the_model_does_not_depend_on_the_number_of_threads() {
    let folder = folder("threads");
    let hash = |jobs: &str| {
        let out = format!("{jobs}.safetensors");
        json(&train(&folder, &out, &["--jobs", jobs]))["sha256"].clone()
    };
    let one = hash("1");
    assert_eq!(hash("2"), one);
    assert_eq!(hash("4"), one);
}

#[test]
fn columns_and_rows_can_be_left_out() {
    let folder = folder("drop");
    let more = ["--drop", "sex", "year", "--drop-missing", "--test-size", "0"];
    json(&train(&folder, "model.safetensors", &more));
    let inspected = json(&hedgerow(&folder, &["inspect", "model.safetensors", "--json"]));
    let features = inspected["schema"]["features"].as_array().unwrap();
    let names: Vec<&str> = features.iter().map(|field| field["name"].as_str().unwrap()).collect();
    let expected =
        ["island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"];
    assert_eq!(names, expected);
    assert_eq!(inspected["provenance"]["training_data"]["rows"], 342);
}

#[test]
fn predictions_can_stand_beside_their_rows() {
    let folder = folder("append");
    json(&train(&folder, "model.safetensors", &[]));
    let text = ok(&hedgerow(&folder, &["predict", "model.safetensors", PENGUINS, "--append"]));
    let header = text.lines().next().unwrap();
    assert!(header.starts_with("species,island,") && header.ends_with(",species.predicted"));
}

#[test]
fn people_get_text() {
    let folder = folder("text");
    let args = ["train", PENGUINS, "--target", "species", "--out", "model.safetensors"];
    let trained = ok(&hedgerow(&folder, &args));
    assert!(trained.contains("sha256") && trained.contains("Accuracy"), "{trained}");
    let inspected = ok(&hedgerow(&folder, &["inspect", "model.safetensors"]));
    assert!(inspected.contains("3 classes: Adelie, Chinstrap, Gentoo"), "{inspected}");
}

#[test]
fn a_decision_tree_can_be_read() {
    let folder = folder("tree");
    json(&train(&folder, "m", &["--learner", "decision-tree", "--set", "max_depth=2"]));
    let text = ok(&hedgerow(&folder, &["inspect", "m", "--tree"]));
    assert!(text.starts_with("|--- flipper_length_mm <= "), "{text}");
    assert!(text.contains("Gentoo: ") && text.contains(" rows)"), "{text}");
    let picture = json(&hedgerow(&folder, &["inspect", "m", "--tree", "0", "--json"]));
    assert_eq!(picture["outputs"], serde_json::json!(["Adelie", "Chinstrap", "Gentoo"]));
    assert_eq!(picture["nodes"][0]["children"].as_array().unwrap().len(), 2);
    let beyond = hedgerow(&folder, &["inspect", "m", "--tree", "1", "--json"]);
    assert_eq!(failure(&beyond), (3, "no_tree".into()));
}

#[test]
fn models_of_earlier_formats_predict_as_they_did() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/model");
    let golden = Path::new(golden);
    let models = std::fs::read_dir(golden).unwrap().map(|entry| entry.unwrap().path());
    let models: Vec<_> = models.filter(|path| path.extension().unwrap() == "safetensors").collect();
    assert!(models.len() >= 8, "{models:?}");
    for model in models {
        let name = model.file_name().unwrap().to_str().unwrap();
        let expected = std::fs::read_to_string(model.with_extension("csv")).unwrap();
        let proba = expected.lines().next().unwrap().contains("probability.");
        let proba = proba.then_some("--proba");
        let args: Vec<&str> = ["predict", name, PENGUINS].into_iter().chain(proba).collect();
        assert_eq!(ok(&hedgerow(golden, &args)), expected, "{name}");
    }
}

/// Its own training rows, counted by the layout of the file.
#[test]
fn training_profiles_of_earlier_formats_are_read() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/model");
    let args = ["monitor", "check", "profile-v5.safetensors", PENGUINS, "--json"];
    let report = json(&hedgerow(Path::new(golden), &args));
    assert_eq!((&report["drifted"], &report["tested"]), (&0.into(), &7.into()));
    let scores = report["columns"].as_array().unwrap().iter().map(|column| &column["score"]);
    assert!(scores.clone().all(|p_value| p_value == 1.0), "{:?}", scores.collect::<Vec<_>>());
}

/// As `head` does.
#[test]
fn a_reader_that_wants_no_more_is_no_failure() {
    let folder = folder("pipe");
    json(&train(&folder, "model.safetensors", &[]));
    for more in [&["--json"][..], &[]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hedgerow"))
            .current_dir(&folder)
            .args(["predict", "model.safetensors", PENGUINS, "--append"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn exit_codes_tell_what_is_wrong() {
    let folder = folder("exit-codes");
    let missing = ["train", "no-such.csv", "--target", "y", "--out", "m", "--json"];
    assert_eq!(failure(&hedgerow(&folder, &missing)), (1, "io".into()));
    assert_eq!(hedgerow(&folder, &["train"]).status.code(), Some(2));

    std::fs::write(folder.join("ragged.csv"), "a,b\n1,2\n3\n").unwrap();
    let ragged = ["train", "ragged.csv", "--target", "b", "--out", "m", "--json"];
    assert_eq!(failure(&hedgerow(&folder, &ragged)), (3, "csv_ragged_row".into()));
    assert!(!folder.join("m").exists(), "a failed training leaves no file");

    let bad_parameter = train(&folder, "m", &["--set", "n_estimators=0"]);
    assert_eq!(failure(&bad_parameter), (3, "bad_parameter".into()));
    let unknown = train(&folder, "m", &["--set", "n_trees=10"]);
    assert_eq!(failure(&unknown), (3, "bad_learner".into()));

    let not_a_model = ["predict", "ragged.csv", PENGUINS, "--json"];
    assert_eq!(failure(&hedgerow(&folder, &not_a_model)), (4, "model_not_a_model".into()));
}

#[test]
fn data_without_a_needed_column_is_refused() {
    let folder = folder("missing-column");
    json(&train(&folder, "model.safetensors", &[]));
    std::fs::write(folder.join("few.csv"), "island,sex\nDream,male\n").unwrap();
    let output = hedgerow(&folder, &["predict", "model.safetensors", "few.csv", "--json"]);
    assert_eq!(failure(&output), (3, "missing_column".into()));
}

#[test]
fn a_linear_model_shows_its_coefficients() {
    let folder = folder("coefficients");
    let args = ["train", PENGUINS, "--target", "year", "--task", "regression"];
    let more = ["--learner", "linear-regression", "--out", "model.safetensors"];
    ok(&hedgerow(&folder, &[&args[..], &more].concat()));
    let text = ok(&hedgerow(&folder, &["inspect", "model.safetensors"]));
    assert!(text.contains("(intercept)") && text.contains("species=Gentoo"), "{text}");
    let inspected = json(&hedgerow(&folder, &["inspect", "model.safetensors", "--json"]));
    let all = inspected["coefficients"].as_array().unwrap();
    assert!(all[0]["feature"].is_null());
    assert!(
        all.iter().any(|one| one["stdError"].as_f64().is_some_and(|error| error > 0.0)),
        "{text}"
    );
}

/// Removes what depends on the machine.
fn without_seconds(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("seconds");
            object.values_mut().for_each(without_seconds);
        }
        Value::Array(all) => all.iter_mut().for_each(without_seconds),
        _ => {}
    }
}

#[test]
fn learners_are_compared_on_the_same_folds() {
    let folder = folder("compare");
    let args = [
        "compare",
        PENGUINS,
        "--target",
        "species",
        "--learner",
        "random-forest:n_estimators=1,max_depth=1",
        "--learner",
        "random-forest:n_estimators=20",
        "--metric",
        "log_loss",
    ];
    let compared = |jobs: &str| {
        let mut found =
            json(&hedgerow(&folder, &[&args[..], &["--json", "--jobs", jobs]].concat()));
        without_seconds(&mut found);
        found
    };
    let found = compared("1");
    assert_eq!(compared("3"), found, "no score depends on the number of threads");
    let rows = found["leaderboard"].as_array().unwrap();
    let order: Vec<&Value> = rows.iter().map(|row| &row["index"]).collect();
    assert_eq!(order, [&Value::from(1), &Value::from(0), &Value::Null]);
    assert_eq!(rows[0]["scores"].as_array().unwrap().len(), 5);
    assert!(rows[2]["pValue"].as_f64().unwrap() < 0.01);
    let text = ok(&hedgerow(&folder, &args));
    assert!(text.contains("(baseline)") && text.contains("logLoss"), "{text}");
}

#[test]
fn tuning_saves_the_best_of_its_trials() {
    let folder = folder("tune");
    let tuned = |strategy: &str, jobs: &str| {
        let args = ["tune", PENGUINS, "--target", "species", "--trials", "4", "--folds", "3"];
        let space = ["--space", "n_estimators=1..9", "--space", "max_depth=1,2,null"];
        let more = ["--strategy", strategy, "--jobs", jobs, "--out", "tuned.safetensors", "--json"];
        let mut found = json(&hedgerow(&folder, &[&args[..], &space, &more].concat()));
        without_seconds(&mut found);
        found
    };
    for strategy in ["random", "halving"] {
        let found = tuned(strategy, "1");
        assert_eq!(tuned(strategy, "2"), found);
        let tuning = &found["tuning"];
        assert_eq!(tuning["trials"].as_array().unwrap().len(), 4);
        let best = &tuning["trials"][tuning["best"].as_u64().unwrap() as usize];
        let inspected = json(&hedgerow(&folder, &["inspect", "tuned.safetensors", "--json"]));
        assert_eq!(inspected["sha256"], found["sha256"]);
        let params = &inspected["provenance"]["learner"]["params"];
        assert_eq!(params["max_depth"], best["parameters"]["max_depth"]);
        assert_eq!(inspected["provenance"]["training_data"]["rows"], 344);
        assert_eq!(inspected["profiled"], true);
    }
}

#[test]
fn a_time_that_is_up_leaves_at_least_one_trial() {
    let folder = folder("tune-time");
    let args = ["tune", PENGUINS, "--target", "species", "--seconds", "0.001"];
    let out = ["--set", "n_estimators=2", "--out", "m", "--json", "--jobs", "1"];
    let found = json(&hedgerow(&folder, &[&args[..], &out].concat()));
    let trials = found["tuning"]["trials"].as_array().unwrap();
    assert!((1..100).contains(&trials.len()), "{}", trials.len());
}

#[test]
fn studies_that_cannot_be_are_told_by_code() {
    let folder = folder("study-errors");
    let code = |more: &[&str]| {
        let args = ["compare", PENGUINS, "--target", "species", "--learner", "random-forest"];
        failure(&hedgerow(&folder, &[&args[..], more, &["--json"]].concat())).1
    };
    assert_eq!(code(&["--metric", "acuracy"]), "unknown_metric");
    assert_eq!(code(&["--metric", "r2"]), "wrong_metric");
    assert_eq!(code(&["--folds", "100"]), "class_too_small");
    assert_eq!(code(&["--folds", "1"]), "bad_option");
    assert_eq!(code(&["--time-column", "island"]), "bad_option");
}

#[test]
fn probabilities_are_calibrated_and_the_threshold_is_chosen() {
    let folder = folder("adjust");
    let credit = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/public/samples/credit.csv");
    let trained = |jobs: &str| {
        let args = ["train", credit, "--target", "Status", "--drop-missing-in", "Status"];
        let more = ["--set", "n_estimators=5", "--calibrate", "sigmoid", "--threshold", "cost:1,5"];
        let out = ["--out", "adjusted.safetensors", "--json", "--jobs", jobs];
        json(&hedgerow(&folder, &[&args[..], &more, &out].concat()))["sha256"].clone()
    };
    assert_eq!(trained("1"), trained("3"));
    let inspected = json(&hedgerow(&folder, &["inspect", "adjusted.safetensors", "--json"]));
    assert_eq!(inspected["calibration"]["kind"], "sigmoid");
    let threshold = inspected["threshold"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&threshold));
    let text = ok(&hedgerow(&folder, &["inspect", "adjusted.safetensors"]));
    assert!(text.contains(&format!("from {threshold:.4} on")), "{text}");
    let three =
        ["train", PENGUINS, "--target", "species", "--threshold", "f1", "--out", "m", "--json"];
    assert_eq!(failure(&hedgerow(&folder, &three)), (3, "not_adjustable".into()));
}

#[test]
fn anomalies_are_found_without_a_target_and_measured_with_one() {
    let folder = folder("anomalies");
    let isolation = ["--learner", "isolation-forest", "--set", "contamination=0.1", "--json"];
    let run = |args: &[&str]| hedgerow(&folder, &[args, &isolation[..]].concat());
    let trained = json(&run(&["train", PENGUINS, "--out", "m.safetensors"]));
    assert!(trained["report"].is_null(), "nothing to measure it by");
    let predicted = ok(&hedgerow(&folder, &["predict", "m.safetensors", PENGUINS, "--proba"]));
    let header = predicted.lines().next().unwrap();
    assert_eq!(header, "anomaly.predicted,probability.normal,probability.anomaly");
    let found = predicted.lines().filter(|line| line.starts_with("anomaly,")).count();
    assert_eq!(found, 34, "a tenth of 344");
    let inspected = json(&hedgerow(&folder, &["inspect", "m.safetensors", "--json"]));
    assert_eq!(inspected["schema"]["features"].as_array().unwrap().len(), 8);
    let evaluate = hedgerow(&folder, &["evaluate", "m.safetensors", PENGUINS, "--json"]);
    assert_eq!(failure(&evaluate), (3, "missing_column".into()));

    let cancer =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/isolation/breast_cancer.csv");
    let labelled = ["train", cancer, "--target", "label", "--stratify", "--out", "m.safetensors"];
    let auc = json(&run(&labelled))["report"]["metrics"]["rocAuc"].as_f64().unwrap();
    assert!(auc > 0.9, "{auc}");

    let forest = ["train", PENGUINS, "--out", "m.safetensors", "--json"];
    assert_eq!(failure(&hedgerow(&folder, &forest)), (3, "no_target".into()));
    let compare = ["compare", PENGUINS, "--target", "sex", "--drop-missing-in", "sex", "--json"];
    let compare = [&compare[..], &["--learner", "isolation-forest"]].concat();
    assert_eq!(failure(&hedgerow(&folder, &compare)).0, 3);
}

#[test]
fn an_option_that_does_not_fit_an_imported_file_is_spelled_as_here() {
    let folder = folder("import-option");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/onnx/linear.onnx");
    let args = ["import", file, "--out", "model.safetensors", "--features", "one"];
    let output = hedgerow(&folder, &args);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains(": --features does not fit the model: "), "{text}");
    assert_eq!(output.status.code(), Some(4));
}
