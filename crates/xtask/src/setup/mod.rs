//! Finding or installing what building and testing need. Each part says in one line what it found or
//! did, and is quick when nothing is missing.

mod apt;
mod chromium;
mod clang;
mod debian;
mod firefox;
mod lint;
mod npm;
mod prometheus;
pub mod python;
mod wasm;

use std::path::PathBuf;

use anyhow::Result;
pub use chromium::ensure as chromium;
pub use firefox::ensure as firefox;
pub use lint::ensure as wasm_clippy;
pub use npm::{ensure as npm, ensure_peers as npm_peers};
pub use prometheus::ensure as prometheus;
pub use wasm::ensure as wasm;

use crate::{repo::Repo, wasm_toolchain::WasmToolchain};

/// What building and testing use.
pub struct Tools {
    pub wasm: WasmToolchain,
    pub browsers: Browsers,
    /// A Python with what exported models are run in and checked with.
    pub python: PathBuf,
    /// Python with what reads and writes ONNX files.
    pub onnx_python: PathBuf,
    /// Python with an MLflow server.
    pub mlflow_python: PathBuf,
    /// The folder of `prometheus` and `promtool`.
    pub prometheus: PathBuf,
}

/// The browsers of the tests.
pub struct Browsers {
    pub chromium: PathBuf,
    pub firefox: PathBuf,
}

/// All that building and testing need.
pub fn all(repo: &Repo) -> Result<Tools> {
    let wasm = wasm(repo)?;
    npm(repo)?;
    let browsers = Browsers { chromium: chromium(repo)?, firefox: firefox()? };
    let python = python::ensure(repo, &python::EDGE)?;
    let onnx_python = python::ensure(repo, &python::ONNX)?;
    let mlflow_python = python::ensure(repo, &python::MLFLOW)?;
    let prometheus = prometheus(repo)?;
    Ok(Tools { wasm, browsers, python, onnx_python, mlflow_python, prometheus })
}

fn say(part: &str, text: impl std::fmt::Display) {
    println!("setup: {part}: {text}");
}
