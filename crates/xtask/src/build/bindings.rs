//! The JavaScript side of a module, by `wasm-bindgen` as a library: Cargo.lock pins it to
//! the version in the module, so the two cannot mismatch.

use std::{fs, path::Path};

use anyhow::{Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

/// The module, after binding.
pub fn module(name: &str) -> String {
    format!("{name}_bg.wasm")
}

/// What is generated beside it.
pub fn texts(name: &str) -> [String; 3] {
    [".js", ".d.ts", "_bg.wasm.d.ts"].map(|ending| format!("{name}{ending}"))
}

/// Writes module, JavaScript and types into a folder of their own.
pub fn generate(compiled: &Path, name: &str, out: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(name).typescript(true).remove_producers_section(true);
    let generated = bindgen.web(true).and_then(|bindgen| bindgen.generate(out));
    generated.map_err(|error| anyhow!("wasm-bindgen: {error:#}"))
}
