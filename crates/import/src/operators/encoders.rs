//! Numbers for categories.

use std::rc::Rc;

use hedgerow_onnx::TensorValues;

use crate::ImportError;
use crate::feature::{Feature, Mapped, Precision, Source};
use crate::graph::{Flow, Step, Walk};

/// The raw columns of texts that come in.
fn texts(walk: &Walk, step: &Step) -> Result<Vec<usize>, ImportError> {
    let (features, _) = walk.features(step, 0)?;
    let text = |feature: &Feature| matches!(feature.source, Source::Text).then_some(feature.column);
    let columns: Option<Vec<usize>> = features.iter().map(text).collect();
    columns.ok_or_else(|| step.refuse("it encodes numbers; only texts can be encoded"))
}

/// A column for each category, 1 where a row has it: none where it has another.
pub fn one_hot(walk: &Walk, step: &Step) -> Result<Flow, ImportError> {
    let columns = texts(walk, step)?;
    if step.attributes.int("zeros") == Some(0) {
        return Err(step.refuse("it fails where a category is unknown"));
    }
    let categories = step.attributes.texts("cats_strings").unwrap_or_default();
    if categories.is_empty() {
        return Err(step.refuse("it has no categories that are texts"));
    }
    walk.budget
        .take(categories.len().saturating_mul(categories.len() + 1), columns.len().max(1))?;
    let (known, places) = sorted(categories.iter().map(|&text| text.to_owned()).collect())
        .ok_or_else(|| step.damaged("it has a category twice"))?;
    let indicator = |index: usize| {
        let mut values: Vec<f64> = places.iter().map(|&at| f64::from(at == index)).collect();
        values.push(0.0);
        Mapped { known: Rc::clone(&known), values: Rc::from(values) }
    };
    let indicators: Vec<Mapped> = (0..categories.len()).map(indicator).collect();
    let features = columns.into_iter().flat_map(|column| {
        indicators
            .iter()
            .map(move |mapped| Feature { column, source: Source::Mapped(mapped.clone()) })
    });
    Ok(Flow::Features(features.collect(), Precision::Double))
}

/// A number for each text.
pub fn labels(walk: &Walk, step: &Step) -> Result<Flow, ImportError> {
    let columns = texts(walk, step)?;
    let attributes = step.attributes;
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let keys = attributes
        .tensor_texts("keys_tensor")
        .or_else(|| attributes.texts("keys_strings").map(owned))
        .unwrap_or_default();
    let (values, otherwise) = numbers(step)?;
    if keys.len() != values.len() {
        return Err(step.damaged("it has not one value a key"));
    }
    walk.budget.take(keys.len() + 1, columns.len())?;
    let (known, places) = sorted(keys).ok_or_else(|| step.damaged("it has a key twice"))?;
    let values = places.iter().map(|&at| values[at]).chain([otherwise]).collect();
    let mapped = Mapped { known, values };
    let feature = |column| Feature { column, source: Source::Mapped(mapped.clone()) };
    Ok(Flow::Features(columns.into_iter().map(feature).collect(), Precision::Double))
}

/// The values that a label encoder gives, and the one for all other texts.
fn numbers(step: &Step) -> Result<(Vec<f64>, f64), ImportError> {
    let attributes = step.attributes;
    if let Some(values) = attributes.tensor("values_tensor") {
        let otherwise = attributes.tensor("default_tensor").and_then(|tensor| tensor.numbers());
        let otherwise = otherwise.and_then(|numbers| numbers.first().copied());
        let whole = matches!(values.values, TensorValues::Integers(_));
        let values = values.numbers().ok_or_else(|| step.refuse("it makes texts of texts"))?;
        return Ok((values, otherwise.unwrap_or(if whole { -1.0 } else { 0.0 })));
    }
    let whole = attributes.ints("values_int64s");
    if whole.is_empty() {
        let values = attributes.numbers("values_floats").unwrap_or_default();
        return Ok((values, attributes.float("default_float").unwrap_or(0.0)));
    }
    let values = whole.iter().map(|&value| value as f64).collect();
    Ok((values, attributes.int("default_int64").unwrap_or(-1) as f64))
}

/// Texts in order, and where each was; `None` where one is there twice.
fn sorted(texts: Vec<String>) -> Option<(Rc<[String]>, Vec<usize>)> {
    let mut pairs: Vec<(String, usize)> = texts.into_iter().zip(0..).collect();
    pairs.sort();
    let once = pairs.windows(2).all(|pair| pair[0].0 != pair[1].0);
    let (texts, places): (Vec<String>, Vec<usize>) = pairs.into_iter().unzip();
    once.then(|| (Rc::from(texts), places))
}
