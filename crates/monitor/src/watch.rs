//! Windows of time beside the training rows.

use hedgerow_profile::Profile;

use crate::{
    Alarm, Baseline, DriftOptions, DriftReport, Finding, FindingCode, MonitorError, Rule,
    check_names, check_windows, drift,
};

/// A report of each window, in the order of time, none of one without rows; and the alarms that the latest gives. Rules
/// pass over windows without rows; where the latest is one, there is no alarm. The last report names them.
///
/// # Errors
/// As [`check_names`]; [`MonitorError::NoRows`] where no window has rows; [`MonitorError::BadOption`].
pub fn watch(
    baseline: &Baseline,
    windows: &[Profile],
    options: &DriftOptions,
    rules: &[Rule],
) -> Result<(Vec<Option<DriftReport>>, Vec<Alarm>), MonitorError> {
    options.check()?;
    let report = |window: &Profile| drift(baseline, window, options);
    let has_rows = |window: &&Profile| window.rows() > 0;
    let known = windows.iter().filter(has_rows).map(report).collect::<Result<Vec<_>, _>>()?;
    // All have the same columns.
    known.first().map_or(Err(MonitorError::NoRows), |report| check_names(report, rules))?;
    let is_latest_known = windows.last().is_some_and(|window| has_rows(&window));
    let alarms = if is_latest_known { check_windows(&known, rules) } else { Vec::new() };
    let mut known = known.into_iter();
    let next = |window: &Profile| if has_rows(&window) { known.next() } else { None };
    let mut reports: Vec<Option<DriftReport>> = windows.iter().map(next).collect();
    if let Some(last) = reports.iter_mut().rev().find_map(Option::as_mut) {
        last.findings.extend(empty_windows(windows));
    }
    Ok((reports, alarms))
}

fn empty_windows(windows: &[Profile]) -> impl Iterator<Item = Finding> {
    let n = windows.len();
    let empty = windows.iter().enumerate().filter(|(_, window)| window.rows() == 0);
    empty.map(move |(index, _)| {
        let message = format!("Window {} of {n} has no rows, and is passed over.", index + 1);
        Finding::new(FindingCode::EmptyWindow, "", message)
    })
}
