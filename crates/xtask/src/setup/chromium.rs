//! A Chromium for the tests of the page.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use super::{apt, say};
use crate::{
    repo::Repo,
    run::{Run, find},
};

const PART: &str = "Chromium";
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Finds a Chromium, or installs one: from Debian, elsewhere Playwright's.
pub fn ensure(repo: &Repo) -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if !path.is_file() {
            bail!("CHROMIUM is set to {}, which is not a file", path.display());
        }
        return found(path);
    }
    if let Some(path) = on_path().or_else(|| playwrights(repo)) {
        return found(path);
    }
    if apt::available() {
        say(PART, "apt-get install chromium");
        apt::install(&["chromium"])?;
        return on_path().context("chromium was installed, but is not on PATH");
    }
    say(PART, "npx playwright-core install chromium");
    Command::new("npx")
        .current_dir(&repo.root)
        .args(["playwright-core", "install", "chromium"])
        .run()?;
    playwrights(repo)
        .context("Playwright installed no Chromium; install one and set CHROMIUM to its path")
}

fn found(path: PathBuf) -> Result<PathBuf> {
    say(PART, format!("found, {}", path.display()));
    Ok(path)
}

fn on_path() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| find(name))
}

/// The Chromium that Playwright downloaded earlier.
fn playwrights(repo: &Repo) -> Option<PathBuf> {
    let ask = "import('playwright-core').then((p) => console.log(p.chromium.executablePath()))";
    let path =
        Command::new("node").current_dir(repo.path("tests")).args(["-e", ask]).read().ok()?;
    Some(PathBuf::from(path)).filter(|path| path.is_file())
}
