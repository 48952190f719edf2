mod edges;
mod figures;
mod laws;
mod oracles;

use hedgerow_model::{Estimator, FeatureKind, Linear};
use ndarray::Array2;

use super::{ElasticNet, LinearRegression, LogisticRegression, Ridge};
use crate::fitting::{Fitted, Input, Work};
use crate::forest::Target;
use crate::{LearnError, Learner};

/// Features row by row and what there is to learn of them.
#[derive(Debug, Clone)]
struct Rows {
    x: Vec<Vec<f64>>,
    target: Target,
    weights: Option<Vec<f64>>,
}

impl Rows {
    fn numbers(x: Vec<Vec<f64>>, y: Vec<f64>) -> Self {
        Self { x, target: Target::Values(y), weights: None }
    }

    fn classes(x: Vec<Vec<f64>>, codes: Vec<u32>, n: usize) -> Self {
        Self { x, target: Target::Classes { codes, n }, weights: None }
    }

    fn weighted(self, weights: Vec<f64>) -> Self {
        Self { weights: Some(weights), ..self }
    }

    fn y(&self) -> Vec<f64> {
        match &self.target {
            Target::Values(y) => y.clone(),
            Target::Classes { codes, .. } => codes.iter().map(|&code| f64::from(code)).collect(),
        }
    }

    fn matrix(&self) -> Array2<f64> {
        let shape = (self.x.len(), self.x[0].len());
        Array2::from_shape_vec(shape, self.x.concat()).unwrap()
    }

    /// The rows at `indices`, in that order.
    fn at(&self, indices: &[usize]) -> Self {
        let pick = |values: &[f64]| indices.iter().map(|&index| values[index]).collect::<Vec<_>>();
        Self {
            x: indices.iter().map(|&index| self.x[index].clone()).collect(),
            target: match &self.target {
                Target::Values(y) => Target::Values(pick(y)),
                Target::Classes { codes, n } => Target::Classes {
                    codes: indices.iter().map(|&index| codes[index]).collect(),
                    n: *n,
                },
            },
            weights: self.weights.as_deref().map(pick),
        }
    }
}

fn fit(learner: impl Into<Learner>, rows: &Rows) -> Result<Fitted, LearnError> {
    let width = rows.x[0].len();
    let work = Work {
        input: Input::Numbers(rows.matrix()),
        names: (0..width).map(|feature| format!("f{feature}")).collect(),
        kinds: vec![FeatureKind::Numeric; width],
        target: rows.target.clone(),
        weights: rows.weights.clone(),
        seed: 1,
    };
    let mut fitting = learner.into().begin(work)?;
    while !fitting.ended() {
        fitting.step(fitting.done())?;
    }
    assert!(fitting.done() <= fitting.total());
    fitting.finish()
}

fn linear(learner: impl Into<Learner>, rows: &Rows) -> Linear {
    match fit(learner, rows).unwrap().estimator {
        Estimator::Linear(linear) => {
            linear.check().unwrap();
            linear
        }
        other => panic!("{other:?} is not linear"),
    }
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let is_close = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance * (1.0 + b.abs());
    assert!(found.iter().zip(expected).all(is_close), "{found:?} is not {expected:?}");
}
