//! `wasm-opt`, from the npm package `binaryen`.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use super::say;
use crate::{budget::Size, repo::Repo, run::Run};

/// The WebAssembly features that the compiler uses by default, and SIMD. The module no longer tells
/// them after binding, so they are named.
const FEATURES: [&str; 8] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
    "--enable-bulk-memory-opt",
];

/// For speed. A function with one caller is not put into it: engines optimise a function at a time
/// while a slower version runs, so what is called often must not be part of something large. (Of
/// training on 16,000 rows, compiling was half of the processor time.)
const PASSES: [&str; 5] = [
    "-O3",
    "--converge",
    "--one-caller-inline-max-function-size=0",
    "--strip-producers",
    "--strip-target-features",
];

/// Optimises a module and says what that did to its size.
pub fn run(repo: &Repo, from: &Path, to: &Path) -> Result<()> {
    let mut node = Command::new("node");
    node.arg(repo.path("node_modules/binaryen/bin/wasm-opt")).args(PASSES).args(FEATURES);
    node.arg(from).arg("-o").arg(to).run()?;
    say(format!("wasm-opt: {} to {}", Size::of(&[from])?, Size::of(&[to])?));
    Ok(())
}

/// Which optimiser this is.
pub fn version(repo: &Repo) -> Result<String> {
    let path = repo.path("node_modules/binaryen/package.json");
    let text = fs::read(path).context("binaryen is not installed; run `cargo xtask setup`")?;
    let package: serde_json::Value = serde_json::from_slice(&text)?;
    Ok(package["version"].as_str().unwrap_or_default().to_owned())
}
