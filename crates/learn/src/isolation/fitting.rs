//! An isolation forest as the pipeline drives it: a step is a tree, then the scores of some rows.

use std::borrow::Cow;

use hedgerow_data::sort_numbers;
use hedgerow_model::{Estimator, FeatureKind, TreeEnsemble, average_path};
use ndarray::Array2;

use super::IsolationForest;
use super::codes::ensemble;
use super::grow::{Ground, Trees};
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::forest::Random;
use crate::learner::Recipe;
use crate::{LearnError, TaskChoice};

/// Rows of all trees together at most: as many nodes again fit into the memory of a page.
const MAX_ROWS: usize = 1 << 24;

/// Rows that a step scores.
const CHUNK: usize = 4_096;

impl Recipe for IsolationForest {
    const TASKS: &'static [TaskChoice] = &[TaskChoice::Anomaly];

    fn needs(&self) -> Needs {
        Needs::Numbers { standardize: false, ordinal: true, missing: true }
    }

    fn begin(&self, mut work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        if work.weights.is_some() {
            return Err(LearnError::BadParameter {
                name: "sample_weight",
                value: "given".to_owned(),
                expected: "left out: isolation-forest draws rows without replacement".into(),
            });
        }
        let x = work.numbers()?;
        let samples = x.nrows().min(self.max_samples as usize);
        let all = samples * self.n_estimators as usize;
        if all > MAX_ROWS {
            return Err(LearnError::TooLarge {
                learner: "isolation-forest",
                what: "rows in all trees together",
                found: all,
                limit: MAX_ROWS,
            });
        }
        Ok(Box::new(IsolationFitting {
            params: self.clone(),
            order: (0..x.nrows() as u32).collect(),
            samples,
            kinds: work.kinds,
            seed: work.seed,
            trees: Trees::new(),
            forest: None,
            scores: Vec::new(),
            done: 0,
            x,
        }))
    }
}

struct IsolationFitting {
    params: IsolationForest,
    x: Array2<f64>,
    kinds: Vec<FeatureKind>,
    seed: u64,
    /// Rows of a tree.
    samples: usize,
    /// All rows, ascending.
    order: Vec<u32>,
    trees: Trees,
    /// All trees, once scores are asked of them.
    forest: Option<TreeEnsemble>,
    scores: Vec<f64>,
    done: usize,
}

impl IsolationFitting {
    fn grow(&mut self, index: usize) {
        let mut random = Random::for_tree(self.seed, index);
        let features = self.features(&mut random);
        let rows = sample(&mut self.order, self.samples, &mut random);
        // The depth of a tree that tells so many rows apart evenly.
        let max_depth = self.samples.next_power_of_two().trailing_zeros();
        let (x, kinds) = (self.x.view(), self.kinds.as_slice());
        self.trees.grow(Ground { x, kinds, features, max_depth, random }, rows);
    }

    /// The features that a tree sees.
    fn features(&self, random: &mut Random) -> Vec<u32> {
        let mut all: Vec<u32> = (0..self.kinds.len() as u32).collect();
        let wanted = (self.params.max_features * all.len() as f64) as usize;
        if wanted < all.len() {
            random.shuffle(&mut all);
            all.truncate(wanted.max(1));
        }
        all
    }

    fn take_forest(&mut self) -> TreeEnsemble {
        let normalizer = average_path(self.samples as u32);
        let trees = std::mem::replace(&mut self.trees, Trees::new());
        self.forest.take().unwrap_or_else(|| ensemble(trees, &self.kinds, normalizer))
    }

    /// Scores the next rows, as the model will.
    fn score_rows(&mut self) {
        let forest = self.take_forest();
        let from = self.scores.len();
        let to = self.x.nrows().min(from + CHUNK);
        let rows = self.x.slice(ndarray::s![from..to, ..]);
        let columns = rows.columns().into_iter().map(|column| Cow::Owned(column.to_vec()));
        let shares = forest.predict(&columns.collect::<Vec<_>>(), to - from);
        self.scores.extend(shares.iter().skip(1).step_by(2));
        self.forest = Some(forest);
    }
}

/// `n` of the rows, drawn without replacement; they are left in order.
fn sample(order: &mut [u32], n: usize, random: &mut Random) -> Vec<u32> {
    let rest = |at: usize| (order.len() - at) as u32;
    let drawn: Vec<usize> = (0..n).map(|at| at + random.below(rest(at)) as usize).collect();
    drawn.iter().enumerate().for_each(|(at, &other)| order.swap(at, other));
    let rows = order[..n].to_vec();
    drawn.iter().enumerate().rev().for_each(|(at, &other)| order.swap(at, other));
    rows
}

impl Fitting for IsolationFitting {
    fn total(&self) -> usize {
        let to_score = self.params.contamination.map_or(0, |_| self.x.nrows());
        self.params.n_estimators as usize + to_score.div_ceil(CHUNK)
    }

    fn step(&mut self, index: usize) -> Result<(), LearnError> {
        if index < self.params.n_estimators as usize {
            self.grow(index);
        } else {
            self.score_rows();
        }
        self.done += 1;
        Ok(())
    }

    fn done(&self) -> usize {
        self.done
    }

    fn score(&self) -> Option<Score> {
        None
    }

    /// The score of the last row, by score, of the share that is to be anomalies.
    fn threshold(&self) -> Option<f64> {
        let mut scores = self.scores.clone();
        sort_numbers(&mut scores);
        let wanted = libm::round(self.params.contamination? * scores.len() as f64) as usize;
        let wanted = wanted.clamp(1, scores.len().max(1));
        scores.len().checked_sub(wanted).and_then(|place| scores.get(place).copied())
    }

    fn finish(mut self: Box<Self>) -> Result<Fitted, LearnError> {
        if !self.ended() {
            return Err(LearnError::BadJob { reason: "some trees are missing".to_owned() });
        }
        Ok(Fitted {
            estimator: Estimator::Trees(self.take_forest()),
            metrics: Default::default(),
            importances: vec![0.0; self.kinds.len()],
            history: Default::default(),
        })
    }
}
