//! `LinearRegressor`, `LinearClassifier`, and the product that converters write for lines in doubles.

use hedgerow_model::{Estimator, Linear, Link};

use super::{classes, post_transform};
use crate::ImportError;
use crate::feature::Source;
use crate::graph::{Fitted, Step, Walk};
use crate::layout::{As, Layout};

/// A row of coefficients and an intercept for each score.
struct Scores {
    coefficients: Vec<f64>,
    intercepts: Vec<f64>,
}

pub fn regressor(walk: &Walk, step: &Step) -> Result<Fitted, ImportError> {
    if step.attributes.int("targets").unwrap_or(1) != 1 {
        return Err(step.refuse("it predicts several numbers"));
    }
    if post_transform(step) != "NONE" {
        return Err(step.refuse("it transforms what it predicts"));
    }
    let mut scores = read(step);
    scores.fill_intercepts(1);
    fitted(walk, step, &scores, Link::Identity, None)
}

pub fn classifier(walk: &Walk, step: &Step) -> Result<Fitted, ImportError> {
    let classes = classes(step, "classlabels_ints", "classlabels_strings")?;
    let mut scores = read(step);
    let n_features = walk.features(step, 0)?.0.len();
    let rows = scores.coefficients.len() / n_features.max(1);
    scores.fill_intercepts(rows);
    let link = match (post_transform(step), rows, classes.len()) {
        ("LOGISTIC", 1, 2) => Link::Logistic,
        ("LOGISTIC", 2, 2) => {
            scores.keep_second(n_features).ok_or_else(|| {
                step.refuse("its two scores are not opposite, so that its shares do not sum to one")
            })?;
            Link::Logistic
        }
        ("SOFTMAX", rows, classes) if rows == classes => Link::Softmax,
        _ => return Err(step.refuse("its scores become no probabilities of its classes")),
    };
    fitted(walk, step, &scores, link, Some(classes))
}

/// A product with one column of coefficients; what is added to it follows.
pub fn product(walk: &Walk, step: &Step) -> Result<Fitted, ImportError> {
    let tensor = walk.constant(step, 1)?;
    if !matches!(tensor.dims[..], [_] | [_, 1]) {
        return Err(step.refuse("it makes several numbers"));
    }
    let coefficients = tensor.numbers().ok_or_else(|| step.refuse("it multiplies with texts"))?;
    let scores = Scores { coefficients, intercepts: vec![0.0] };
    fitted(walk, step, &scores, Link::Identity, None)
}

fn read(step: &Step) -> Scores {
    let numbers = |name| step.attributes.numbers(name).unwrap_or_default();
    Scores { coefficients: numbers("coefficients"), intercepts: numbers("intercepts") }
}

impl Scores {
    /// Intercepts can be left out: then they are 0, for every score.
    fn fill_intercepts(&mut self, n_scores: usize) {
        if self.intercepts.is_empty() {
            self.intercepts = vec![0.0; n_scores];
        }
    }

    /// Of the scores of two classes that are opposite, the second's.
    fn keep_second(&mut self, n_features: usize) -> Option<()> {
        let (first, second) = self.coefficients.split_at_checked(n_features)?;
        let opposite = |(a, b): (&f64, &f64)| *a == -*b;
        let same = first.iter().zip(second).all(opposite);
        let [intercept, last] = self.intercepts[..] else { return None };
        if second.len() != n_features || !same || intercept != -last {
            return None;
        }
        self.coefficients.drain(..n_features);
        self.intercepts = vec![last];
        Some(())
    }
}

/// Categories become indicators: what a coefficient makes of a category's number is the indicator's.
fn fitted(
    walk: &Walk,
    step: &Step,
    scores: &Scores,
    link: Link,
    classes: Option<Vec<String>>,
) -> Result<Fitted, ImportError> {
    let (features, _) = walk.features(step, 0)?;
    let (n_features, n_scores) = (features.len(), scores.intercepts.len());
    if Some(scores.coefficients.len()) != n_features.checked_mul(n_scores) {
        return Err(step.damaged("it has not one coefficient a column and score"));
    }
    let mut layout = Layout::default();
    let mut parts: Vec<(usize, Vec<f64>)> = Vec::new();
    for feature in features {
        parts.push(match &feature.source {
            Source::Text => return Err(step.refuse("it reads texts")),
            Source::Number { fill, scale } => {
                (layout.number(feature.column, *fill, *scale), vec![1.0])
            }
            Source::Mapped(mapped) => {
                let place = layout.categories(feature.column, mapped, As::Indicators);
                (place, mapped.values.to_vec())
            }
        });
    }
    walk.budget.take(layout.width(), n_scores)?;
    let mut coefficients = vec![0.0; layout.width() * n_scores];
    let rows = coefficients.chunks_exact_mut(layout.width().max(1));
    for (row, own) in rows.zip(scores.coefficients.chunks_exact(n_features.max(1))) {
        for ((place, values), coefficient) in parts.iter().zip(own) {
            let cells = row[*place..].iter_mut().zip(values);
            cells.for_each(|(cell, value)| *cell += coefficient * value);
        }
    }
    let intercepts = scores.intercepts.clone();
    let linear = Linear { coefficients, intercepts, std_errors: Vec::new(), link };
    let estimator = Estimator::Linear(linear);
    Ok(Fitted { preparation: layout.finish(), estimator, classes })
}
