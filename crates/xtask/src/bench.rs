//! Speed and accuracy beside other tools; see tests/bench.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::{build, repo::Repo, run::Run, setup};

#[derive(Args)]
pub struct Options {
    /// Folder with the data sets (NAME_train.csv.gz, NAME_test.csv.gz)
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Only these parts: speed, workers, csv, accuracy
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

pub fn run(repo: &Repo, options: &Options) -> Result<()> {
    let data = repo.root.join(&options.data);
    ensure!(data.is_dir(), "no data at {}; name their folder with --data", data.display());
    let data = data.canonicalize().context("the folder of the data")?;
    let toolchain = setup::wasm(repo)?;
    setup::npm(repo)?;
    let python = setup::bench_python(repo)?;
    build::package(repo, &toolchain)?;
    let mut node = Command::new("node");
    node.arg(repo.path("tests/bench/main.mjs")).arg("--data").arg(data);
    node.arg("--python").arg(python).arg("--out").arg(repo.target.join("bench"));
    if !options.only.is_empty() {
        node.arg("--only").arg(options.only.join(","));
    }
    node.current_dir(&repo.root).run()
}
