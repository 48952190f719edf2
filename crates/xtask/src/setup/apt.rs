//! Debian's package manager.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{Run, find};

pub fn available() -> bool {
    find("apt-get").is_some()
}

/// Installs packages, as root or through sudo.
pub fn install(packages: &[&str]) -> Result<()> {
    as_root("apt-get")?
        .args(["update", "-qq"])
        .run()
        .context("could not refresh the package lists")?;
    as_root("apt-get")?
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
        .with_context(|| {
            format!("install these packages yourself, then try again: {}", packages.join(" "))
        })
}

/// A command that runs as root.
pub fn as_root(program: &str) -> Result<Command> {
    if Command::new("id").arg("-u").read()? == "0" {
        return Ok(Command::new(program));
    }
    if find("sudo").is_none() {
        bail!("{program} needs root, and there is no sudo; run `cargo xtask setup` as root once");
    }
    let mut command = Command::new("sudo");
    command.arg(program);
    Ok(command)
}
