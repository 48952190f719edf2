//! All that CI checks.

use std::process::Command;

use anyhow::Result;

use crate::{repo::Repo, run::Run, setup, steps::Steps, test};

/// The crates that the modules with bindings are made of, and that of the filter, most of which only is
/// there.
const IN_WASM: [&str; 16] = [
    "hedgerow-model",
    "hedgerow-data",
    "hedgerow-evaluate",
    "hedgerow-learn",
    "hedgerow-wasm",
    "hedgerow-export",
    "hedgerow-export-wasm",
    "hedgerow-js",
    "hedgerow-profile",
    "hedgerow-monitor",
    "hedgerow-monitor-wasm",
    "hedgerow-renew",
    "hedgerow-track",
    "hedgerow-track-wasm",
    "hedgerow-filter",
    "hedgerow-recorder",
];

pub fn run(repo: &Repo) -> Result<()> {
    let mut steps = Steps::default();
    steps.step("format (cargo fmt)", || cargo(repo, &["fmt", "--all", "--check"]));
    steps.step("lint (clippy)", || lint(repo));
    steps.step("lint (clippy for WebAssembly)", || lint_wasm(repo));
    steps.step("format and lint (Biome)", || {
        setup::npm(repo)?;
        Command::new("npx").current_dir(&repo.root).args(["biome", "ci", "."]).run()
    });
    test::add(repo, &mut steps);
    // After the build: the page's types come from the built package.
    steps.step("types (tsc, svelte-check)", || types(repo));
    steps.finish()
}

fn cargo(repo: &Repo, args: &[&str]) -> Result<()> {
    Command::new("cargo").current_dir(&repo.root).args(args).run()
}

fn lint(repo: &Repo) -> Result<()> {
    cargo(repo, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn lint_wasm(repo: &Repo) -> Result<()> {
    let toolchain = setup::wasm(repo)?;
    setup::wasm_clippy(repo, &toolchain)?;
    let packages = IN_WASM.iter().flat_map(|name| ["--package", name]);
    toolchain.clippy(repo).args(packages).args(["--lib", "--", "-D", "warnings"]).run()
}

/// The script `check` of every workspace that has one.
fn types(repo: &Repo) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["run", "check", "--workspaces", "--if-present"]).current_dir(&repo.root).run()
}
