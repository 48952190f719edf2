//! When a model is due.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use hedgerow_model::Coded;
use hedgerow_monitor::{Alarm, DriftReport, Figure};
use hedgerow_renew::{Facts, Policy, Trigger, read_policy};

fn report(drifted: usize, tested: usize) -> DriftReport {
    DriftReport {
        reference_rows: 500,
        rows: 500,
        tested,
        drifted,
        drifted_share: drifted as f64 / tested as f64,
        data_drift: false,
        columns: Vec::new(),
        performance: None,
        estimated_performance: None,
        findings: Vec::new(),
    }
}

fn alarm() -> Alarm {
    let (rule, message) = ("gaps".to_owned(), "gaps: too many.".to_owned());
    Alarm {
        rule,
        figure: Figure::MissingShare,
        columns: Vec::new(),
        role: None,
        value: 0.7,
        message,
    }
}

fn triggers(policy: &str, facts: &Facts<'_>) -> (bool, Vec<Trigger>) {
    let decision = read_policy(policy.as_bytes()).unwrap().decide(facts);
    (decision.due, decision.reasons.iter().map(|reason| reason.trigger).collect())
}

#[test]
fn every_reason_is_told() {
    let (drift, alarms) = (report(2, 4), [alarm()]);
    let metrics = BTreeMap::from([("accuracy".to_owned(), 0.7)]);
    let facts = Facts {
        age_seconds: Some(31.0 * 86_400.0),
        rows: 500,
        drift: Some(&drift),
        alarms: &alarms,
        metrics: Some(&metrics),
    };
    let policy = r#"{"maxAgeDays": 30, "driftedShare": 0.5,
        "performance": [{"metric": "accuracy", "below": 0.8}]}"#;
    let all = vec![Trigger::Age, Trigger::Drift, Trigger::Alarm, Trigger::Performance];
    assert_eq!(triggers(policy, &facts), (true, all));
    let quiet = r#"{"maxAgeDays": 40, "driftedShare": 0.6, "rules": [],
        "performance": [{"metric": "accuracy", "below": 0.6, "above": 0.9}]}"#;
    let facts = Facts { alarms: &[], ..facts };
    assert_eq!(triggers(quiet, &facts), (false, vec![Trigger::Quiet]));
    assert_eq!(triggers("{}", &facts), (false, vec![Trigger::Quiet]));
}

#[test]
fn too_few_rows_are_never_enough() {
    let alarms = [alarm()];
    let drift = report(4, 4);
    let facts = Facts { rows: 99, drift: Some(&drift), alarms: &alarms, ..Facts::default() };
    assert_eq!(triggers("{}", &facts), (false, vec![Trigger::TooFewRows]));
    assert_eq!(triggers(r#"{"minRows": 99}"#, &facts), (true, vec![Trigger::Alarm]));
}

#[test]
fn what_is_not_known_is_no_reason_and_told() {
    let facts = Facts { rows: 500, ..Facts::default() };
    let policy = r#"{"maxAgeDays": 1, "performance": [{"metric": "rmse", "above": 3}]}"#;
    assert_eq!(triggers(policy, &facts), (false, vec![Trigger::Unknown; 3]));
    // A clock that jumped back makes nothing old.
    let facts = Facts { age_seconds: Some(-1e9), ..facts };
    assert_eq!(
        triggers(r#"{"maxAgeDays": 1, "rules": []}"#, &facts),
        (false, vec![Trigger::Quiet])
    );
}

#[test]
fn policies_are_checked() {
    for bad in [
        "[]",
        r#"{"maxAge": 3}"#,
        r#"{"maxAgeDays": 0}"#,
        r#"{"driftedShare": 1.1}"#,
        r#"{"performance": [{"metric": "speed", "below": 1}]}"#,
        r#"{"performance": [{"metric": "rmse"}]}"#,
        r#"{"rules": [{"name": "n", "figure": "mean"}]}"#,
        r#"{"promotion": {"tolerance": -1}}"#,
        r#"{"promotion": {"metric": "speed"}}"#,
        r#"{"promotion": {"confidence": 1}}"#,
        r#"{"holdOut": {"share": 1}}"#,
    ] {
        assert_eq!(read_policy(bad.as_bytes()).unwrap_err().code(), "bad_policy", "{bad}");
    }
    let policy = Policy::default();
    let json = serde_json::to_vec(&policy).unwrap();
    assert_eq!(read_policy(&json).unwrap(), policy);
}
