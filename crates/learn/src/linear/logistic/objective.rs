//! The penalised log loss and its gradient, block by block of rows.

use std::ops::Range;

use super::super::kernels::{add_scaled, dot};
use super::problem::Problem;

/// Rows that are worked on at a time, if there is one score a row.
const BLOCK: usize = 4_096;

/// Loss and gradient at a point, in the making.
pub(super) struct Evaluation {
    /// Rows seen.
    row: usize,
    loss: f64,
    /// As the parameters: feature by feature one a score, then the intercepts.
    gradient: Vec<f64>,
    /// Row by row the scores, then what the gradient is the features' sum over.
    scores: Vec<f64>,
}

impl Evaluation {
    pub fn new(problem: &Problem) -> Self {
        Self {
            row: 0,
            loss: 0.0,
            gradient: vec![0.0; problem.n_params()],
            scores: vec![0.0; block_rows(problem.n_scores) * problem.n_scores],
        }
    }

    /// Sees at least `rows` more rows, if there are as many; says whether there are more.
    pub fn see(&mut self, problem: &Problem, params: &[f64], rows: usize) -> bool {
        let until = problem.rows().min(self.row.saturating_add(rows));
        while self.row < until {
            let to = problem.rows().min(self.row + block_rows(problem.n_scores));
            self.see_block(problem, params, self.row..to);
            self.row = to;
        }
        self.row < problem.rows()
    }

    fn see_block(&mut self, problem: &Problem, params: &[f64], rows: Range<usize>) {
        let (p, k) = (problem.n_features, problem.n_scores);
        let (coefficients, intercepts) = params.split_at(p * k);
        let x = &problem.x[rows.start * p..rows.end * p];
        let scores = &mut self.scores[..rows.len() * k];
        let codes = &problem.codes[rows.clone()];
        let weights = problem.weights.as_ref().map(|weights| &weights[rows]);
        let (by_coefficient, by_intercept) = self.gradient.split_at_mut(p * k);
        if k == 1 {
            one_score(x, coefficients, intercepts[0], scores);
            self.loss += logistic_errors(scores, codes, weights);
            add_one_gradient(x, scores, by_coefficient);
        } else {
            many_scores(x, p, coefficients, intercepts, scores);
            self.loss += softmax_errors(scores, k, codes, weights);
            add_many_gradients(x, p, scores, k, by_coefficient);
        }
        for errors in scores.chunks_exact(k) {
            add_scaled(by_intercept, 1.0, errors);
        }
    }

    /// Loss and gradient: the mean of the rows, and the penalty; once all rows were seen.
    pub fn finish(mut self, problem: &Problem, params: &[f64]) -> (f64, Vec<f64>) {
        let penalised = problem.n_features * problem.n_scores;
        let mut squares = 0.0;
        self.gradient.iter_mut().for_each(|slope| *slope /= problem.total);
        for (slope, &param) in self.gradient.iter_mut().zip(&params[..penalised]) {
            squares += param * param;
            *slope += problem.penalty * param;
        }
        (self.loss / problem.total + problem.penalty / 2.0 * squares, self.gradient)
    }
}

/// As many rows as make some thousand scores.
fn block_rows(n_scores: usize) -> usize {
    (BLOCK / n_scores).max(16)
}

#[inline(never)]
fn one_score(x: &[f64], coefficients: &[f64], intercept: f64, scores: &mut [f64]) {
    for (row, score) in x.chunks_exact(coefficients.len()).zip(scores) {
        *score = intercept + dot(row, coefficients);
    }
}

/// The weighted losses of a block; scores become `weight * (probability - truth)`.
#[inline(never)]
fn logistic_errors(scores: &mut [f64], codes: &[u32], weights: Option<&[f64]>) -> f64 {
    let mut loss = 0.0;
    for (row, (score, &code)) in scores.iter_mut().zip(codes).enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        // At most 1, whatever the score.
        let small = libm::exp(-score.abs());
        let share = if *score >= 0.0 { 1.0 } else { small } / (1.0 + small);
        let truth = f64::from(code);
        loss += weight * (libm::log1p(small) + score.max(0.0) - truth * *score);
        *score = weight * (share - truth);
    }
    loss
}

/// Four rows at a time: the sums are read and written once for all of them.
#[inline(never)]
fn add_one_gradient(x: &[f64], errors: &[f64], sums: &mut [f64]) {
    let p = sums.len();
    let (rows, four) = (x.chunks_exact(4 * p), errors.chunks_exact(4));
    let rest = rows.remainder().chunks_exact(p).zip(four.remainder());
    for (rows, errors) in rows.zip(four) {
        let (first, second) = rows.split_at(2 * p);
        let ((a, b), (c, d)) = (first.split_at(p), second.split_at(p));
        for ((((sum, a), b), c), d) in sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *sum += (errors[0] * a + errors[1] * b) + (errors[2] * c + errors[3] * d);
        }
    }
    rest.for_each(|(row, error)| add_scaled(sums, *error, row));
}

#[inline(never)]
fn many_scores(x: &[f64], p: usize, coefficients: &[f64], intercepts: &[f64], scores: &mut [f64]) {
    let k = intercepts.len();
    for (row, scores) in x.chunks_exact(p).zip(scores.chunks_exact_mut(k)) {
        scores.copy_from_slice(intercepts);
        for (&value, coefficients) in row.iter().zip(coefficients.chunks_exact(k)) {
            // Most indicators are 0.
            if value != 0.0 {
                add_scaled(scores, value, coefficients);
            }
        }
    }
}

/// The weighted losses of a block; scores become `weight * (probabilities - truth)`.
#[inline(never)]
fn softmax_errors(scores: &mut [f64], k: usize, codes: &[u32], weights: Option<&[f64]>) -> f64 {
    let mut loss = 0.0;
    for (row, (scores, &code)) in scores.chunks_exact_mut(k).zip(codes).enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let own = scores[code as usize] - most;
        scores.iter_mut().for_each(|score| *score = libm::exp(*score - most));
        let sum: f64 = scores.iter().sum();
        loss += weight * (libm::log(sum) - own);
        scores.iter_mut().for_each(|score| *score *= weight / sum);
        scores[code as usize] -= weight;
    }
    loss
}

#[inline(never)]
fn add_many_gradients(x: &[f64], p: usize, errors: &[f64], k: usize, sums: &mut [f64]) {
    for (row, errors) in x.chunks_exact(p).zip(errors.chunks_exact(k)) {
        for (&value, sums) in row.iter().zip(sums.chunks_exact_mut(k)) {
            if value != 0.0 {
                add_scaled(sums, value, errors);
            }
        }
    }
}
