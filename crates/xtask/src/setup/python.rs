//! Python, in an environment for each list of pinned packages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::{apt, say};
use crate::{repo::Repo, run::Run};

/// Packages, and the environment that holds them.
pub struct Environment {
    part: &'static str,
    requirements: &'static str,
    /// Its folder, in `target`.
    name: &'static str,
}

/// The peers of the benches.
pub const BENCHES: Environment = Environment {
    part: "Python for the benches",
    requirements: "tests/peers/requirements.txt",
    name: "bench-venv",
};

/// What reads and writes ONNX files in tests.
pub const ONNX: Environment = Environment {
    part: "Python for ONNX files",
    requirements: "tests/edge/onnx/requirements.txt",
    name: "onnx-venv",
};

/// An MLflow server.
pub const MLFLOW: Environment = Environment {
    part: "Python for MLflow",
    requirements: "tests/track/mlflow/requirements.txt",
    name: "mlflow-venv",
};

/// What exported models are run in and checked with.
pub const EDGE: Environment = Environment {
    part: "Python for exported models",
    requirements: "tests/edge/requirements.txt",
    name: "edge-venv",
};

/// The interpreter of an environment, with its packages installed.
pub fn ensure(repo: &Repo, environment: &Environment) -> Result<PathBuf> {
    let Environment { part, requirements, name } = environment;
    let path = repo.path(requirements);
    let wanted =
        fs::read_to_string(&path).with_context(|| format!("could not read {requirements}"))?;
    let venv = repo.target.join(name);
    let python = venv.join("bin/python");
    let stamp = venv.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        say(part, format!("found, {}", python.display()));
        return Ok(python);
    }
    say(part, format!("installing {requirements} (pip)"));
    make_environment(part, &venv)?;
    // Most of what is installed is never imported: what is gets compiled then.
    Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--no-compile", "-r"])
        .arg(&path)
        .run()?;
    fs::write(&stamp, wanted)?;
    Ok(python)
}

fn make_environment(part: &str, venv: &Path) -> Result<()> {
    let make = || Command::new("python3").args(["-m", "venv"]).arg(venv).run();
    if make().is_ok() {
        return Ok(());
    }
    if apt::available() {
        say(part, "apt-get install python3-venv");
        apt::install(&["python3-venv"])?;
    }
    make().context("Python 3.11 or later with its venv module is needed")
}
