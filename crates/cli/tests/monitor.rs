//! Watching a model from the command line.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

mod folder;

use folder::Folder;

/// Rows as those that the folder's model learns from, but `x` is larger by so much.
fn rows(folder: &Folder, name: &str, more: usize) {
    let row =
        |row: usize| format!("{},{},{}\n", row % 17 + more, row % 5, ["a", "b"][row % 17 / 9]);
    let rows: String = (0..200).map(row).collect();
    fs::write(folder.path.join(name), format!("x,y,kind\n{rows}")).unwrap();
}

/// Trains without a record.
fn train(folder: &Folder, options: &str) {
    folder.text(&format!("train data.csv --target kind --out m.safetensors --no-track {options}"));
}

#[test]
fn the_exit_code_says_whether_a_rule_is_broken() {
    let folder = Folder::new("monitor-check");
    train(&folder, "");
    rows(&folder, "moved.csv", 9);
    let quiet = folder.json("monitor check m.safetensors data.csv");
    assert_eq!((&quiet["alarms"], &quiet["drifted"]), (&serde_json::json!([]), &0.into()));
    let line = "monitor check m.safetensors moved.csv";
    assert_eq!(folder.fails(line), (3, "alarm".to_owned()));
    let text = String::from_utf8(folder.run(line).stdout).unwrap();
    assert!(
        text.contains("ALARM data drift: drifted share is 0.5, at least 0.5 (x).")
            && text.contains("x: p-value 0.0000, drift below 0.05 (kolmogorov_smirnov)"),
        "{text}"
    );
    fs::write(
        folder.path.join("rules.json"),
        "[{\"name\": \"n\", \"figure\": \"mean\", \"above\": 99}]",
    )
    .unwrap();
    folder.text("monitor check m.safetensors moved.csv --rules rules.json");
    let unknown = r#"[{"name": "n", "figure": "mean", "columns": ["z"], "above": 99}]"#;
    fs::write(folder.path.join("rules.json"), unknown).unwrap();
    let line = "monitor check m.safetensors moved.csv --rules rules.json";
    assert_eq!(folder.fails(line), (1, "bad_rules".to_owned()));
}

/// Rows of classes that no column tells for certain, the same of the same number.
fn uncertain(folder: &Folder, name: &str, from: u32) {
    let mixed = |n: u32| (n ^ (n >> 16)).wrapping_mul(0x045d_9f3b);
    let random = |row: u32, of: u32| mixed(mixed(mixed(row * 3 + of))) >> 8;
    let row = |row: u32| {
        let [x, y, luck] = [0, 1, 2].map(|of| random(row, of) % 1_000);
        format!("{x},{y},{}\n", if (x + luck) / 2 < 500 { "a" } else { "b" })
    };
    let rows: String = (from..from + 800).map(row).collect();
    fs::write(folder.path.join(name), format!("x,y,kind\n{rows}")).unwrap();
}

#[test]
fn a_model_that_is_surer_of_its_training_rows_has_not_drifted_on_others_like_them() {
    let folder = Folder::new("monitor-sure");
    uncertain(&folder, "data.csv", 0);
    uncertain(&folder, "new.csv", 10_000);
    for learner in ["random-forest", "gradient-boosting"] {
        train(&folder, &format!("--learner {learner}"));
        let report = folder.json("monitor check m.safetensors new.csv");
        let columns = report["columns"].as_array().unwrap();
        let drifted: Vec<_> = columns.iter().filter(|column| column["drifted"] == true).collect();
        assert_eq!(drifted, Vec::<&serde_json::Value>::new(), "{learner}");
        let of = |role: &str| columns.iter().find(|column| column["role"] == role).unwrap();
        let reference = |role: &str| of(role)["picture"]["reference"]["rows"].as_u64().unwrap();
        assert_eq!(reference("probability"), 160, "those kept out of training");
        assert_eq!(reference("feature"), 640);
    }
}

#[test]
fn rows_with_their_target_tell_how_good_answers_are() {
    let folder = Folder::new("monitor-performance");
    train(&folder, "");
    let report = folder.json("monitor check m.safetensors data.csv");
    let evaluation = folder.json("evaluate m.safetensors data.csv");
    let metrics = report["performance"]["metrics"].as_array().unwrap();
    for metric in metrics.iter().filter(|metric| metric["name"] != "rocAuc") {
        let wanted = evaluation["metrics"][metric["name"].as_str().unwrap()].as_f64().unwrap();
        assert!((metric["value"].as_f64().unwrap() - wanted).abs() < 1e-6, "{metric}, {wanted}");
        assert!(metric["reference"].is_f64(), "{metric}");
    }
    assert!(metrics.len() > 5 && report["estimatedPerformance"]["rows"] == report["rows"]);
    rows(&folder, "moved.csv", 9);
    let text =
        String::from_utf8(folder.run("monitor check m.safetensors moved.csv").stdout).unwrap();
    assert!(
        text.contains("ALARM performance: metric loss is ") && text.contains("\n  accuracy 0."),
        "{text}"
    );
}

#[test]
fn where_answers_are_wrong_is_told() {
    let folder = Folder::new("monitor-segments");
    train(&folder, "");
    let wrong = |row: usize| usize::from(row % 17 >= 9) ^ usize::from(row % 5 == 3);
    let row = |row: usize| format!("{},{},{}\n", row % 17, row % 5, ["a", "b"][wrong(row)]);
    let rows: String = (0..600).map(row).collect();
    fs::write(folder.path.join("wrong.csv"), format!("x,y,kind\n{rows}")).unwrap();
    let text =
        String::from_utf8(folder.run("monitor check m.safetensors wrong.csv").stdout).unwrap();
    let line = text.lines().find(|line| line.starts_with("  worst where ")).unwrap();
    assert!(
        line.starts_with("  worst where y is from 3 to 4: error rate 1.0000, elsewhere 0."),
        "{text}"
    );
}

/// A server that answers one request with a status; what was sent to it.
fn receiver(status: &'static str) -> (String, std::thread::JoinHandle<serde_json::Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let told = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut length, mut line) = (0, String::new());
        while reader.read_line(&mut line).unwrap() > 2 {
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .unwrap();
        serde_json::from_slice(&body).unwrap()
    });
    (url, told)
}

#[test]
fn alarms_are_sent_with_the_pictures_of_their_columns() {
    let folder = Folder::new("monitor-webhook");
    train(&folder, "");
    rows(&folder, "moved.csv", 9);
    let rule = r#"[{"name": "n", "figure": "mean", "columns": ["x"], "above": 15}]"#;
    fs::write(folder.path.join("rules.json"), rule).unwrap();
    let line = "monitor check m.safetensors moved.csv --rules rules.json --webhook";
    let (url, told) = receiver("204 No Content");
    assert_eq!(folder.fails(&format!("{line} {url}")), (3, "alarm".to_owned()));
    let told = told.join().unwrap();
    assert_eq!((&told["status"], &told["rule"]), (&"firing".into(), &"n".into()));
    assert_eq!((&told["columns"], &told["rows"]), (&serde_json::json!(["x"]), &200.into()));
    assert!(told["pictures"][0]["picture"]["current"]["shares"].as_array().unwrap().len() > 5);
    // Nobody listens there any more.
    let output = folder.run(&format!("{line} {url} --json"));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert!(told.contains("\"code\":\"webhook\"") && !told.contains("/hook"), "{told}");
    let output = folder.run(&format!("{line} hooks.example/T/SECRET --json"));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(7) && !told.contains("SECRET"), "{told}");
}

#[test]
fn a_webhook_that_leads_elsewhere_took_nothing() {
    let folder = Folder::new("monitor-redirect");
    train(&folder, "");
    rows(&folder, "moved.csv", 9);
    let rule = r#"[{"name": "n", "figure": "mean", "columns": ["x"], "above": 15}]"#;
    fs::write(folder.path.join("rules.json"), rule).unwrap();
    let (url, _) = receiver("302 Found");
    let line = format!("monitor check m.safetensors moved.csv --rules rules.json --webhook {url}");
    assert_eq!(folder.fails(&line), (7, "webhook".to_owned()));
}

#[test]
fn rows_without_the_target_may_come_behind_those_with_it() {
    let folder = Folder::new("monitor-unlabelled");
    train(&folder, "");
    let rows: String = (0..200).map(|row| format!("{},{}\n", row % 17, row % 5)).collect();
    fs::write(folder.path.join("new.csv"), format!("x,y\n{rows}")).unwrap();
    let report = folder.json("monitor check m.safetensors data.csv new.csv");
    assert_eq!((&report["rows"], &report["performance"]["rows"]), (&400.into(), &200.into()));
}

#[test]
fn windows_are_held_against_those_before() {
    let folder = Folder::new("monitor-windows");
    train(&folder, "");
    rows(&folder, "moved.csv", 9);
    let rule =
        r#"[{"name": "n", "figure": "mean", "columns": ["x"], "change": "previous", "above": 5}]"#;
    fs::write(folder.path.join("rules.json"), rule).unwrap();
    let line =
        |files: &str| format!("monitor check m.safetensors --rules rules.json --windows {files}");
    let moved = folder.run(&line("data.csv moved.csv"));
    assert_eq!(moved.status.code(), Some(3));
    let text = String::from_utf8(moved.stdout).unwrap();
    assert!(
        text.contains("ALARM n: mean differs from the window before by 9, above 5 (x)."),
        "{text}"
    );
    let report = folder.json(&line("data.csv moved.csv moved.csv"));
    assert_eq!(
        (report["windows"].as_array().unwrap().len(), &report["alarms"]),
        (3, &serde_json::json!([]))
    );
}

#[test]
fn profiles_add_up() {
    let folder = Folder::new("monitor-profile");
    train(&folder, "");
    rows(&folder, "moved.csv", 9);
    for name in ["data", "moved"] {
        folder.text(&format!("monitor profile m.safetensors {name}.csv --out {name}.profile"));
    }
    folder.text("monitor profile m.safetensors data.csv moved.csv --out both.profile");
    // Where answers are wrong most, only rows tell.
    let told = |files: &str| {
        let output = folder.run(&format!("monitor check m.safetensors {files}"));
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with("  worst where"));
        (output.status.code(), lines.map(str::to_owned).collect::<Vec<_>>())
    };
    let from_rows = told("data.csv moved.csv");
    assert!(from_rows.1.len() > 10, "{from_rows:?}");
    assert_eq!(told("data.profile moved.profile"), from_rows);
    assert_eq!(told("both.profile"), from_rows);
}

#[test]
fn what_is_wrong_is_told_apart_from_an_alarm() {
    let folder = Folder::new("monitor-wrong");
    train(&folder, "--test-size 0 --no-profile");
    let check = |more: &str| folder.fails(&format!("monitor check m.safetensors {more}"));
    assert_eq!(check("data.csv"), (1, "no_training_profile".to_owned()));
    assert_eq!(check("gone.csv --reference data.csv"), (1, "io".to_owned()));
    folder.text("monitor check m.safetensors data.csv --reference data.csv");
    fs::write(folder.path.join("bad.profile"), b"HGP\x01junk").unwrap();
    assert_eq!(check("bad.profile --reference data.csv"), (1, "damaged_profile".to_owned()));
    rows(&folder, "other.csv", 1);
    folder.text("monitor profile m.safetensors data.csv --reference other.csv --out other.profile");
    let foreign = (1, "profile_of_another_model".to_owned());
    assert_eq!(check("other.profile --reference data.csv"), foreign);
    let add = "monitor profile m.safetensors data.csv other.profile --reference data.csv --out sum";
    assert_eq!(folder.fails(add), (3, foreign.1));
    // Beside rows that the model has seen it is passed over, and named.
    let told =
        folder.json("monitor check m.safetensors data.csv other.profile --reference data.csv");
    assert_eq!(
        (&told["rows"], &told["findings"][0]["code"]),
        (&200.into(), &"foreign_profile".into())
    );
}

#[test]
fn a_model_with_a_profile_is_made_again() {
    let folder = Folder::new("monitor-again");
    let run = folder.train("--keep-data");
    assert_eq!(folder.json(&format!("reproduce {run}"))["same"], true);
    let profiled = || folder.json("inspect m.safetensors")["profiled"].clone();
    assert_eq!(profiled(), true);
    let line = "predict m.safetensors data.csv";
    let with = folder.text(line);
    train(&folder, "--no-profile");
    assert_eq!(profiled(), false);
    assert_eq!(folder.text(line), with);
}

#[test]
fn windows_and_files_without_rows_are_passed_over_and_named() {
    let folder = Folder::new("monitor-empty");
    train(&folder, "");
    rows(&folder, "moved.csv", 9);
    fs::write(folder.path.join("none.csv"), "x,y,kind\n").unwrap();
    folder.text("monitor profile m.safetensors data.csv none.csv --out some.profile");
    let check = |files: &str| -> serde_json::Value {
        let output = folder.run(&format!("monitor check m.safetensors {files} --json"));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let without_findings = |files: &str| {
        let mut told = check(files);
        let findings = told.as_object_mut().unwrap().remove("findings").unwrap();
        (told, findings)
    };
    // Added up, a file without rows adds nothing.
    let (with, findings) = without_findings("moved.csv none.csv");
    assert_eq!(with, without_findings("moved.csv").0);
    assert_eq!(findings[0]["code"], "empty_window");
    assert!(findings[0]["message"].as_str().unwrap().contains("none.csv"));
    // Between others it is passed over, also by rules about several in a row.
    let rule = r#"[{"name": "moved", "figure": "drifted_share", "atLeast": 0.1, "windows": 2}]"#;
    fs::write(folder.path.join("rules.json"), rule).unwrap();
    let told = check("moved.csv none.csv moved.csv --windows --rules rules.json");
    assert_eq!(told["alarms"][0]["rule"], "moved");
    let shown: Vec<u64> =
        (0..3).map(|window| told["windows"][window]["rows"].as_u64().unwrap()).collect();
    assert_eq!(shown, [200, 0, 200]);
    let named: Vec<_> = told["findings"].as_array().unwrap().iter().collect();
    assert_eq!(named.iter().filter(|one| one["code"] == "empty_window").count(), 1);
    assert!(named[0]["message"].as_str().unwrap().contains("none.csv"));
    // Of a latest one without rows there is nothing to raise an alarm about.
    let told = check("moved.csv moved.csv none.csv --windows --rules rules.json");
    assert_eq!(told["alarms"].as_array().unwrap().len(), 0);
    assert_eq!(told["rows"], 200);
    assert_eq!(folder.fails("monitor check m.safetensors none.csv"), (1, "no_rows".to_owned()));
    let both = "monitor check m.safetensors none.csv none.csv --windows";
    assert_eq!(folder.fails(both), (1, "no_rows".to_owned()));
}

#[test]
fn tests_and_thresholds_can_be_chosen() {
    let folder = Folder::new("monitor-tests");
    train(&folder, "");
    rows(&folder, "moved.csv", 9);
    let column = |more: &str| {
        let output = folder.run(&format!("monitor check m.safetensors moved.csv --json {more}"));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let column = &report["columns"][0];
        (column["test"].clone(), column["threshold"].clone(), column["drifted"].clone())
    };
    assert_eq!(column("--test psi"), ("psi".into(), 0.1.into(), true.into()));
    assert_eq!(column("--test psi --distance 1000").2, false);
    let strict = column("--test kolmogorov-smirnov --significance 0");
    assert_eq!(strict, ("kolmogorov_smirnov".into(), 0.0.into(), false.into()));
    let fails = |more: &str| folder.fails(&format!("monitor check m.safetensors moved.csv {more}"));
    let unknown = folder.run("monitor check m.safetensors moved.csv --test guess");
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(fails("--significance 2"), (1, "bad_option".to_owned()));
    assert_eq!(fails("--drift-share nan"), (1, "bad_option".to_owned()));
}

#[derive(serde::Deserialize)]
struct Stream {
    values: Vec<f64>,
    adwin: Vec<Found>,
    #[serde(rename = "pageHinkley")]
    page_hinkley: Vec<Found>,
}

#[derive(serde::Deserialize)]
struct Found {
    options: BTreeMap<String, serde_json::Value>,
    found: Vec<u64>,
}

#[test]
fn changes_of_a_column_are_found_where_river_finds_them() {
    let streams: Vec<Stream> =
        serde_json::from_str(include_str!("../../../tests/golden/monitor/stream.json")).unwrap();
    let folder = Folder::new("monitor-changes");
    for Stream { values, adwin, page_hinkley } in streams {
        let rows: String = values.iter().map(|value| format!("{value},x\n")).collect();
        // A row without a value is passed over, but it is a row.
        fs::write(folder.path.join("stream.csv"), format!("error,other\n,x\n{rows}")).unwrap();
        let asked = adwin.iter().map(|found| ("adwin", found));
        for (name, Found { options, found }) in
            asked.chain(page_hinkley.iter().map(|found| ("page-hinkley", found)))
        {
            let set: String =
                options.iter().map(|(name, value)| format!(" --set {name}={value}")).collect();
            let set = set.replace('"', "");
            let line = format!("monitor changes stream.csv --column error --detector {name}{set}");
            let told = folder.json(&line);
            let places = told["changes"].as_array().unwrap().iter();
            let places: Vec<u64> =
                places.map(|change| change["found"].as_u64().unwrap() - 2).collect();
            assert_eq!(&places, found, "{line}");
            assert_eq!(told["rows"], values.len() + 1);
        }
    }
    let fails = |more: &str| folder.fails(&format!("monitor changes stream.csv {more}"));
    assert_eq!(fails("--column error --set clock=0"), (3, "bad_option".to_owned()));
    assert_eq!(fails("--column error --set dleta=1"), (3, "bad_option".to_owned()));
    assert_eq!(fails("--column other"), (3, "not_numbers".to_owned()));
    assert_eq!(fails("--column errror").1, "unknown_column");
}
