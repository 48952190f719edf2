//! `hedgerow`: train, evaluate, predict and inspect tabular models from the command line.
//!
//! This crate is the only one that touches files and threads; it has no learning logic of its own.

mod args;
mod choose;
mod commands;
mod experiment;
mod export;
mod failure;
mod files;
mod fit;
mod import;
mod interrupt;
mod learners;
mod mlflow;
mod monitor;
mod retrain;
mod show;
mod study;
mod track;
mod values;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(cli.json),
    }
}

fn run(cli: &Cli) -> Result<(), Failure> {
    match &cli.command {
        Command::Train(args) => commands::train(args, cli.json),
        Command::Compare(args) => choose::compare(args, cli.json),
        Command::Tune(args) => choose::tune(args, cli.json),
        Command::Evaluate(args) => commands::evaluate(args, cli.json),
        Command::Predict(args) => commands::predict(args, cli.json),
        Command::Export(args) => export::export(args, cli.json),
        Command::Import(args) => import::run(args, cli.json),
        Command::Inspect(args) => commands::inspect(args, cli.json),
        Command::Runs(args) => track::runs(args, cli.json),
        Command::Experiments(args) => track::experiments(args, cli.json),
        Command::Reproduce(args) => track::reproduce(args, cli.json),
        Command::Datasets(args) => track::datasets(args, cli.json),
        Command::Register(args) => track::register(args, cli.json),
        Command::Models(args) => track::models(args, cli.json),
        Command::Promote(args) => track::promote(args, cli.json),
        Command::Rollback(args) => track::rollback(args, cli.json),
        Command::Bundle(args) => track::bundle(args, cli.json),
        Command::Restore(args) => track::restore(args, cli.json),
        Command::Audit(args) => track::audit(args, cli.json),
        Command::Verify(args) => track::verify(args, cli.json),
        Command::Learners(args) => commands::learners(args, cli.json),
        Command::Push(args) => mlflow::push::run(args, cli.json),
        Command::Monitor(args) => monitor::run(args, cli.json),
        Command::Retrain(args) => retrain::run(args, cli.json),
        Command::Ab(args) => experiment::run(args, cli.json),
        Command::Pull(args) => mlflow::pull::run(args, cli.json),
    }
}
