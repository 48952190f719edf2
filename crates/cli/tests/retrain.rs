//! Retraining from the command line.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use serde_json::{Value, json};
use yaml_rust2::YamlLoader;

mod folder;

use folder::Folder;

/// Numbers from 0 to 1, by a linear congruential generator (Knuth's MMIX).
struct Draw(u64);

impl Draw {
    fn one(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Loans, that are repaid where the income is above `bound`; incomes rise by `more`. One in twenty comes
/// otherwise.
fn loans(folder: &Folder, name: &str, (seed, n): (u64, usize), bound: f64, more: f64) {
    let mut draw = Draw(seed);
    let mut csv = "day,income,region,repaid\n".to_owned();
    for day in 0..n {
        let (income, chance) = (20.0 + 60.0 * draw.one() + more, draw.one());
        let region = ["north", "south", "west"][(draw.one() * 3.0) as usize];
        let repaid = ["no", "yes"][usize::from((income > bound) != (chance < 0.05))];
        csv += &format!("{day},{income:.1},{region},{repaid}\n");
    }
    fs::write(folder.path.join(name), csv).unwrap();
}

/// A champion that was trained on old loans.
fn champion(name: &str, options: &str) -> Folder {
    let folder = Folder::new(name);
    loans(&folder, "old.csv", (1, 600), 50.0, 0.0);
    let line = format!(
        "train old.csv --target repaid --drop day --set n_estimators=20 --out m.safetensors {options}"
    );
    let run = folder.json(&line)["run"].as_str().unwrap().to_owned();
    folder.text(&format!("register {run} --name loans"));
    folder.text("promote loans/1 --reason first");
    folder
}

fn alias(folder: &Folder) -> Value {
    folder.json("models loans")["model"]["aliases"].clone()
}

fn write(folder: &Folder, name: &str, text: &str) {
    fs::write(folder.path.join(name), text).unwrap();
}

#[test]
fn drift_raises_an_alarm_and_a_better_challenger_takes_over() {
    let folder = champion("retrain-loop", "");
    loans(&folder, "new.csv", (2, 600), 75.0, 30.0);
    assert_eq!(
        folder.fails("monitor check loans@champion new.csv --drop day"),
        (3, "alarm".into())
    );
    let found = folder.json("retrain loans@champion new.csv --promote --out c.safetensors");
    assert_eq!(
        (&found["champion"], &found["due"], &found["promoted"], &found["version"]),
        (&json!("loans/1"), &json!(true), &json!(true), &json!("loans/2"))
    );
    assert_eq!(found["reasons"][0]["trigger"], "alarm");
    let verdict = &found["verdict"];
    let figure = |name: &str| verdict[name].as_f64().unwrap();
    assert!(figure("challenger") > figure("champion") + 0.1 && figure("low") > 0.0, "{verdict}");
    assert_eq!((&verdict["metric"], &verdict["rows"]), (&json!("accuracy"), &json!(180)));
    assert_eq!(alias(&folder), json!([{ "alias": "champion", "version": 2 }]));

    // All of it is on record: the run, what it came from, why it was promoted; and it can be done again.
    let run = found["run"].as_str().unwrap();
    let shown = folder.json(&format!("runs show {run}"));
    assert_eq!(shown["run"]["tags"]["hedgerow.retrain.champion"], "loans/1", "{shown}");
    let model = folder.json("models loans");
    assert_eq!(model["model"]["versions"][0]["run"], run);
    assert_eq!(model["model"]["versions"][0]["tags"]["hedgerow.retrain.promote"], "true");
    let audit = folder.json("audit model:loans");
    let reasons: Vec<&str> =
        audit.as_array().unwrap().iter().filter_map(|entry| entry["reason"].as_str()).collect();
    assert!(reasons.contains(&verdict["reason"].as_str().unwrap()), "{reasons:?}");
    folder.text("verify");
    assert_eq!(folder.json(&format!("reproduce {run} --data new.csv"))["same"], true);
    folder.text("monitor check loans@champion new.csv --drop day");

    // The new champion has the same recipe, and nothing is due.
    let again = folder.json("retrain loans@champion new.csv --promote");
    assert_eq!(
        (&again["champion"], &again["due"], &again["run"]),
        (&json!("loans/2"), &json!(false), &json!(null))
    );
    assert_eq!(again["reasons"][0]["trigger"], "quiet");
}

#[test]
fn a_challenger_that_is_no_better_is_not_promoted() {
    let folder = champion("retrain-no-better", "");
    loans(&folder, "new.csv", (3, 200), 50.0, 0.0);
    let quiet = folder.json("retrain loans@champion new.csv --promote");
    assert_eq!((&quiet["due"], &quiet["verdict"]), (&json!(false), &json!(null)));
    let text = folder.text("retrain loans@champion new.csv");
    assert!(text.starts_with("loans/1 is not due."), "{text}");
    let found = folder.json("retrain loans@champion new.csv --promote --force");
    assert_eq!(
        (&found["due"], &found["promoted"], &found["version"], &found["verdict"]["promote"]),
        (&json!(false), &json!(false), &json!("loans/2"), &json!(false))
    );
    assert_eq!(alias(&folder), json!([{ "alias": "champion", "version": 1 }]));
}

#[test]
fn a_policy_says_when_what_and_whether() {
    let folder = champion("retrain-policy", "--no-profile");
    loans(&folder, "new.csv", (4, 400), 70.0, 0.0);
    let retrain = |policy: &str| {
        write(&folder, "policy.json", policy);
        folder.json("retrain loans@champion new.csv --policy policy.json --register")
    };
    // Without a profile of the old rows nobody knows about drift.
    let unknown = retrain("{}");
    assert_eq!(
        (&unknown["due"], &unknown["reasons"][0]["trigger"]),
        (&json!(false), &json!("unknown"))
    );
    let bound = r#"{"performance": [{"metric": "accuracy", "below": 0.9}]}"#;
    assert_eq!(retrain(bound)["reasons"][0]["trigger"], "performance");
    let strict = r#"{"performance": [{"metric": "accuracy", "below": 0.9}],
        "holdOut": {"time": "day", "share": 0.25}, "promotion": {"metric": "logLoss", "minImprovement": 99}}"#;
    let found = retrain(strict);
    assert_eq!(
        (&found["verdict"]["rows"], &found["verdict"]["promote"]),
        (&json!(100), &json!(false))
    );
    write(&folder, "policy.json", r#"{"maxAge": 1}"#);
    let line = "retrain loans@champion new.csv --policy policy.json";
    assert_eq!(folder.fails(line), (3, "bad_policy".into()));
}

#[test]
fn old_rows_are_trained_on_and_not_judged_by() {
    let folder = champion("retrain-with", "");
    loans(&folder, "new.csv", (5, 300), 75.0, 30.0);
    let found = folder.json("retrain loans@champion new.csv --with old.csv --register --keep-data");
    // The old rows serve for the profile that the champion has not.
    assert_eq!(
        (&found["reasons"][0]["trigger"], &found["verdict"]["rows"]),
        (&json!("alarm"), &json!(90))
    );
    let run = found["run"].as_str().unwrap();
    let out = folder.json(&format!("reproduce {run} --out again.safetensors"));
    assert_eq!(out["same"], true, "{out}");
    assert!(folder.text("inspect loans/2").contains("810 rows"));
}

#[test]
fn what_was_held_out_by_time_is_held_out_again_and_watched_by() {
    let folder = champion("retrain-time", "");
    loans(&folder, "new.csv", (8, 400), 75.0, 30.0);
    write(&folder, "policy.json", r#"{"holdOut": {"time": "day", "share": 0.25}}"#);
    let line =
        "retrain loans@champion new.csv --policy policy.json --keep-data --out c.safetensors";
    let found = folder.json(line);
    assert_eq!(found["verdict"]["rows"], 100);
    let run = found["run"].as_str().unwrap();
    assert_eq!(folder.json(&format!("reproduce {run}"))["same"], true);
    let challenger = &found["verdict"]["challenger"];
    let checked = folder.json("monitor check c.safetensors new.csv");
    let accuracy = &checked["performance"]["metrics"][0];
    assert_eq!((&accuracy["name"], &accuracy["reference"]), (&json!("accuracy"), challenger));
}

#[test]
fn a_model_file_says_how_it_was_trained() {
    let folder = champion("retrain-file", "--calibrate sigmoid");
    loans(&folder, "new.csv", (6, 400), 75.0, 30.0);
    let line = "retrain m.safetensors new.csv --no-track --out c.safetensors";
    let found = folder.json(line);
    assert_eq!((&found["run"], &found["verdict"]["promote"]), (&json!(null), &json!(true)));
    let params =
        |model: &str| folder.json(&format!("inspect {model}"))["provenance"]["learner"].clone();
    assert_eq!(params("c.safetensors"), params("m.safetensors"));
    assert!(folder.text("inspect c.safetensors").contains("calibrated by a sigmoid"));
    // By the registry's recipe it is the same challenger.
    folder.text("retrain loans@champion new.csv --out d.safetensors");
    let bytes = |name: &str| fs::read(folder.path.join(name)).unwrap();
    assert!(bytes("c.safetensors") == bytes("d.safetensors"));
    assert_eq!(folder.fails("retrain m.safetensors new.csv --register"), (5, "no_name".into()));
    let named = folder.json("retrain m.safetensors new.csv --promote --name loans");
    assert_eq!((&named["version"], &named["promoted"]), (&json!("loans/2"), &json!(true)));
}

#[test]
fn rows_are_read_as_the_command_says() {
    let folder = champion("retrain-read", "");
    loans(&folder, "new.csv", (6, 400), 75.0, 30.0);
    let commas = fs::read_to_string(folder.path.join("new.csv")).unwrap();
    // A delimiter that nobody would guess, and a row whose target is missing.
    write(&folder, "odd.csv", &format!("{}-@-@-@-\n", commas.replace(',', "@")));
    for model in ["m.safetensors", "loans@champion"] {
        let out = |name: &str| format!("--no-track --out {name}.safetensors");
        folder.text(&format!("retrain {model} new.csv {}", out("plain")));
        let line = format!("retrain {model} odd.csv --delimiter @ --missing - {}", out("odd"));
        folder.text(&line);
        let bytes = |name: &str| fs::read(folder.path.join(name)).unwrap();
        assert!(bytes("odd.safetensors") == bytes("plain.safetensors"), "{model}");
    }
    // What the command does not say is as the champion's run has it, and what it says counts.
    let reading = "--delimiter @ --missing - --encoding latin1";
    folder
        .text(&format!("retrain loans@champion odd.csv {reading} --promote --out odd.safetensors"));
    loans(&folder, "later.csv", (8, 400), 75.0, 30.0);
    let later = fs::read_to_string(folder.path.join("later.csv")).unwrap();
    let later = later.replace("west", "wést").replace(',', "@") + "-@-@-@-\n";
    write(&folder, "later.csv", &later);
    folder.text("retrain loans@champion later.csv --force --no-track --encoding utf8 --out later.safetensors");
    assert!(folder.text("inspect later.safetensors --json").contains("wést"));
}

#[test]
fn who_was_not_judged_by_is_not_replaced() {
    let folder = champion("retrain-moved", "");
    loans(&folder, "new.csv", (7, 400), 75.0, 30.0);
    folder.text("retrain loans@champion new.csv --promote");
    let line = "retrain loans/1 new.csv --promote";
    assert_eq!(folder.fails(line), (5, "champion_moved".into()));
    assert_eq!(alias(&folder), json!([{ "alias": "champion", "version": 2 }]));
}

#[test]
fn rows_that_cannot_be_used_are_told() {
    let folder = champion("retrain-bad", "");
    let rows = |n: usize, row: &str| row.repeat(n);
    let fails = |csv: &str| {
        write(&folder, "new.csv", csv);
        folder.fails("retrain loans@champion new.csv --force")
    };
    let head = "income,region,repaid\n";
    let (good, other) = ("30,west,no\n60,west,yes\n", "30,west,late\n60,west,no\n");
    assert_eq!(
        fails(&format!("income,region\n{}", rows(100, "30,west\n"))),
        (3, "unknown_column".into())
    );
    assert_eq!(
        fails(&format!("incom,region,repaid\n{}", rows(100, good))),
        (3, "unknown_column".into())
    );
    assert_eq!(
        fails(&format!("{head}{}much,west,no\n", rows(100, good))),
        (3, "csv_bad_value".into())
    );
    assert_eq!(fails(&format!("{head}{}", rows(100, other))), (3, "new_class".into()));
    assert_eq!(
        fails(&format!("{head}{}", rows(200, "30,west,no\n"))),
        (3, "target_one_class".into())
    );
    assert_eq!(fails(&format!("{head}{}", rows(10, good))), (3, "too_few_rows".into()));
    assert_eq!(folder.fails("retrain loans@gone new.csv"), (5, "no_alias".into()));
    assert_eq!(folder.fails("retrain loans@champion gone.csv"), (1, "io".into()));

    // Rows whose label is still to come wait.
    let late = format!("{head}{}{}", rows(30, good), rows(200, "30,west,\n"));
    write(&folder, "new.csv", &late);
    let waits = folder.json("retrain loans@champion new.csv");
    assert_eq!(
        (&waits["due"], &waits["reasons"][0]["trigger"]),
        (&json!(false), &json!("too_few_rows"))
    );
    assert_eq!(waits["notes"][0], "200 new rows have no target and were left out.");
}

#[test]
fn a_model_that_no_learner_made_cannot_be_made_again() {
    let folder = champion("retrain-recipe", "");
    folder.text("train old.csv --target repaid --threshold f1 --no-track --out t.safetensors");
    assert_eq!(folder.fails("retrain t.safetensors old.csv"), (5, "no_recipe".into()));
}

#[test]
fn columns_that_drift_together_are_told_apart() {
    let folder = Folder::new("retrain-domain");
    let rows = |name: &str, seed: u64, sign: f64| {
        let mut draw = Draw(seed);
        let mut csv = "a,b,y\n".to_owned();
        for _ in 0..400 {
            let (a, more) = (draw.one() - 0.5, draw.one() - 0.5);
            csv += &format!("{a:.4},{:.4},{:.3}\n", sign * a + 0.1 * more, draw.one());
        }
        write(&folder, name, &csv);
    };
    rows("old.csv", 1, 1.0);
    rows("same.csv", 2, 1.0);
    rows("turned.csv", 3, -1.0);
    folder.text("train old.csv --target y --learner ridge --no-track --out m.safetensors");
    // The model's predictions may well differ.
    write(&folder, "rules.json", r#"[{"name": "drift", "figure": "drifted_share", "above": 0}]"#);
    let line = "monitor check m.safetensors turned.csv --reference old.csv --rules rules.json";
    folder.text(line);
    let domain = format!("{line} --domain");
    assert_eq!(folder.fails(&domain), (3, "alarm".into()));
    let text = String::from_utf8(folder.run(&domain).stdout).unwrap();
    assert!(
        text.contains("ALARM turned.csv is told from the training rows: ROC AUC 0.9"),
        "{text}"
    );
    let same = folder.json(
        "monitor check m.safetensors same.csv --reference old.csv --rules rules.json --domain",
    );
    assert_eq!((&same["domain"][0]["drifted"], &same["alarms"]), (&json!(false), &json!([])));
}

#[test]
fn errors_are_estimated_without_labels() {
    let folder = Folder::new("retrain-estimate");
    // The larger `x`, the larger the noise.
    let rows = |name: &str, seed: u64, from: f64| {
        let mut draw = Draw(seed);
        let mut csv = "x,y\n".to_owned();
        for _ in 0..800 {
            let x = from + (10.0 - from) * draw.one();
            csv += &format!("{x:.4},{:.4}\n", x + x * (draw.one() - 0.5));
        }
        write(&folder, name, &csv);
    };
    rows("old.csv", 1, 0.0);
    rows("labelled.csv", 2, 0.0);
    rows("new.csv", 3, 8.0);
    folder.text(
        "train old.csv --target y --learner ridge --test-size 0 --no-track --out m.safetensors",
    );
    write(&folder, "rules.json", "[]");
    let line =
        "monitor check m.safetensors new.csv --reference old.csv --rules rules.json --labelled";
    let found = folder.json(&format!("{line} labelled.csv"));
    let mae = |of: &Value| of["mae"].as_f64().unwrap();
    let estimate = &found["estimates"][0];
    // A quarter of `x` on average.
    assert!(
        (mae(estimate) - 2.25).abs() < 0.25 && (mae(&estimate["reference"]) - 1.25).abs() < 0.15
    );
    assert!(
        folder.text(&format!("{line} labelled.csv")).contains("new.csv has an estimated MAE of 2.")
    );
    assert_eq!(folder.fails(&format!("{line} old.csv")), (1, "trained_on".into()));
}

#[test]
fn the_workflow_is_yaml_that_names_what_was_named() {
    let folder = Folder::new("retrain-workflow");
    let load = |text: &str| YamlLoader::load_from_str(text).unwrap().remove(0);
    let plain = load(&folder.text("retrain --workflow"));
    assert_eq!(plain["env"]["MODEL"].as_str(), Some("penguins@champion"));
    let mut command = folder.command("retrain");
    command.args(["a: \"b\"@champion", "new #1.csv", "--policy", "p.json", "--workflow"]);
    let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let named = load(&text);
    let env = |name: &str| named["env"][name].as_str().unwrap().to_owned();
    assert_eq!((env("MODEL"), env("DATA")), ("a: \"b\"@champion".into(), "new #1.csv".into()));
    assert_eq!((env("POLICY"), env("HEDGEROW_TRACK")), ("p.json".into(), "hedgerow.sqlite".into()));
    assert_eq!(named["on"]["schedule"][0]["cron"], plain["on"]["schedule"][0]["cron"]);
    let steps = named["jobs"]["retrain"]["steps"].as_vec().unwrap();
    let runs: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    for command in ["hedgerow monitor check \"$MODEL\" \"$DATA\"", "hedgerow retrain \"$@\" --json"]
    {
        assert!(runs.iter().any(|run| run.contains(command)), "{command}");
    }
}
