//! Experiments: counted, compared, planned.

use hedgerow_data::Table;
use hedgerow_js::{Elsewhere, Thrown, from_js, to_js};
use hedgerow_monitor::MonitorError;
use hedgerow_monitor::experiment::{
    CompareOptions, Experiment, RowColumns, compare, of_rows, plan,
};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    counts: Experiment,
    left_out: usize,
}

/// What a table comes to that has a row for each unit.
#[wasm_bindgen(js_name = countVariants, unchecked_return_type = "{ counts: Experiment; leftOut: number }")]
pub fn count_variants(
    table: &Uint8Array,
    variant: &str,
    outcome: &str,
    success: Option<String>,
    covariate: Option<String>,
) -> Result<JsValue, Thrown> {
    let table = Table::unpack(&Elsewhere(table))?;
    let (success, covariate) = (success.as_deref(), covariate.as_deref());
    let rows = of_rows(&table, &RowColumns { variant, outcome, success, covariate })?;
    Ok(to_js(&Counted { counts: rows.experiment, left_out: rows.left_out }))
}

/// The sum of counts, each as JSON.
#[wasm_bindgen(js_name = mergeCounts, unchecked_return_type = "Experiment")]
pub fn merge_counts(counts: Vec<String>) -> Result<JsValue, Thrown> {
    Ok(to_js(&sum(&counts)?))
}

/// What the sum of counts says, each as JSON.
#[wasm_bindgen(js_name = compareVariants, unchecked_return_type = "ExperimentReport")]
pub fn compare_variants(
    counts: Vec<String>,
    #[wasm_bindgen(unchecked_param_type = "Partial<CompareOptions>")] options: JsValue,
) -> Result<JsValue, Thrown> {
    let options: CompareOptions = from_js(&options)?;
    Ok(to_js(&compare(&sum(&counts)?, &options)?))
}

fn sum(counts: &[String]) -> Result<Experiment, MonitorError> {
    let mut all = Experiment::default();
    for part in counts {
        all.merge(&Experiment::from_json(part.as_bytes())?)?;
    }
    Ok(all)
}

/// How many units and days an experiment takes.
#[wasm_bindgen(js_name = planExperiment, unchecked_return_type = "ExperimentPlan")]
pub fn plan_experiment(
    #[wasm_bindgen(unchecked_param_type = "Partial<PlanOptions>")] options: JsValue,
) -> Result<JsValue, Thrown> {
    Ok(to_js(&plan(&from_js(&options)?)?))
}
