//! The rows that a network learns from.

use hedgerow_model::mlp::add_inputs;
use hedgerow_model::{Link, Scale};
use ndarray::Array2;

use crate::CHUNK;
use crate::forest::Target;

/// Rows as a network reads them.
pub(super) struct Examples {
    pub features: usize,
    /// Row-major.
    x: Vec<f32>,
    pub target: Labels,
    /// One a row; empty where all count 1.
    pub weights: Vec<f32>,
}

/// What is to be learned.
pub(super) enum Labels {
    Classes {
        codes: Vec<u32>,
        n: usize,
    },
    /// Standardised with the scale.
    Values {
        values: Vec<f32>,
        scale: Scale,
    },
}

impl Examples {
    pub fn new(numbers: Array2<f64>, target: Target, weights: Option<&[f64]>) -> Self {
        let (rows, features) = numbers.dim();
        let numbers = numbers.into_raw_vec_and_offset().0;
        let mut x = Vec::with_capacity(numbers.len());
        numbers.chunks(CHUNK).for_each(|values| add_inputs(&mut x, values));
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        // Only the ratios of weights mean something: their mean becomes 1.
        let mean = (0..rows).map(weight).sum::<f64>() / rows.max(1) as f64;
        Self {
            features,
            x,
            target: Labels::new(target, &weight),
            weights: weights.map_or(Vec::new(), |all| {
                all.iter().map(|weight| (weight / mean) as f32).collect()
            }),
        }
    }

    pub fn rows(&self) -> usize {
        match &self.target {
            Labels::Classes { codes, .. } => codes.len(),
            Labels::Values { values, .. } => values.len(),
        }
    }

    pub fn weight(&self, row: u32) -> f32 {
        self.weights.get(row as usize).copied().unwrap_or(1.0)
    }

    /// Writes rows side by side into the panel that a network begins with.
    #[inline(never)]
    pub fn gather(&self, rows: &[u32], stride: usize, panel: &mut [f32]) {
        for (column, &row) in rows.iter().enumerate() {
            let values = &self.x[row as usize * self.features..][..self.features];
            for (cell, value) in panel[column..].iter_mut().step_by(stride).zip(values) {
                *cell = *value;
            }
        }
    }
}

impl Labels {
    fn new(target: Target, weight: &dyn Fn(usize) -> f64) -> Self {
        match target {
            Target::Classes { codes, n } => Self::Classes { codes, n },
            Target::Values(values) => {
                let scale = scale_of(&values, weight);
                let standard = |value: &f64| ((value - scale.mean) / scale.std) as f32;
                Self::Values { values: values.iter().map(standard).collect(), scale }
            }
        }
    }

    /// Scores a row has.
    pub fn n_scores(&self) -> usize {
        match self {
            Self::Classes { n: 2, .. } | Self::Values { .. } => 1,
            Self::Classes { n, .. } => *n,
        }
    }

    pub fn link(&self) -> Link {
        match self {
            Self::Classes { n: 2, .. } => Link::Logistic,
            Self::Classes { .. } => Link::Softmax,
            Self::Values { .. } => Link::Identity,
        }
    }

    pub fn scale(&self) -> Option<Scale> {
        match self {
            Self::Classes { .. } => None,
            Self::Values { scale, .. } => Some(*scale),
        }
    }
}

fn scale_of(values: &[f64], weight: &dyn Fn(usize) -> f64) -> Scale {
    let total: f64 = (0..values.len()).map(weight).sum();
    let mean_of = |of: &dyn Fn(f64) -> f64| {
        values.iter().enumerate().map(|(row, &value)| weight(row) * of(value)).sum::<f64>() / total
    };
    let mean = mean_of(&|value| value);
    let std = mean_of(&|value| (value - mean) * (value - mean)).sqrt();
    Scale { mean, std: if std > 0.0 && std.is_finite() { std } else { 1.0 } }
}
