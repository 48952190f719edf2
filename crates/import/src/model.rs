//! What was found in a graph, as a model.

use std::collections::BTreeMap;

use hedgerow_model::{
    Encoding, Field, Kind, LearnerRecord, Model, Preparation, Prepared, Provenance, Schema, Task,
    TrainingData,
};
use hedgerow_onnx::Message;
use hedgerow_onnx::message::ModelProto;

use crate::ImportError;
use crate::graph::{Found, walk};

/// The most categories that a schema names.
const MOST_CATEGORIES: usize = 1_000;

/// What an ONNX file does not tell.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// What is predicted: `target` without.
    pub target: Option<String>,
    /// The columns' names, in their order: without, those of the inputs, numbered where an input has
    /// several columns.
    pub features: Vec<String>,
    /// The classes' names, in their order: without, those of the file.
    pub classes: Vec<String>,
}

/// The model in an ONNX file.
///
/// # Errors
/// [`ImportError::Damaged`] of bytes that are no ONNX model, or of one whose parts do not fit together;
/// others for what Hedgerow has no form of, or for options that do not fit.
pub fn onnx(bytes: &[u8], options: &ImportOptions) -> Result<Model, ImportError> {
    let file =
        ModelProto::decode(bytes).map_err(|error| ImportError::damaged(error.to_string()))?;
    let graph = file.graph.as_ref().ok_or_else(|| ImportError::damaged("it has no graph"))?;
    let Found { mut fields, estimator: fitted } = walk(graph)?;
    rename(&mut fields, &options.features)?;
    name_categories(&mut fields, &fitted.preparation);
    let task = match fitted.classes {
        None if options.classes.is_empty() => Task::Regression,
        None => return Err(misfit("classes", "it predicts numbers".to_owned())),
        Some(classes) => Task::Classification { classes: renamed(classes, &options.classes)? },
    };
    let target = options.target.clone().unwrap_or_else(|| "target".to_owned());
    let kind = if matches!(task, Task::Regression) { Kind::Number } else { Kind::Category };
    let provenance = provenance(&file, fields.len(), task.n_outputs());
    let model = Model {
        schema: Schema { features: fields, target: Field::new(target, kind), task },
        preparation: fitted.preparation,
        estimator: fitted.estimator,
        calibration: None,
        threshold: None,
        provenance,
        training_profile: None,
    };
    // Reading checks all that was taken on trust here.
    Ok(Model::from_parcel(&model.to_parcel())?)
}

fn misfit(option: &'static str, reason: String) -> ImportError {
    ImportError::Option { option, reason }
}

fn rename(fields: &mut [Field], names: &[String]) -> Result<(), ImportError> {
    if names.is_empty() {
        return Ok(());
    }
    if names.len() != fields.len() {
        let reason = format!("it has {} columns, not {}", fields.len(), names.len());
        return Err(misfit("features", reason));
    }
    fields.iter_mut().zip(names).for_each(|(field, name)| field.name.clone_from(name));
    Ok(())
}

fn renamed(classes: Vec<String>, names: &[String]) -> Result<Vec<String>, ImportError> {
    if names.is_empty() || names.len() == classes.len() {
        return Ok(if names.is_empty() { classes } else { names.to_vec() });
    }
    let reason = format!("it has {} classes, not {}", classes.len(), names.len());
    Err(misfit("classes", reason))
}

/// What a form for the model offers: the categories that its encoders know.
fn name_categories(fields: &mut [Field], preparation: &Preparation) {
    for Prepared { column, encoding } in &preparation.columns {
        let (Encoding::Ordinal { categories } | Encoding::OneHot { categories }) = encoding else {
            continue;
        };
        if let Some(field) = fields.get_mut(*column).filter(|field| field.categories.is_empty()) {
            field.categories = categories.known.iter().take(MOST_CATEGORIES).cloned().collect();
        }
    }
}

/// Who wrote the file is all that is known: not what the model was trained on, nor how good it was.
fn provenance(file: &ModelProto, n_columns: usize, n_outputs: usize) -> Provenance {
    let producer = format!("{} {}", file.producer_name(), file.producer_version());
    let producer = serde_json::Value::from(producer.trim());
    Provenance {
        library_version: env!("CARGO_PKG_VERSION").to_owned(),
        learner: LearnerRecord {
            kind: "onnx".to_owned(),
            params: BTreeMap::from([("producer".to_owned(), producer)]),
        },
        seed: 0,
        training_data: TrainingData { rows: 0, sha256: String::new() },
        metrics: BTreeMap::new(),
        history: BTreeMap::new(),
        feature_importances: vec![0.0; n_columns],
        baseline: match n_outputs {
            1 => vec![0.0],
            classes => vec![1.0 / classes as f64; classes],
        },
    }
}
