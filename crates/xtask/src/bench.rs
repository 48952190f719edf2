//! Speed and accuracy beside other tools; see tests/peers.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::{build, repo::Repo, run::Run, setup};

#[derive(Args)]
pub struct Options {
    /// Folder with the data sets (NAME_train.csv.gz, NAME_test.csv.gz)
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Measure every learner beside every peer, native, in Node and in Chromium (most of an hour); with
    /// --edge, exported models beside onnxruntime-web and ydf-inference
    #[arg(long)]
    peers: bool,
    /// Only these parts: speed, workers, csv, accuracy, pauses; with --peers only these works: letter-forest,
    /// synth200k-forest, synth200k-predict, flights-forest, flights-categories-forest, synth200k-boosting, flights-boosting,
    /// diamonds-boosting, synth200k-tree, synth200k-logistic, synth200k-mlp, flights-isolation,
    /// tumours-isolation, growth, memory
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// With --peers, only these: native, Node, Chromium, scikit-learn, LightGBM, XGBoost, YDF,
    /// ydf-training, ml-random-forest
    #[arg(long, value_delimiter = ',', requires = "peers")]
    who: Vec<String>,
    /// Only put exported models under load in every runtime that serves them, for so many seconds each
    /// (tests/edge/load.mjs)
    #[arg(long, value_name = "SECONDS", conflicts_with = "peers")]
    load: Option<u32>,
    /// Only measure what exported models weigh and take, and hold that to its bounds (tests/edge/figures.mjs)
    #[arg(long, conflicts_with = "load")]
    edge: bool,
    /// Only measure what recording costs an exported model, and what profiles weigh and take, and hold that to its
    /// bounds (tests/edge/recording-cost.mjs, crates/monitor/examples/figures.rs)
    #[arg(long, conflicts_with_all = ["peers", "load", "edge"])]
    recording: bool,
    /// Only build the Rust host program of exported models, which takes minutes, and check what it predicts
    /// (tests/edge/rust-host.mjs)
    #[arg(long, conflicts_with_all = ["peers", "load", "edge", "recording"])]
    rust_host: bool,
    /// Only measure what a record costs a training, and queries of 100,000 runs (tests/package/track-cost.ts)
    #[arg(long, conflicts_with_all = ["peers", "load", "edge", "recording", "rust_host"])]
    track: bool,
    /// Runs of each, of which the median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    times: u32,
}

pub fn run(repo: &Repo, options: &Options) -> Result<()> {
    if let Some(seconds) = options.load {
        return edge(repo, "load.mjs", &["--seconds", &seconds.to_string()]);
    }
    if options.recording {
        profiles(repo)?;
        return edge(repo, "recording-cost.mjs", &[]);
    }
    if options.rust_host {
        let target = repo.target.join("rust-host").display().to_string();
        return edge(repo, "rust-host.mjs", &["--target-dir", &target]);
    }
    if options.track {
        return track(repo, options.times);
    }
    if options.edge {
        let data = folder(repo, options)?.display().to_string();
        let out = repo.target.join("bench").display().to_string();
        let python = setup::python::ensure(repo, &setup::python::BENCHES)?.display().to_string();
        let mut args = vec!["--data", &data, "--out", &out, "--python", &python];
        if options.peers {
            setup::npm_peers(repo)?;
            args.push("--peers");
        }
        return edge(repo, "figures.mjs", &args);
    }
    compare(repo, options)
}

/// Where the data sets are.
fn folder(repo: &Repo, options: &Options) -> Result<PathBuf> {
    let data = repo.root.join(&options.data);
    ensure!(data.is_dir(), "no data at {}; name their folder with --data", data.display());
    data.canonicalize().context("the folder of the data")
}

/// Runs a program of `tests/edge`, which exports models.
fn edge(repo: &Repo, program: &str, args: &[&str]) -> Result<()> {
    build::all(repo)?;
    Command::new("node")
        .current_dir(repo.path("tests"))
        .args(["--import", "tsx", &format!("edge/{program}")])
        .args(args)
        .env("HEDGEROW_CLI", repo.cli())
        .run()
}

fn profiles(repo: &Repo) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--release", "--package", "hedgerow-monitor", "--example", "figures"]);
    cargo.arg("--target-dir").arg(&repo.target).current_dir(&repo.root).run()
}

/// A workspace with 100,000 runs, which is made once.
fn many_runs(repo: &Repo) -> Result<PathBuf> {
    let path = repo.target.join("bench/many.sqlite");
    if !path.exists() {
        fs::create_dir_all(repo.target.join("bench"))?;
        let mut cargo = Command::new("cargo");
        cargo.args(["run", "--release", "--package", "hedgerow-track", "--example", "many"]);
        cargo.arg("--target-dir").arg(&repo.target).arg("--").arg(&path);
        cargo.current_dir(&repo.root).run()?;
    }
    Ok(path)
}

/// Measures what a record costs a training and how long queries of many runs take, with the package that is
/// built.
fn track(repo: &Repo, times: u32) -> Result<()> {
    let toolchain = setup::wasm(repo)?;
    setup::npm(repo)?;
    let chromium = setup::chromium(repo)?;
    build::package(repo, &toolchain)?;
    let many = many_runs(repo)?;
    Command::new("node")
        .current_dir(repo.path("tests"))
        .args(["--import", "tsx", "package/track-cost.ts", &times.to_string()])
        .arg(many)
        .env("CHROMIUM", chromium)
        .run()
}

fn compare(repo: &Repo, options: &Options) -> Result<()> {
    let data = folder(repo, options)?;
    let toolchain = setup::wasm(repo)?;
    setup::npm(repo)?;
    let python = setup::python::ensure(repo, &setup::python::BENCHES)?;
    let mut node = Command::new("node");
    node.arg(repo.path("tests/peers/main.mjs")).arg("--data").arg(data);
    node.arg("--python").arg(python).arg("--out").arg(repo.target.join("bench"));
    node.arg("--times").arg(options.times.to_string());
    if options.peers {
        setup::npm_peers(repo)?;
        node.arg("--peers").arg("--chromium").arg(setup::chromium(repo)?);
    }
    node.arg("--native").arg(build::measure(repo)?);
    build::package(repo, &toolchain)?;
    for (name, chosen) in [("--only", &options.only), ("--who", &options.who)] {
        if !chosen.is_empty() {
            node.arg(name).arg(chosen.join(","));
        }
    }
    node.current_dir(&repo.root).run()
}
