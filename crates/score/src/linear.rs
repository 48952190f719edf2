//! The fitted form of linear models.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Deref;

use crate::{Link, Unsound, repeated};

/// Rows whose scores are formed at a time.
const BLOCK: usize = 4_096;

/// Linear scores of the features and a link: least squares, ridge, elastic net, logistic
/// regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear<A = Vec<f64>> {
    /// Score by score, one a feature.
    pub coefficients: A,
    /// One a score.
    pub intercepts: A,
    /// Standard errors where they are known: of the intercept, then of the coefficients. Else
    /// empty.
    pub std_errors: A,
    pub link: Link,
}

impl<A: Deref<Target = [f64]>> Linear<A> {
    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        self.link.n_outputs(self.intercepts.len()).unwrap_or(0)
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.coefficients.len() / self.intercepts.len().max(1)
    }

    /// Outputs for `rows` rows, row by row. A feature without a value leaves the row's scores
    /// without one too: preparation fills what is missing.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let width = self.intercepts.len();
        let mut scores = repeated(&self.intercepts, rows);
        for (score, coefficients) in
            self.coefficients.chunks_exact(self.n_features().max(1)).enumerate()
        {
            for (values, &coefficient) in features.iter().zip(coefficients) {
                let cells = scores.chunks_mut(BLOCK * width);
                for (cells, values) in cells.zip(values.chunks(BLOCK)) {
                    add_scaled(cells, width, score, values, coefficient);
                }
            }
        }
        self.link.apply(scores, width)
    }

    /// Checks what `predict` relies on.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn check(&self) -> Result<(), Unsound> {
        let unsound = |reason| Err(Unsound::because(reason));
        let scores = self.intercepts.len();
        if self.link.n_outputs(scores).is_none() || !self.coefficients.len().is_multiple_of(scores)
        {
            return unsound("coefficients, intercepts and link do not fit together");
        }
        let all = [&self.coefficients, &self.intercepts, &self.std_errors];
        if !all.iter().all(|values| values.iter().all(|value| value.is_finite())) {
            return unsound("a coefficient is not a finite number");
        }
        if !self.std_errors.is_empty() && self.std_errors.len() != 1 + self.coefficients.len() {
            return unsound("standard errors are not one a coefficient");
        }
        Ok(())
    }
}

#[inline(never)]
fn add_scaled(cells: &mut [f64], width: usize, score: usize, values: &[f64], coefficient: f64) {
    for (row, value) in cells.chunks_exact_mut(width).zip(values) {
        row[score] += coefficient * value;
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::examples::linear as example;

    #[test]
    fn scores_are_intercept_plus_weighted_features() {
        let outputs = example().predict(&[(&[1.0, 2.0][..]).into(), (&[3.0, -4.0][..]).into()], 2);
        assert_eq!(outputs, [-0.5, 8.5]);
        let three = Linear {
            coefficients: vec![1.0, 2.0, 3.0],
            intercepts: vec![0.0; 3],
            std_errors: vec![],
            link: Link::Softmax,
        };
        let shares = three.predict(&[(&[0.0, 5.0][..]).into()], 2);
        assert_eq!(shares[..3], [1.0 / 3.0; 3]);
        assert!(shares[3] < shares[4] && shares[4] < shares[5]);
    }

    #[test]
    fn a_form_that_does_not_fit_together_is_refused() {
        assert!(example().check().is_ok());
        assert!(Linear { link: Link::Softmax, ..example() }.check().is_err());
        assert!(Linear { intercepts: vec![], ..example() }.check().is_err());
        assert!(Linear { intercepts: vec![f64::NAN], ..example() }.check().is_err());
        assert!(Linear { std_errors: vec![1.0], ..example() }.check().is_err());
    }
}
