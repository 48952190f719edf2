//! The modules with JavaScript bindings: compiled, bound, made small and fast.

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

/// Raise to make everyone's modules again after a change in how they are made.
const RECIPE: u32 = 2;

/// A module of the npm package.
pub struct Module {
    title: &'static str,
    package: &'static str,
    /// In the root `Cargo.toml`.
    profile: &'static str,
    /// What its files are called.
    name: &'static str,
    /// Where the npm package has it.
    out: &'static str,
}

/// Trains, evaluates, predicts.
pub const TRAINING: Module = Module {
    title: "training module",
    package: "hedgerow-wasm",
    profile: "release",
    name: "hedgerow",
    out: "pkg/dist/wasm",
};

/// Exports. It runs once a model, so it is compiled for size.
pub const EXPORT: Module = Module {
    title: "export module",
    package: "hedgerow-export-wasm",
    profile: "edge",
    name: "hedgerow_export",
    out: "pkg/dist/export",
};

/// Monitors: profiles and drift. It predicts every row that it looks at, so it is compiled for speed.
pub const MONITOR: Module = Module {
    title: "monitoring module",
    package: "hedgerow-monitor-wasm",
    profile: "release",
    name: "hedgerow_monitor",
    out: "pkg/dist/monitor",
};

/// Keeps workspaces: SQLite, loaded by who tracks.
pub const TRACK: Module = Module {
    title: "tracking module",
    package: "hedgerow-track-wasm",
    profile: "edge",
    name: "hedgerow_track",
    out: "pkg/dist/track",
};

impl Module {
    /// Builds the module into the npm package.
    pub fn build(&self, repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
        let Self { title, package, profile, name, out } = self;
        say(format!("{title} (WebAssembly)"));
        let mut cargo = toolchain.build(repo);
        cargo.args(["--profile", profile, "--package", package]).run()?;
        let dir = repo.target.join("wasm");
        let file = format!("{}.wasm", package.replace('-', "_"));
        let compiled = dir.join(TARGET).join(profile).join(file);
        let stamp = dir.join(format!("{name}.made-from"));
        let from = fingerprint(repo, &compiled)?;
        let out = repo.path(out);
        let (module, texts) = (bindings::module(name), bindings::texts(name));
        let is_complete = texts.iter().chain([&module]).all(|name| out.join(name).is_file());
        if is_complete && fs::read_to_string(&stamp).is_ok_and(|made| made == from) {
            say(format!(
                "{title} is unchanged: bindings and optimisation are those of the last build"
            ));
            return Ok(());
        }
        let bound = dir.join("bound").join(name);
        bindings::generate(&compiled, name, &bound)?;
        fs::create_dir_all(&out)?;
        for name in texts {
            fs::copy(bound.join(&name), out.join(&name))
                .with_context(|| format!("no {name} was generated"))?;
        }
        optimize::run(repo, &bound.join(&module), &out.join(&module))?;
        Ok(fs::write(stamp, from)?)
    }
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
