//! `Training` and `FitJob`.

use hedgerow_learn::TrainOptions;
use hedgerow_learn::forest::{ForestJob, TreePart};
use wasm_bindgen::prelude::*;

use crate::convert::{from_js, to_js};
use crate::error::{BindingError, Thrown};
use crate::model::Model;
use crate::table::Table;

/// How good a model is on the rows that its trees did not see.
#[derive(serde::Serialize, tsify::Tsify)]
pub struct Score {
    #[tsify(type = "'oob_accuracy' | 'oob_r2'")]
    name: &'static str,
    value: f64,
}

/// A model in the making.
#[wasm_bindgen]
pub struct Training {
    training: Option<hedgerow_learn::Training>,
    done: u32,
}

impl Training {
    fn get(&self) -> Result<&hedgerow_learn::Training, Thrown> {
        Ok(self.training.as_ref().ok_or(BindingError::Ended)?)
    }

    fn merge(&mut self, index: u32, part: TreePart) -> Result<(), Thrown> {
        let training = self.training.as_mut().ok_or(BindingError::Ended)?;
        training.add(index as usize, part)?;
        self.done += 1;
        Ok(())
    }
}

#[wasm_bindgen]
impl Training {
    #[wasm_bindgen(constructor)]
    pub fn new(
        table: &Table,
        #[wasm_bindgen(unchecked_param_type = "TrainOptions")] options: JsValue,
    ) -> Result<Self, Thrown> {
        let options: TrainOptions = from_js(&options)?;
        let training = hedgerow_learn::Training::new(table.get(), options)?;
        Ok(Self { training: Some(training), done: 0 })
    }

    /// Trees to grow.
    #[wasm_bindgen(getter, js_name = nTrees)]
    pub fn n_trees(&self) -> Result<u32, Thrown> {
        Ok(self.get()?.job().n_tasks() as u32)
    }

    /// Trees merged so far.
    #[wasm_bindgen(getter)]
    pub fn done(&self) -> u32 {
        self.done
    }

    /// What others need to grow trees.
    #[wasm_bindgen(js_name = jobBytes)]
    pub fn job_bytes(&self) -> Result<Vec<u8>, Thrown> {
        Ok(self.get()?.job().to_bytes())
    }

    /// Grows a tree here and merges it.
    pub fn grow(&mut self, index: u32) -> Result<(), Thrown> {
        let part = self.get()?.job().fit_tree(index as usize);
        self.merge(index, part)
    }

    /// Merges a tree that a [`FitJob`] grew elsewhere.
    pub fn add(&mut self, index: u32, part: &[u8]) -> Result<(), Thrown> {
        self.merge(index, TreePart::from_bytes(part)?)
    }

    /// The score so far, on rows that the trees did not see.
    #[wasm_bindgen(unchecked_return_type = "Score | undefined")]
    pub fn score(&self) -> Result<JsValue, Thrown> {
        let score = self.get()?.score().map(|(name, value)| Score { name, value });
        Ok(score.map_or(JsValue::UNDEFINED, |score| to_js(&score)))
    }

    /// The model; the training is used up.
    pub fn finish(&mut self) -> Result<Model, Thrown> {
        let training = self.training.take().ok_or(BindingError::Ended)?;
        Ok(training.finish()?.into())
    }
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
