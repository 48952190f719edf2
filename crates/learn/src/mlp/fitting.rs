//! A network as the pipeline drives it: a step is some batches.

use std::collections::BTreeMap;

use hedgerow_model::Estimator;

use super::Mlp;
use super::examples::{Examples, Labels};
use super::trainer::Trainer;
use crate::LearnError;
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::learner::Recipe;

impl Recipe for Mlp {
    fn needs(&self) -> Needs {
        Needs::SCALED
    }

    fn begin(&self, mut work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        let numbers = work.numbers()?;
        let examples = Examples::new(numbers, work.target, work.weights.as_deref());
        let score = match &examples.target {
            Labels::Classes { .. } => "validation_accuracy",
            Labels::Values { .. } => "validation_r2",
        };
        let total = self.max_iter as usize;
        let trainer = Trainer::new(self.clone(), examples, work.seed)?;
        let total = total.saturating_mul(trainer.epochs.steps);
        Ok(Box::new(MlpFitting { trainer, score, total, done: 0 }))
    }
}

struct MlpFitting {
    trainer: Trainer,
    /// What the score on kept rows is called.
    score: &'static str,
    total: usize,
    done: usize,
}

const LOSS: &str = "training_loss";

impl Fitting for MlpFitting {
    fn total(&self) -> usize {
        self.total
    }

    fn step(&mut self, _index: usize) -> Result<(), LearnError> {
        if !self.ended() {
            self.trainer.step()?;
            self.done += 1;
        }
        Ok(())
    }

    fn done(&self) -> usize {
        self.done
    }

    fn ended(&self) -> bool {
        self.trainer.ended()
    }

    fn score(&self) -> Option<Score> {
        let loss = self.trainer.losses.last().map(|&loss| (LOSS, loss));
        let score = self.trainer.scores.last().map(|&score| (self.score, score));
        score.or(loss).map(|(name, value)| Score { name: name.to_owned(), value })
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        if !self.ended() {
            return Err(LearnError::BadJob { reason: "its epochs are not all done".to_owned() });
        }
        let features = self.trainer.network.n_features();
        let (network, losses, scores) = self.trainer.finish();
        let best = scores.iter().copied().fold(None, |best: Option<f64>, score| {
            Some(best.map_or(score, |best| if score > best { score } else { best }))
        });
        let mut metrics = BTreeMap::new();
        metrics.insert("epochs".to_owned(), losses.len() as f64);
        metrics.extend(losses.last().map(|&loss| (LOSS.to_owned(), loss)));
        metrics.extend(best.map(|best| (self.score.to_owned(), best)));
        let mut history = BTreeMap::new();
        history.insert(LOSS.to_owned(), losses);
        if !scores.is_empty() {
            history.insert(self.score.to_owned(), scores);
        }
        Ok(Fitted {
            estimator: Estimator::Mlp(network),
            metrics,
            importances: vec![0.0; features],
            history,
        })
    }
}
