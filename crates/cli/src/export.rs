//! `hedgerow export`: what serves a model, as files.

use std::path::Path;

use hedgerow_export::{Challenger, File, Kit, Target, default_name, router};
use hedgerow_model::{Model, sha256_hex};
use serde_json::json;

use crate::args::ExportArgs;
use crate::failure::Failure;
use crate::files;
use crate::track::{note_export, resolve};

/// What the build script found; empty where it found nothing.
const KIT: Kit = Kit {
    scorer: include_bytes!(concat!(env!("OUT_DIR"), "/scorer.wasm")),
    filter: include_bytes!(concat!(env!("OUT_DIR"), "/filter.wasm")),
    recorder: include_bytes!(concat!(env!("OUT_DIR"), "/recorder.wasm")),
    handler: include_str!(concat!(env!("OUT_DIR"), "/edge.js")),
    recording: include_str!(concat!(env!("OUT_DIR"), "/recording.js")),
    router: include_str!(concat!(env!("OUT_DIR"), "/router.js")),
};

/// `hedgerow export`.
pub fn export(args: &ExportArgs, as_json: bool) -> Result<(), Failure> {
    let model = resolve(&args.model, &args.store)?;
    let name = args.name.clone().unwrap_or_else(|| default_name(&model));
    let made = match &args.with {
        Some(with) => routed(&model, with, &name, args)?,
        None => {
            let target = Target::named(&args.to)?;
            check_kit(target.needs_kit())?;
            target.files(&model, &name, KIT)?
        }
    };
    for file in &made {
        files::write_in(&args.out, &file.path, &file.bytes)?;
    }
    note_export(&args.store, &model, &args.to, &hash(&made))?;
    files::print(&told(&args.out, &made, &name, as_json))
}

/// A router with another model.
fn routed(model: &Model, with: &Path, name: &str, args: &ExportArgs) -> Result<Vec<File>, Failure> {
    if args.to != "router" {
        return Err(Failure::with_without_router());
    }
    check_kit(true)?;
    let other = resolve(with, &args.store)?;
    let challenger = Challenger { model: &other, weight: args.weight };
    Ok(router(model, challenger, name, KIT)?)
}

fn check_kit(is_needed: bool) -> Result<(), Failure> {
    let modules = [KIT.scorer, KIT.filter, KIT.recorder];
    let scripts = [KIT.handler, KIT.recording, KIT.router];
    let has_kit =
        modules.iter().all(|one| !one.is_empty()) && scripts.iter().all(|one| !one.is_empty());
    if is_needed && !has_kit { Err(Failure::without_kit()) } else { Ok(()) }
}

/// The identity of all that was made.
fn hash(made: &[File]) -> String {
    let parts = made.iter().flat_map(|file| [file.path.as_bytes(), b"\0", &file.bytes, b"\0"]);
    sha256_hex(&parts.collect::<Vec<_>>().concat())
}

fn told(out: &Path, made: &[File], name: &str, as_json: bool) -> String {
    if as_json {
        let list: Vec<_> = made
            .iter()
            .map(|file| json!({ "path": file.path, "bytes": file.bytes.len() }))
            .collect();
        return format!("{}\n", json!({ "name": name, "out": out, "files": list }));
    }
    let line =
        |file: &File| format!("{:>9}  {}\n", file.bytes.len(), out.join(&file.path).display());
    let list: String = made.iter().map(line).collect();
    format!("{name}: README.md says how to run it\n{list}")
}
