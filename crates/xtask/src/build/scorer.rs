//! What exported models are made of, for the npm package and the command line: the scorer and the recorder,
//! modules without imports, and the scorer as a filter for proxies.

use std::fs;

use anyhow::Result;

use super::{optimize, say};
use crate::{
    repo::Repo,
    run::Run,
    wasm_toolchain::{TARGET, WasmToolchain},
};

/// Where the npm package has them, and the command line takes them from.
const OUT: &str = "pkg/dist/edge";

/// In the root `Cargo.toml`.
const PROFILE: &str = "edge";

/// Builds all three.
pub fn modules(repo: &Repo, toolchain: &WasmToolchain) -> Result<()> {
    module(repo, toolchain, "scorer", &["--features", "module"])?;
    module(repo, toolchain, "recorder", &["--features", "module"])?;
    module(repo, toolchain, "filter", &[])
}

fn module(repo: &Repo, toolchain: &WasmToolchain, name: &str, args: &[&str]) -> Result<()> {
    say(format!("{name} (WebAssembly)"));
    let mut cargo = toolchain.rustc(repo);
    cargo.args(["--profile", PROFILE, "--package", &format!("hedgerow-{name}"), "--lib"]);
    cargo.args(args).args(["--crate-type", "cdylib"]).run()?;
    let out = repo.path(OUT);
    fs::create_dir_all(&out)?;
    let built = repo.target.join("wasm").join(TARGET).join(PROFILE);
    optimize::run(
        repo,
        &built.join(format!("hedgerow_{name}.wasm")),
        &out.join(format!("{name}.wasm")),
    )
}
