//! What compiles for WebAssembly: Rust with a standard library, and C.

use std::{env, process::Command};

use anyhow::{Context, Result, bail};

use super::{apt, clang, debian, say};
use crate::{
    repo::Repo,
    run::{Run, find},
    wasm_toolchain::{TARGET, WasmToolchain},
};

const PART: &str = "WebAssembly standard library";

/// Finds compilers that build for WebAssembly, or makes them ready.
pub fn ensure(repo: &Repo) -> Result<WasmToolchain> {
    Ok(rust(repo)?.with_clang(clang::ensure()?))
}

fn rust(repo: &Repo) -> Result<WasmToolchain> {
    if let Some(toolchain) = WasmToolchain::find(repo) {
        say(
            PART,
            format!(
                "found, rustc {} ({})",
                toolchain.rustc.release,
                toolchain.rustc.path().display()
            ),
        );
        return Ok(toolchain);
    }
    install(repo)?;
    WasmToolchain::find(repo).with_context(|| {
        format!("{TARGET} was installed, yet no compiler links a module for it; try `rustup target add {TARGET}`")
    })
}

fn install(repo: &Repo) -> Result<()> {
    if may_use_rustup() {
        say(PART, format!("rustup target add {TARGET}"));
        match Command::new("rustup").current_dir(&repo.root).args(["target", "add", TARGET]).run() {
            Ok(()) => return Ok(()),
            Err(error) => say(PART, format!("rustup could not add it: {error}")),
        }
    }
    if apt::available() {
        return debian::install(repo);
    }
    bail!(
        "no compiler here builds for WebAssembly; run `rustup target add {TARGET}`, then try again"
    )
}

/// `RUSTUP_AUTO_INSTALL=0` says that rustup is not to download on this machine unless a person asks.
fn may_use_rustup() -> bool {
    let refused = env::var("RUSTUP_AUTO_INSTALL").is_ok_and(|value| value == "0");
    if refused {
        say(PART, "rustup is told not to install by itself (RUSTUP_AUTO_INSTALL=0)");
    }
    !refused && find("rustup").is_some()
}
