//! `Plan`, `PlanFit` and `Study`: choosing between learners and parameters.

use std::sync::Arc;

use hedgerow_learn::choose::{Failure, FoldTask, StudyOptions, TaskFit};
use wasm_bindgen::prelude::*;

use crate::convert::{from_js, to_js};
use crate::error::{BindingError, Thrown};
use crate::model::Model;
use crate::table::Table;

/// Everything there may be to do, and the table to do it on.
#[wasm_bindgen]
pub struct Plan {
    plan: Arc<hedgerow_learn::choose::Plan>,
    table: Arc<hedgerow_data::Table>,
}

#[wasm_bindgen]
impl Plan {
    /// Reads the options of a study of a table.
    #[wasm_bindgen(constructor)]
    pub fn new(table: &Table, options: JsValue) -> Result<Self, Thrown> {
        let (table, options) = (table.share(), from_js::<StudyOptions>(&options)?);
        let plan = Arc::new(hedgerow_learn::choose::Plan::new(&table, options)?);
        Ok(Self { plan, table })
    }

    /// Begins a task.
    pub fn begin(
        &self,
        #[wasm_bindgen(unchecked_param_type = "FoldTask")] task: JsValue,
    ) -> Result<PlanFit, Thrown> {
        let (plan, table) = (Arc::clone(&self.plan), Arc::clone(&self.table));
        let fit = Some(plan.begin(from_js::<FoldTask>(&task)?)?);
        Ok(PlanFit { fit, plan, table })
    }
}

/// The options of a study with all that was left out.
#[wasm_bindgen(
    js_name = completeStudy,
    unchecked_return_type = "{ train: TrainOptions; folds: Folding; metric: string | null; study: unknown }"
)]
pub fn complete_study(options: JsValue) -> Result<JsValue, Thrown> {
    Ok(to_js(&from_js::<StudyOptions>(&options)?))
}

/// A training of a plan.
#[wasm_bindgen]
pub struct PlanFit {
    fit: Option<TaskFit>,
    plan: Arc<hedgerow_learn::choose::Plan>,
    table: Arc<hedgerow_data::Table>,
}

#[wasm_bindgen]
impl PlanFit {
    /// Goes on by a step, or a prediction for at most so many rows; how many were predicted, and nothing when
    /// it has ended.
    pub fn advance(&mut self, most: u32) -> Result<Option<u32>, Thrown> {
        let fit = self.fit.as_mut().ok_or(BindingError::Ended)?;
        Ok(fit.advance(&self.plan, &self.table, most as usize)?.map(|rows| rows as u32))
    }

    /// The outcome once it has ended, for [`Study::add`]; the fit is used up.
    pub fn finish(&mut self) -> Result<Vec<f64>, Thrown> {
        let fit = self.fit.take().ok_or(BindingError::Ended)?;
        Ok(fit.finish()?.to_numbers())
    }
}

/// Hands out tasks and takes their outcomes.
#[wasm_bindgen]
pub struct Study(hedgerow_learn::choose::Study);

#[wasm_bindgen]
impl Study {
    #[wasm_bindgen(constructor)]
    pub fn new(table: &Table, options: JsValue) -> Result<Self, Thrown> {
        let options: StudyOptions = from_js(&options)?;
        let plan = hedgerow_learn::choose::Plan::new(table.get(), options)?;
        Ok(Self(hedgerow_learn::choose::Study::new(Arc::new(plan))))
    }

    /// What is studied, to do tasks here, on the same table.
    pub fn plan(&self, table: &Table) -> Plan {
        Plan { plan: self.0.share_plan(), table: table.share() }
    }

    /// Trainings at most.
    #[wasm_bindgen(getter)]
    pub fn total(&self) -> u32 {
        self.0.total() as u32
    }

    /// Whether some fit is one step, of seconds.
    #[wasm_bindgen(getter, js_name = fitsInOneStep)]
    pub fn fits_in_one_step(&self) -> bool {
        self.0.plan().fits_in_one_step()
    }

    /// A task to be done, or nothing: for now, while some are under way.
    #[wasm_bindgen(unchecked_return_type = "FoldTask | undefined")]
    pub fn next(&mut self) -> JsValue {
        self.0.next_task().map_or(JsValue::UNDEFINED, |task| to_js(&task))
    }

    /// Begins no other candidate.
    pub fn stop(&mut self) {
        self.0.stop();
    }

    /// Notes the outcome of a task.
    #[wasm_bindgen(unchecked_return_type = "StudyProgress")]
    pub fn add(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "FoldTask")] task: JsValue,
        outcome: &[f64],
        seconds: f64,
    ) -> Result<JsValue, Thrown> {
        let outcome = self.0.plan().outcome(outcome)?;
        Ok(to_js(&self.0.add(from_js(&task)?, Ok(outcome), seconds)?))
    }

    /// Notes why a task failed.
    #[wasm_bindgen(unchecked_return_type = "StudyProgress")]
    pub fn fail(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "FoldTask")] task: JsValue,
        code: String,
        message: String,
        seconds: f64,
    ) -> Result<JsValue, Thrown> {
        Ok(to_js(&self.0.add(from_js(&task)?, Err(Failure { code, message }), seconds)?))
    }

    /// The model with what the study says of its probabilities and decisions.
    pub fn adjust(&self, model: &Model) -> Result<Model, Thrown> {
        let mut adjusted = (*model.share()).clone();
        self.0.adjust(&mut adjusted)?;
        Ok(adjusted.into())
    }

    /// What was found out; its type depends on the kind of study.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn report(&self) -> Result<JsValue, Thrown> {
        Ok(to_js(&self.0.report()?))
    }
}
