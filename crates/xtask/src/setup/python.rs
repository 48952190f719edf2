//! The Python of the benches, in an environment of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::{apt, say};
use crate::{repo::Repo, run::Run};

const PART: &str = "Python for the benches";

/// The interpreter of an environment that holds the pinned peers.
pub fn ensure(repo: &Repo) -> Result<PathBuf> {
    let requirements = repo.path("tests/peers/requirements.txt");
    let wanted =
        fs::read_to_string(&requirements).context("could not read tests/peers/requirements.txt")?;
    let venv = repo.target.join("bench-venv");
    let python = venv.join("bin/python");
    let stamp = venv.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        say(PART, format!("found, {}", python.display()));
        return Ok(python);
    }
    say(PART, "installing tests/peers/requirements.txt (pip)");
    make_environment(&venv)?;
    Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "-r"])
        .arg(&requirements)
        .run()?;
    fs::write(&stamp, wanted)?;
    Ok(python)
}

fn make_environment(venv: &Path) -> Result<()> {
    let make = || Command::new("python3").args(["-m", "venv"]).arg(venv).run();
    if make().is_ok() {
        return Ok(());
    }
    if apt::available() {
        say(PART, "apt-get install python3-venv");
        apt::install(&["python3-venv"])?;
    }
    make().context("Python 3.11 or later with its venv module is needed")
}
