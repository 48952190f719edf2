//! The JavaScript bindings of `hedgerow-monitor`, and of the judge of `hedgerow-renew`: convert, one call, convert.
//!
//! A module of its own beside the training module, loaded by who monitors. Models and tables come as the bytes
//! that workers get; a baseline and profiles are bytes, too, so nothing has to be freed, but for what watches a stream.

mod challenger;
mod experiment;
mod stream;

use hedgerow_data::Table;
use hedgerow_js::{Elsewhere, Thrown, from_js, to_js};
use hedgerow_model::Model;
use hedgerow_monitor::{
    Alarm, Baseline, DriftOptions, DriftReport, Finding, FindingCode, MonitorError, Profile,
    default_rules, read_rules, watch, worst_segments,
};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
pub fn start() {
    hedgerow_js::report_panics();
}

/// The baseline of a model, by its parcel, and the table that it was trained on, or one like it; with how good its
/// answers are for rows that were kept out of training.
#[wasm_bindgen]
pub fn baseline(
    parcel: &Uint8Array,
    table: &Uint8Array,
    held_out: Option<Uint8Array>,
) -> Result<Vec<u8>, Thrown> {
    let model = Model::unpack(&Elsewhere(parcel))?;
    let table = Table::unpack(&Elsewhere(table))?;
    let held_out = held_out.map(|bytes| Table::unpack(&Elsewhere(&bytes))).transpose()?;
    Ok(Baseline::of(&model, &table, held_out.as_ref())?.to_bytes())
}

/// Checks the baseline that a model file has, or that it has one.
#[wasm_bindgen(js_name = checkBaseline)]
pub fn check_baseline(kept: Option<Vec<u8>>) -> Result<(), Thrown> {
    let bytes = kept.ok_or(MonitorError::NoProfile)?;
    Baseline::from_bytes(&bytes)?;
    Ok(())
}

/// A profile of the rows of a table, and what is odd about them.
#[wasm_bindgen(unchecked_return_type = "[Uint8Array<ArrayBuffer>, Finding[]]")]
pub fn profile(parcel: &Uint8Array, baseline: &[u8], table: &Uint8Array) -> Result<Array, Thrown> {
    let model = Model::unpack(&Elsewhere(parcel))?;
    let table = Table::unpack(&Elsewhere(table))?;
    let seen = Baseline::from_bytes(baseline)?.profile(&model, &table)?;
    let bytes = Uint8Array::from(seen.profile.to_bytes().as_slice());
    Ok(Array::of2(&bytes, &to_js(&seen.findings)))
}

/// Where a model is wrong most, among rows that have the target.
#[wasm_bindgen(unchecked_return_type = "Segment[]")]
pub fn segments(parcel: &Uint8Array, table: &Uint8Array) -> Result<JsValue, Thrown> {
    let model = Model::unpack(&Elsewhere(parcel))?;
    let table = Table::unpack(&Elsewhere(table))?;
    Ok(to_js(&worst_segments(&model, &table)?))
}

/// Whether bytes begin as a profile does, of any model and version.
#[wasm_bindgen(js_name = isProfile)]
pub fn is_profile(bytes: &[u8]) -> bool {
    Profile::is_begun_by(bytes)
}

/// The sum of profiles.
#[wasm_bindgen]
pub fn merge(baseline: &[u8], profiles: Vec<Uint8Array>) -> Result<Vec<u8>, Thrown> {
    Ok(sum(&Baseline::from_bytes(baseline)?, &profiles)?.to_bytes())
}

fn sum(baseline: &Baseline, profiles: &[Uint8Array]) -> Result<Profile, MonitorError> {
    let mut sum = Profile::new(&baseline.layout);
    for profile in profiles {
        sum.merge(&Profile::from_bytes(&profile.to_vec(), &baseline.layout)?)?;
    }
    Ok(sum)
}

/// By their numbers: nothing here knows where they come from.
fn empty_windows(windows: &[Profile]) -> impl Iterator<Item = Finding> {
    let n = windows.len();
    let empty = windows.iter().enumerate().filter(|(_, window)| window.rows() == 0);
    empty.map(move |(index, _)| Finding {
        code: FindingCode::EmptyWindow,
        column: String::new(),
        message: format!("Window {} of {n} has no rows, and is passed over.", index + 1),
    })
}

#[derive(serde::Serialize)]
struct Checked {
    alarms: Vec<Alarm>,
    #[serde(flatten)]
    report: DriftReport,
}

/// What the sum of profiles says beside the baseline, held to rules: a JSON list; by default the usual ones. As
/// `windows`, profiles are of times one after the other: the report is of the last, and rules know those before.
#[wasm_bindgen(unchecked_return_type = "DriftReport & { alarms: Alarm[] }")]
pub fn report(
    baseline: &[u8],
    profiles: Vec<Uint8Array>,
    #[wasm_bindgen(unchecked_param_type = "DriftOptions")] options: JsValue,
    rules: Option<String>,
    windows: bool,
) -> Result<JsValue, Thrown> {
    let options: DriftOptions = from_js(&options)?;
    let rules = rules.map_or_else(|| Ok(default_rules()), |rules| read_rules(rules.as_bytes()))?;
    let baseline = Baseline::from_bytes(baseline)?;
    let together = if windows { 1 } else { profiles.len().max(1) };
    let windows = profiles.chunks(together).map(|some| sum(&baseline, some));
    let windows = windows.collect::<Result<Vec<_>, MonitorError>>()?;
    let (mut reports, alarms) = watch(&baseline, &windows, &options, &rules)?;
    let mut report = reports.pop().ok_or(MonitorError::NoRows)?;
    report.findings.extend(empty_windows(&windows));
    Ok(to_js(&Checked { alarms, report }))
}

/// What is watched where nobody says otherwise.
#[wasm_bindgen(js_name = defaultRules, unchecked_return_type = "Rule[]")]
pub fn rules() -> JsValue {
    to_js(&default_rules())
}
