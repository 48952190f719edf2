//! Corrections of a classifier's probabilities.

use alloc::vec::Vec;

use crate::Unsound;

/// Probabilities this close to 0 and 1 have log-odds that still are numbers.
pub const CLIP: f64 = 1e-6;

/// Makes probabilities come true as often as they say. Each class has a curve of its own, against
/// all others, and what they give is divided by its sum; of two classes the second has one.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "lowercase"))]
pub enum Calibration {
    /// `1 / (1 + e^-(slope * log-odds + intercept))`.
    Sigmoid { curves: Vec<Sigmoid> },
    /// Straight between points that never fall.
    Isotonic { curves: Vec<Isotonic> },
}

/// A curve of two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Sigmoid {
    pub slope: f64,
    pub intercept: f64,
}

/// A curve through points; level before the first and after the last.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Isotonic {
    /// Probabilities as predicted, ascending, none twice; at least one.
    pub from: Vec<f64>,
    /// Probabilities as they should be, ascending; as many.
    pub to: Vec<f64>,
}

/// `ln(p / (1 - p))`, of probabilities from 1e-6 to 1 - 1e-6.
pub fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(CLIP, 1.0 - CLIP);
    libm::log(p / (1.0 - p))
}

impl Sigmoid {
    /// The corrected probability.
    pub fn apply(&self, probability: f64) -> f64 {
        1.0 / (1.0 + libm::exp(-(self.slope * log_odds(probability) + self.intercept)))
    }
}

impl Isotonic {
    /// The corrected probability.
    pub fn apply(&self, probability: f64) -> f64 {
        let after = self.from.partition_point(|&from| from <= probability);
        match (after.checked_sub(1), self.from.get(after)) {
            (None, _) => self.to[0],
            (Some(last), None) => self.to[last],
            (Some(before), Some(&next)) => {
                let (low, high) = (self.to[before], self.to[after]);
                let share = (probability - self.from[before]) / (next - self.from[before]);
                (low + share * (high - low)).clamp(low, high)
            }
        }
    }

    fn is_sound(&self) -> bool {
        let within = |values: &[f64]| values.iter().all(|value| (0.0..=1.0).contains(value));
        self.from.len() == self.to.len()
            && !self.from.is_empty()
            && within(&self.from)
            && within(&self.to)
            && self.from.windows(2).all(|pair| pair[0] < pair[1])
            && self.to.windows(2).all(|pair| pair[0] <= pair[1])
    }
}

impl Calibration {
    fn n_curves(&self) -> usize {
        match self {
            Self::Sigmoid { curves } => curves.len(),
            Self::Isotonic { curves } => curves.len(),
        }
    }

    fn curve(&self, index: usize, probability: f64) -> f64 {
        match self {
            Self::Sigmoid { curves } => curves[index].apply(probability),
            Self::Isotonic { curves } => curves[index].apply(probability),
        }
    }

    /// Corrects probabilities, `n_classes` a row. Where every class gets 0, all get the same, as in
    /// scikit-learn.
    pub fn apply(&self, values: &mut [f64], n_classes: usize) {
        for row in values.chunks_exact_mut(n_classes.max(1)) {
            if let [first, second] = row {
                *second = self.curve(0, *second);
                *first = 1.0 - *second;
                continue;
            }
            for (class, value) in row.iter_mut().enumerate() {
                *value = self.curve(class, *value);
            }
            let sum: f64 = row.iter().sum();
            let equal = 1.0 / n_classes as f64;
            row.iter_mut().for_each(|value| *value = if sum > 0.0 { *value / sum } else { equal });
        }
    }

    /// Checks all that `apply` relies on.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn check(&self, n_classes: usize) -> Result<(), Unsound> {
        let expected = if n_classes == 2 { 1 } else { n_classes };
        let sound = match self {
            Self::Sigmoid { curves } => {
                curves.iter().all(|curve| curve.slope.is_finite() && curve.intercept.is_finite())
            }
            Self::Isotonic { curves } => curves.iter().all(Isotonic::is_sound),
        };
        if sound && n_classes >= 2 && self.n_curves() == expected {
            return Ok(());
        }
        Err(Unsound::because("the calibration does not fit the classes"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use alloc::vec;

    use super::*;

    fn isotonic(from: &[f64], to: &[f64]) -> Isotonic {
        Isotonic { from: from.to_vec(), to: to.to_vec() }
    }

    #[test]
    fn a_sigmoid_of_slope_1_changes_nothing() {
        let same = Sigmoid { slope: 1.0, intercept: 0.0 };
        for p in [0.001, 0.25, 0.5, 0.9] {
            assert!((same.apply(p) - p).abs() < 1e-12);
        }
    }

    #[test]
    fn between_points_it_is_straight_and_beyond_them_level() {
        let curve = isotonic(&[0.2, 0.6], &[0.0, 0.5]);
        assert_eq!([0.0, 0.2, 0.6, 1.0].map(|p| curve.apply(p)), [0.0, 0.0, 0.5, 0.5]);
        assert!((curve.apply(0.4) - 0.25).abs() < 1e-15);
    }

    #[test]
    fn curves_that_do_not_fit_are_refused() {
        let check = |curve: Isotonic, n| Calibration::Isotonic { curves: vec![curve] }.check(n);
        assert!(check(isotonic(&[0.5], &[0.5]), 2).is_ok());
        assert!(check(isotonic(&[0.5], &[0.5]), 3).is_err());
        assert!(check(isotonic(&[0.5], &[0.5]), 1).is_err());
        assert!(check(isotonic(&[], &[]), 2).is_err());
        assert!(check(isotonic(&[0.5, 0.5], &[0.5, 0.6]), 2).is_err());
        assert!(check(isotonic(&[0.4, 0.5], &[0.6, 0.5]), 2).is_err());
        assert!(check(isotonic(&[0.4], &[f64::NAN]), 2).is_err());
        let curves = vec![Sigmoid { slope: f64::INFINITY, intercept: 0.0 }];
        assert!(Calibration::Sigmoid { curves }.check(2).is_err());
    }

    proptest! {
        #[test]
        fn calibrated_probabilities_sum_to_one(
            mut values in prop::collection::vec(0.0..=1.0f64, 12), slope in -5.0..5.0f64
        ) {
            let curve = Sigmoid { slope, intercept: 0.3 };
            let level = isotonic(&[0.1, 0.5, 0.9], &[0.0, 0.0, 1.0]);
            for n in [2, 3, 4] {
                let curves = if n == 2 { 1 } else { n };
                for calibration in [
                    Calibration::Sigmoid { curves: vec![curve; curves] },
                    Calibration::Isotonic { curves: vec![level.clone(); curves] },
                ] {
                    prop_assert!(calibration.check(n).is_ok());
                    calibration.apply(&mut values, n);
                    for row in values.chunks(n) {
                        prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                        prop_assert!(row.iter().all(|value| (0.0..=1.0).contains(value)));
                    }
                }
            }
        }
    }
}
