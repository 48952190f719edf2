//! A/B tests from the command line.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

mod folder;

use folder::Folder;

/// A thousand units, every other one with B, of which more convert; spending follows last month's.
fn units(folder: &Folder, name: &str, rows: std::ops::Range<usize>) {
    let row = |row: usize| {
        let is_b = row % 2 == 1;
        let converted = row / 2 % 10 < if is_b { 6 } else { 3 };
        let before = row / 2 % 7;
        let spent = 3 * before + usize::from(is_b) + row / 2 % 3;
        format!("{},{converted},{spent},{before}\n", if is_b { "B" } else { "A" })
    };
    let rows: String = rows.map(row).collect();
    fs::write(folder.path.join(name), format!("variant,converted,spent,before\n{rows}")).unwrap();
}

#[test]
fn rows_and_counts_say_the_same() {
    let folder = Folder::new("ab-compare");
    units(&folder, "units.csv", 0..1000);
    let counts =
        r#"{"variants": {"A": {"n": 500, "successes": 150}, "B": {"n": 500, "successes": 300}}}"#;
    fs::write(folder.path.join("counts.json"), counts).unwrap();
    let rows = folder.json("ab compare units.csv --variant variant --outcome converted");
    assert_eq!(rows, folder.json("ab compare counts.json"));
    let compared = &rows["comparisons"][0];
    assert_eq!((&compared["variant"], &compared["verdict"]), (&"B".into(), &"better".into()));
    assert_eq!(rows["sampleRatio"]["isMismatch"], false);
    let text = folder.text("ab compare counts.json");
    for line in [
        "A: 500 units, mean 0.3, deviation 0.4587, the control",
        "assignment: as the weights say (p = 1)",
        "B is better than A: its share is higher by 0.3 (+100.0 %)",
        "B is the best with 100.0 %, expected loss",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let words = fs::read_to_string(folder.path.join("units.csv")).unwrap();
    let words = words.replace(",true,", ",bought,").replace(",false,", ",left,");
    fs::write(folder.path.join("words.csv"), words).unwrap();
    let line = "ab compare words.csv --variant variant --outcome converted --success bought";
    assert_eq!(folder.json(line), rows);
    let other = folder.json("ab compare counts.json --control B --lower-is-better");
    assert_eq!(other["comparisons"][0]["verdict"], "better");
    // A day without a sale counts; a word that no outcome is, in any file, is misspelled.
    fs::write(folder.path.join("quiet.csv"), "variant,converted\nA,left\nB,left\n").unwrap();
    let line = "ab compare words.csv quiet.csv --variant variant --outcome converted --success";
    folder.text(&format!("{line} bought"));
    assert_eq!(folder.fails(&format!("{line} brought")), (3, "bad_experiment".to_owned()));
}

#[test]
fn files_add_up() {
    let folder = Folder::new("ab-files");
    units(&folder, "whole.csv", 0..1000);
    units(&folder, "first.csv", 0..420);
    units(&folder, "second.csv", 420..1000);
    let columns = "--variant variant --outcome spent";
    let whole = folder.text(&format!("ab compare whole.csv {columns}"));
    assert_eq!(folder.text(&format!("ab compare first.csv second.csv {columns}")), whole);
}

#[test]
fn a_covariate_removes_what_it_explains() {
    let folder = Folder::new("ab-cuped");
    units(&folder, "units.csv", 0..1000);
    let line = "ab compare units.csv --variant variant --outcome spent";
    let without = folder.json(line);
    let with = folder.json(&format!("{line} --covariate before"));
    assert_eq!(without["comparisons"][0]["verdict"], "undecided");
    assert_eq!(with["comparisons"][0]["verdict"], "better");
    assert!(with["comparisons"][0]["adjusted"]["varianceRemoved"].as_f64().unwrap() > 0.9);
    let text = folder.text(&format!("{line} --covariate before"));
    assert!(text.contains("% of the variance removed"), "{text}");
}

#[test]
fn weights_that_units_do_not_follow_are_told() {
    let folder = Folder::new("ab-weights");
    units(&folder, "units.csv", 0..1000);
    let line = "ab compare units.csv --variant variant --outcome converted --weights A=0.6,B=0.4";
    assert_eq!(folder.json(line)["comparisons"][0]["verdict"], "untrusted");
    assert!(folder.text(line).contains("assignment: NOT as the weights say"));
}

#[test]
fn plans_say_units_and_days() {
    let folder = Folder::new("ab-plan");
    let line = "ab plan --baseline 0.1 --effect 0.02 --daily 1000";
    let plan = folder.json(line);
    assert_eq!((&plan["once"]["control"], &plan["once"]["days"]), (&3835.into(), &8.into()));
    assert!(plan["anyTime"]["control"].as_u64().unwrap() > 3835);
    let text = folder.text(line);
    let once = "a difference of 0.02 is found with 80 % by one look at 3835 units of the control and 3835 of the variant, 8 days";
    assert!(text.starts_with(once), "{text}");
    assert_eq!(folder.json("ab plan --std 10 --effect -1")["once"]["control"], 1571);
    let effect = folder.json("ab plan --std 10 --n 1571")["effect"].as_f64().unwrap();
    assert!((effect - 1.0).abs() < 0.001, "{effect}");
}

#[test]
fn what_cannot_be_used_is_named() {
    let folder = Folder::new("ab-wrong");
    units(&folder, "units.csv", 0..100);
    let compare = |more: &str| folder.fails(&format!("ab compare {more}"));
    assert_eq!(compare("units.csv"), (3, "bad_option".to_owned()));
    assert_eq!(compare("gone.csv"), (1, "io".to_owned()));
    let columns = "--variant variant --outcome converted";
    assert_eq!(compare(&format!("units.csv {columns}x")), (3, "unknown_column".to_owned()));
    let bad = (3, "bad_experiment".to_owned());
    assert_eq!(compare(&format!("units.csv {columns} --control C")), bad);
    assert_eq!(compare(&format!("units.csv {columns} --weights A=1,C=1")), bad);
    assert_eq!(compare("units.csv --variant converted --outcome variant"), bad);
    fs::write(folder.path.join("bad.json"), r#"{"variants": {"A": {"n": 1, "successes": 2}}}"#)
        .unwrap();
    assert_eq!(compare("bad.json"), bad);
    assert_eq!(folder.fails("ab plan --baseline 2 --effect 0.1"), (3, "bad_option".to_owned()));
    assert_eq!(folder.run("ab plan --baseline 0.1").status.code(), Some(2));
}
