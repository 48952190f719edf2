//! Debian's compiler, for machines where rustup cannot download.
//!
//! Debian ships a current compiler for its browsers, with the sources of the standard library but
//! not the library built for WebAssembly: that is built here, once.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use super::{apt, say};
use crate::{
    repo::Repo,
    run::Run,
    wasm_toolchain::{Rustc, SYSTEM_CARGO, SYSTEM_RUSTC, TARGET},
};

const PART: &str = "WebAssembly standard library";

pub fn install(repo: &Repo) -> Result<()> {
    say(PART, "installing Debian's compiler and its sources (apt-get)");
    apt::install(&["rustc-web", "cargo-web", "rust-web-src"])?;
    let rustc = Rustc::ask(SYSTEM_RUSTC.into())?;
    // The linker reads what LLVM wrote, so it must be of the same major version.
    apt::install(&[&format!("lld-{}", rustc.llvm_major())])?;
    say(PART, format!("building it for rustc {} (about a minute)", rustc.release));
    let libraries = build(repo, &rustc)?;
    put(&libraries, &rustc.target_libdir()?)
}

/// Builds the standard library as the dependency of an empty crate; returns its files.
fn build(repo: &Repo, rustc: &Rustc) -> Result<Vec<PathBuf>> {
    let dir = repo.target.join("wasm-std");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(dir.join("src"))?;
    let manifest = "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(dir.join("Cargo.toml"), manifest)?;
    fs::write(dir.join("src/lib.rs"), "#![no_std]\n")?;
    Command::new(SYSTEM_CARGO)
        .current_dir(&dir)
        .args(["build", "--quiet", "--release", "--target", TARGET])
        .args(["-Zbuild-std=std,panic_abort,proc_macro", "--target-dir", "target"])
        // Building the library is not stable yet; the library itself is, and so is all that uses it.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", rustc.path())
        .env("RUSTFLAGS", "-C target-feature=+simd128 -C embed-bitcode=yes")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("LD_LIBRARY_PATH")
        .run()?;
    built(&dir.join("target").join(TARGET).join("release/deps"))
}

fn built(deps: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in
        fs::read_dir(deps).with_context(|| format!("nothing was built in {}", deps.display()))?
    {
        let path = entry?.path();
        let own =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libempty-"));
        if path.extension() == Some(OsStr::new("rlib")) && !own {
            files.push(path);
        }
    }
    ensure!(!files.is_empty(), "cargo built no library in {}", deps.display());
    Ok(files)
}

/// Puts the library where the compiler looks for it, in place of another version's.
fn put(libraries: &[PathBuf], dir: &Path) -> Result<()> {
    say(PART, format!("copying it to {}", dir.display()));
    apt::as_root("rm")?.arg("-rf").arg(dir).run()?;
    apt::as_root("mkdir")?.arg("-p").arg(dir).run()?;
    apt::as_root("cp")?.args(libraries).arg(dir).run()
}
