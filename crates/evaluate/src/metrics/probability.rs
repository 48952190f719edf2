//! Losses of predicted probabilities.

use super::mean;

/// Class probabilities row by row, or the same for every row.
#[derive(Debug, Clone, Copy)]
pub struct Probabilities<'a> {
    n_classes: usize,
    rows: usize,
    values: &'a [f64],
    stride: usize,
    threshold: Option<f64>,
}

impl<'a> Probabilities<'a> {
    /// `values` has `n_classes` numbers a row; an incomplete last row is left out.
    pub fn new(values: &'a [f64], n_classes: usize) -> Self {
        let rows = values.len().checked_div(n_classes).unwrap_or(0);
        Self { n_classes, rows, values, stride: n_classes, threshold: None }
    }

    /// The same `shares`, one a class, for each of `rows` rows.
    pub fn constant(shares: &'a [f64], rows: usize) -> Self {
        Self { n_classes: shares.len(), rows, values: shares, stride: 0, threshold: None }
    }

    /// The same, where the second of two classes is predicted from this probability on.
    pub fn decided_at(self, threshold: Option<f64>) -> Self {
        Self { threshold, ..self }
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The probabilities of one row.
    pub fn row(&self, row: usize) -> &'a [f64] {
        &self.values[row * self.stride..][..self.n_classes]
    }

    /// The probability of one class where it is the same for every row by construction.
    pub(crate) fn constant_of(&self, class: usize) -> Option<f64> {
        (self.stride == 0).then(|| self.values[class])
    }

    /// The probability of one class, row by row.
    pub fn class(&self, class: usize) -> impl Iterator<Item = f64> + Clone {
        let Self { values, stride, .. } = *self;
        (0..self.rows).map(move |row| values[row * stride + class])
    }

    /// The predicted class of each row: the most probable, the first of equals; or by the threshold.
    pub fn predicted_classes(&self) -> Vec<u32> {
        let by_threshold = self.threshold.filter(|_| self.n_classes == 2);
        (0..self.rows)
            .map(|row| {
                let row = self.row(row);
                if let Some(threshold) = by_threshold {
                    return u32::from(row[1] >= threshold);
                }
                let larger =
                    |best: usize, class: usize| if row[class] > row[best] { class } else { best };
                (0..row.len()).fold(0, larger) as u32
            })
            .collect()
    }
}

/// Mean negative logarithm of the probability given to the actual class; from 0, lower is better.
/// Probabilities are first clipped to [ε, 1 − ε], ε = 2⁻⁵², so a certain error costs 36.04.
pub fn log_loss(actual: &[u32], probabilities: &Probabilities) -> f64 {
    let losses = actual.iter().enumerate().map(|(row, &class)| {
        let given = probabilities.row(row).get(class as usize).copied().unwrap_or(0.0);
        -libm::log(given.clamp(f64::EPSILON, 1.0 - f64::EPSILON))
    });
    mean(losses, actual.len())
}

/// Brier score: half the mean squared distance between the probabilities and the actual class's
/// indicator; 0 to 1, lower is better.
///
/// Half in every case, so that it means the same for two classes and for more: scikit-learn's
/// `brier_score_loss` does so for two classes only, unless told `scale_by_half=True`.
pub fn brier(actual: &[u32], probabilities: &Probabilities) -> f64 {
    let distances = actual.iter().enumerate().map(|(row, &class)| {
        let squares = probabilities.row(row).iter().enumerate().map(|(index, &given)| {
            let error = given - f64::from(u8::from(index == class as usize));
            error * error
        });
        squares.sum::<f64>()
    });
    0.5 * mean(distances, actual.len())
}
