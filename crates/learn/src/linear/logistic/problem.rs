//! What a logistic regression is fitted to.

use hedgerow_model::{Linear, Link};

/// Rows, classes and penalty.
pub(super) struct Problem {
    /// Row-major.
    pub x: Vec<f64>,
    pub n_features: usize,
    /// The class of each row.
    pub codes: Vec<u32>,
    pub weights: Option<Vec<f64>>,
    /// Sum of the weights.
    pub total: f64,
    /// Of the squared coefficients, halved, beside the mean loss of a row.
    pub penalty: f64,
    /// Scores a row: one for two classes, else one a class.
    pub n_scores: usize,
    /// Standard deviation of each feature.
    pub deviations: Vec<f64>,
}

impl Problem {
    pub fn rows(&self) -> usize {
        self.codes.len()
    }

    pub fn n_params(&self) -> usize {
        (self.n_features + 1) * self.n_scores
    }

    pub fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    /// The share of each class, none quite 0.
    pub fn shares(&self, n_classes: usize) -> Vec<f64> {
        let mut shares = vec![0.0; n_classes];
        for (row, &code) in self.codes.iter().enumerate() {
            shares[code as usize] += self.weight(row);
        }
        shares.iter().map(|share| (share / self.total).clamp(1e-12, 1.0 - 1e-12)).collect()
    }

    /// The parameters as a model has them. Of several intercepts only the differences matter: they
    /// are made to sum to 0.
    pub fn linear(&self, params: &[f64]) -> Linear {
        let (coefficients, intercepts) = params.split_at(self.n_features * self.n_scores);
        let of_score = |score: usize| coefficients.iter().skip(score).step_by(self.n_scores);
        let shift = match intercepts {
            [_] => 0.0,
            many => many.iter().sum::<f64>() / many.len() as f64,
        };
        Linear {
            coefficients: (0..self.n_scores).flat_map(of_score).copied().collect(),
            intercepts: intercepts.iter().map(|intercept| intercept - shift).collect(),
            std_errors: Vec::new(),
            link: if self.n_scores == 1 { Link::Logistic } else { Link::Softmax },
        }
    }
}
