//! The JavaScript side of the training module, by `wasm-bindgen` as a library: Cargo.lock pins it to
//! the version in the module, so the two cannot mismatch.

use std::{fs, path::Path};

use anyhow::{Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

/// The module, after binding.
pub const MODULE: &str = "hedgerow_bg.wasm";
/// What is generated beside it.
pub const TEXTS: [&str; 3] = ["hedgerow.js", "hedgerow.d.ts", "hedgerow_bg.wasm.d.ts"];

/// Writes module, JavaScript and types into a folder of their own.
pub fn generate(compiled: &Path, out: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("hedgerow")
        .typescript(true)
        .remove_producers_section(true);
    let generated = bindgen.web(true).and_then(|bindgen| bindgen.generate(out));
    generated.map_err(|error| anyhow!("wasm-bindgen: {error:#}"))
}
