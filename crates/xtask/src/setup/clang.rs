//! A C compiler for WebAssembly: the tracking module has SQLite in it.

use anyhow::{Context, Result};

use super::{apt, say};
use crate::clang::Clang;

const PART: &str = "C compiler for WebAssembly";

/// Of Debian's, the one that is tried.
const PACKAGE: &str = "clang-19";

/// Finds a clang that compiles for WebAssembly, or installs Debian's.
pub fn ensure() -> Result<Clang> {
    if let Some(clang) = Clang::find() {
        say(PART, format!("found, {}", clang.path().display()));
        return Ok(clang);
    }
    if apt::available() {
        say(PART, format!("apt-get install {PACKAGE}"));
        apt::install(&[PACKAGE])?;
    }
    Clang::find().context("install clang 14 or later with its target wasm32, then try again")
}
