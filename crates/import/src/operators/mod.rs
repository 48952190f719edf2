//! Everything that is not an estimator: what it makes of columns, and of predictions.

mod arithmetic;
mod columns;
mod encoders;
mod predictions;

use hedgerow_onnx::Tensor;

use crate::ImportError;
use crate::graph::{Flow, Step, Walk};

/// What comes out of a node.
pub fn apply(walk: &mut Walk, step: &Step) -> Result<Flow, ImportError> {
    match step.operator() {
        "Constant" => constant(step),
        "Add" | "Sub" | "Mul" | "Div" => arithmetic::apply(walk, step),
        _ if !matches!(walk.input(step, 0)?, Flow::Features(..)) => predictions::apply(walk, step),
        "Scaler" => arithmetic::scaler(walk, step),
        "Imputer" => arithmetic::imputer(walk, step),
        "OneHotEncoder" => encoders::one_hot(walk, step),
        "LabelEncoder" => encoders::labels(walk, step),
        "Identity" => Ok(walk.input(step, 0)?.clone()),
        "Cast" => columns::cast(walk, step),
        "Concat" | "FeatureVectorizer" => columns::concat(walk, step),
        "Reshape" | "Flatten" => columns::reshape(walk, step),
        "ArrayFeatureExtractor" | "Gather" => columns::pick(walk, step),
        _ => Err(step.refuse("it is not known")),
    }
}

fn constant(step: &Step) -> Result<Flow, ImportError> {
    let value = step.attributes.tensor("value");
    let value: Option<Tensor> = value.filter(|_| step.node.input.is_empty());
    Ok(Flow::Constant(value.ok_or_else(|| step.refuse("it is of another type than a tensor"))?))
}
