//! What is typed about workspaces.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Which workspace, and who writes to it.
#[derive(Args, Clone)]
pub struct StoreArgs {
    /// The workspace: a SQLite file.
    #[arg(long, value_name = "FILE", env = "HEDGEROW_TRACK", default_value = "hedgerow.sqlite")]
    pub track: PathBuf,
    /// The name that the audit log has for you.
    #[arg(long, value_name = "NAME", env = "HEDGEROW_AUTHOR", default_value_t = user())]
    pub author: String,
}

fn user() -> String {
    let names = ["USER", "USERNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}

/// How a training is recorded.
#[derive(Args, Clone)]
pub struct RecordArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Record nothing.
    #[arg(long, env = "HEDGEROW_NO_TRACK")]
    pub no_track: bool,
    /// What the run belongs to.
    #[arg(long, value_name = "NAME", default_value = "Default")]
    pub experiment: String,
    /// What the run is called. Default: the learner's name.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub run_name: String,
    /// Keep the bytes of the CSV file, too, so that the run can be done again without it.
    #[arg(long)]
    pub keep_data: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RunsArgs {
    #[command(subcommand)]
    pub command: Option<RunsCommand>,
    /// As "metrics.rocAuc > 0.9 and params.learner = 'random-forest'".
    #[arg(long, default_value = "")]
    pub filter: String,
    /// As "metrics.rocAuc DESC". Default: the latest first.
    #[arg(long, default_value = "")]
    pub order_by: String,
    /// Only those of this experiment.
    #[arg(long, value_name = "NAME")]
    pub experiment: Option<String>,
    /// Those that are part of others, too: folds and trials.
    #[arg(long)]
    pub all: bool,
    /// How many, at most 1,000.
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// How many to leave out before.
    #[arg(long, default_value_t = 0)]
    pub offset: usize,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Subcommand)]
pub enum RunsCommand {
    /// All that is known of a run.
    Show {
        /// Its id, or the beginning of it.
        run: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Several runs side by side.
    Compare {
        /// Their ids, or the beginnings of them.
        #[arg(required = true, num_args = 2..)]
        runs: Vec<String>,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Set tags of a run, as team=risk; an empty value takes one away.
    Tag {
        run: String,
        #[arg(required = true, value_parser = parse_tag, value_name = "KEY=VALUE")]
        tags: Vec<(String, String)>,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Set the note of a run.
    Note {
        run: String,
        note: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Write a file of a run, such as model.safetensors.
    Get {
        run: String,
        /// The file's path in the run.
        path: String,
        /// Where to save it.
        #[arg(long, short)]
        out: PathBuf,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Delete a run, and those that are part of it.
    Delete {
        run: String,
        /// Why; the audit log keeps it.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        store: StoreArgs,
    },
}

fn parse_tag(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("a tag is KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

#[derive(Args)]
pub struct ExperimentsArgs {
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct DatasetsArgs {
    /// Two hashes, or the beginnings of them: what differs from the first to the second.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    pub diff: Vec<String>,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct RegisterArgs {
    /// The run's id, or the beginning of it; or a model file.
    pub run: String,
    /// The registered model; made where there is none of the name.
    #[arg(long)]
    pub name: String,
    #[arg(long, default_value = "")]
    pub description: String,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct ModelsArgs {
    /// A registered model, of which all is told.
    pub name: Option<String>,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct PromoteArgs {
    /// The version, as NAME/3 or NAME@challenger; by NAME alone the latest.
    pub version: String,
    #[command(flatten)]
    pub to: MoveArgs,
}

#[derive(Args)]
pub struct RollbackArgs {
    /// The registered model.
    pub name: String,
    #[command(flatten)]
    pub back: MoveArgs,
}

/// How an alias is moved.
#[derive(Args)]
pub struct MoveArgs {
    /// The alias that is moved.
    #[arg(long, default_value = "champion")]
    pub alias: String,
    /// Why; the audit log keeps it.
    #[arg(long)]
    pub reason: String,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct ReproduceArgs {
    /// The run's id, or the beginning of it.
    pub run: String,
    /// The CSV file. Default: the bytes that were kept.
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Threads to train with. Default: one a core.
    #[arg(long)]
    pub jobs: Option<usize>,
    /// Where to save the model that comes out, where one does.
    #[arg(long, short)]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct AuditArgs {
    /// Only what was done to this: run:ID, dataset:ID or model:NAME.
    pub subject: Option<String>,
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    #[arg(long, default_value_t = 0)]
    pub offset: usize,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct BundleArgs {
    /// Runs to hand on, by their ids or the beginnings of them; with those they are part of, and those
    /// that are part of them.
    pub runs: Vec<String>,
    /// A registered model to hand on with all its versions; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub model: Vec<String>,
    /// Where to save the file, which is a workspace itself.
    #[arg(long, short)]
    pub out: PathBuf,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct RestoreArgs {
    /// A bundle or another workspace.
    pub file: PathBuf,
    #[command(flatten)]
    pub store: StoreArgs,
}
