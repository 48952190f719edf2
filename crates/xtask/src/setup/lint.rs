//! Clippy for the compiler that builds for WebAssembly.

use anyhow::{Context, Result};

use super::{apt, say};
use crate::{repo::Repo, run::Run, wasm_toolchain::WasmToolchain};

const PART: &str = "clippy for WebAssembly";

pub fn ensure(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    if let Ok(version) = toolchain.clippy(repo).arg("--version").read() {
        say(PART, format!("found, {version}"));
        return Ok(());
    }
    if toolchain.is_distributions() && apt::available() {
        say(PART, "apt-get install rust-web-clippy");
        apt::install(&["rust-web-clippy"])?;
    }
    let installed = toolchain.clippy(repo).arg("--version").read();
    installed.context("run `rustup component add clippy`, then try again").map(drop)
}
