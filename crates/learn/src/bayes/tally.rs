//! What one feature's values are like in each class.

use hedgerow_model::{Factor, FeatureKind};

/// Rows' classes and weights.
pub(super) struct Rows<'a> {
    pub classes: &'a [u32],
    pub n_classes: usize,
    /// One a row; `None` where all count 1.
    pub weights: Option<&'a [f64]>,
}

impl Rows<'_> {
    pub fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// Sums up `of(row, class)`, one sum a class, in the order of the rows.
    fn sums(&self, values: &[f64], of: impl Fn(f64, usize) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_classes];
        for (row, &value) in values.iter().enumerate() {
            let class = self.classes[row] as usize;
            if !value.is_nan() {
                sums[class] += self.weight(row) * of(value, class);
            }
        }
        sums
    }
}

/// The distributions of a feature, and the variance of all its values whatever the class.
pub(super) struct Tally {
    pub factor: Factor,
    /// 0 for categories.
    pub variance: f64,
}

impl Tally {
    pub fn new(rows: &Rows, values: &[f64], kind: FeatureKind, alpha: f64) -> Self {
        match kind {
            FeatureKind::Numeric => gaussian(rows, values),
            FeatureKind::Categorical { n } => {
                Self { factor: categorical(rows, values, n, alpha), variance: 0.0 }
            }
        }
    }
}

/// Means and variances about them: two passes, so that no digits are lost. A class without values
/// has those of all.
fn gaussian(rows: &Rows, values: &[f64]) -> Tally {
    let weights = rows.sums(values, |_, _| 1.0);
    let sums = rows.sums(values, |value, _| value);
    let part = |sum: f64, weight: f64, other: f64| if weight > 0.0 { sum / weight } else { other };
    let total: f64 = weights.iter().sum();
    let mean = part(sums.iter().sum(), total, 0.0);
    let means: Vec<f64> = weights.iter().zip(&sums).map(|(&w, &sum)| part(sum, w, mean)).collect();
    let around_all = rows.sums(values, |value, _| (value - mean) * (value - mean));
    let variance = part(around_all.iter().sum(), total, 0.0);
    let around = rows.sums(values, |value, class| (value - means[class]) * (value - means[class]));
    let variances = weights.iter().zip(around).map(|(&w, sum)| part(sum, w, variance)).collect();
    Tally { factor: Factor::Gaussian { means, variances }, variance }
}

/// Logarithms of `(rows of the category + alpha) / (rows + alpha * categories)`, class by class.
fn categorical(rows: &Rows, values: &[f64], n: u32, alpha: f64) -> Factor {
    let width = n as usize;
    let mut counts = vec![0.0; width * rows.n_classes];
    for (row, &value) in values.iter().enumerate() {
        if value >= 0.0 && value < f64::from(n) {
            counts[rows.classes[row] as usize * width + value as usize] += rows.weight(row);
        }
    }
    for counts in counts.chunks_exact_mut(width) {
        let total: f64 = counts.iter().sum::<f64>() + alpha * f64::from(n);
        counts.iter_mut().for_each(|count| *count = libm::log((*count + alpha) / total).min(0.0));
    }
    Factor::Categorical { n, log_probabilities: counts }
}
