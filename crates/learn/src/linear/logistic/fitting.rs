//! A logistic regression as the pipeline drives it.

use std::collections::BTreeMap;

use hedgerow_model::Estimator;

use super::super::kernels::{deviations, importances};
use super::LogisticRegression;
use super::curvature::Curvature;
use super::lbfgs::{Lbfgs, Status};
use super::objective::Evaluation;
use super::problem::Problem;
use crate::declare::Declared;
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::forest::{ClassWeight, Target};
use crate::learner::Recipe;
use crate::{LearnError, TaskChoice};

/// Multiplications of a step, roughly.
const STEP: usize = 1 << 24;

impl Recipe for LogisticRegression {
    const TASKS: &'static [TaskChoice] = &[TaskChoice::Classification];

    fn check_rest(&self) -> Result<(), LearnError> {
        self.class_weight.check()
    }

    fn class_weight(&self) -> &ClassWeight {
        &self.class_weight
    }

    fn needs(&self) -> Needs {
        Needs::SCALED
    }

    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        Ok(Box::new(LogisticFitting::new(self, work)?))
    }
}

struct LogisticFitting {
    problem: Problem,
    curvature: Curvature,
    descent: Lbfgs,
    evaluation: Evaluation,
    max_iter: usize,
    /// Rows that a step sees.
    stride: usize,
    done: usize,
}

impl LogisticFitting {
    fn new(params: &LogisticRegression, mut work: Work) -> Result<Self, LearnError> {
        let x = work.numbers()?;
        let n_features = x.ncols();
        let Target::Classes { codes, n } = work.target else {
            let reason = format!("{} predicts classes", LogisticRegression::KIND);
            return Err(LearnError::BadJob { reason });
        };
        let x = x.into_raw_vec_and_offset().0;
        let total = work.weights.as_ref().map_or(codes.len() as f64, |all| all.iter().sum());
        let problem = Problem {
            deviations: deviations(&x, n_features, work.weights.as_deref()),
            x,
            n_features,
            codes,
            weights: work.weights,
            total,
            penalty: 1.0 / (params.c * total),
            n_scores: if n == 2 { 1 } else { n },
        };
        let shares = problem.shares(n);
        let start = start(&problem, &shares);
        Ok(Self {
            curvature: Curvature::new(&problem, &shares[n - problem.n_scores..]),
            descent: Lbfgs::new(start, params.tol, params.max_iter as usize),
            evaluation: Evaluation::new(&problem),
            max_iter: params.max_iter as usize,
            stride: (STEP / problem.n_params()).max(1),
            problem,
            done: 0,
        })
    }
}

/// No coefficients, and the intercepts that give every row the shares of the classes.
fn start(problem: &Problem, shares: &[f64]) -> Vec<f64> {
    let mut params = vec![0.0; problem.n_params()];
    let intercepts = &mut params[problem.n_features * problem.n_scores..];
    if let [intercept] = intercepts {
        *intercept = libm::log(shares[1]) - libm::log(shares[0]);
        return params;
    }
    let logs: Vec<f64> = shares.iter().map(|share| libm::log(*share)).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    intercepts.iter_mut().zip(logs).for_each(|(intercept, log)| *intercept = log - mean);
    params
}

impl Fitting for LogisticFitting {
    /// An iteration that has to shorten its step sees all rows again; twice as many as iterations
    /// are allowed.
    fn total(&self) -> usize {
        self.problem.rows().div_ceil(self.stride) * (1 + 2 * self.max_iter)
    }

    fn step(&mut self, _: usize) -> Result<(), LearnError> {
        self.done += 1;
        if self.evaluation.see(&self.problem, self.descent.point(), self.stride) {
            return Ok(());
        }
        let next = Evaluation::new(&self.problem);
        let evaluation = std::mem::replace(&mut self.evaluation, next);
        let (loss, gradient) = evaluation.finish(&self.problem, self.descent.point());
        self.descent.tell(loss, gradient, &self.curvature);
        Ok(())
    }

    fn done(&self) -> usize {
        self.done
    }

    fn ended(&self) -> bool {
        self.descent.status() != Status::Wanted || self.done >= self.total()
    }

    fn score(&self) -> Option<Score> {
        let value = *self.descent.losses().last()?;
        Some(Score { name: "training_loss".to_owned(), value })
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        if !self.ended() {
            return Err(LearnError::BadJob { reason: "steps are missing".to_owned() });
        }
        let linear = self.problem.linear(self.descent.best());
        let mut finite = linear.coefficients.iter().chain(&linear.intercepts);
        if !finite.all(|value| value.is_finite()) {
            return Err(LearnError::Overflow { learner: LogisticRegression::KIND });
        }
        let converged = self.descent.status() == Status::Converged;
        let mut metrics = BTreeMap::new();
        metrics.insert("converged".to_owned(), f64::from(u8::from(converged)));
        metrics.insert("n_iter".to_owned(), self.descent.n_iter() as f64);
        let mut history = BTreeMap::new();
        history.insert("training_loss".to_owned(), self.descent.losses().to_vec());
        Ok(Fitted {
            importances: importances(&linear.coefficients, &self.problem.deviations),
            estimator: Estimator::Linear(linear),
            metrics,
            history,
        })
    }
}
