//! Finding or installing what building and testing need. Each part says in one line what it found or
//! did, and is quick when nothing is missing.

mod apt;
mod chromium;
mod debian;
mod lint;
mod npm;
mod python;
mod wasm;

use std::path::PathBuf;

use anyhow::Result;
pub use chromium::ensure as chromium;
pub use lint::ensure as wasm_clippy;
pub use npm::{ensure as npm, ensure_peers as npm_peers};
pub use python::ensure as bench_python;
pub use wasm::ensure as wasm;

use crate::{repo::Repo, wasm_toolchain::WasmToolchain};

/// What building and testing use.
pub struct Tools {
    pub wasm: WasmToolchain,
    pub chromium: PathBuf,
}

/// All that building and testing need.
pub fn all(repo: &Repo) -> Result<Tools> {
    let wasm = wasm(repo)?;
    npm(repo)?;
    Ok(Tools { wasm, chromium: chromium(repo)? })
}

fn say(part: &str, text: impl std::fmt::Display) {
    println!("setup: {part}: {text}");
}
