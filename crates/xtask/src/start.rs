//! Serving the page on this machine.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::{build, repo::Repo, run::Run};

#[derive(Args)]
pub struct Options {
    /// Port to serve on
    #[arg(long, default_value_t = 5173)]
    port: u16,
}

pub fn run(repo: &Repo, options: &Options) -> Result<()> {
    build::all(repo)?;
    println!("\nHedgerow is at http://127.0.0.1:{}/ (Ctrl+C ends it)", options.port);
    Command::new("npm")
        .current_dir(&repo.root)
        .args(["run", "--silent", "preview", "--workspace", "www", "--", "--host", "127.0.0.1"])
        .args(["--strictPort", "--port", &options.port.to_string()])
        .run()
}
