//! Every test there is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{budget, build, repo::Repo, run::Run, setup, setup::Tools, steps::Steps};

pub fn run(repo: &Repo) -> Result<()> {
    let mut steps = Steps::default();
    add(repo, &mut steps);
    steps.finish()
}

/// Adds setup, build and every test to a list of checks.
pub fn add(repo: &Repo, steps: &mut Steps) {
    let tools = steps.step("setup", || setup::all(repo));
    // Without tools a step has failed, so no later one runs.
    let tools = || tools.as_ref().context("setup failed");
    steps.step("build", || build::everything(repo, &tools()?.wasm));
    steps.step("sizes", || budget::check(repo));
    steps.step("Rust tests", || rust(repo));
    steps.step("unit tests of the page (Node)", || node(repo, "www", "src", tools()?));
    steps.step("twins of kernels", || build::twins::modules(repo, &tools()?.wasm));
    steps.step("package tests (Node)", || node(repo, "tests", "package", tools()?));
    steps.step("page tests (Chromium)", || node(repo, "tests", "page", tools()?));
    steps.step("edge tests (real runtimes)", || node(repo, "tests", "edge", tools()?));
    steps.step("tracking tests (MLflow)", || node(repo, "tests", "track", tools()?));
}

fn rust(repo: &Repo) -> Result<()> {
    Command::new("cargo").current_dir(&repo.root).args(["test", "--workspace"]).run()
}

/// Runs the files named `*.test.ts` below a folder of a workspace. They find the browsers in `CHROMIUM` and
/// `FIREFOX`, Pythons in `EDGE_PYTHON`, `ONNX_PYTHON` and `MLFLOW_PYTHON`, Prometheus in `PROMETHEUS`, the
/// native command in `HEDGEROW_CLI`, and the modules of kernels in `TWINS`.
fn node(repo: &Repo, workspace: &str, folder: &str, tools: &Tools) -> Result<()> {
    let workspace = repo.path(workspace);
    let mut files = Vec::new();
    collect(&workspace.join(folder), &mut files)?;
    ensure!(!files.is_empty(), "no *.test.ts in {}", workspace.join(folder).display());
    files.sort();
    Command::new("node")
        .current_dir(workspace)
        // One file at a time: they measure time, or keep both processors busy by themselves.
        .args(["--import", "tsx", "--test", "--test-concurrency=1"])
        .args(files)
        .env("CHROMIUM", &tools.browsers.chromium)
        .env("FIREFOX", &tools.browsers.firefox)
        .env("EDGE_PYTHON", &tools.python)
        .env("ONNX_PYTHON", &tools.onnx_python)
        .env("MLFLOW_PYTHON", &tools.mlflow_python)
        .env("PROMETHEUS", &tools.prometheus)
        .env("HEDGEROW_CLI", repo.cli())
        .env("TWINS", build::twins::folder(repo))
        .run()
}

/// Named one by one: which patterns `node --test` takes depends on its version.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("no folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.to_string_lossy().ends_with(".test.ts") {
            files.push(path);
        }
    }
    Ok(())
}
