//! Building all that ships: the WebAssembly modules, the command line, the npm package and the page.

mod bindings;
mod optimize;
mod scorer;
pub mod twins;
mod wasm;

use std::{env, panic::resume_unwind, path::PathBuf, process::Command, thread};

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
    package(repo, toolchain)?;
    // It has the scorers and the package's script for exports inside.
    cli(repo)?;
    npm(repo, "www")?;
    budget::print(repo)
}

/// What the benches measure: the package, without the page.
pub fn package(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    modules(repo, toolchain)?;
    npm(repo, "pkg")
}

/// Those for speed beside those for size: linking and optimising keep one processor busy each. Modules of one profile
/// come one after the other, for they share a build folder.
fn modules(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    let fast = || {
        wasm::TRAINING.build(repo, toolchain)?;
        wasm::MONITOR.build(repo, toolchain)
    };
    let small = || {
        wasm::EXPORT.build(repo, toolchain)?;
        wasm::TRACK.build(repo, toolchain)?;
        scorer::modules(repo, toolchain)
    };
    thread::scope(|scope| {
        let small = scope.spawn(small);
        let fast = fast();
        fast.and(small.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
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
