//! A model as an ONNX graph: raw columns in, preparation included.
//!
//! Inputs are the schema's features by name, `[N, 1]` each: `double` for numbers, booleans (0, 1) and
//! dates (milliseconds since 1970), NaN where one is missing; `string` for categories, `""` where one is
//! missing. Outputs are `label` `[N]` and `probabilities` `[N, classes]`, or `variable` `[N, 1]`.
//!
//! All is calculated in `double`, but for what is `float` in the library, too: the sums of neural
//! networks, and the distances of nearest neighbours.

mod bayes;
mod calibration;
mod dates;
mod features;
mod label;
mod linear;
mod link;
mod mlp;
mod neighbors;
mod trees;

use hedgerow_model::{Estimator, Model, Task};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value};

use crate::{Description, ExportError};

/// All that one file may have, by the rules of its format.
const MOST_BYTES: usize = i32::MAX as usize;

/// The ONNX file of a model with this description: standard operators only, of ai.onnx 18 and
/// ai.onnx.ml 5 (onnxruntime 1.20 or later).
///
/// # Errors
/// [`ExportError::NotInOnnx`] for a model that operators cannot tell; [`ExportError::TooLarge`] beyond
/// 2 GB.
pub fn onnx(model: &Model, description: &Description) -> Result<Vec<u8>, ExportError> {
    let Description { name, version, library, learner, .. } = description;
    let mut graph = Graph::new(name, "hedgerow_");
    let features = features::write(&mut graph, model)?;
    let outputs = match &model.estimator {
        Estimator::Trees(form) => trees::write(&mut graph, &features, form, model)?,
        Estimator::Linear(form) => linear::write(&mut graph, &features, form),
        Estimator::Mlp(form) => mlp::write(&mut graph, &features, form),
        Estimator::Neighbors(form) => neighbors::write(&mut graph, &features, form),
        Estimator::Bayes(form) => bayes::write(&mut graph, &features, form),
    };
    finish(&mut graph, &outputs, model);
    let about = [("hedgerow.learner", (*learner).to_owned()), ("hedgerow.sha256", version.clone())];
    let bytes = graph.into_file(("hedgerow", library), &about);
    if bytes.len() > MOST_BYTES {
        return Err(ExportError::TooLarge { reason: "an ONNX file has at most 2 GB".to_owned() });
    }
    Ok(bytes)
}

fn finish(graph: &mut Graph, outputs: &Value, model: &Model) {
    let Task::Classification { classes } = &model.schema.task else {
        return graph.output(outputs, "variable", DataType::Double, &[None, Some(1)]);
    };
    let probabilities = match &model.calibration {
        Some(calibration) => calibration::write(graph, outputs, calibration, classes.len()),
        None => outputs.clone(),
    };
    label::write(graph, &probabilities, classes, model.threshold);
    let shape = [None, Some(classes.len())];
    graph.output(&probabilities, "probabilities", DataType::Double, &shape);
}
