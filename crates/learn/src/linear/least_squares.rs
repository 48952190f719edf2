//! Least squares with or without a penalty, step by step.

use std::collections::BTreeMap;

use hedgerow_model::{Estimator, Linear, Link};

use super::ElasticNet;
use super::descent::Descent;
use super::kernels::{importances, max_abs, max_abs_columns, scale_to_one};
use super::solve::{deviations, solve, squared_errors, std_errors};
use super::triangle::Triangle;
use crate::LearnError;
use crate::fitting::{Fitted, Fitting, Score, Work};
use crate::forest::Target;

/// Features at most: their triangle has the square of that many numbers.
const MAX_FEATURES: usize = 2_000;
/// Multiplications of a step, roughly.
const STEP: usize = 1 << 25;

/// What is added to the squared residuals.
#[derive(Debug, Clone)]
pub(super) enum Penalty {
    None,
    Ridge(f64),
    ElasticNet(ElasticNet),
}

/// A fit under way: the rows go into a triangle, then so does ridge's penalty, or the elastic net
/// descends.
pub(super) struct LeastSquares {
    learner: &'static str,
    penalty: Penalty,
    /// Row-major.
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Option<Vec<f64>>,
    /// Sum of the weights.
    total: f64,
    triangle: Triangle,
    /// The triangle of the rows alone, once a penalty is added.
    plain: Option<Triangle>,
    descent: Option<Descent>,
    converged: bool,
    losses: Vec<f64>,
    /// Rows, or features of the penalty, that a step takes.
    stride: usize,
    row: usize,
    feature: usize,
    done: usize,
}

impl LeastSquares {
    pub fn new(
        learner: &'static str,
        mut work: Work,
        penalty: Penalty,
    ) -> Result<Self, LearnError> {
        let x = work.numbers()?;
        let n_features = x.ncols();
        if n_features > MAX_FEATURES {
            return Err(LearnError::TooManyFeatures { features: n_features, limit: MAX_FEATURES });
        }
        let Target::Values(y) = work.target else {
            return Err(LearnError::BadJob { reason: format!("{learner} predicts numbers") });
        };
        let x = x.into_raw_vec_and_offset().0;
        let most = max_abs_columns(&x, n_features).into_iter().chain([max_abs(&y)]);
        Ok(Self {
            learner,
            penalty,
            triangle: Triangle::new(most.map(scale_to_one).collect()),
            total: work.weights.as_ref().map_or(y.len() as f64, |weights| weights.iter().sum()),
            x,
            y,
            weights: work.weights,
            plain: None,
            descent: None,
            converged: false,
            losses: Vec::new(),
            stride: (STEP / ((n_features + 2) * (n_features + 2))).max(8),
            row: 0,
            feature: 0,
            done: 0,
        })
    }

    fn add_rows(&mut self) {
        let p = self.triangle.n_features();
        let (from, to) = (self.row, self.y.len().min(self.row + self.stride));
        let weights = self.weights.as_ref().map(|weights| &weights[from..to]);
        self.triangle.add(&self.x[from * p..to * p], &self.y[from..to], weights);
        self.row = to;
    }

    fn add_penalty(&mut self, alpha: f64) {
        self.plain.get_or_insert_with(|| self.triangle.clone());
        let to = self.triangle.n_features().min(self.feature + self.stride);
        self.triangle.add_ridge(alpha.sqrt(), self.feature..to);
        self.feature = to;
    }

    fn descend(&mut self, net: &ElasticNet) {
        let (l1, l2) = (net.alpha * net.l1_ratio, net.alpha * (1.0 - net.l1_ratio));
        let start = || Descent::new(&self.triangle, self.total, l1, l2);
        let descent = self.descent.get_or_insert_with(start);
        descent.sweep();
        self.converged = descent.violation() <= net.tol;
        self.losses.push(descent.objective());
    }

    fn coefficients(&mut self, metrics: &mut BTreeMap<String, f64>) -> Linear {
        let mut errors = Vec::new();
        let (intercept, coefficients) = match &self.descent {
            Some(descent) => {
                metrics.insert("n_iter".to_owned(), self.losses.len() as f64);
                metrics.insert("converged".to_owned(), f64::from(u8::from(self.converged)));
                let coefficients = descent.coefficients();
                (self.triangle.intercept(&coefficients), coefficients)
            }
            None => {
                let solution = solve(&mut self.triangle);
                let freedom = self.total - (solution.rank + 1) as f64;
                if matches!(self.penalty, Penalty::None) && freedom > 0.0 {
                    let variance = self.triangle.residual() / freedom;
                    errors = std_errors(&self.triangle, &solution, variance);
                    let unit = self.triangle.scale(self.triangle.n_features() + 1);
                    metrics.insert("residual_std_error".to_owned(), variance.sqrt() / unit);
                }
                (solution.intercept, solution.coefficients)
            }
        };
        Linear {
            coefficients,
            intercepts: vec![intercept],
            std_errors: errors,
            link: Link::Identity,
        }
    }
}

impl Fitting for LeastSquares {
    fn total(&self) -> usize {
        let rows = self.y.len().div_ceil(self.stride);
        rows + match &self.penalty {
            Penalty::None => 0,
            Penalty::Ridge(_) => self.triangle.n_features().div_ceil(self.stride),
            Penalty::ElasticNet(net) => net.max_iter as usize,
        }
    }

    fn step(&mut self, _: usize) -> Result<(), LearnError> {
        if self.row < self.y.len() {
            self.add_rows();
        } else {
            match self.penalty.clone() {
                Penalty::None => {}
                Penalty::Ridge(alpha) => self.add_penalty(alpha),
                Penalty::ElasticNet(net) => self.descend(&net),
            }
        }
        self.done += 1;
        Ok(())
    }

    fn done(&self) -> usize {
        self.done
    }

    fn ended(&self) -> bool {
        self.converged || self.done >= self.total()
    }

    fn score(&self) -> Option<Score> {
        let value = *self.losses.last()?;
        Some(Score { name: "training_loss".to_owned(), value })
    }

    fn finish(mut self: Box<Self>) -> Result<Fitted, LearnError> {
        if !self.ended() {
            return Err(LearnError::BadJob { reason: "steps are missing".to_owned() });
        }
        let plain = self.plain.take().unwrap_or_else(|| self.triangle.clone());
        let mut metrics = BTreeMap::new();
        let linear = self.coefficients(&mut metrics);
        let all = [&linear.coefficients, &linear.intercepts, &linear.std_errors];
        if !all.iter().all(|values| values.iter().all(|value| value.is_finite())) {
            return Err(LearnError::Overflow { learner: self.learner });
        }
        let (left, all) = squared_errors(&plain, &linear.coefficients);
        if all > 0.0 {
            metrics.insert("training_r2".to_owned(), 1.0 - left / all);
        }
        let deviations = deviations(&plain, self.total);
        let importances =
            importances(&linear.coefficients, &deviations[..self.triangle.n_features()]);
        let mut history = BTreeMap::new();
        if !self.losses.is_empty() {
            history.insert("training_loss".to_owned(), self.losses);
        }
        Ok(Fitted { estimator: Estimator::Linear(linear), metrics, importances, history })
    }
}
