//! `Training`, `FitJob` and the declared learners.

use std::sync::Arc;

use hedgerow_learn::forest::{ForestJob, TreePart};
use hedgerow_learn::{Learner, Preparing, TrainOptions};
use hedgerow_model::LearnerRecord;
use wasm_bindgen::prelude::*;

use crate::convert::{from_js, to_js};
use crate::error::{BindingError, Thrown};
use crate::model::Model;
use crate::table::Table;

/// A model in the making: a table that is prepared, then a training.
#[wasm_bindgen]
pub struct Training {
    preparing: Option<(Preparing, Arc<hedgerow_data::Table>)>,
    training: Option<hedgerow_learn::Training>,
}

impl Training {
    fn get(&self) -> Result<&hedgerow_learn::Training, Thrown> {
        Ok(self.training.as_ref().ok_or(BindingError::Ended)?)
    }

    fn get_mut(&mut self) -> Result<&mut hedgerow_learn::Training, Thrown> {
        Ok(self.training.as_mut().ok_or(BindingError::Ended)?)
    }
}

#[wasm_bindgen]
impl Training {
    #[wasm_bindgen(constructor)]
    pub fn new(
        table: &Table,
        #[wasm_bindgen(unchecked_param_type = "TrainOptions")] options: JsValue,
    ) -> Result<Self, Thrown> {
        let (table, options) = (table.share(), from_js::<TrainOptions>(&options)?);
        let preparing = Preparing::new(&table, options)?;
        Ok(Self { preparing: Some((preparing, table)), training: None })
    }

    /// Goes on preparing by some milliseconds; whether there is more to prepare before all else.
    pub fn prepare(&mut self) -> Result<bool, Thrown> {
        let (preparing, table) = self.preparing.as_mut().ok_or(BindingError::Ended)?;
        if preparing.advance(table)? {
            return Ok(true);
        }
        let prepared = self.preparing.take().map(|(preparing, _)| preparing.finish());
        self.training = prepared.transpose()?;
        Ok(false)
    }

    /// Steps to do at most: trees, rounds, epochs or iterations.
    #[wasm_bindgen(getter)]
    pub fn total(&self) -> Result<u32, Thrown> {
        Ok(self.get()?.total() as u32)
    }

    /// Steps done.
    #[wasm_bindgen(getter)]
    pub fn done(&self) -> Result<u32, Thrown> {
        Ok(self.get()?.done() as u32)
    }

    /// Whether no more steps are needed.
    #[wasm_bindgen(getter)]
    pub fn ended(&self) -> Result<bool, Thrown> {
        Ok(self.get()?.ended())
    }

    /// Whether steps can be done elsewhere, in any order.
    #[wasm_bindgen(getter)]
    pub fn shared(&self) -> Result<bool, Thrown> {
        Ok(self.get()?.shared().is_some())
    }

    /// What others need to do steps; of a training that is not shared, nothing.
    #[wasm_bindgen(js_name = jobBytes)]
    pub fn job_bytes(&self) -> Result<Vec<u8>, Thrown> {
        Ok(self.get()?.shared().map(ForestJob::to_bytes).unwrap_or_default())
    }

    /// Does a step here.
    pub fn step(&mut self, index: u32) -> Result<(), Thrown> {
        Ok(self.get_mut()?.step(index as usize)?)
    }

    /// Goes on by some milliseconds, whatever a step is: where all of it is done here.
    pub fn advance(&mut self) -> Result<(), Thrown> {
        Ok(self.get_mut()?.advance()?)
    }

    /// Merges a step that a [`FitJob`] did elsewhere.
    pub fn add(&mut self, index: u32, part: &[u8]) -> Result<(), Thrown> {
        let part = TreePart::from_bytes(part)?;
        Ok(self.get_mut()?.add(index as usize, part)?)
    }

    /// The score so far.
    #[wasm_bindgen(unchecked_return_type = "Score | undefined")]
    pub fn score(&self) -> Result<JsValue, Thrown> {
        Ok(self.get()?.score().map_or(JsValue::UNDEFINED, |score| to_js(&score)))
    }

    /// The model; the training is used up.
    pub fn finish(&mut self) -> Result<Model, Thrown> {
        let training = self.training.take().ok_or(BindingError::Ended)?;
        Ok(training.finish()?.into())
    }
}

#[derive(serde::Serialize)]
struct Complete {
    options: TrainOptions,
    learner: LearnerRecord,
    version: &'static str,
}

/// The options of a training with all that was left out, the learner as a model remembers it, and the
/// version of the library.
#[wasm_bindgen(
    js_name = completeOptions,
    unchecked_return_type = "{ options: TrainOptions; learner: LearnerRecord; version: string }"
)]
pub fn complete_options(
    #[wasm_bindgen(unchecked_param_type = "TrainOptions")] options: JsValue,
) -> Result<JsValue, Thrown> {
    let options = from_js::<TrainOptions>(&options)?;
    let version = env!("CARGO_PKG_VERSION");
    Ok(to_js(&Complete { learner: options.learner.record(), options, version }))
}

/// Every learner with its parameters.
#[wasm_bindgen(unchecked_return_type = "Declaration[]")]
pub fn learners() -> JsValue {
    to_js(&Learner::declarations())
}

/// Whether several workers are of use to a kind of learner.
#[wasm_bindgen(js_name = sharesWork)]
pub fn shares_work(kind: &str) -> bool {
    Learner::shares_work(kind)
}

/// Whether the fit of a kind of learner is one step, of seconds.
#[wasm_bindgen(js_name = fitsInOneStep)]
pub fn fits_in_one_step(kind: &str) -> bool {
    Learner::fits_in_one_step(kind)
}

/// Grows trees for a [`Training`] elsewhere.
#[wasm_bindgen]
pub struct FitJob(ForestJob);

#[wasm_bindgen]
impl FitJob {
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Thrown> {
        Ok(Self(ForestJob::from_bytes(bytes)?))
    }

    /// Grows a tree.
    pub fn fit(&self, index: u32) -> Vec<u8> {
        self.0.fit_tree(index as usize).to_bytes()
    }
}
