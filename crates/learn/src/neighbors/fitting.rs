//! Nearest neighbours as the pipeline drives them: a step orders some rows.

use hedgerow_model::mlp::add_inputs;
use hedgerow_model::{Answers, Estimator, NeighborRows, Neighbors};

use super::KNearestNeighbors;
use super::order::Ordering;
use crate::LearnError;
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::forest::Target;
use crate::learner::Recipe;

impl Recipe for KNearestNeighbors {
    fn needs(&self) -> Needs {
        Needs::SCALED
    }

    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        Ok(Box::new(NeighborsFitting::new(self, work)?))
    }
}

struct NeighborsFitting {
    params: KNearestNeighbors,
    features: usize,
    ordering: Ordering,
    answers: Answers,
    weights: Vec<f64>,
    total: usize,
    done: usize,
}

impl NeighborsFitting {
    /// Keeps the rows that count.
    fn new(params: &KNearestNeighbors, mut work: Work) -> Result<Self, LearnError> {
        let x = work.numbers()?;
        let (rows, features) = x.dim();
        let x = x.into_raw_vec_and_offset().0;
        let Work { target, weights, .. } = work;
        let weight = |row: usize| weights.as_ref().map_or(1.0, |weights| weights[row]);
        let kept: Vec<usize> = (0..rows).filter(|&row| weight(row) > 0.0).collect();
        let needed = params.n_neighbors as usize;
        if kept.len() < needed {
            return Err(LearnError::TooFewRows { rows: kept.len(), needed });
        }
        let mut points = Vec::with_capacity(kept.len() * features);
        kept.iter().for_each(|&row| add_inputs(&mut points, &x[row * features..][..features]));
        let answers = match target {
            Target::Classes { codes, n } => {
                // At most `MAX_CLASSES` classes.
                Answers::Classes { codes: kept.iter().map(|&row| codes[row] as u16).collect(), n }
            }
            Target::Values(values) => {
                Answers::Values(kept.iter().map(|&row| values[row]).collect())
            }
        };
        let ordering = Ordering::new(points, features);
        let total: f64 = kept.iter().map(|&row| weight(row)).sum();
        let mean = total / kept.len() as f64;
        Ok(Self {
            params: params.clone(),
            features,
            total: ordering.total(),
            done: 0,
            ordering,
            answers,
            // Only their ratios mean something.
            weights: match weights {
                None => Vec::new(),
                Some(_) => kept.iter().map(|&row| weight(row) / mean).collect(),
            },
        })
    }
}

impl Fitting for NeighborsFitting {
    fn total(&self) -> usize {
        self.total
    }

    fn step(&mut self, _index: usize) -> Result<(), LearnError> {
        self.ordering.step();
        self.done += 1;
        Ok(())
    }

    fn advance(&mut self) -> Result<(), LearnError> {
        self.done += usize::from(self.ordering.advance());
        Ok(())
    }

    fn done(&self) -> usize {
        self.done
    }

    fn ended(&self) -> bool {
        self.ordering.ended()
    }

    fn score(&self) -> Option<Score> {
        None
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        if !self.ended() {
            return Err(LearnError::BadJob { reason: "its rows are not in order yet".to_owned() });
        }
        let (leaves, order) = self.ordering.finish();
        let rows = NeighborRows {
            n_neighbors: self.params.n_neighbors as usize,
            metric: self.params.metric,
            votes: self.params.weights,
            n_features: self.features,
            points: Vec::new(),
            order,
            answers: self.answers,
            weights: self.weights,
        };
        let neighbors = Neighbors::with(leaves, rows)
            .map_err(|error| LearnError::BadJob { reason: error.to_string() })?;
        Ok(Fitted {
            estimator: Estimator::Neighbors(neighbors),
            metrics: Default::default(),
            importances: vec![0.0; self.features],
            history: Default::default(),
        })
    }
}
