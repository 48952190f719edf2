//! `cargo xtask`: build, test, serve and bench of this repository.

mod bench;
mod budget;
mod build;
mod clang;
mod ready;
mod repo;
mod run;
mod setup;
mod start;
mod steps;
mod test;
mod wasm_toolchain;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use repo::Repo;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, test, serve and bench of this repository")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Find or install what building and testing need
    Setup,
    /// Build the training module, the command line, the npm package and the page
    Build,
    /// Build, then serve the page on this machine
    Start(start::Options),
    /// Build, then run every test
    Test,
    /// Measure speed and accuracy beside other tools
    Bench(bench::Options),
    /// All that CI checks: format, lint, types, tests, sizes
    Ready,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Says what went wrong, and why, without a backtrace: what failed is mostly another program.
fn complain(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

fn run() -> Result<()> {
    let repo = Repo::find()?;
    match Args::parse().command {
        Command::Setup => setup::all(&repo).map(drop),
        Command::Build => build::all(&repo),
        Command::Start(options) => start::run(&repo, &options),
        Command::Test => test::run(&repo),
        Command::Bench(options) => bench::run(&repo, &options),
        Command::Ready => ready::run(&repo),
    }
}
