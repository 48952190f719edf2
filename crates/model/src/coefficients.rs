//! What a linear model says of each feature, in the feature's own units.

use serde::Serialize;

use crate::{Encoding, Estimator, Linear, Link, Model, Scale};

/// A coefficient of a linear model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Coefficient {
    /// The feature, as in `age`, `job=clerk` or `when.month`; `None` for the intercept.
    #[cfg_attr(feature = "ts", tsify(type = "string | null"))]
    pub feature: Option<String>,
    /// Whose score it is part of, in classification; of two classes the second's.
    #[cfg_attr(feature = "ts", tsify(type = "string | null"))]
    pub class: Option<String>,
    /// What one more of the feature, in its own units, adds to the prediction (to the class's score
    /// in classification); for the intercept, the score where all features are 0.
    pub value: f64,
    /// What a standard deviation of the feature adds, where the preparation standardises it; for
    /// the intercept of such features, the score at their means.
    #[cfg_attr(feature = "ts", tsify(type = "number | null"))]
    pub standardized: Option<f64>,
    /// The standard error of `value`, in least squares with more rows than coefficients. Not of a
    /// feature that others determine, and not of the intercept of standardised features.
    #[cfg_attr(feature = "ts", tsify(type = "number | null"))]
    pub std_error: Option<f64>,
}

impl Model {
    /// The coefficients of a linear model: score by score the intercept, then every feature's. Empty
    /// for other models.
    pub fn coefficients(&self) -> Vec<Coefficient> {
        let Estimator::Linear(linear) = &self.estimator else { return Vec::new() };
        let scales: Vec<Option<Scale>> =
            self.preparation.columns.iter().flat_map(|column| scales(&column.encoding)).collect();
        let names: Vec<String> =
            self.preparation.features(&self.schema).into_iter().map(|known| known.name).collect();
        let scores = 0..linear.intercepts.len();
        scores
            .flat_map(|score| {
                let class = self.class_of(linear, score);
                of_score(linear, score, &names, &scales, class)
            })
            .collect()
    }

    fn class_of(&self, linear: &Linear, score: usize) -> Option<String> {
        let class = if linear.link == Link::Logistic { 1 } else { score };
        self.schema.task.classes().get(class).cloned()
    }
}

fn of_score(
    linear: &Linear,
    score: usize,
    names: &[String],
    scales: &[Option<Scale>],
    class: Option<String>,
) -> Vec<Coefficient> {
    let n = linear.n_features();
    let own = &linear.coefficients[score * n..(score + 1) * n];
    let intercept = linear.intercepts[score];
    let is_scaled = scales.iter().any(Option::is_some);
    let shift = own.iter().zip(scales).fold(0.0, |sum, (value, scale)| {
        sum + scale.map_or(0.0, |scale| value * (scale.mean / scale.std))
    });
    let std_error = |at: usize, coefficient: f64| {
        let error = *linear.std_errors.get(at)?;
        (error != 0.0 || coefficient != 0.0).then_some(error)
    };
    let first = Coefficient {
        feature: None,
        class: class.clone(),
        value: intercept - shift,
        standardized: is_scaled.then_some(intercept),
        std_error: std_error(0, 1.0).filter(|_| !is_scaled),
    };
    let others = own.iter().zip(names).zip(scales).enumerate();
    let others = others.map(|(at, ((&value, name), scale))| {
        let unit = scale.map_or(1.0, |scale| scale.std);
        Coefficient {
            feature: Some(name.clone()),
            class: class.clone(),
            value: value / unit,
            standardized: scale.map(|_| value),
            std_error: std_error(at + 1, value).map(|error| error / unit),
        }
    });
    [first].into_iter().chain(others).collect()
}

/// One a feature of the encoding.
fn scales(encoding: &Encoding) -> Vec<Option<Scale>> {
    match encoding {
        Encoding::Number { scale, .. } => vec![*scale],
        Encoding::Date { parts, scale, .. } => {
            (0..parts.len()).map(|part| scale.get(part).copied().flatten()).collect()
        }
        other => vec![None; other.features(0, "").len()],
    }
}
