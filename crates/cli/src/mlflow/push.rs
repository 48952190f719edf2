//! `hedgerow push`.

use hedgerow_export::{Description, onnx};
use hedgerow_model::Model;
use hedgerow_track::Workspace;
use hedgerow_track::mlflow::{Exported, Next, Push, PushOptions, Pushed};
use serde_json::json;

use super::args::PushArgs;
use super::client::Client;
use crate::failure::Failure;
use crate::files;
use crate::track::Store;

pub fn run(args: &PushArgs, as_json: bool) -> Result<(), Failure> {
    let client = Client::new(&args.to)?;
    let store = Store::new(&args.store);
    store.must_exist()?;
    let mut push = store
        .with(|workspace, _| Ok(Push::new(workspace, &args.to, &options(workspace, args)?)?))?;
    drive(&mut push, &store, &client)?;
    files::print(&told(push.pushed(), &args.to, as_json))
}

fn options(workspace: &Workspace, args: &PushArgs) -> Result<PushOptions, Failure> {
    let ids = args.runs.iter().map(|prefix| workspace.run_id(prefix));
    Ok(PushOptions {
        runs: ids.collect::<Result<_, _>>()?,
        experiments: args.experiment.clone(),
        models: args.models,
    })
}

fn drive(push: &mut Push, store: &Store, client: &Client) -> Result<(), Failure> {
    let bar = super::bar();
    loop {
        let next = store.with(|workspace, _| Ok(push.next(workspace)?))?;
        super::show(&bar, push.progress());
        match next {
            Next::Send(request) => match client.send(request) {
                Ok(response) => {
                    store.with(|workspace, _| Ok(push.answer(workspace, &response)?))?;
                }
                Err(reason) => push.failed(&reason)?,
            },
            Next::Wait { seconds } => super::wait(&bar, seconds),
            Next::Export { sha256 } => {
                let bytes =
                    store.with(|workspace, _| Ok(Push::model_bytes(workspace, &sha256)?))?;
                let exported = exported(&bytes);
                push.exported(&sha256, exported);
            }
            Next::Done => break,
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// The ONNX file of a model; none of what is no model file, or has no such form.
fn exported(bytes: &[u8]) -> Option<Exported> {
    let model = Model::from_bytes(bytes).ok()?;
    let name = hedgerow_export::default_name(&model);
    let onnx = onnx(&model, &Description::of(&model, &name)).ok()?;
    Some(Exported {
        onnx,
        target: model.schema.target.name,
        classes: model.schema.task.classes().to_vec(),
        features: model.schema.features,
    })
}

fn told(pushed: &Pushed, to: &str, as_json: bool) -> String {
    if as_json {
        return format!("{}\n", json!(pushed));
    }
    if pushed.changes == 0 {
        return format!("{to} has all of it already\n");
    }
    let Pushed { runs, points, files, versions, plain, .. } = pushed;
    let mut text = format!(
        "{to}: {runs} new runs, {points} points of metrics, {files} files, {versions} versions\n"
    );
    for sha256 in plain {
        text += &format!("model {sha256} has no ONNX form: MLflow keeps it, but cannot load it\n");
    }
    text
}
