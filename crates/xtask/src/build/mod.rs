//! Building all that ships: the WebAssembly modules, the command line, the npm package and the page.

mod bindings;
mod optimize;
mod scorer;
pub mod twins;
mod wasm;

use std::{env, path::PathBuf, process::Command};

use anyhow::Result;

use crate::{budget, repo::Repo, run::Run, setup, wasm_toolchain::WasmToolchain};

/// Sets up what building needs, and builds.
pub fn all(repo: &Repo) -> Result<()> {
    let toolchain = setup::wasm(repo)?;
    setup::npm(repo)?;
    everything(repo, &toolchain)
}

/// Builds, with everything set up.
pub fn everything(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    wasm::TRAINING.build(repo, toolchain)?;
    wasm::EXPORT.build(repo, toolchain)?;
    wasm::MONITOR.build(repo, toolchain)?;
    wasm::TRACK.build(repo, toolchain)?;
    scorer::modules(repo, toolchain)?;
    npm(repo, "pkg")?;
    // It has the scorers and the package's script for exports inside.
    cli(repo)?;
    npm(repo, "www")?;
    budget::print(repo)
}

/// What the benches measure: the package, without the page.
pub fn package(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    wasm::TRAINING.build(repo, toolchain)?;
    wasm::EXPORT.build(repo, toolchain)?;
    wasm::MONITOR.build(repo, toolchain)?;
    wasm::TRACK.build(repo, toolchain)?;
    npm(repo, "pkg")
}

/// The native program that the benches measure; its path.
pub fn measure(repo: &Repo) -> Result<PathBuf> {
    say("measure (native)");
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--package", "hedgerow", "--example", "measure"]);
    cargo.arg("--target-dir").arg(&repo.target).current_dir(&repo.root).run()?;
    Ok(repo.target.join("release/examples").join(format!("measure{}", env::consts::EXE_SUFFIX)))
}

fn cli(repo: &Repo) -> Result<()> {
    say("hedgerow (native)");
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--package", "hedgerow", "--target-dir"]).arg(&repo.target);
    cargo.current_dir(&repo.root).run()
}

fn npm(repo: &Repo, workspace: &str) -> Result<()> {
    say(workspace);
    Command::new("npm")
        .current_dir(&repo.root)
        .args(["run", "build", "--workspace", workspace])
        .run()
}

fn say(text: impl std::fmt::Display) {
    println!("build: {text}");
}
