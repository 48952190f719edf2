//! The operators that predict, as fitted forms.

mod linear;
mod trees;

use crate::ImportError;
use crate::graph::{Fitted, Flow, Step, Walk};

/// What comes out of an estimator's node; `None` where it is no estimator's.
pub fn read(walk: &mut Walk, step: &Step) -> Result<Option<Vec<Flow>>, ImportError> {
    let read: fn(&Walk, &Step) -> Result<Fitted, ImportError> = match step.operator() {
        "LinearRegressor" => linear::regressor,
        "MatMul" if walk.features(step, 0).is_ok() => linear::product,
        "LinearClassifier" => linear::classifier,
        "TreeEnsembleRegressor" => trees::regressor,
        "TreeEnsembleClassifier" => trees::classifier,
        _ => return Ok(None),
    };
    if walk.fitted.is_some() {
        return Err(step.refuse("there is another estimator before it"));
    }
    let fitted = read(walk, step)?;
    let is_classifier = fitted.classes.is_some();
    walk.fitted = Some(fitted);
    let outputs = walk.newest();
    Ok(Some(if is_classifier { vec![Flow::Labels, outputs] } else { vec![outputs] }))
}

/// The classes of a classifier, whichever type they have.
fn classes(step: &Step, integers: &str, texts: &str) -> Result<Vec<String>, ImportError> {
    let numbers = step.attributes.ints(integers);
    let classes: Vec<String> = if numbers.is_empty() {
        let texts = step.attributes.texts(texts).unwrap_or_default();
        texts.into_iter().map(str::to_owned).collect()
    } else {
        numbers.iter().map(i64::to_string).collect()
    };
    if classes.len() < 2 {
        return Err(step.refuse("it has not two classes or more"));
    }
    Ok(classes)
}

/// What an estimator does with its scores.
fn post_transform<'a>(step: &Step<'a>) -> &'a str {
    step.attributes.text("post_transform").unwrap_or("NONE")
}
