//! Whether the champion is due to be challenged.

use hedgerow_monitor::{
    Alarm, Baseline, DriftOptions, DriftReport, MonitorError, check, check_names, drift,
};
use hedgerow_renew::{Decision, Facts, Policy, check_rows};

use super::champion::Champion;
use super::rows::Rows;
use crate::failure::Failure;
use crate::track::figures;

/// What the policy says, and what else there is to know about the new rows.
pub fn decide(
    champion: &Champion,
    rows: &Rows,
    policy: &Policy,
) -> Result<(Decision, Vec<String>), Failure> {
    let mut notes = Vec::new();
    if rows.without_target > 0 {
        let n = rows.without_target;
        notes.push(format!("{n} new rows have no target and were left out."));
    }
    if rows.new.rows() == 0 {
        let facts = Facts { age_seconds: champion.age_seconds, ..Facts::default() };
        return Ok((policy.decide(&facts), notes));
    }
    let metrics = figures(&check_rows(&champion.model, &rows.new)?);
    let (drift, alarms) = match baseline(champion, rows)? {
        Some(baseline) => drifted(&baseline, champion, rows, policy, &mut notes)?,
        None => (None, Vec::new()),
    };
    let decision = policy.decide(&Facts {
        age_seconds: champion.age_seconds,
        rows: rows.new.rows() as u64,
        drift: drift.as_ref(),
        alarms: &alarms,
        metrics: Some(&metrics),
    });
    Ok((decision, notes))
}

/// The champion's training rows: from its file, or the old rows.
fn baseline(champion: &Champion, rows: &Rows) -> Result<Option<Baseline>, Failure> {
    match (Baseline::of_model(&champion.model), &rows.old) {
        (Ok(baseline), _) => Ok(Some(baseline)),
        (Err(MonitorError::NoProfile), Some(old)) => {
            Ok(Some(Baseline::of(&champion.model, old, None)?))
        }
        (Err(MonitorError::NoProfile), None) => Ok(None),
        (Err(error), _) => Err(error.into()),
    }
}

fn drifted(
    baseline: &Baseline,
    champion: &Champion,
    rows: &Rows,
    policy: &Policy,
    notes: &mut Vec<String>,
) -> Result<(Option<DriftReport>, Vec<Alarm>), Failure> {
    let seen = baseline.profile(&champion.model, &rows.new)?;
    let report = drift(baseline, &seen.profile, &DriftOptions::default())?;
    check_names(&report, &policy.rules)?;
    let found = seen.findings.into_iter().chain(report.findings.iter().cloned());
    notes.extend(found.map(|finding| finding.message));
    let alarms = check(&report, &policy.rules);
    Ok((Some(report), alarms))
}
