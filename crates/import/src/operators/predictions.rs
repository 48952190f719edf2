//! What stands behind an estimator: lines and exponentials of numbers it predicts; else nothing that changes
//! what it predicts.

use hedgerow_model::{Combine, Estimator, Link, TreeEnsemble};
use hedgerow_onnx::message::tensor_proto::DataType;

use crate::ImportError;
use crate::graph::{Fitted, Flow, Step, Walk};

pub fn apply(walk: &mut Walk, step: &Step) -> Result<Flow, ImportError> {
    let labels = matches!(walk.input(step, 0)?, Flow::Labels);
    let outputs = walk.predicted(step, 0)?;
    match step.operator() {
        "Cast" if outputs && !stays_a_number(step) => {
            Err(step.refuse("it converts predictions to a type that loses something"))
        }
        "Identity" | "Cast" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => {
            Ok(walk.input(step, 0)?.clone())
        }
        // Labels by number become labels by name.
        "LabelEncoder" | "ArrayFeatureExtractor" | "Gather" if labels => Ok(Flow::Labels),
        "ArgMax" | "Binarizer" if outputs => Ok(Flow::Labels),
        "ZipMap" if outputs => Ok(walk.newest()),
        // A classifier's probabilities already sum to one: leaves' shares are looked at when they are read.
        "Normalizer" if outputs && step.attributes.text("norm") == Some("L1") => {
            let classes = walk.fitted.as_ref().is_some_and(|fitted| fitted.classes.is_some());
            if classes { Ok(walk.newest()) } else { Err(step.refuse("it changes predictions")) }
        }
        "ArrayFeatureExtractor" => Ok(Flow::Labels),
        "Exp" if outputs => exp(walk, step),
        _ => Err(step.refuse("it is not known behind an estimator")),
    }
}

/// Whether a conversion leaves fractions what they are.
fn stays_a_number(step: &Step) -> bool {
    let to = step.attributes.int("to").and_then(|to| i32::try_from(to).ok());
    let to = to.and_then(|to| DataType::try_from(to).ok());
    matches!(to, Some(DataType::Float | DataType::Double))
}

/// `e` to what is predicted.
fn exp(walk: &mut Walk, step: &Step) -> Result<Flow, ImportError> {
    match walk.fitted.as_mut().and_then(link) {
        Some(link @ Link::Identity) => *link = Link::Exp,
        _ => return Err(step.refuse("it changes predictions")),
    }
    Ok(walk.change())
}

/// What is predicted times a factor, plus a summand.
pub fn lines(walk: &mut Walk, step: &Step, lines: &[(f64, f64)]) -> Result<Flow, ImportError> {
    // As LightGBM's converter multiplies probabilities by.
    if lines.iter().all(|&line| line == (1.0, 0.0)) {
        return Ok(walk.newest());
    }
    let refused = || step.refuse("it changes predictions");
    let ([(factor, summand)], Some(fitted)) = (lines, walk.fitted.as_mut()) else {
        return Err(refused());
    };
    let (slope, shift) = match link(fitted) {
        Some(Link::Identity) => (*factor, *summand),
        Some(Link::Exp) if *factor > 0.0 && *summand == 0.0 => (1.0, libm::log(*factor)),
        _ => return Err(refused()),
    };
    let (slopes, starts) = match &mut fitted.estimator {
        Estimator::Linear(form) => (&mut form.coefficients, &mut form.intercepts),
        Estimator::Trees(TreeEnsemble { values, combine: Combine::Sum { base, .. }, .. }) => {
            (values, base)
        }
        _ => return Err(refused()),
    };
    slopes.iter_mut().for_each(|value| *value *= slope);
    starts.iter_mut().for_each(|start| *start = *start * slope + shift);
    Ok(walk.change())
}

fn link(fitted: &mut Fitted) -> Option<&mut Link> {
    match &mut fitted.estimator {
        Estimator::Linear(form) => Some(&mut form.link),
        Estimator::Trees(form) => match &mut form.combine {
            Combine::Sum { link, .. } => Some(link),
            _ => None,
        },
        _ => None,
    }
}
