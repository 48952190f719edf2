//! Numbers for categories.

use std::rc::Rc;

use hedgerow_onnx::TensorValues;

use crate::ImportError;
use crate::feature::{Feature, Mapped, Precision, RAW, Source};
use crate::graph::{Flow, Step, Walk};

/// The raw columns that come in: of texts, or of whole numbers, which become categories where that is what
/// is encoded.
fn columns(walk: &mut Walk, step: &Step, whole: bool) -> Result<Vec<usize>, ImportError> {
    let (features, _) = walk.features(step, 0)?;
    let own = |feature: &Feature| match (&feature.source, whole) {
        (Source::Text, false) | (Source::Number { fill: None, scale: RAW }, true) => {
            Some(feature.column)
        }
        _ => None,
    };
    let columns: Option<Vec<usize>> = features.iter().map(own).collect();
    let reason = "it encodes neither texts nor whole numbers as they come in";
    let columns = columns.ok_or_else(|| step.refuse(reason))?;
    if whole {
        walk.categories.extend(&columns);
    }
    Ok(columns)
}

/// A column for each category, 1 where a row has it: none where it has another. (Converters write of an
/// encoder that would fail then, as scikit-learn's do by default, that it has no zeros.)
pub fn one_hot(walk: &mut Walk, step: &Step) -> Result<Flow, ImportError> {
    let texts = step.attributes.texts("cats_strings").unwrap_or_default();
    let numbers = step.attributes.ints("cats_int64s").iter().map(i64::to_string);
    let categories: Vec<String> = texts.into_iter().map(str::to_owned).chain(numbers).collect();
    if categories.is_empty() {
        return Err(step.refuse("it has no categories"));
    }
    let columns = columns(walk, step, !step.attributes.ints("cats_int64s").is_empty())?;
    walk.budget
        .take(categories.len().saturating_mul(categories.len() + 1), columns.len().max(1))?;
    walk.budget.take(copy_size(&categories), columns.len())?;
    let (known, places) =
        sorted(categories.clone()).ok_or_else(|| step.damaged("it has a category twice"))?;
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
pub fn labels(walk: &mut Walk, step: &Step) -> Result<Flow, ImportError> {
    let (keys, whole) = keys(step);
    if keys.is_empty() {
        return Err(step.refuse("it has no keys that are texts or whole numbers"));
    }
    let columns = columns(walk, step, whole)?;
    let (values, otherwise) = numbers(step)?;
    if keys.len() != values.len() {
        return Err(step.damaged("it has not one value a key"));
    }
    walk.budget.take(keys.len() + 1, columns.len())?;
    walk.budget.take(copy_size(&keys), columns.len())?;
    let (known, places) = sorted(keys).ok_or_else(|| step.damaged("it has a key twice"))?;
    let values = places.iter().map(|&at| values[at]).chain([otherwise]).collect();
    let mapped = Mapped { known, values };
    let feature = |column| Feature { column, source: Source::Mapped(mapped.clone()) };
    Ok(Flow::Features(columns.into_iter().map(feature).collect(), Precision::Double))
}

/// What a label encoder looks up, and whether that are whole numbers.
fn keys(step: &Step) -> (Vec<String>, bool) {
    let attributes = step.attributes;
    let spelled = |numbers: &[i64]| numbers.iter().map(i64::to_string).collect();
    if let Some(tensor) = attributes.tensor("keys_tensor") {
        return match tensor.values {
            TensorValues::Texts(texts) => (texts, false),
            TensorValues::Integers(numbers) => (spelled(&numbers), true),
            _ => (Vec::new(), false),
        };
    }
    let texts = attributes.texts("keys_strings").unwrap_or_default();
    let numbers = attributes.ints("keys_int64s");
    if texts.is_empty() && !numbers.is_empty() {
        return (spelled(numbers), true);
    }
    (texts.into_iter().map(str::to_owned).collect(), false)
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

/// Roughly how many numbers' memory a copy of texts takes: every column that is encoded has one of its own in
/// the end, in its preparation.
fn copy_size(texts: &[String]) -> usize {
    let bytes: usize = texts.iter().map(String::len).sum();
    bytes / 8 + 4 * texts.len()
}

/// Texts in order, and where each was; `None` where one is there twice.
fn sorted(texts: Vec<String>) -> Option<(Rc<[String]>, Vec<usize>)> {
    let mut pairs: Vec<(String, usize)> = texts.into_iter().zip(0..).collect();
    pairs.sort();
    let once = pairs.windows(2).all(|pair| pair[0].0 != pair[1].0);
    let (texts, places): (Vec<String>, Vec<usize>) = pairs.into_iter().unzip();
    once.then(|| (Rc::from(texts), places))
}
