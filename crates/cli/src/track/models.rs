//! `hedgerow register`, `models`, `promote` and `rollback`; and models by the names they are registered
//! under, wherever a model file is asked for.

use std::path::Path;

use hedgerow_model::{Model, sha256_hex};
use hedgerow_track::{NewVersion, Version};

use super::args::{ModelsArgs, MoveArgs, PromoteArgs, RegisterArgs, RollbackArgs, StoreArgs};
use super::{Store, show};
use crate::failure::Failure;
use crate::files;
use crate::show::pretty;

/// `hedgerow register`.
pub fn register(args: &RegisterArgs, as_json: bool) -> Result<(), Failure> {
    let new = NewVersion {
        name: args.name.clone(),
        description: args.description.clone(),
        ..NewVersion::default()
    };
    let path = Path::new(&args.run);
    // An id has no dot.
    let file = path.extension().is_some().then(|| files::read_model(path)).transpose()?;
    let bytes = file.map(|model| model.to_bytes());
    let store = Store::new(&args.store);
    if bytes.is_none() {
        store.must_exist()?;
    }
    let version = store.change(|workspace, stamp| {
        let run = match bytes {
            Some(_) => None,
            None => Some(workspace.run_id(&args.run)?),
        };
        workspace.register(stamp, &NewVersion { run, ..new }, bytes.as_deref())
    })?;
    said(&version, "registered", as_json)
}

fn said(version: &Version, what: &str, as_json: bool) -> Result<(), Failure> {
    let Version { name, version: number, .. } = version;
    files::print(&if as_json { pretty(version) } else { format!("{what} {name}/{number}\n") })
}

/// `hedgerow models`.
pub fn models(args: &ModelsArgs, as_json: bool) -> Result<(), Failure> {
    let store = Store::new(&args.store);
    let Some(name) = &args.name else {
        let all = store.read(|workspace| workspace.models())?;
        return files::print(&if as_json { pretty(&all) } else { show::models(&all) });
    };
    let (model, moves, lineage) = store.read(|workspace| {
        Ok((workspace.model(name)?, workspace.moves(name)?, workspace.model_lineage(name)?))
    })?;
    files::print(&if as_json {
        pretty(&serde_json::json!({ "model": model, "moves": moves, "lineage": lineage }))
    } else {
        show::model(&model, &moves)
    })
}

/// `hedgerow promote`.
pub fn promote(args: &PromoteArgs, as_json: bool) -> Result<(), Failure> {
    let MoveArgs { alias, reason, store } = &args.to;
    let version = Store::new(store).edit(|workspace, stamp| {
        let version = workspace.find_version(&args.version)?;
        workspace.promote(stamp, &version.name, version.version, alias, reason)?;
        Ok(version)
    })?;
    said(&version, &format!("{alias} is"), as_json)
}

/// `hedgerow rollback`.
pub fn rollback(args: &RollbackArgs, as_json: bool) -> Result<(), Failure> {
    let MoveArgs { alias, reason, store } = &args.back;
    let version = Store::new(store).edit(|workspace, stamp| {
        let number = workspace.rollback(stamp, &args.name, alias, reason)?;
        workspace.version(&args.name, number)
    })?;
    said(&version, &format!("{alias} is again"), as_json)
}

/// A model by its file; or, where there is no such file but a workspace, by the name that it is
/// registered under (`NAME/3`, `NAME@champion`).
pub fn resolve(path: &Path, store: &StoreArgs) -> Result<Model, Failure> {
    if path.exists() || !store.track.exists() {
        return files::read_model(path);
    }
    let text = path.to_string_lossy();
    let bytes = Store::new(store).read(|workspace| {
        let version = workspace.find_version(&text)?;
        workspace.version_bytes(&version.name, version.version)
    })?;
    Model::from_bytes(&bytes).map_err(|error| Failure::model(path, &error))
}

/// Notes an export with every version that is of this model file, where there is a workspace.
pub fn note_export(
    store: &StoreArgs,
    model: &Model,
    target: &str,
    made: &str,
) -> Result<(), Failure> {
    let store = Store::new(store);
    if !store.path().exists() {
        return Ok(());
    }
    let sha256 = sha256_hex(&model.to_bytes());
    store.change(|workspace, stamp| {
        for version in workspace.models()?.into_iter().flat_map(|model| model.versions) {
            if version.sha256 == sha256 {
                workspace.log_export(stamp, &version.name, version.version, target, made)?;
            }
        }
        Ok(())
    })
}
