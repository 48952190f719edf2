//! `hedgerow import`: a model that another library trained.

use hedgerow_import::ImportOptions;

use crate::args::ImportArgs;
use crate::failure::Failure;
use crate::{files, show};

pub fn run(args: &ImportArgs, as_json: bool) -> Result<(), Failure> {
    let bytes = std::fs::read(&args.model).map_err(|error| Failure::io(&args.model, &error))?;
    let options = ImportOptions {
        target: args.target.clone(),
        features: args.features.clone(),
        classes: args.classes.clone(),
    };
    let model = hedgerow_import::onnx(&bytes, &options)
        .map_err(|error| Failure::import(&args.model, &error))?;
    files::write(&args.out, &model.to_bytes())?;
    files::print(&show::model(&model, as_json))
}
