//! Scaling, and filling in.

use super::predictions;
use crate::ImportError;
use crate::budget::Budget;
use crate::feature::{Feature, Precision};
use crate::graph::{Flow, Step, Walk};

/// A number a column; one number is for all.
fn spread(numbers: &[f64], width: usize, step: &Step) -> Result<Vec<f64>, ImportError> {
    match numbers {
        [one] => Ok(vec![*one; width]),
        _ if numbers.len() == width => Ok(numbers.to_vec()),
        _ => Err(step.damaged("it has not one number a column")),
    }
}

/// Takes room for what a change of columns makes: behind encoders, a number for every category of each.
fn take_room(features: &[Feature], budget: &Budget) -> Result<(), ImportError> {
    let numbers = features.iter().map(Feature::n_values);
    budget.take(numbers.fold(0, usize::saturating_add), 1)
}

fn lines(
    (features, precision): (&[Feature], Precision),
    lines: impl Iterator<Item = (f64, f64)>,
    step: &Step,
    budget: &Budget,
) -> Result<Flow, ImportError> {
    take_room(features, budget)?;
    let each = features.iter().zip(lines);
    let moved: Option<Vec<Feature>> =
        each.map(|(feature, (factor, summand))| feature.line(factor, summand)).collect();
    let reason =
        "it makes no numbers of texts, and leaves none that is infinite, or always the same";
    Ok(Flow::Features(moved.ok_or_else(|| step.refuse(reason))?, precision))
}

/// `(x - offset) * scale`.
pub fn scaler(walk: &Walk, step: &Step) -> Result<Flow, ImportError> {
    let (features, precision) = walk.features(step, 0)?;
    let numbers = |name, otherwise| {
        let numbers = step.attributes.numbers(name).filter(|numbers| !numbers.is_empty());
        spread(&numbers.unwrap_or_else(|| vec![otherwise]), features.len(), step)
    };
    let (offsets, scales) = (numbers("offset", 0.0)?, numbers("scale", 1.0)?);
    let each = offsets.iter().zip(&scales).map(|(offset, &scale)| (scale, -offset * scale));
    lines((features, precision), each, step, &walk.budget)
}

/// Columns, or predictions, with a constant.
pub fn apply(walk: &mut Walk, step: &Step) -> Result<Flow, ImportError> {
    let constant_first = matches!(walk.input(step, 0)?, Flow::Constant(_));
    let (other, constant) = if constant_first { (1, 0) } else { (0, 1) };
    if constant_first && step.operator() == "Div" {
        return Err(step.refuse("it divides by what is no constant"));
    }
    let numbers = walk.constant(step, constant)?.numbers();
    let numbers = numbers.ok_or_else(|| step.refuse("it calculates with texts"))?;
    let line = |number: f64| match (step.operator(), constant_first) {
        ("Add", _) => (1.0, number),
        ("Sub", false) => (1.0, -number),
        ("Sub", true) => (-1.0, number),
        ("Mul", _) => (number, 0.0),
        _ => (1.0 / number, 0.0),
    };
    if walk.predicted(step, other)? {
        let lines: Vec<(f64, f64)> = numbers.into_iter().map(line).collect();
        return predictions::lines(walk, step, &lines);
    }
    let (features, precision) = walk.features(step, other)?;
    let numbers = spread(&numbers, features.len(), step)?;
    lines((features, precision), numbers.into_iter().map(line), step, &walk.budget)
}

/// A number where there is none.
pub fn imputer(walk: &Walk, step: &Step) -> Result<Flow, ImportError> {
    let (features, precision) = walk.features(step, 0)?;
    let replaced = step.attributes.float("replaced_value_float").unwrap_or(f64::NAN);
    if !replaced.is_nan() || step.attributes.int("replaced_value_int64").is_some_and(|n| n != 0) {
        return Err(step.refuse("it replaces another value than a missing one"));
    }
    let floats = step.attributes.numbers("imputed_value_floats").unwrap_or_default();
    let fill = spread(&floats, features.len(), step)?;
    if !fill.iter().all(|value| value.is_finite()) {
        return Err(step.damaged("it fills in what is no number"));
    }
    take_room(features, &walk.budget)?;
    let filled: Option<Vec<Feature>> =
        features.iter().zip(fill).map(|(feature, value)| feature.filled(value)).collect();
    Ok(Flow::Features(filled.ok_or_else(|| step.refuse("it fills in texts"))?, precision))
}
