//! Prometheus and its tool, which exported alert rules and metrics are checked with.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{apt, say};
use crate::{
    repo::Repo,
    run::{Run, find},
};

const PART: &str = "Prometheus";
const PACKAGE: &str = "prometheus";

/// The folder of `prometheus` and `promtool`: found, or Debian's, unpacked where there is no root.
pub fn ensure(repo: &Repo) -> Result<PathBuf> {
    if let Some(folder) = env::var_os("PROMETHEUS").map(PathBuf::from) {
        if !has_both(&folder) {
            bail!("PROMETHEUS is set to {}, which has not both programs", folder.display());
        }
        return found(folder);
    }
    if let Some(folder) = on_path().or_else(|| unpacked(repo)) {
        return found(folder);
    }
    if !apt::available() {
        bail!("install Prometheus, or set PROMETHEUS to the folder that it and promtool are in");
    }
    say(PART, format!("apt-get install {PACKAGE}"));
    if apt::install(&[PACKAGE]).is_err() {
        unpack(repo)?;
    }
    on_path().or_else(|| unpacked(repo)).context("Prometheus was installed, but is not there")
}

fn found(folder: PathBuf) -> Result<PathBuf> {
    say(PART, format!("found, {}", folder.display()));
    Ok(folder)
}

fn on_path() -> Option<PathBuf> {
    let folder = find("promtool")?.parent()?.to_path_buf();
    Some(folder).filter(|folder| has_both(folder))
}

fn unpacked(repo: &Repo) -> Option<PathBuf> {
    Some(repo.target.join(PACKAGE).join("usr/bin")).filter(|folder| has_both(folder))
}

fn has_both(folder: &Path) -> bool {
    ["prometheus", "promtool"].iter().all(|name| folder.join(name).is_file())
}

/// What `apt-get` needs no root for.
fn unpack(repo: &Repo) -> Result<()> {
    let folder = repo.target.join(PACKAGE);
    fs::create_dir_all(&folder)?;
    Command::new("apt-get").args(["download", "-qq", PACKAGE]).current_dir(&folder).run()?;
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "deb") {
            Command::new("dpkg").arg("-x").arg(&path).arg(&folder).run()?;
        }
    }
    Ok(())
}
