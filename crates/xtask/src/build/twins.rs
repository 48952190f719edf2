//! Kernels that are tested in WebAssembly: two modules of the same code, one with instructions for sixteen
//! bytes at a time and one without, which must answer alike.

use std::{fs, path::PathBuf};

use anyhow::Result;

use super::say;
use crate::{
    repo::Repo,
    run::Run,
    wasm_toolchain::{TARGET, WasmToolchain},
};

/// Where they are.
pub fn folder(repo: &Repo) -> PathBuf {
    repo.target.join("twins")
}

/// Builds both.
pub fn modules(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    module(repo, toolchain, "simd", "+simd128")?;
    module(repo, toolchain, "scalar", "-simd128")
}

fn module(repo: &Repo, toolchain: &WasmToolchain, name: &str, feature: &str) -> Result<()> {
    say(format!("twins, {name} (WebAssembly)"));
    let mut cargo = toolchain.rustc(repo);
    cargo.args(["--release", "--package", "hedgerow-learn", "--lib", "--crate-type", "cdylib"]);
    // Flags are added to those of `.cargo/config.toml`; of two that contradict each other, the last counts.
    let flags = format!("target.{TARGET}.rustflags=['-C', 'target-feature={feature}']");
    cargo.args(["--features", "twins", "--config", &flags]).run()?;
    let built = repo.target.join("wasm").join(TARGET).join("release/hedgerow_learn.wasm");
    fs::create_dir_all(folder(repo))?;
    fs::copy(built, folder(repo).join(format!("{name}.wasm")))?;
    Ok(())
}
