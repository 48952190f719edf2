//! What stands behind an estimator: nothing that changes what it predicts, but for exponentials.

use hedgerow_model::{Combine, Estimator, Link};

use crate::ImportError;
use crate::graph::{Flow, Step, Walk};

pub fn apply(walk: &mut Walk, step: &Step) -> Result<Flow, ImportError> {
    let labels = matches!(walk.input(step, 0)?, Flow::Labels);
    let outputs = matches!(walk.input(step, 0)?, Flow::Outputs);
    match step.operator() {
        "Identity" | "Cast" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => {
            Ok(walk.input(step, 0)?.clone())
        }
        // Labels by number become labels by name.
        "LabelEncoder" | "ArrayFeatureExtractor" | "Gather" if labels => Ok(Flow::Labels),
        "ArgMax" | "Binarizer" if outputs => Ok(Flow::Labels),
        "ZipMap" if outputs => Ok(Flow::Outputs),
        // Of probabilities that already sum to one.
        "Normalizer" if outputs && step.attributes.text("norm") == Some("L1") => {
            let classes = walk.fitted.as_ref().is_some_and(|fitted| fitted.classes.is_some());
            if classes { Ok(Flow::Outputs) } else { Err(step.refuse("it changes predictions")) }
        }
        "ArrayFeatureExtractor" => Ok(Flow::Labels),
        "Exp" if outputs => exp(walk, step),
        _ => Err(step.refuse("it is not known behind an estimator")),
    }
}

fn exp(walk: &mut Walk, step: &Step) -> Result<Flow, ImportError> {
    let link = walk.fitted.as_mut().and_then(|fitted| match &mut fitted.estimator {
        Estimator::Linear(form) => Some(&mut form.link),
        Estimator::Trees(form) => match &mut form.combine {
            Combine::Sum { link, .. } => Some(link),
            _ => None,
        },
        _ => None,
    });
    match link {
        Some(link @ Link::Identity) => *link = Link::Exp,
        _ => return Err(step.refuse("it changes predictions")),
    }
    Ok(Flow::Outputs)
}
