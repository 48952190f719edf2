//! Windows of time beside the training rows.

use hedgerow_profile::Profile;

use crate::{
    Alarm, Baseline, DriftOptions, DriftReport, MonitorError, Rule, check_names, check_windows,
    drift,
};

/// A report of each window, in the order of time, and the alarms that the latest gives.
///
/// # Errors
/// As [`drift`] and [`check_names`].
pub fn watch(
    baseline: &Baseline,
    windows: &[Profile],
    options: &DriftOptions,
    rules: &[Rule],
) -> Result<(Vec<DriftReport>, Vec<Alarm>), MonitorError> {
    let report = |window: &Profile| drift(baseline, window, options);
    let reports = windows.iter().map(report).collect::<Result<Vec<_>, _>>()?;
    // All have the same columns.
    reports.first().map_or(Ok(()), |report| check_names(report, rules))?;
    let alarms = check_windows(&reports, rules);
    Ok((reports, alarms))
}
