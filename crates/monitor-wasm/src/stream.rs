//! Changes in a stream of numbers.

use hedgerow_js::{Thrown, from_js, to_js};
use hedgerow_monitor::stream::{Detector, DetectorOptions};
use wasm_bindgen::prelude::*;

/// A detector: what it has seen stays here, some kilobytes, until it is freed or collected.
#[wasm_bindgen(js_name = Detector)]
pub struct Held(Detector);

#[wasm_bindgen(js_class = Detector)]
impl Held {
    /// By its name, with its options.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(
            unchecked_param_type = "({ detector: 'adwin' } & Partial<AdwinOptions>) | ({ detector: 'page_hinkley' } & Partial<PageHinkleyOptions>)"
        )]
        options: JsValue,
    ) -> Result<Self, Thrown> {
        let options: DetectorOptions = from_js(&options)?;
        Ok(Self(Detector::new(options)?))
    }

    /// The change that is found with the next value, if one is.
    #[wasm_bindgen(unchecked_return_type = "MeanChange | undefined")]
    pub fn update(&mut self, value: f64) -> JsValue {
        self.0.update(value).map_or(JsValue::UNDEFINED, |change| to_js(&change))
    }
}
