//! Naive Bayes as the pipeline drives it: a step is a feature.

use hedgerow_model::{Estimator, Factor, FeatureKind, NaiveBayes as Fit};
use ndarray::Array2;

use super::tally::{Rows, Tally};
use super::{NaiveBayes, Priors};
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::forest::Target;
use crate::learner::Recipe;
use crate::{LearnError, TaskChoice};

impl Recipe for NaiveBayes {
    const TASKS: &'static [TaskChoice] = &[TaskChoice::Classification];

    /// On one scale, so that the smoothing means the same for all numbers.
    fn needs(&self) -> Needs {
        Needs::Numbers { standardize: true, ordinal: true, missing: true }
    }

    fn begin(&self, mut work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        let x = work.numbers()?;
        let Target::Classes { codes, n } = work.target else {
            return Err(LearnError::BadJob { reason: "naive Bayes needs classes".to_owned() });
        };
        Ok(Box::new(BayesFitting {
            params: self.clone(),
            x,
            kinds: work.kinds,
            classes: codes,
            n_classes: n,
            weights: work.weights,
            tallies: Vec::new(),
        }))
    }
}

struct BayesFitting {
    params: NaiveBayes,
    x: Array2<f64>,
    kinds: Vec<FeatureKind>,
    classes: Vec<u32>,
    n_classes: usize,
    weights: Option<Vec<f64>>,
    tallies: Vec<Tally>,
}

impl BayesFitting {
    fn rows(&self) -> Rows<'_> {
        let weights = self.weights.as_deref();
        Rows { classes: &self.classes, n_classes: self.n_classes, weights }
    }

    fn log_priors(&self) -> Vec<f64> {
        let rows = self.rows();
        let mut sums = vec![0.0; self.n_classes];
        for (row, &class) in self.classes.iter().enumerate() {
            sums[class as usize] += rows.weight(row);
        }
        let total: f64 = sums.iter().sum();
        let prior = |sum: f64| match self.params.priors {
            Priors::Empirical => sum / total,
            Priors::Uniform => 1.0 / self.n_classes as f64,
        };
        sums.into_iter().map(|sum| libm::log(prior(sum))).collect()
    }
}

impl Fitting for BayesFitting {
    fn total(&self) -> usize {
        self.kinds.len()
    }

    fn step(&mut self, _index: usize) -> Result<(), LearnError> {
        if let Some(&kind) = self.kinds.get(self.tallies.len()) {
            // Side by side, since they are read several times.
            let values = self.x.column(self.tallies.len()).to_vec();
            let tally = Tally::new(&self.rows(), &values, kind, self.params.alpha);
            self.tallies.push(tally);
        }
        Ok(())
    }

    fn done(&self) -> usize {
        self.tallies.len()
    }

    fn score(&self) -> Option<Score> {
        None
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        if !self.ended() {
            return Err(LearnError::BadJob { reason: "features are missing".to_owned() });
        }
        let log_priors = self.log_priors();
        let most = self.tallies.iter().map(|tally| tally.variance).fold(0.0, f64::max);
        let smoothing = self.params.var_smoothing * if most > 0.0 { most } else { 1.0 };
        let smooth = |tally: Tally| smoothed(tally.factor, smoothing);
        let factors: Vec<Factor> = self.tallies.into_iter().map(smooth).collect();
        Ok(Fitted {
            importances: vec![0.0; factors.len()],
            estimator: Estimator::Bayes(Fit { log_priors, factors }),
            metrics: Default::default(),
            history: Default::default(),
        })
    }
}

/// No variance stays 0: a value that was always the same would else forbid every other.
fn smoothed(factor: Factor, smoothing: f64) -> Factor {
    match factor {
        Factor::Gaussian { means, variances } => {
            let smooth = |variance: f64| (variance + smoothing).max(f64::MIN_POSITIVE);
            Factor::Gaussian { means, variances: variances.into_iter().map(smooth).collect() }
        }
        categorical @ Factor::Categorical { .. } => categorical,
    }
}
