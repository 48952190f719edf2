//! Gradient boosting as the pipeline drives it: a round is a step, or several where it takes long.

use hedgerow_model::{Estimator, FeatureKind};

use super::GradientBoosting;
use super::fit::Boosting;
use crate::LearnError;
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::forest::ClassWeight;
use crate::learner::Recipe;

/// Additions to histograms that a step does about, or as much other work: some 20 ms.
const STEP: usize = 24_000_000;

/// Steps of a round at most.
const MAX_STEPS: usize = 1_000;

impl Recipe for GradientBoosting {
    fn check_rest(&self) -> Result<(), LearnError> {
        self.class_weight.check()
    }

    fn class_weight(&self) -> &ClassWeight {
        &self.class_weight
    }

    fn needs(&self) -> Needs {
        Needs::Binned { max_bins: self.max_bins as usize }
    }

    fn begin(&self, mut work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        let binned = work.binned()?;
        let numeric: Vec<bool> =
            work.kinds.iter().map(|kind| *kind == FeatureKind::Numeric).collect();
        let orders = super::start::Names { names: &work.names, numeric: &numeric };
        let boosting =
            Boosting::new(self.clone(), binned, orders, work.target, work.weights, work.seed)?;
        let steps = boosting.round_cost().div_ceil(STEP).clamp(1, MAX_STEPS);
        Ok(Box::new(BoostingFitting { boosting, steps, taken: 0 }))
    }
}

struct BoostingFitting {
    boosting: Boosting,
    /// Steps a round may take.
    steps: usize,
    /// Steps of the round under way.
    taken: usize,
}

impl Fitting for BoostingFitting {
    fn total(&self) -> usize {
        self.boosting.n_rounds() * self.steps
    }

    fn step(&mut self, _: usize) -> Result<(), LearnError> {
        let round = self.boosting.losses().len();
        self.taken += 1;
        // The last step of a round does all that is left, so that there are never more.
        let budget = if self.taken >= self.steps { usize::MAX } else { STEP };
        let mut used = 0;
        while used < budget && self.boosting.losses().len() == round && !self.ended() {
            used += self.boosting.advance(budget - used);
        }
        if self.boosting.losses().len() > round {
            self.taken = 0;
        }
        Ok(())
    }

    fn done(&self) -> usize {
        self.boosting.losses().len() * self.steps + self.taken
    }

    fn ended(&self) -> bool {
        self.boosting.ended()
    }

    fn score(&self) -> Option<Score> {
        let value = *self.boosting.losses().last()?;
        Some(Score { name: self.boosting.loss_name().to_owned(), value })
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        if !self.ended() {
            return Err(LearnError::BadJob { reason: "rounds are missing".to_owned() });
        }
        let boosted = self.boosting.finish();
        let name = boosted.loss_name.to_owned();
        Ok(Fitted {
            estimator: Estimator::Trees(boosted.trees),
            metrics: [(name.clone(), boosted.best_loss)].into_iter().collect(),
            importances: boosted.importances,
            history: [(name, boosted.losses)].into_iter().collect(),
        })
    }
}
