//! A forest as the pipeline drives it: every step is a tree, which may be grown piece by piece.

use hedgerow_model::Estimator;

use super::grow::Growing;
use super::growth::Growth;
use super::single::STEP;
use super::{ForestBuilder, ForestJob, RandomForest, Target, TreePart};
use crate::LearnError;
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::learner::Recipe;

impl Recipe for RandomForest {
    const SHARED: bool = true;

    fn check_rest(&self) -> Result<(), LearnError> {
        self.max_features.check()?;
        self.class_weight.check()
    }

    fn class_weight(&self) -> &super::ClassWeight {
        &self.class_weight
    }

    fn needs(&self) -> Needs {
        Needs::Binned { max_bins: self.max_bins as usize }
    }

    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        begin(work, Growth::from(self))
    }
}

/// Begins the fit of trees that are grown like this.
pub(super) fn begin(mut work: Work, growth: Growth) -> Result<Box<dyn Fitting>, LearnError> {
    let binned = work.binned()?;
    let job = ForestJob::grown(binned, work.target, work.weights, growth, work.seed)?;
    Ok(Box::new(ForestFitting { builder: ForestBuilder::new(&job), job, growing: None, done: 0 }))
}

struct ForestFitting {
    job: ForestJob,
    builder: ForestBuilder,
    /// The tree that is grown piece by piece.
    growing: Option<Box<dyn Growing>>,
    done: usize,
}

impl ForestFitting {
    fn add_own(&mut self, index: usize, part: TreePart) -> Result<(), LearnError> {
        self.builder.add_own(&self.job, index, part)?;
        self.done += 1;
        Ok(())
    }

    fn score_name(&self) -> &'static str {
        match self.job.target() {
            Target::Classes { .. } => "oob_accuracy",
            Target::Values(_) => "oob_r2",
        }
    }
}

impl Fitting for ForestFitting {
    fn total(&self) -> usize {
        self.job.n_tasks()
    }

    fn step(&mut self, index: usize) -> Result<(), LearnError> {
        let part = self.job.fit_tree(index);
        self.add_own(index, part)
    }

    fn advance(&mut self) -> Result<(), LearnError> {
        let Some(mut growing) = self.growing.take() else {
            self.growing = Some(self.job.begin_tree(self.done, false));
            return Ok(());
        };
        if !growing.advance(&self.job, STEP) {
            self.growing = Some(growing);
            return Ok(());
        }
        let part = self.job.part(growing.finish());
        self.add_own(self.done, part)
    }

    fn done(&self) -> usize {
        self.done
    }

    fn shared(&self) -> Option<&ForestJob> {
        Some(&self.job)
    }

    fn add(&mut self, index: usize, part: TreePart) -> Result<(), LearnError> {
        self.builder.add(&self.job, index, part)?;
        self.done += 1;
        Ok(())
    }

    fn score(&self) -> Option<Score> {
        let value = self.builder.oob_score(&self.job)?;
        Some(Score { name: self.score_name().to_owned(), value })
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        let name = self.score_name().to_owned();
        let fitted = self.builder.finish(&self.job)?;
        Ok(Fitted {
            estimator: Estimator::Trees(fitted.trees),
            metrics: fitted.oob_score.map(|score| (name, score)).into_iter().collect(),
            importances: fitted.importances,
            history: Default::default(),
        })
    }
}
