//! Whether a model takes the place of another.

use hedgerow_data::Table;
use hedgerow_js::{Elsewhere, Thrown, from_js, to_js};
use hedgerow_model::Model;
use hedgerow_renew::PromotionRule;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// Checks that a champion can judge rows, so that nothing is trained in vain.
#[wasm_bindgen(js_name = checkRows)]
pub fn check_rows(champion: &Uint8Array, table: &Uint8Array) -> Result<(), Thrown> {
    let champion = Model::unpack(&Elsewhere(champion))?;
    hedgerow_renew::check_rows(&champion, &Table::unpack(&Elsewhere(table))?)?;
    Ok(())
}

/// Judges two models, by their parcels, on rows that neither was trained on.
#[wasm_bindgen(unchecked_return_type = "Judgement")]
pub fn judge(
    champion: &Uint8Array,
    challenger: &Uint8Array,
    held_out: &Uint8Array,
    #[wasm_bindgen(unchecked_param_type = "Partial<PromotionRule>")] rule: JsValue,
) -> Result<JsValue, Thrown> {
    let rule: PromotionRule = from_js(&rule)?;
    let champion = Model::unpack(&Elsewhere(champion))?;
    let challenger = Model::unpack(&Elsewhere(challenger))?;
    let held_out = Table::unpack(&Elsewhere(held_out))?;
    Ok(to_js(&hedgerow_renew::judge(&champion, &challenger, &held_out, &rule)?))
}
