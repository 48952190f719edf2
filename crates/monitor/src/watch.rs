//! Windows of time beside the training rows.

use hedgerow_profile::Profile;

use crate::{
    Alarm, Baseline, DriftOptions, DriftReport, MonitorError, Rule, check_names, check_windows,
    drift,
};

/// A report of each window that has rows, in the order of time, and the alarms that the latest window gives: none where
/// it has no rows. Rules pass over windows without.
///
/// # Errors
/// As [`check_names`]; [`MonitorError::NoRows`] where no window has rows; [`MonitorError::BadOption`].
pub fn watch(
    baseline: &Baseline,
    windows: &[Profile],
    options: &DriftOptions,
    rules: &[Rule],
) -> Result<(Vec<DriftReport>, Vec<Alarm>), MonitorError> {
    options.check()?;
    let report = |window: &Profile| drift(baseline, window, options);
    let known = windows.iter().filter(|window| window.rows() > 0);
    let reports = known.map(report).collect::<Result<Vec<_>, _>>()?;
    // All have the same columns.
    check_names(reports.first().ok_or(MonitorError::NoRows)?, rules)?;
    let is_latest_known = windows.last().is_some_and(|window| window.rows() > 0);
    let alarms = if is_latest_known { check_windows(&reports, rules) } else { Vec::new() };
    Ok((reports, alarms))
}
