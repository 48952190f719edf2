//! Python environments with pinned packages, each of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::{apt, say};
use crate::{repo::Repo, run::Run};

/// The interpreter of the environment `name`, which holds the packages of a file.
pub fn environment(repo: &Repo, part: &str, requirements: &str, name: &str) -> Result<PathBuf> {
    let file = repo.path(requirements);
    let wanted =
        fs::read_to_string(&file).with_context(|| format!("could not read {requirements}"))?;
    let venv = repo.target.join(name);
    let python = venv.join("bin/python");
    let stamp = venv.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        say(part, format!("found, {}", python.display()));
        return Ok(python);
    }
    say(part, format!("installing {requirements} (pip)"));
    make_environment(part, &venv)?;
    Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(&file).run()?;
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
