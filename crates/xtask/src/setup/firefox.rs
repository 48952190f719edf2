//! A Firefox for the tests of exported models.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, bail};

use super::{apt, say};
use crate::run::find;

const PART: &str = "Firefox";
const NAMES: [&str; 2] = ["firefox-esr", "firefox"];

/// Finds a Firefox, or installs Debian's.
pub fn ensure() -> Result<PathBuf> {
    if let Some(path) = env::var_os("FIREFOX").map(PathBuf::from) {
        if !path.is_file() {
            bail!("FIREFOX is set to {}, which is not a file", path.display());
        }
        return found(path);
    }
    if let Some(path) = on_path() {
        return found(path);
    }
    if !apt::available() {
        bail!("there is no Firefox; install one, or set FIREFOX to its path");
    }
    say(PART, "apt-get install firefox-esr");
    apt::install(&["firefox-esr"])
        .context("without the package, set FIREFOX to a Firefox's path")?;
    on_path().context("firefox-esr was installed, but is not on PATH")
}

fn found(path: PathBuf) -> Result<PathBuf> {
    say(PART, format!("found, {}", path.display()));
    Ok(path)
}

fn on_path() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| find(name))
}
