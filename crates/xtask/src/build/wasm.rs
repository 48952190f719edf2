//! The training module: compiled, bound to JavaScript, made small and fast.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use anyhow::{Context, Result};

use super::{bindings, optimize, say};
use crate::{
    repo::Repo,
    run::Run,
    wasm_toolchain::{TARGET, WasmToolchain},
};

/// Where the npm package has it.
const OUT: &str = "pkg/dist/wasm";
/// Raise to make everyone's module again after a change in how it is made.
const RECIPE: u32 = 2;

/// Builds the module into the npm package.
pub fn module(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    say("training module (WebAssembly)");
    let mut cargo = toolchain.build(repo);
    cargo.args(["--release", "--package", "hedgerow-wasm"]).run()?;
    let dir = repo.target.join("wasm");
    let compiled = dir.join(TARGET).join("release/hedgerow_wasm.wasm");
    let stamp = dir.join("made-from");
    let from = fingerprint(repo, &compiled)?;
    let out = repo.path(OUT);
    if fs::read_to_string(&stamp).is_ok_and(|made| made == from) && is_complete(&out) {
        say("training module is unchanged: bindings and optimisation are those of the last build");
        return Ok(());
    }
    let bound = dir.join("bound");
    bindings::generate(&compiled, &bound)?;
    fs::create_dir_all(&out)?;
    for name in bindings::TEXTS {
        fs::copy(bound.join(name), out.join(name))
            .with_context(|| format!("no {name} was generated"))?;
    }
    optimize::run(repo, &bound.join(bindings::MODULE), &out.join(bindings::MODULE))?;
    Ok(fs::write(stamp, from)?)
}

/// What the outputs are made from: the compiled module, the optimiser and how both are used.
fn fingerprint(repo: &Repo, compiled: &Path) -> Result<String> {
    let bytes =
        fs::read(compiled).with_context(|| format!("no module at {}", compiled.display()))?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    optimize::version(repo)?.hash(&mut hasher);
    RECIPE.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

fn is_complete(out: &Path) -> bool {
    bindings::TEXTS.iter().chain([&bindings::MODULE]).all(|name| out.join(name).is_file())
}
