//! npm packages, as the lock file has them.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::say;
use crate::{repo::Repo, run::Run};

const PART: &str = "npm packages";
const OLDEST_NODE: u32 = 20;

/// A lock file: what belongs into which folder. npm keeps one of what *is* installed, too.
#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    version: Option<String>,
    /// Of some platforms only, so it may rightly be absent.
    #[serde(default)]
    optional: bool,
}

/// The packages of the workspaces.
pub fn ensure(repo: &Repo) -> Result<()> {
    ensure_in(&repo.root, PART)
}

/// The peers of the benches, which nothing else needs.
pub fn ensure_peers(repo: &Repo) -> Result<()> {
    ensure_in(&repo.path("tests/peers"), "npm packages of the peers")
}

fn ensure_in(folder: &Path, part: &str) -> Result<()> {
    let node = check_node()?;
    let wanted = read(&folder.join("package-lock.json"))?;
    if let Ok(present) = read(&folder.join("node_modules/.package-lock.json"))
        && missing(&wanted, &present).is_none()
    {
        say(part, format!("found, as locked (Node {node})"));
        return Ok(());
    }
    say(part, format!("npm ci (Node {node})"));
    Command::new("npm").current_dir(folder).args(["ci", "--no-audit", "--no-fund"]).run()
}

fn check_node() -> Result<String> {
    let text =
        Command::new("node").arg("--version").read().context("Node 20 or later is needed")?;
    let version = text.trim_start_matches('v');
    let major: u32 = version.split('.').next().unwrap_or_default().parse().unwrap_or(0);
    if major < OLDEST_NODE {
        bail!("Node {OLDEST_NODE} or later is needed; this is {version}");
    }
    Ok(version.to_owned())
}

fn read(path: &Path) -> Result<Lock> {
    let text = fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not a lock file", path.display()))
}

/// The first package that should be installed and is not, or is of another version.
fn missing<'a>(wanted: &'a Lock, present: &Lock) -> Option<&'a str> {
    let differs = |(path, package): &(&String, &Package)| {
        let installed = present.packages.get(*path);
        let same = installed.is_some_and(|installed| installed.version == package.version);
        path.contains("node_modules/") && !package.optional && !same
    };
    wanted.packages.iter().find(differs).map(|(path, _)| path.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &[(&str, &str, bool)]) -> Lock {
        let entry = |&(path, version, optional): &(&str, &str, bool)| {
            (path.to_owned(), Package { version: Some(version.to_owned()), optional })
        };
        Lock { packages: packages.iter().map(entry).collect() }
    }

    #[test]
    fn another_version_or_absence_is_missing_but_not_another_platform() {
        let wanted = lock(&[
            ("", "0", false),
            ("pkg", "0", false),
            ("node_modules/a", "1", false),
            ("node_modules/b", "1", true),
        ]);
        assert_eq!(missing(&wanted, &lock(&[("node_modules/a", "1", false)])), None);
        assert_eq!(
            missing(&wanted, &lock(&[("node_modules/a", "2", false)])),
            Some("node_modules/a")
        );
        assert_eq!(missing(&wanted, &lock(&[])), Some("node_modules/a"));
    }
}
