//! The scorer of exported models: a module without imports, for the npm package and the command line.

use std::fs;

use anyhow::{Context, Result};

use super::{optimize, say};
use crate::{
    repo::Repo,
    run::Run,
    wasm_toolchain::{TARGET, WasmToolchain},
};

/// Where the npm package has it, and the command line takes it from.
pub const OUT: &str = "pkg/dist/edge/scorer.wasm";

/// In the root `Cargo.toml`.
const PROFILE: &str = "edge";

/// Builds it.
pub fn module(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    say("scorer (WebAssembly)");
    let mut cargo = toolchain.rustc(repo);
    cargo.args([
        "--profile",
        PROFILE,
        "--package",
        "hedgerow-scorer",
        "--lib",
        "--features",
        "module",
    ]);
    cargo.args(["--crate-type", "cdylib"]).run()?;
    let out = repo.path(OUT);
    fs::create_dir_all(out.parent().context("a file is in a folder")?)?;
    let compiled = repo.target.join("wasm").join(TARGET).join(PROFILE).join("hedgerow_scorer.wasm");
    optimize::run(repo, &compiled, &out)
}
